"""What triage said of a ticket, corrected by people; and how often it was right."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from gateway.desk.classification import correct
from gateway.desk.rights import Action
from gateway.domain.triage_report import FIELDS, report
from gateway.errors import NotFound
from gateway.store import triaging
from gateway.store.triaging import as_word
from gateway.web.api import models_triage as m
from gateway.web.routes import Ask, Route, answer

USUAL = timedelta(days=30)


async def see(ask: Ask) -> web.Response:
    """Return what was said, what holds, and who corrected it."""
    return answer(await _face(ask))


async def change(ask: Ask) -> web.Response:
    """Correct it; the answer is the classification as it is then."""
    asked: m.CorrectionBody = ask.body(m.CorrectionBody)
    given = asked.model_fields_set - {"version", "reason"}
    changes = {
        field: as_word(getattr(asked, field))
        for field in FIELDS
        if field in given and (getattr(asked, field) is not None or field == "subtype")
    }
    done = await ask.parts.desk.act(
        ask.who,
        ask.path("number"),
        lambda case: correct(case, changes, reason=asked.reason),
        version=asked.version,
    )
    for event in done.committed.events:
        if event.data.get("what") == "corrected":
            for field in event.data.keys() & set(FIELDS):
                ask.parts.world.metrics.triage_corrections.labels(field).inc()
    return answer(await _face(ask))


async def accuracy(ask: Ask) -> web.Response:
    """Return how often triage was right."""
    asked: m.TriageQuery = ask.body(m.TriageQuery)
    world = ask.parts.world
    since = asked.since or world.clock.now() - USUAL
    found = report(await world.database.read(lambda tx: triaging.judged(tx, since)))
    return answer(
        {
            "since": since,
            "tickets": found.tickets,
            "seen": found.seen,
            "corrected": found.corrected,
            "version": world.triager.version,
            "versions": dict(found.versions),
            "fields": [
                {
                    "field": field,
                    "accuracy": one.accuracy,
                    "corrected": one.corrected,
                    "confused": [
                        {"said": said, "holds": holds, "count": count}
                        for (said, holds), count in one.confused.items()
                    ],
                }
                for field, one in found.fields.items()
            ],
        }
    )


async def _face(ask: Ask) -> dict[str, Any]:
    number, database = ask.path("number"), ask.parts.world.database
    row = await database.read(lambda tx: triaging.said_of(tx, number))
    if row is None:
        raise NotFound(f"no ticket {number}")
    corrections = await database.read(lambda tx: triaging.corrections(tx, number))
    said = None
    if row.version is not None:
        said = {
            name: getattr(row, name) for name in (*FIELDS, "version", "sensitive", "lang", "confidence", "at")
        }
    return {
        "number": number,
        "version": row.ticket_version,
        "said": said,
        "holds": {field: getattr(row, f"now_{field}") for field in FIELDS},
        "corrections": [
            {
                "field": one.field,
                "was": one.was,
                "value": one.value,
                "reason": one.reason,
                "agent": {"number": one.agent_number, "name": one.agent_name} if one.agent_number else None,
                "version": one.version,
                "at": one.at,
            }
            for one in corrections
        ],
        "subtypes": sorted(ask.parts.world.triager.lexicon.topics),
    }


ROUTES = (
    Route(
        method="GET",
        path="/tickets/{number}/classification",
        action=Action.SEE_TICKETS,
        handler=see,
        summary="What triage said of a ticket, and what people corrected",
        gives=m.Classification,
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/tickets/{number}/classification",
        action=Action.CLASSIFY,
        handler=change,
        summary="Correct what a ticket is about",
        takes=m.CorrectionBody,
        gives=m.Classification,
        refusals=(400, 403, 404, 409, 422),
    ),
    Route(
        method="GET",
        path="/reports/triage",
        action=Action.SEE_METRICS,
        handler=accuracy,
        summary="How often triage was right, by people's corrections",
        takes=m.TriageQuery,
        gives=m.TriageReport,
        refusals=(403, 422),
    ),
)
