"""Alarms at the desk: the latest, and taking note of one."""

from datetime import datetime
from functools import partial
from typing import Literal

from aiohttp import web

from gateway.desk.promises import hear_of
from gateway.desk.rights import Action, oversees
from gateway.desk.tickets import sight_of
from gateway.domain.alarm import AlarmKind, Raised
from gateway.domain.alarm_words import alarm_words
from gateway.store.alarms import mark_seen, read_alarm, read_alarms
from gateway.web.api.models import Model
from gateway.web.problems import Invalid
from gateway.web.routes import Ask, Route, answer


class AlarmFace(Model):
    """One alarm: its sentence and reason in the asker's language, its ticket, and who took note of it when."""

    id: int
    kind: str
    text: str
    because: str
    ticket: str | None
    at: datetime
    seen_by: str | None
    seen_at: datetime | None


class Alarms(Model):
    """The latest alarms, the newest first."""

    alarms: list[AlarmFace]


class AlarmQuery(Model):
    """``unseen=1``: only those nobody has taken note of."""

    unseen: Literal["", "1"] = ""


class Nothing(Model):
    """No fields."""


async def see_all(ask: Ask) -> web.Response:
    """Return the latest alarms."""
    query: AlarmQuery = ask.body(AlarmQuery)
    only_unseen, sight = query.unseen == "1", sight_of(ask.who)
    told = await ask.parts.world.database.read(partial(read_alarms, sight=sight, unseen=only_unseen))
    return answer({"alarms": [_face(ask, one) for one in told]})


async def take_note(ask: Ask) -> web.Response:
    """Keep who took note of an alarm; the first one stays."""
    alarm_id, now = _id(ask), ask.parts.world.clock.now()
    agent_id = ask.who.agent_id
    assert agent_id is not None
    database, sight = ask.parts.world.database, sight_of(ask.who)
    await database.write(lambda tx: mark_seen(tx, sight, alarm_id, agent_id, now))
    told = await database.read(lambda tx: read_alarm(tx, sight, alarm_id))
    if told.kind == AlarmKind.SERIOUS and told.ticket and oversees(ask.who):
        await ask.parts.desk.act(ask.who, told.ticket, hear_of)
    return answer(_face(ask, told))


def _face(ask: Ask, told: Raised) -> dict[str, object]:
    world = ask.parts.world
    said = alarm_words(told, world.policy, world.texts, ask.lang)
    return {
        "id": told.id,
        "kind": told.kind,
        "text": said.text,
        "because": told.because,
        "ticket": told.ticket,
        "at": told.at,
        "seen_by": told.seen_by,
        "seen_at": told.seen_at,
    }


def _id(ask: Ask) -> int:
    word = ask.path("id")
    if not word.isascii() or not word.isdigit() or len(word) > 18:
        raise Invalid([{"field": "id", "problem": "not an alarm of ours"}])
    return int(word)


ROUTES = (
    Route(
        method="GET",
        path="/alarms",
        action=Action.SEE_ALARMS,
        handler=see_all,
        summary="The latest alarms, the newest first",
        takes=AlarmQuery,
        gives=Alarms,
    ),
    Route(
        method="POST",
        path="/alarms/{id}/seen",
        action=Action.TAKE_NOTE,
        handler=take_note,
        summary="Take note of an alarm",
        takes=Nothing,
        gives=AlarmFace,
        refusals=(404,),
        params={"id": "The alarm's id"},
    ),
)
