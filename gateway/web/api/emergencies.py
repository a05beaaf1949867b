"""Emergencies at the desk: see them, begin one, give news, end, dismiss, review."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from gateway.desk import emergency_verbs as verbs
from gateway.desk.emergency_verbs import Hand
from gateway.desk.rights import Action
from gateway.desk.tickets import sight_of
from gateway.domain.emergency import Cause
from gateway.errors import NotFound
from gateway.store import emergencies as rows
from gateway.store.database import Tx
from gateway.store.emergency_review import keep_review
from gateway.store.feed import Committed, Happened
from gateway.web.api.models import Model
from gateway.web.routes import Ask, Route, answer

Words = Annotated[dict[str, Annotated[str, Field(min_length=1, max_length=2000)]], Field(min_length=1)]
"""By language, such as {"zh-CN": "…", "en": "…"}."""


class EmergencyFace(Model):
    """One emergency: ``topics`` such as ``subtype:refund`` or ``complaints``, none meaning everything."""

    id: int
    cause: str
    topics: list[str]
    channel: str
    state: str
    because: str
    notice: dict[str, str] | None
    news_at: datetime | None
    updates: int
    proposed_at: datetime
    proposed_by: str
    started_at: datetime | None
    started_by: str | None
    ended_at: datetime | None
    ended_by: str | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    conversations: int
    tickets: int


class EmergencyList(Model):
    """The latest emergencies, the newest first, and the notice and end text of the settings to begin from."""

    emergencies: list[EmergencyFace]
    notice: dict[str, str]
    end: dict[str, str]


class EmergencyPage(Model):
    """One emergency with the numbers of its tickets."""

    emergency: EmergencyFace
    tickets: list[str]


class ByHand(Model):
    """Begin one that no count has shown; ``because`` is kept and told to colleagues."""

    because: Annotated[str, Field(min_length=1, max_length=500)]
    topics: Annotated[list[Annotated[str, Field(max_length=128)]], Field(max_length=20)] = Field(
        default_factory=list
    )
    channel: str = ""
    notice: Words | None = None
    news_at: datetime | None = None


class BeginBody(Model):
    """Let a proposed one run; without ``notice`` the text of the settings is said."""

    notice: Words | None = None
    news_at: datetime | None = None


class NewsBody(Model):
    """What all concerned are told; it holds ``{news}``, the time of the next."""

    texts: Words
    news_at: datetime | None = None


class EndBody(Model):
    """Without ``texts`` the text of the settings is said."""

    texts: Words | None = None


class ReportFace(Model):
    """The review's report as Markdown; ``is_draft`` while nobody has kept one."""

    markdown: str
    is_draft: bool


class ReportBody(Model):
    """What a person made of it; ``done`` keeps the promise of a review."""

    markdown: Annotated[str, Field(min_length=1, max_length=50_000)]
    done: bool = False


class Nothing(Model):
    """No fields."""


async def see_all(ask: Ask) -> web.Response:
    """Return the latest emergencies."""
    listed = await ask.parts.world.database.read(rows.listed)
    rules = ask.parts.world.policy.emergency
    texts = {"notice": dict(rules.notice.texts), "end": dict(rules.end.texts)}
    return answer({"emergencies": [_face(row) for row in listed], **texts})


async def see(ask: Ask) -> web.Response:
    """Return one with its tickets."""
    return answer(await _page(ask, _id(ask)))


async def start(ask: Ask) -> web.Response:
    """Begin one by hand."""
    asked: ByHand = ask.body(ByHand)
    hand = _hand(ask)

    def unit(tx: Tx) -> tuple[int, list[Happened]]:
        verbs.check_topics(asked.topics)
        emergency_id = rows.propose(
            tx,
            cause=Cause.HAND,
            topics=asked.topics,
            channel=asked.channel,
            because=asked.because,
            by=hand.by,
            now=hand.now,
            quiet_since=hand.now,
        )
        if emergency_id is None:
            raise verbs.already_open()
        happened = verbs.begin(tx, hand, emergency_id, notice=asked.notice, news_at=asked.news_at)
        return emergency_id, happened

    emergency_id, happened = await ask.parts.world.database.write(unit)
    ask.parts.world.feed.publish(Committed(events=tuple(happened)))
    return answer(await _page(ask, emergency_id), 201)


async def begin(ask: Ask) -> web.Response:
    """Let a proposed one run."""
    asked: BeginBody = ask.body(BeginBody)
    return await _do(
        ask, lambda tx, hand, one: verbs.begin(tx, hand, one, notice=asked.notice, news_at=asked.news_at)
    )


async def give_news(ask: Ask) -> web.Response:
    """Tell all concerned how it goes."""
    asked: NewsBody = ask.body(NewsBody)
    return await _do(
        ask, lambda tx, hand, one: verbs.give_news(tx, hand, one, texts=asked.texts, news_at=asked.news_at)
    )


async def end(ask: Ask) -> web.Response:
    """End it and tell all concerned."""
    asked: EndBody = ask.body(EndBody)
    return await _do(ask, lambda tx, hand, one: verbs.end(tx, hand, one, texts=asked.texts))


async def dismiss(ask: Ask) -> web.Response:
    """Say that there is nothing in a proposal."""
    return await _do(ask, verbs.dismiss)


async def see_report(ask: Ask) -> web.Response:
    """Return the report, pre-filled while nobody has kept one."""
    emergency_id, hand, lang = _id(ask), _hand(ask), ask.lang

    def unit(tx: Tx) -> dict[str, Any]:
        row = rows.find(tx, emergency_id)
        return {"markdown": verbs.report(tx, hand, emergency_id, lang), "is_draft": row.report is None}

    return answer(await ask.parts.world.database.read(unit))


async def keep_report(ask: Ask) -> web.Response:
    """Keep the report; the review is done where the asker says so."""
    asked: ReportBody = ask.body(ReportBody)

    def act(tx: Tx, hand: Hand, one: int) -> list[Happened]:
        rows.find(tx, one)
        rows.keep_report(tx, one, asked.markdown, by=hand.by, now=hand.now, is_done=asked.done)
        if asked.done:
            keep_review(tx, one, hand.now)
        return [rows.record(tx, one, what="reviewed" if asked.done else "report", by=hand.by, now=hand.now)]

    return await _do(ask, act)


async def _do(ask: Ask, act: Callable[[Tx, Hand, int], list[Happened]]) -> web.Response:
    emergency_id, hand, world = _id(ask), _hand(ask), ask.parts.world
    happened = await world.database.write(lambda tx: act(tx, hand, emergency_id))
    world.feed.publish(Committed(events=tuple(happened)))
    return answer(await _page(ask, emergency_id))


async def _page(ask: Ask, emergency_id: int) -> dict[str, Any]:
    sight = sight_of(ask.who)

    def unit(tx: Tx) -> dict[str, Any]:
        row = rows.find(tx, emergency_id)
        return {"emergency": _face(row), "tickets": rows.tickets_of(tx, sight, emergency_id)}

    return await ask.parts.world.database.read(unit)


def _face(row: rows.Row) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name not in ("report", "template")}


def _hand(ask: Ask) -> Hand:
    world = ask.parts.world
    return Hand(by=f"agent:{ask.who.number}", now=world.clock.now(), policy=world.policy, texts=world.texts)


def _id(ask: Ask) -> int:
    word = ask.path("id")
    if not word.isascii() or not word.isdigit() or len(word) > 18:
        raise NotFound(f"no emergency {word[:20]}")
    return int(word)


def _verb(name: str, handler: Callable[[Ask], Any], takes: type[Model], summary: str) -> Route:
    return Route(
        method="POST",
        path=f"/emergencies/{{id}}/{name}",
        action=Action.HANDLE_EMERGENCIES,
        handler=handler,
        summary=summary,
        takes=takes,
        gives=EmergencyPage,
        refusals=(400, 404, 409),
        params={"id": "The emergency's id"},
    )


ROUTES = (
    Route(
        method="GET",
        path="/emergencies",
        action=Action.SEE_ALARMS,
        handler=see_all,
        summary="The latest emergencies, the newest first",
        gives=EmergencyList,
    ),
    Route(
        method="GET",
        path="/emergencies/{id}",
        action=Action.SEE_ALARMS,
        handler=see,
        summary="One emergency with its tickets",
        gives=EmergencyPage,
        refusals=(404,),
        params={"id": "The emergency's id"},
    ),
    Route(
        method="POST",
        path="/emergencies",
        action=Action.HANDLE_EMERGENCIES,
        handler=start,
        summary="Begin an emergency by hand",
        takes=ByHand,
        gives=EmergencyPage,
        status=201,
        refusals=(400, 409),
    ),
    _verb("begin", begin, BeginBody, "Let a proposed emergency run"),
    _verb("news", give_news, NewsBody, "Tell all concerned how it goes"),
    _verb("end", end, EndBody, "End it and tell all concerned"),
    _verb("dismiss", dismiss, Nothing, "Say that there is nothing in a proposal"),
    Route(
        method="GET",
        path="/emergencies/{id}/report",
        action=Action.HANDLE_EMERGENCIES,
        handler=see_report,
        summary="The review's report, pre-filled while nobody has kept one",
        gives=ReportFace,
        refusals=(404,),
        params={"id": "The emergency's id"},
    ),
    _verb("report", keep_report, ReportBody, "Keep the review's report"),
)
