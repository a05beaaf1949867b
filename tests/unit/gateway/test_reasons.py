"""Every reason the gateway writes down is known to the desk, which shows it in the agent's language."""

import ast
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DESK = ROOT / "gateway" / "web" / "ui" / "desk" / "catalogue"
SOURCES = (
    *(ROOT / "gateway" / each for each in ("pipeline", "desk", "outbox", "intake", "store", "web")),
    ROOT / "knowledge",
    ROOT / "adapters" / "mail",
    ROOT / "adapters" / "telegram",
)
GIVEN = {"because", "defects", "error"}
"""What a reason is called where it is handed on."""
REASONS = {"because", "reason", "defects", "_EXACT", "AMBIGUOUS", "REOPENED", "BECAUSE"}
REASONS |= {"ASKED", "CHOSEN", "CRITICAL", "UPSET", "ANSWERED_AND_SERIOUS"}
"""What it is called where it is made."""
TELLERS = {"hand_over", "end", "note", "record", "_change"}
RETURNERS = {"must_be_silent", "_needs_proof", "_needs_person_at_once", "too_big", "decode"}
UNSEEN = {
    "gateway/store/finding.py",  # which thread a mail joins: for replay and the operator
    "gateway/intake/keeper.py",  # an adapter's own words about a channel
    "adapters/mail/describe.py",  # printed by `gateway mail parse`
    "adapters/mail/session.py",
    "adapters/mail/automatic.py",  # why nobody is answered: only `gateway mail parse` tells
}
GAP = "\x00"
FILLINGS = ("x", "agent 1007", "type")


def said(file: Path) -> Iterator[str]:
    """Every reason in a source file that agents get to see, with GAP where something is filled in."""
    # Why an adapter judged so stays with it; what it found wrong goes to the desk.
    hidden = "because" if "adapters" in file.parts else ""
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.keyword(arg=name, value=value) if name in GIVEN and name != hidden:
                yield from _texts(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in REASONS:
                yield from _texts(value)
            case ast.Assign(targets=[ast.Tuple()], value=ast.Tuple(elts=[_, second])):
                yield from (text for text in _texts(second) if " " in text)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "because":
                        yield from _texts(value)
            case ast.Call(func=ast.Attribute(attr=name, value=of), args=args) if name in TELLERS or (
                name == "append" and ast.unparse(of).endswith(("defects", "reasons"))
            ):
                yield from (text for each in args for text in _texts(each) if " " in text)
            case ast.FunctionDef(name=name) if name in RETURNERS:
                for each in ast.walk(node):
                    if isinstance(each, ast.Return) and each.value is not None:
                        yield from (text for text in _texts(each.value) if " " in text)


def _texts(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else GAP for p in parts)
        case ast.BoolOp(values=each) | ast.Tuple(elts=each) | ast.List(elts=each):
            for one in each:
                yield from _texts(one)
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one)
            yield from _texts(other)
        case ast.Starred(value=one):
            yield from _texts(one)
        case ast.GeneratorExp(elt=one):
            yield from _texts(one)
        case ast.Call(func=ast.Name(id="tuple"), args=[one]):
            yield from _texts(one)


@lru_cache(1)
def sayings() -> tuple[re.Pattern[str], ...]:
    known = json.loads((DESK / "reasons.json").read_text())
    return tuple(re.compile(re.sub(r"\\\{\w+\\\}", ".+?", re.escape(each)), re.DOTALL) for each in known)


def everything() -> list[tuple[str, str]]:
    return sorted(
        {
            (file.relative_to(ROOT).as_posix(), text)
            for folder in SOURCES
            for file in folder.rglob("*.py")
            if file.relative_to(ROOT).as_posix() not in UNSEEN
            for text in said(file)
            if text.strip(GAP + ": ")
        }
    )


@pytest.mark.parametrize(("file", "text"), everything(), ids=lambda value: value.replace(GAP, "…"))
def test_the_desk_has_words_for_it(file: str, text: str) -> None:
    filled = [text.replace(GAP, filling) for filling in FILLINGS]
    assert any(each.fullmatch(one) for each in sayings() for one in filled), f"{file}: {text!r}"


def test_every_kind_of_part_has_a_word() -> None:
    from gateway.pipeline.compose import ORDER

    for lang in ("zh-CN", "en"):
        words = json.loads((DESK / f"{lang}.json").read_text())
        assert {f"part.{kind}" for kind in ORDER} <= words.keys()


def test_many_reasons_were_found() -> None:
    found = {text for _, text in everything()}
    assert {"the contact asks for a person", f"{GAP} took over", "exact phrasing", "the HTML is cut"} <= found
    assert len(found) > 60
