"""``kb gaps``: what customers asked and people had to answer, dearest first, with drafts that would close it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.commands.common import DEFAULT, AsJson, Config, Lang, fail, settings_of, speaking
from gateway.commands.kb.common import Folder, read, show, today
from gateway.commands.kb.record import read_record
from gateway.commands.kb.record import since as since_when
from gateway.editing.draft import draft_of
from gateway.editing.draft_file import write_new
from gateway.editing.gaps import Gap, find_gaps
from gateway.errors import GatewayError, Said
from gateway.store.load import read_load
from gateway.store.questions import read_questions
from knowledge.load import Loaded

KINDS = {
    "unanswered": Said("没有答上", "not answered"),
    "handed_over": Said("答了仍要人工", "answered, a person wanted all the same"),
    "repeated": Said("客服反复回复", "agents keep replying the same"),
}
_SHOWN_EXAMPLES = 3
_SHOWN_REPLY = 120


def register(kb: typer.Typer) -> None:
    """Add the command."""
    kb.command("gaps")(gaps)


def gaps(
    folder: Folder = None,
    since: Annotated[str, typer.Option("--since", help="How far to look back: 90d, or a date.")] = "90d",
    most: Annotated[int, typer.Option("--most", min=1, help="Show so many.")] = 20,
    draft: Annotated[
        Path | None, typer.Option("--draft", help="Write a draft of each gap into this folder.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Find what the knowledge lacks: questions people had to answer, grouped, by what they cost."""
    began = since_when(since, lang)
    _, loaded = read(folder, config, lang)
    default = settings_of(config).policy().handling_default
    questions, load = read_record(
        config, lang, lambda tx: (read_questions(tx, began), read_load(tx, default))
    )
    found = find_gaps(questions, handling=load.handling, known=_phrasings(loaded), most=most)
    drafts = _written(found, draft, lang) if draft is not None else {}
    told = {
        "since": began.isoformat(),
        "handling_seconds": load.handling.total_seconds(),
        "gaps": [_as_json(gap, drafts) for gap in found],
    }
    show(_lines(found, drafts, load.handling, speaking(lang)), told, as_json)


def _phrasings(loaded: Loaded) -> list[str]:
    wordings = (wording for entry in loaded.entries for wording in entry.wordings.values())
    return [text for wording in wordings for text in wording.all_phrasings]


def _written(found: Sequence[Gap], folder: Path, lang: str) -> dict[str, Path]:
    """Write a draft of each gap that lacks an entry, unless one of that name is there; return what was written."""
    written = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for gap in found:
            made = draft_of(gap, today())
            if gap.kinds != ("handed_over",) and not (folder / f"_{made.stem}.md").exists():
                written[gap.id] = write_new(folder, made.stem, made.text, mark="_")
    except GatewayError as error:
        fail(error.public.in_(speaking(lang)))
    except OSError as error:
        fail(
            Said(
                f"无法写入 {folder}：{error.strerror}。", f"Cannot write into {folder}: {error.strerror}."
            ).in_(speaking(lang))
        )
    return written


def _as_json(gap: Gap, drafts: dict[str, Path]) -> dict[str, Any]:
    told = asdict(gap) | {"cost_seconds": gap.cost.total_seconds(), "last_at": gap.last_at.isoformat()}
    del told["cost"]
    told["examples"] = [one | {"at": one["at"].isoformat()} for one in told["examples"]]
    return told | {"draft": str(drafts[gap.id]) if gap.id in drafts else None}


def _lines(found: Sequence[Gap], drafts: dict[str, Path], handling: timedelta, lang: str) -> Iterator[str]:
    for number, gap in enumerate(found, start=1):
        kinds = Said("、", ", ").in_(lang).join(KINDS[kind].in_(lang) for kind in gap.kinds)
        yield f"{number}. {gap.question}"
        minutes = gap.cost / timedelta(minutes=1)
        yield Said(
            f"    {gap.times} 次，约 {minutes:.0f} 分钟；{kinds}",
            f"    {gap.times} times, about {minutes:.0f} minutes; {kinds}",
        ).in_(lang)
        for example in gap.examples[1 : 1 + _SHOWN_EXAMPLES]:
            yield f"    · {example.text}"
        if gap.reply:
            reply = " ".join(gap.reply.split())
            short = reply if len(reply) <= _SHOWN_REPLY else f"{reply[:_SHOWN_REPLY]}…"
            yield Said(
                f"    客服常用回复（{gap.reply_times} 次）：{short}",
                f"    agents replied ({gap.reply_times} times): {short}",
            ).in_(lang)
        if gap.entries:
            names = ", ".join(gap.entries)
            yield Said(f"    相近的条目：{names}", f"    near entries: {names}").in_(lang)
        if gap.id in drafts:
            yield Said(f"    草稿：{drafts[gap.id]}", f"    draft: {drafts[gap.id]}").in_(lang)
    minutes = handling / timedelta(minutes=1)
    yield Said(
        f"共 {len(found)} 处空白；每次按人工处理 {minutes:.1f} 分钟计。",
        f"{len(found)} gaps; each time counts as {minutes:.1f} minutes of an agent's.",
    ).in_(lang)
