"""The locks: they hold all that is asked for, every package by hash, and no address of anyone's index."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def canonical(requirement: str) -> str:
    """Return the name a requirement asks for, as indexes spell it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]).lower()


def locked(name: str) -> set[str]:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    return {canonical(line) for line in re.findall(r"^(\S+==\S+)", text, re.MULTILINE)}


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("group", ["test", "build", "ui"])
def test_every_package_of_a_group_is_locked(group: str) -> None:
    asked = {canonical(one) for one in project()["dependency-groups"][group]}
    assert asked - locked(f"{group}.txt") == set(), "run `make lock`"


def test_every_package_we_run_on_is_locked() -> None:
    needed = project()["project"]
    extras = needed["optional-dependencies"]
    usual = [one for name, more in extras.items() if name != "semantic" for one in more]
    core = {canonical(one) for one in (*needed["dependencies"], *usual)}
    assert core - locked("core.txt") == set(), "run `make lock`"
    # 32 MB of weights that most houses do without: installed where it is asked for, locked where it is tested.
    assert {canonical(one) for one in extras["semantic"]} - locked("test.txt") == set(), "run `make lock`"


def test_tests_run_on_the_very_versions_that_are_shipped() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / name).read_text("utf-8")
        return dict(re.findall(r"^([\w.-]+)==([\w.+-]+)", text, re.MULTILINE))

    core, test = pins("core.txt"), pins("test.txt")
    assert core.items() <= test.items()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_held_by_its_hash(lock: Path) -> None:
    text = lock.read_text("utf-8")
    packages = re.findall(r"^\S+==[^\n]*(?:\n    --hash[^\n]*)*", text, re.MULTILINE)
    assert packages
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text


def test_the_browsers_packages_are_held_by_hash_and_name_no_address() -> None:
    lock = json.loads((ROOT / "gateway/web/ui/package-lock.json").read_text("utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert all("integrity" in one and "resolved" not in one for one in packages.values())


def test_every_optional_package_of_the_browser_is_locked_for_every_platform() -> None:
    # npm leaves out what it did not install, and then refuses its own lock elsewhere.
    packages = json.loads((ROOT / "gateway/web/ui/package-lock.json").read_text("utf-8"))["packages"]
    asked = {name for one in packages.values() for name in one.get("optionalDependencies", {})}
    assert {name for name in asked if f"node_modules/{name}" not in packages} == set()
