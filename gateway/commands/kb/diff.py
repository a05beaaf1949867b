"""``kb diff``: which questions get another answer from another version of the folder."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.commands.common import DEFAULT, AsJson, Config, Lang, entries_folder, fail, settings_of, speaking
from gateway.commands.kb.common import encoder_of, matcher_of, read, show, today
from gateway.commands.kb.record import read_record
from gateway.commands.kb.record import since as since_when
from gateway.domain.masking import strike
from gateway.editing.at_revision import NoRevision, at_revision
from gateway.editing.differences import TURNS, Difference, Edits, Verdict, differences, edits, questions_of
from gateway.errors import Said
from gateway.safety.reading import sqlite_path
from gateway.store.questions import read_asked
from knowledge.load import Loaded

MOST_PAST = 10_000
_LONGEST = 100
_TURNS = {
    "lost": Said("不再回答", "no longer answered"),
    "other": Said("换了条目", "answered by another entry"),
    "gained": Said("新答上", "answered now"),
    "choices": Said("选项有变", "other choices"),
}
_KINDS = {"answer": Said("回答", "answer"), "choices": Said("选项", "choices"), "none": Said("无", "nothing")}


def register(kb: typer.Typer) -> None:
    """Add the command."""
    kb.command("diff")(diff)


def diff(
    before: Annotated[
        Path | None, typer.Argument(metavar="A", help="The earlier folder; with --git the only one.")
    ] = None,
    after: Annotated[Path | None, typer.Argument(metavar="B", help="The later folder.")] = None,
    git: Annotated[
        str | None, typer.Option("--git", help="Compare the folder at this revision with the folder now.")
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions", help="Past questions, one a line or JSONL with text; else the database's."
        ),
    ] = None,
    since: Annotated[str, typer.Option("--since", help="How far back the database is asked.")] = "90d",
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit code 1 if any answer changes.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Ask two versions of the knowledge all their tests, phrasings and past questions; show what changes."""
    speaks = speaking(lang)
    if git is None and (before is None or after is None):
        fail(Said("请给出两个文件夹，或用 --git 指定版本。", "Name two folders, or a revision with --git.").in_(speaks), code=2)  # fmt: skip
    if git is not None and after is not None:
        fail(Said("用 --git 时只给一个文件夹。", "With --git name one folder only.").in_(speaks), code=2)
    now = (after if git is None else before) or entries_folder(config)
    past = _from_file(questions, speaks) if questions else _from_record(config, since, lang)
    earlier = at_revision(now, git) if git is not None else nullcontext(before or now)
    try:
        with earlier as folder:
            compared = [read(one, config, lang) for one in (folder, now)]
            encoder = encoder_of(config)
            old, new = (matcher_of(*one, encoder)[0] for one in compared)
            loaded = [one for _, one in compared]
            asked = questions_of([one.entries for one in loaded], past)
            found = differences(old, new, asked, today())
            changed = edits(loaded[0].entries, loaded[1].entries)
    except NoRevision as error:
        fail(error.public.in_(speaks))
    told = {
        "asked": len(asked),
        "past": len(past),
        "turns": {turn: sum(one.turn == turn for one in found) for turn in TURNS},
        "edits": asdict(changed),
        "differences": [asdict(one) for one in found],
    }
    show(_lines(found, changed, loaded, len(asked), len(past), speaks), told, as_json)
    if found and fail_on_change:
        raise typer.Exit(1)


def _from_file(file: Path, lang: str) -> list[str]:
    try:
        lines = file.read_text("utf-8-sig").splitlines()[:MOST_PAST]
    except (OSError, UnicodeError) as error:
        fail(Said(f"读不出 {file}：{error}。", f"Cannot read {file}: {error}.").in_(lang), code=2)
    return [_text(line) for line in lines if line.strip()]


def _text(line: str) -> str:
    """Return a line's question: the line itself, or the ``text`` of the JSON object it is."""
    if line.lstrip().startswith("{"):
        try:
            row = json.loads(line)
        except ValueError:
            return line
        if isinstance(row, dict) and isinstance(row.get("text"), str):
            return str(row["text"])
    return line


def _from_record(config: Path, since: str, lang: str) -> Sequence[str]:
    """Return what customers asked, or nothing where there is no configuration, or no database yet."""
    began = since_when(since, lang)
    if not config.exists():
        return ()
    path = sqlite_path(settings_of(config).database_url)
    if path is not None and not path.exists():
        return ()
    return read_record(config, lang, lambda tx: read_asked(tx, began, MOST_PAST))


def _lines(
    found: Sequence[Difference], changed: Edits, loaded: Sequence[Loaded], asked: int, past: int, lang: str
) -> Iterator[str]:
    for version in loaded:
        yield from (problem.text(lang) for problem in version.problems if problem.fatal)
    for said, ids in (
        (Said("新增条目", "new entries"), changed.added),
        (Said("删去条目", "entries gone"), changed.removed),
        (Said("答案有改动", "answers that read differently"), changed.answers),
    ):
        if ids:
            yield f"{said.in_(lang)} {len(ids)}: {', '.join(ids)}"
    for turn in TURNS:
        those = [one for one in found if one.turn == turn]
        if those:
            yield f"{_TURNS[turn].in_(lang)} {len(those)}"
        for one in those:
            text = " ".join(strike(one.text).split())
            yield f"  {text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}"
            yield f"      {_said(one.before, lang)} → {_said(one.after, lang)}  [{_origins(one, lang)}]"
    turns = Counter(one.turn for one in found)
    yield Said(
        f"问了 {asked} 个问题（其中客户问过的 {past} 个）：{len(found)} 个的答案有变化，其中不再回答 {turns['lost']} 个。",
        f"{asked} questions asked ({past} of them by customers): {len(found)} change, {turns['lost']} are no longer answered.",
    ).in_(lang)


def _said(verdict: Verdict, lang: str) -> str:
    kind = _KINDS[verdict.kind].in_(lang)
    return f"{kind} {', '.join(verdict.entries)} {verdict.score:.2f}" if verdict.entries else kind


def _origins(one: Difference, lang: str) -> str:
    names: dict[str, Any] = {
        "must": Said("必须", "must"),
        "must_not": Said("不得", "must not"),
        "phrasing": Said("问法", "phrasing"),
        "past": Said("客户问过", "asked by customers"),
    }
    words = (origin.partition(" ") for origin in one.asked_by[:3])
    return ", ".join(f"{names[what].in_(lang)} {entry}".strip() for what, _, entry in words)
