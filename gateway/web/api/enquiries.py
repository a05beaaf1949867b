"""The record of every enquiry, as a page of JSON or as a table for spreadsheets."""

import csv
import io
from functools import partial
from typing import Any

from aiohttp import web

from gateway.desk.rights import Action
from gateway.desk.tickets import sight_of
from gateway.editing.cells import guarded
from gateway.store import audit
from gateway.store.database import Tx
from gateway.store.enquiries import list_enquiries
from gateway.web.api import models_enquiries as m
from gateway.web.routes import Ask, Route, answer
from gateway.web.wording import say

PAGE = 500
MOST_PAGES = 200
"""A table has so many pages of rows at most; a longer time is asked for in parts."""
_TYPES = ("presale", "aftersale", "complaint", "change", "suggestion")
_COLUMNS = (
    "contact",
    "name",
    "address",
    "channel",
    "at",
    "agent",
    "label",
    "description",
    "done",
    "outcome",
    "rating",
    "status",
)


async def see_enquiries(ask: Ask) -> web.Response:
    """Return the records."""
    asked: m.EnquiryQuery = ask.body(m.EnquiryQuery)
    if asked.format == "csv":
        return await _table(ask, asked)
    rows = await _read(ask, asked, asked.cursor, asked.limit + 1)
    page = rows[: asked.limit]
    following = int(page[-1]["id"]) if len(rows) > asked.limit else None
    return answer({"enquiries": page, "next": following})


async def _table(ask: Ask, asked: m.EnquiryQuery) -> web.Response:
    zone = ask.parts.world.policy.hours.zone
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([say(f"enquiry.{column}", asked.lang) for column in _COLUMNS])
    after, count = asked.cursor, 0
    for _ in range(MOST_PAGES):
        rows = await _read(ask, asked, after, PAGE)
        count += len(rows)
        for row in rows:
            shown = row | {
                "contact": row["contact"]["number"],
                "name": row["contact"]["name"],
                "at": row["at"].astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
                "label": row["label"][asked.lang],
                "status": say(f"enquiry.status.{row['status']}", asked.lang),
                "outcome": _outcome(row["outcome"], asked.lang),
            }
            table.writerow([guarded("" if shown[name] is None else str(shown[name])) for name in _COLUMNS])
        if len(rows) < PAGE:
            break
        after = int(rows[-1]["id"])
    await ask.parts.world.database.write(partial(_kept, ask=ask, asked=asked, rows=count))
    headers = {"Content-Disposition": 'attachment; filename="enquiries.csv"', "Cache-Control": "no-store"}
    body = out.getvalue().encode("utf-8-sig")  # spreadsheets take anything else for the system's own charset
    return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)


def _kept(tx: Tx, *, ask: Ask, asked: m.EnquiryQuery, rows: int) -> None:
    """Who took the table out, of which time; if that cannot be kept, nothing is handed over."""
    who = ask.who
    audit.write(
        tx,
        actor="token" if who.agent_id is None else f"agent:{who.number}",
        act="enquiries.export",
        now=ask.parts.world.clock.now(),
        since=asked.since,
        until=asked.until,
        rows=rows,
    )


async def _read(ask: Ask, asked: m.EnquiryQuery, after: int, limit: int) -> list[dict[str, Any]]:
    unit = partial(
        list_enquiries,
        sight=sight_of(ask.who),
        since=asked.since,
        until=asked.until,
        after=after,
        limit=limit,
    )
    rows = await ask.parts.world.database.read(unit)
    return [row | {"label": _label(row["type"], row["subtype"])} for row in rows]


def _label(type_: str | None, subtype: str | None) -> dict[str, str]:
    """The type and its sub-type as the handbooks write them: 售后-物流查询."""
    labels = {}
    for lang in ("zh-CN", "en"):
        word = say(f"enquiry.type.{type_}", lang) if type_ in _TYPES else ""
        labels[lang] = "-".join(part for part in (word, subtype) if part)
    return labels


def _outcome(outcome: str | None, lang: str) -> str:
    return say("enquiry.answered_by_bot", lang) if outcome == "answered_by_bot" else outcome or ""


ROUTES = (
    Route(
        method="GET",
        path="/enquiries",
        action=Action.SEE_ENQUIRIES,
        handler=see_enquiries,
        summary="The record of every enquiry",
        takes=m.EnquiryQuery,
        gives=m.Enquiries,
    ),
)
