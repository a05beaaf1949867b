"""``kb test``: every entry's own tests, for an editor before saving and for CI after it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.commands.common import DEFAULT, AsJson, Config, Lang, speaking
from gateway.commands.kb.common import Folder, encoder_of, matcher_of, read, show, today
from gateway.errors import Said
from knowledge.lint.finding import name_in
from knowledge.lint.places import Places
from knowledge.load import Loaded
from knowledge.outcome import Thresholds
from knowledge.selftest import Tried, try_all

_OUTCOMES = {
    "answer": Said("回答了", "answered"),
    "choices": Said("给出选项，首选", "offered choices, first"),
    "none": Said("没有匹配，最接近", "matched nothing, nearest"),
}


def register(kb: typer.Typer) -> None:
    """Add the command."""
    kb.command("test")(ask_all)


def ask_all(
    folder: Folder = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="A must that is asked back with choices fails too.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Ask every entry's must and must_not tests; exit code 1 if one fails or a file cannot be read."""
    chosen, loaded = read(folder, config, lang)
    matcher, problem = matcher_of(chosen, loaded, encoder_of(config))
    tried = list(try_all(loaded.entries, matcher, today()))
    wrong = [one for one in tried if one.verdict == "failed" or (strict and one.verdict == "offered")]
    broken = [one for one in loaded.problems if one.fatal]
    told = _json(chosen, tried, wrong, matcher.thresholds) | {"problems": [one.text("en") for one in broken]}
    lines = [*(one.text(speaking(lang)) for one in (*broken, *([problem] if problem else [])))]
    lines += _lines(chosen, loaded, tried, wrong, matcher.thresholds, speaking(lang))
    show(lines, told, as_json)
    if wrong or broken:
        raise typer.Exit(1)


def _json(folder: Path, tried: Sequence[Tried], wrong: Sequence[Tried], at: Thresholds) -> dict[str, Any]:
    places = Places()
    return {
        "folder": str(folder),
        "thresholds": {"answer": at.answer, "offer": at.offer},
        "languages": _counted(tried),
        "failures": [_row(folder, one, places) for one in wrong],
        "offered": [_row(folder, one, places) for one in tried if one.verdict == "offered"],
    }


def _row(folder: Path, one: Tried, places: Places) -> dict[str, Any]:
    file, line = _place(folder, one, places)
    return {
        "entry": one.entry.id, "lang": one.wording.lang, "test": one.kind, "text": one.text,
        "outcome": one.outcome.kind, "got": one.got, "score": round(one.score, 3), "because": one.outcome.because,
        "file": file, "line": line,
    }  # fmt: skip


def _place(folder: Path, one: Tried, places: Places) -> tuple[str, int]:
    source = one.wording.source
    return name_in(folder, source) if source else one.entry.id, places.of_field(
        one.wording, one.kind, one.text
    )


def _counted(tried: Sequence[Tried]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for one in tried:
        row = found.setdefault(one.wording.lang, Counter())
        row[one.kind] += 1
        row[f"{one.kind} {one.verdict}"] += 1
    names = ("must", "must passed", "must offered", "must failed", "must_not", "must_not failed")
    return {lang: {name.replace(" ", "_"): row[name] for name in names} for lang, row in found.items()}


def _lines(
    folder: Path, loaded: Loaded, tried: Sequence[Tried], wrong: Sequence[Tried], at: Thresholds, lang: str
) -> Iterator[str]:
    places = Places()
    for one in wrong:
        file, line = _place(folder, one, places)
        asked = {
            "must": Said(f"“{one.text}”应由“{one.entry.id}”回答", f"{one.text!r} must be answered by {one.entry.id!r}"),
            "must_not": Said(f"“{one.text}”不该由“{one.entry.id}”回答", f"{one.text!r} must not be answered by {one.entry.id!r}"),
        }[one.kind].in_(lang)  # fmt: skip
        got = f"{_OUTCOMES[one.outcome.kind].in_(lang)} {one.got or '-'} ({one.score:.2f})"
        yield f"{file}:{line}: {asked}: {got}"
        yield f"    → {_remedy(one).in_(lang)}"
    for name, row in _counted(tried).items():
        yield Said(
            f"{name}：必须 {row['must']} 条，答对 {row['must_passed']}，给出选项 {row['must_offered']}，没答上 {row['must_failed']}；"
            f"不得 {row['must_not']} 条，答了 {row['must_not_failed']}。",
            f"{name}: {row['must']} must: {row['must_passed']} answered, {row['must_offered']} asked back, {row['must_failed']} failed; "
            f"{row['must_not']} must_not: {row['must_not_failed']} answered.",
        ).in_(lang)
    if not tried:
        yield Said("没有任何测试。", "There are no tests.").in_(lang)
    yield Said(
        f"{len(loaded.entries)} 个条目；概率 {at.answer:g} 起回答，三者合计 {at.offer:g} 起给出选项。",
        f"{len(loaded.entries)} entries; answers from {at.answer:g} on, choices from {at.offer:g} together.",
    ).in_(lang)


def _remedy(one: Tried) -> Said:
    if one.kind == "must_not":
        return Said(
            "请在本条目的“否定关键词”里写明它不答什么。", "Say under not_for what this entry does not answer."
        )
    if one.outcome.kind == "answer":
        return Said(
            f"请把这句话加进相似问法，或在“{one.got}”的“否定关键词”里排除它。",
            f"Add it to the phrasings, or bar it under not_for of {one.got!r}.",
        )
    return Said(
        "请把这句话加进相似问法，再写一句新的测试。", "Add it to the phrasings, and write a new test."
    )
