"""All pages: links lead somewhere, commands exist, nothing names a machine or an index."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FRAGMENTS = [page for page in sorted((ROOT / "docs" / "changes").glob("*.md")) if page.name != "README.md"]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def links(page: Path) -> set[str]:
    """Return the places inside the repository that a page points at."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return {
        link.partition("#")[0]
        for link in found
        if "://" not in link and not link.startswith(("#", "mailto:"))
    }


def headings(page: Path) -> set[str]:
    """Return the anchors that a forge makes of a page's headings."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    lines = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.strip().lower()).replace(" ", "-") for line in lines}


def blocks(page: Path) -> list[str]:
    """Return the lines of all shell blocks."""
    found = re.findall(
        r"^```(?:sh|shell|bash|console)\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return [line.strip().removeprefix("$ ") for block in found for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_to_something(page: Path) -> None:
    broken = [link for link in sorted(links(page)) if link and not (page.parent / link).exists()]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_to_a_heading_find_it(page: Path) -> None:
    found = re.findall(r"\]\(([^)\s:#]*)#([^)\s]+)\)", page.read_text("utf-8"))
    targets = [(page.parent / link if link else page, anchor) for link, anchor in found]
    lost = [
        f"{name(target.resolve())}#{anchor}"
        for target, anchor in targets
        if target.suffix == ".md" and anchor not in headings(target)
    ]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_in_shell_blocks_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    commands = (ROOT / "docs/reference/commands.md").read_text("utf-8")
    for line in blocks(page):
        words = re.sub(r"^(\w+=\S+ )+", "", line).split()
        match words:
            case ["make", *asked]:
                assert {word for word in asked if "=" not in word} <= targets, line
            case [command, sub, *_] if command.endswith("gateway") and not sub.startswith("-"):
                assert re.search(rf"`gateway {sub}\b", commands), line


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, waiting = set[Path](), [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.exists() and page.suffix == ".md":
            reached.add(page)
            waiting += [(page.parent / link).resolve() for link in links(page) if link]
    lost = (
        {name(page) for page in PAGES[1:]}
        - {name(page) for page in reached}
        - {name(page) for page in FRAGMENTS}
    )
    assert not lost, "link them from docs/index.md or a page it leads to"


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=name)
def test_a_change_is_one_sentence_of_a_known_kind(fragment: Path) -> None:
    assert re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed|removed|security)\.md", fragment.name)
    text = fragment.read_text("utf-8").strip()
    assert "\n" not in text
    assert text.endswith((".", "。"))


def test_make_help_lists_what_the_developers_page_explains() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    public = set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, re.MULTILINE)) - {"help", "clean"}
    explained = set(re.findall(r"`make ([a-z0-9-]+)`", (ROOT / "docs/howto/develop.md").read_text("utf-8")))
    assert explained == public


def test_nothing_committed_names_a_package_index_or_a_machine() -> None:
    hosts = [".".join(parts) for parts in (("registry", "npmjs"), ("pypi", "org"), ("files", "pythonhosted"))]
    words = [*hosts, "--find" + "-links", "/work" + "/main", "/work" + "/shared"]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for file in filter(None, listed.stdout.split("\0")):
        if (ROOT / file).is_file():
            text = (ROOT / file).read_bytes().decode("utf-8", "ignore")
            assert not [word for word in words if word in text], file
