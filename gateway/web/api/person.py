"""A customer's data as a whole: handed out, or erased, once a second person has approved; and the audit of all acts."""

from typing import Any

from aiohttp import web

from gateway.desk import approvals
from gateway.desk.erasing import Eraser
from gateway.desk.exporting import pack_person
from gateway.desk.rights import Action, Scope, scope_of
from gateway.errors import Conflict, Said
from gateway.store.audit_reading import Wanted, read_audit, team_of
from gateway.store.database import Tx
from gateway.web.api import models_person as m
from gateway.web.routes import Ask, Route, answer


async def export(ask: Ask) -> web.Response:
    """Return everything of a customer as a zip; the approval is used up by it."""
    world, number = ask.parts.world, ask.path("number")
    approved_by = await world.database.write(lambda tx: _use(tx, ask, "export"))
    packed = await pack_person(
        world.database,
        world.blobs,
        number,
        by=f"agent:{ask.who.number}",
        now=world.clock.now(),
        approved_by=approved_by,
    )
    headers = {"Content-Disposition": f'attachment; filename="{number}.zip"', "Cache-Control": "no-store"}
    return web.Response(body=packed, content_type="application/zip", headers=headers)


async def erase(ask: Ask) -> web.Response:
    """Erase a customer for good; the approval is used up by it."""
    world, number = ask.parts.world, ask.path("number")
    eraser = Eraser(
        database=world.database,
        blobs=world.blobs,
        clock=world.clock,
        folder=world.blobs.folder.parent,
        is_served=world.is_served,
        feed=world.feed,
    )
    done = await eraser.erase(
        number, by=f"agent:{ask.who.number}", allowed=lambda tx: _use(tx, ask, "erasure")
    )
    return answer({"number": done.number, "upto": done.upto})


async def see_audit(ask: Ask) -> web.Response:
    """Return a page of the audit: one's own acts, those of one's people, or all, as the roles have it."""
    asked: m.AuditQuery = ask.body(m.AuditQuery)
    who, scope = ask.who, scope_of(ask.who, Action.SEE_AUDIT)

    def unit(tx: Tx) -> list[dict[str, Any]]:
        actors = None if scope is Scope.ALL else {f"agent:{who.number}"}
        if scope is Scope.TEAM and who.agent_id is not None and actors is not None:
            actors |= team_of(tx, who.agent_id)
        if asked.actor is not None:
            actors = {asked.actor} if actors is None else actors & {asked.actor}
        wanted = Wanted(
            actors=None if actors is None else sorted(actors),
            act=asked.act,
            about=asked.about,
            outcome=asked.outcome,
            since=asked.since,
            until=asked.until,
            before=asked.before,
            limit=asked.limit + 1,
        )
        return read_audit(tx, wanted)

    rows = await ask.parts.world.database.read(unit)
    page = rows[: asked.limit]
    return answer({"acts": page, "next": page[-1]["seq"] if len(rows) > asked.limit else None})


def _use(tx: Tx, ask: Ask, act: str) -> str | None:
    """Use up the approval that is named, and return who gave it."""
    asked: m.ApprovedBody = ask.body(m.ApprovedBody)
    number, now = ask.path("number"), ask.parts.world.clock.now()
    approval = approvals.use(tx, act=act, about=f"contact:{number}", now=now)
    if approval.id != asked.approval:
        said = Said(
            "批准与此操作不符，请刷新后再试。", "Another request was approved. Please reload and try again."
        )
        raise Conflict(f"approval {asked.approval} is not the one given", public=said)
    return f"agent:{approval.decided_number}"


ROUTES = (
    Route(
        method="POST",
        path="/customers/{number}/export",
        action=Action.ASK_EXPORT,
        handler=export,
        summary="Hand out all data of a customer",
        takes=m.ApprovedBody,
        refusals=(403, 404, 409),
        fresh=True,
        params={"number": "The customer's number"},
    ),
    Route(
        method="POST",
        path="/customers/{number}/erasure",
        action=Action.ASK_ERASURE,
        handler=erase,
        summary="Erase a customer for good",
        takes=m.ApprovedBody,
        gives=m.Erased,
        refusals=(403, 404, 409),
        fresh=True,
        params={"number": "The customer's number"},
    ),
    Route(
        method="GET",
        path="/audit",
        action=Action.SEE_AUDIT,
        handler=see_audit,
        summary="Who did what to whose data",
        takes=m.AuditQuery,
        gives=m.AuditPage,
    ),
)
