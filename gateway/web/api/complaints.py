"""Complaints' records: read, written, printed."""

from dataclasses import replace
from typing import Any

from aiohttp import web

from gateway.desk.life.complaints import edit_complaint
from gateway.desk.rights import Action
from gateway.domain.complaint import Filled, missing
from gateway.domain.covering import CoverRules, cover
from gateway.errors import NotFound
from gateway.store.complaints import ComplaintRecord, read_record
from gateway.web.api import models_complaints as m
from gateway.web.complaint_form import form
from gateway.web.routes import Ask, Route, answer


async def see_record(ask: Ask) -> web.Response:
    """Return the record."""
    return answer(_face(ask, await _record(ask)))


async def edit(ask: Ask) -> web.Response:
    """Write into the record; the answer is the record as it is then."""
    asked: m.ComplaintBody = ask.body(m.ComplaintBody)
    await _record(ask)
    changes = {name: getattr(asked, name) for name in asked.model_fields_set - {"version"}}
    await ask.parts.desk.act(
        ask.who, ask.path("number"), lambda case: edit_complaint(case, changes, version=asked.version)
    )
    return answer(_face(ask, await _record(ask)))


async def see_form(ask: Ask) -> web.Response:
    """Return the record as a form for paper."""
    found, policy = await _record(ask), ask.parts.world.policy
    wanted = ask.request.query.get("lang", ask.lang)
    lang = "en" if wanted.startswith("en") else "zh-CN"
    now = ask.parts.world.clock.now()
    text = form(found, policy, lang, printed_at=now, printed_by=ask.who.number or ask.who.name)
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})


async def _record(ask: Ask) -> ComplaintRecord:
    number = ask.path("number")
    found = await ask.parts.world.database.read(lambda tx: read_record(tx, number))
    if found is None:
        raise NotFound(f"no complaint {number}")
    return replace(found, fields=_covered(found.fields, ask.parts.world.policy.cover))


def _covered(fields: Any, rules: CoverRules) -> dict[str, Filled]:
    return {
        name: replace(one, value=cover(one.value, rules)) if isinstance(one.value, str) else one
        for name, one in fields.items()
    }


def _face(ask: Ask, found: ComplaintRecord) -> dict[str, Any]:
    required = ask.parts.world.policy.life.complaint_required
    return {
        "number": found.number,
        "version": found.version,
        "fields": {
            name: {"value": one.value, "by_person": one.by_person} for name, one in found.fields.items()
        },
        "closed_at": found.closed_at,
        "required": list(required),
        "missing": list(missing(found.fields, required)),
    }


ROUTES = (
    Route(
        method="GET",
        path="/tickets/{number}/complaint",
        action=Action.SEE_TICKETS,
        handler=see_record,
        summary="A complaint's record",
        gives=m.Complaint,
        refusals=(404,),
    ),
    Route(
        method="PATCH",
        path="/tickets/{number}/complaint",
        action=Action.EDIT_COMPLAINT,
        handler=edit,
        summary="Write into a complaint's record",
        takes=m.ComplaintBody,
        gives=m.Complaint,
        refusals=(400, 403, 404, 409),
    ),
    Route(
        method="GET",
        path="/tickets/{number}/complaint.html",
        action=Action.SEE_TICKETS,
        handler=see_form,
        summary="A complaint's record as a form for paper",
        refusals=(404,),
    ),
)
