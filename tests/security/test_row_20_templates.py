"""Row 20: what people write is never run: no template language, no eval, no pattern that runs for ever."""

import ast
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.domain.patterns import check_pattern
from gateway.errors import ConfigError
from gateway.settings import load
from gateway.texts import load_texts

ROOT = Path(__file__).parents[2]
EVIL = (
    "(a+)+$", "(a*)*b", "(a|a)*b", "(a|aa)+$", "(.*a){30}", "([a-z]+)*!", "(\\d+|\\d)+x", "((ab)*)*c", "(x+x+)+y",
    "(?:a?){50}a{50}b+(c+)+", "^(([a-z])+.)+[A-Z]([a-z])+$", "(\\w+\\s?)*$", "(a{1,99}){1,99}b", "(?=(a+)+b)a", "a" * 501,
    "(?:(?:a+)b?)+c", "(.|\\s)*x", "([^x]*)*x", "(?P<n>a+)+b", "(?i:(a+)+)b", "(",
)  # fmt: skip
SOUND = (
    r"\bDD\d{10}\b",
    r"DD-?\d{4}(-\d{4})?",
    r"[A-Z]{2}\d{6,12}",
    r"(?:SO|PO)\d+",
    r"\d{4}-\d{2}-\d{4}",
    "(ab|cd)*x",
)


@pytest.mark.parametrize("pattern", EVIL)
def test_row_20_a_pattern_that_could_run_for_ever_is_refused_at_once(pattern: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ValueError, match=r"pattern|regular"):
        check_pattern(pattern)
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize("pattern", SOUND)
def test_row_20_an_ordinary_pattern_is_taken(pattern: str) -> None:
    check_pattern(pattern)


def test_row_20_such_a_pattern_stops_the_start_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[triage]\norder_number = ['(a+)+$']\n", "utf-8")
    with pytest.raises(ConfigError, match=r"triage\.order_number"):
        load(tmp_path / "config.toml", environ={})


TEMPLATES = (
    "{0.__class__.__mro__}", "{name.__class__}", "{{7*7}}", "${7*7}", "<%= 7*7 %>", "{% for x in y %}", "#{7*7}",
    "{house.__init__.__globals__}", "%(name)s", "{name!r:>{name}}", "$name", "{}", "{", "}",
)  # fmt: skip


@pytest.mark.parametrize("text", TEMPLATES)
def test_row_20_a_name_that_looks_like_a_template_is_said_as_it_is(text: str) -> None:
    texts = load_texts()
    said = texts.say("greeting.open", "zh-CN", house=text, opening="")
    assert text in said


@pytest.mark.parametrize(
    "greeting", ["{name.__class__}", "{0}", "{name}{number}{x}", "{name", "{name[0]}{number}"]
)
def test_row_20_a_greeting_knows_two_gaps_and_nothing_inside_them(tmp_path: Path, greeting: str) -> None:
    (tmp_path / "config.toml").write_text(
        f"[house]\ngreeting.zh-CN = '{greeting}'\ngreeting.en='{{name}} {{number}}'\n", "utf-8"
    )
    with pytest.raises(ConfigError, match=r"house\.greeting"):
        load(tmp_path / "config.toml", environ={})


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Import):
            yield from (f"import {one.name.partition('.')[0]}" for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"import {(node.module or '').partition('.')[0]}"


@pytest.mark.parametrize("package", ["gateway", "adapters", "knowledge"])
def test_row_20_nothing_of_ours_runs_text(package: str) -> None:
    banned = {
        "eval",
        "exec",
        "compile",
        "__import__",
        "import jinja2",
        "import mako",
        "import pickle",
        "import marshal",
    }
    found = [
        (str(path.relative_to(ROOT)), call)
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts
        for call in _calls(path)
        if call in banned
    ]
    assert found == []
