"""The knowledge base on the desk: entries, and why a question gets its answer."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from aiohttp import web

from gateway.desk.rights import Action
from gateway.editing.catalogue import Catalogue, Found, Wanted
from gateway.editing.checking import check_entry
from gateway.editing.trial import Setting, outbound_of, rehearse
from gateway.errors import NotFound
from gateway.pipeline.language import detect
from gateway.store.usage import Use
from gateway.web.api import knowledge_faces as faces
from gateway.web.api import knowledge_models as m
from gateway.web.problems import Invalid
from gateway.web.routes import Ask, Route, answer
from knowledge.entry import KnowledgeEntry
from knowledge.lint.finding import Finding
from knowledge.match import Match, Outcome

_MEANT = 20
"""So many entries a search by meaning may show."""


async def see_entries(ask: Ask) -> web.Response:
    """Return a page of entries."""
    asked: m.EntryQuery = ask.body(m.EntryQuery)
    workshop = ask.parts.workshop
    catalogue, uses, today = await workshop.catalogue(), await workshop.uses(), workshop.today
    q = asked.q.strip()
    wanted = Wanted(q=q, kind=asked.kind, owner=asked.owner, show=asked.show)

    def times(entry: str) -> int:
        return uses[entry].times if entry in uses else 0

    def look() -> tuple[Sequence[Found], dict[str, int]]:
        meant = dict(workshop.library.search(q, _MEANT)) if q else {}
        return catalogue.find(wanted, today, meant=meant, uses=times), catalogue.totals(today, uses=times)

    found, totals = await asyncio.to_thread(look)  # ten thousand entries take some dozen milliseconds
    start = int(asked.cursor or 0)
    end = start + asked.limit
    return answer(
        {
            "entries": [
                faces.entry_line(one, lang=ask.lang, today=today, uses=uses, problems=catalogue.problems)
                for one in found[start:end]
            ],
            "next": str(end) if end < len(found) else None,
            "found": len(found),
            "totals": totals,
            "owners": catalogue.owners,
            "problems": [
                faces.problem_face(one, workshop.library.folder, ask.lang) for one in catalogue.orphans
            ],
            "is_accepted": catalogue.loaded.accepted,
        }
    )


async def see_entry(ask: Ask) -> web.Response:
    """Return one entry, and its answer as each channel would show it."""
    asked: m.LangQuery = ask.body(m.LangQuery)
    workshop = ask.parts.workshop
    catalogue, uses = await workshop.catalogue(), await workshop.uses()
    entry = _find(ask, ask.path("id"))
    lang = asked.lang or (ask.lang if ask.lang in entry.wordings else next(iter(entry.wordings)))
    found = await asyncio.to_thread(
        check_entry, catalogue.loaded, entry, ask.parts.world.policy.words, workshop.today
    )
    return answer(_page(ask, entry, lang, catalogue, uses, found))


async def try_question(ask: Ask) -> web.Response:
    """Judge a question as a customer's would be, and show what would be said; nothing is kept."""
    asked: m.TryBody = ask.body(m.TryBody)
    world = ask.parts.world
    channels = {one.name: one.kind for one in world.channels()}
    if asked.channel is not None and asked.channel not in channels:
        raise Invalid([{"field": "channel", "problem": "no such channel"}])
    lang = asked.lang or detect(asked.text, default=ask.lang)
    library = world.library
    shown = [asked.channel] if asked.channel is not None else list(channels)

    def judge() -> dict[str, Any]:
        outcome = library.match(asked.text, lang=lang, channel=asked.channel, explain=True)
        previews = [
            _preview(
                ask,
                asked.text,
                library.match(asked.text, lang=lang, channel=name),
                name,
                channels[name],
                lang,
            )
            for name in shown
        ]
        return faces.verdict(asked.text, outcome, library.thresholds) | {"previews": previews}

    return answer(await asyncio.to_thread(judge))


def _find(ask: Ask, id: str) -> KnowledgeEntry:
    try:
        return ask.parts.world.library.entry(id)
    except KeyError:
        raise NotFound("no such entry") from None


def _page(
    ask: Ask,
    entry: KnowledgeEntry,
    lang: str,
    catalogue: Catalogue,
    uses: Mapping[str, Use],
    checked: Sequence[Finding],
) -> dict[str, Any]:
    folder, today = ask.parts.workshop.library.folder, ask.parts.workshop.today
    found = Found(entry=entry, score=None, has_words=False)
    problems = catalogue.problems.get(entry.id, ())
    question, at = entry.question_in(lang), _day_in_force(ask, entry)
    match = Match(id=entry.id, question=question, score=1.0)
    outcome = Outcome(kind="answer", matches=(match,), because="", lang=lang)
    line = faces.entry_line(found, lang=ask.lang, today=today, uses=uses, problems=catalogue.problems)
    details = faces.entry_details(entry, folder, [_named(ask, choice) for choice in entry.choices])
    return (
        line
        | details
        | {
            "file_problems": [
                *(faces.problem_face(one, folder, ask.lang) for one in problems),
                *(faces.finding_face(one, folder, ask.lang) for one in checked),
            ],
            "lang": lang,
            "previews": [
                _preview(ask, question, outcome, one.name, one.kind, lang, at=at)
                for one in _open_to(ask, entry)
            ],
        }
    )


def _open_to(ask: Ask, entry: KnowledgeEntry) -> Sequence[Any]:
    return [one for one in ask.parts.world.channels() if not entry.channels or one.name in entry.channels]


def _named(ask: Ask, id: str) -> dict[str, str]:
    try:
        return {"id": id, "question": ask.parts.world.library.entry(id).question_in(ask.lang)}
    except KeyError:
        return {"id": id, "question": ""}


def _day_in_force(ask: Ask, entry: KnowledgeEntry) -> datetime:
    """Return now, or noon of the entry's nearest day in force: an editor previews also what is not used today."""
    now, zone, today = (
        ask.parts.world.clock.now(),
        ask.parts.world.policy.hours.zone,
        ask.parts.workshop.today,
    )
    begins, ends = entry.valid_from, entry.valid_until
    day = begins if begins and today < begins else ends if ends and today > ends else None
    return datetime.combine(day, time(12), zone) if day else now


def _preview(
    ask: Ask, text: str, outcome: Outcome, channel: str, kind: str, lang: str, *, at: datetime | None = None
) -> dict[str, Any]:
    world = ask.parts.world
    now = at or world.clock.now()
    setting = Setting(policy=world.policy, texts=world.texts, knowledge=world.library, now=now)
    trial = rehearse(setting, text, outcome, channel=channel, kind=world.kind(channel), lang=lang)
    pieces = world.render(channel, outbound_of(trial.said, channel, now)) if trial.said else ()
    return faces.preview(channel, kind, trial, pieces)


ROUTES = (
    Route(
        method="GET",
        path="/knowledge/entries",
        action=Action.SEE_KNOWLEDGE,
        handler=see_entries,
        summary="Search the knowledge base",
        takes=m.EntryQuery,
        gives=m.Entries,
    ),
    Route(
        method="GET",
        path="/knowledge/entries/{id}",
        action=Action.SEE_KNOWLEDGE,
        handler=see_entry,
        summary="All about one entry",
        takes=m.LangQuery,
        gives=m.EntryPage,
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/knowledge/try",
        action=Action.TRY_KNOWLEDGE,
        handler=try_question,
        summary="See what a question would be answered, and why",
        takes=m.TryBody,
        gives=m.Verdict,
    ),
)
