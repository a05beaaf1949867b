"""The secure page: what must never stand in a transcript is typed here. It works without JavaScript.

Whoever opens it with GET changes nothing, because mail scanners do: only a button does. The outcome is said in the
conversation the page belongs to.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import escape
from ipaddress import ip_address, ip_network
from urllib.parse import parse_qs

from aiohttp import hdrs, web

from gateway.domain.identity import Level
from gateway.domain.verification import Kind, Outcome
from gateway.pipeline.effects_verify import Reserve
from gateway.store.feed import Committed
from gateway.store.proofs import read_awaited
from gateway.store.verify_pages import Page, close_page, read_link, read_outcome, read_page, reserve_on_page
from gateway.web.problems import language
from gateway.web.promises import page as whole
from gateway.web.security import check_origin, origin_of
from gateway.web.wording import say
from gateway.web.world import PARTS, World

LONGEST = timedelta(seconds=20)
MOST = 4096
POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_FIELDS = {"order": 100, "tail": 20, "name": 80, "code": 20, "do": 10}


async def show(request: web.Request) -> web.Response:
    """The form, or a word that it is over."""
    lang, world = _lang(request), request.app[PARTS].world
    found = await _page(request)
    if found is None:
        return _over(lang)
    step = "code" if found.awaited.step == "code" else "order"
    return _answer(_form(world, found, step, lang), lang)


async def send(request: web.Request) -> web.Response:
    """Reserve what was typed, wait until the house has said the outcome, and say it here as well."""
    lang, world = _lang(request), request.app[PARTS].world
    check_origin(request, origin_of(request, world))
    given = await _given(request)
    found = await _page(request)
    if found is None or given is None:
        return _over(lang)
    reserve = _reserve(found, given)
    if reserve is None:
        return _answer(_form(world, found, "order", lang, "verify.miss"), lang)
    ticket = request.match_info["ticket"]
    outcome = await _settled(request, found, ticket, reserve)
    if reserve.kind is Kind.SEND:
        return _answer(_form(world, found, "code", lang), lang)
    if outcome is Outcome.MATCH:
        if await _is_enough(world, found):
            await world.database.write(partial(close_page, ticket=ticket, now=world.clock.now()))
            return _answer(_said("verify.done", lang), lang)
        return _answer(_form(world, found, "code", lang), lang)
    if outcome is Outcome.UNAVAILABLE:
        return _answer(_said("verify.unavailable", lang), lang)
    step = "code" if reserve.kind is Kind.CODE else "order"
    return _answer(_form(world, found, step, lang, "verify.miss"), lang)


async def show_link(request: web.Request) -> web.Response:
    """The two digits to compare, and the button."""
    lang, world = _lang(request), request.app[PARTS].world
    secret, now = request.match_info["secret"], world.clock.now()
    found = await world.database.read(lambda tx: read_link(tx, secret, now))
    if found is None:
        return _over(lang)
    body = (
        f"<p>{_t('verify.link', lang)}</p>\n<p class=digits>{escape(found[2])}</p>\n"
        f"<form method=post><button>{_t('verify.link.press', lang)}</button></form>\n"
        f"<p>{_t('verify.link.other', lang)}</p>"
    )
    return _answer(body, lang)


async def use_link(request: web.Request) -> web.Response:
    """The button was pressed: the conversation that asked for it goes on."""
    lang, world = _lang(request), request.app[PARTS].world
    check_origin(request, origin_of(request, world))
    secret, now = request.match_info["secret"], world.clock.now()
    found = await world.database.read(lambda tx: read_link(tx, secret, now))
    if found is None:
        return _over(lang)
    reserve = Reserve(kind=Kind.CODE, awaited=found[0].awaited, link=secret, because="a link was opened")
    outcome = await _settled(request, found[0], "", reserve)
    key = {Outcome.MATCH: "verify.done", Outcome.UNAVAILABLE: "verify.unavailable"}
    return _answer(_said(key.get(outcome or Outcome.MISS, "verify.over"), lang), lang)


async def _page(request: web.Request) -> Page | None:
    world = request.app[PARTS].world
    ticket, now = request.match_info["ticket"], world.clock.now()
    return await world.database.read(lambda tx: read_page(tx, ticket, now))


async def _given(request: web.Request) -> Mapping[str, str] | None:
    """Return the form's fields, each cut to a length it may have; None for anything that is no such form."""
    if (
        request.content_type != "application/x-www-form-urlencoded"
        or hdrs.CONTENT_ENCODING in request.headers
    ):
        return None
    body = await request.content.read(MOST + 1)
    if len(body) > MOST:
        return None
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=10)
    except ValueError:
        return None
    return {name: fields[name][0].strip()[:most] for name, most in _FIELDS.items() if name in fields}


def _reserve(page: Page, given: Mapping[str, str]) -> Reserve | None:
    """Return the attempt that a form makes; None where something is missing."""
    awaited, order = page.awaited, given.get("order") or page.awaited.order or ""
    if code := "".join(filter(str.isdigit, given.get("code", ""))):
        return Reserve(kind=Kind.CODE, awaited=awaited, code=code, because="a code was given")
    if not order:
        return None
    known = replace(awaited, order=order)
    if given.get("do") == "send" or awaited.step == "send":
        return Reserve(kind=Kind.SEND, awaited=known, order=order, because="a code was asked for")
    tail, name = given.get("tail", ""), given.get("name", "")
    if not (tail or name):
        return None
    because = "an order and a detail of it were given"
    return Reserve(kind=Kind.CLAIMS, awaited=known, order=order, tail=tail, name=name, because=because)


async def _settled(request: web.Request, page: Page, ticket: str, reserve: Reserve) -> Outcome | None:
    """Return what became of it, once the house has said so; None if that takes too long."""
    world = request.app[PARTS].world
    done = asyncio.Event()
    reserved: list[int] = []

    def heard(committed: Committed) -> None:
        for one in committed.events:
            if one.kind == "verification" and one.data.get("attempt") in reserved:
                done.set()

    leave = world.feed.subscribe(heard)
    try:
        place = f"network {_network(origin_of(request, world).address)}"
        rules, now = world.policy.verification, world.clock.now()
        unit = partial(
            reserve_on_page, page=page, ticket=ticket, reserve=reserve, rules=rules, now=now, place=place
        )
        attempt_id, committed = await world.database.write(unit)
        world.feed.publish(committed)
        reserved.append(attempt_id)
        outcome = await world.database.read(lambda tx: read_outcome(tx, attempt_id))
        if outcome is not None:
            return outcome
        tick = asyncio.ensure_future(world.clock.wait(LONGEST))
        told = asyncio.ensure_future(done.wait())
        try:
            await asyncio.wait((tick, told), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tick.cancel()
            told.cancel()
        return await world.database.read(lambda tx: read_outcome(tx, attempt_id))
    finally:
        leave()


async def _is_enough(world: World, page: Page) -> bool:
    """Whether the conversation waits for nothing more: what was asked for is forgotten once it is proven."""
    return await world.database.read(lambda tx: read_awaited(tx, page.conversation_id)) is None


def _network(address: str) -> str:
    """Return the network an address is in: what one household or one attacker has of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))


def _form(world: World, page: Page, step: str, lang: str, told: str = "") -> str:
    note = f"<p role=alert>{_t(told, lang)}</p>\n" if told else ""
    if step == "code":
        fields = _field("code", "verify.code", lang, "inputmode=numeric autocomplete=one-time-code")
        return (
            f"{note}<p>{_t('verify.code.intro', lang)}</p>\n"
            f"<form method=post>{fields}<button>{_t('verify.check', lang)}</button></form>"
        )
    only_order = page.awaited.level > Level.L1 and world.policy.verification.sends
    order = _field("order", "verify.order", lang, "autocomplete=off required")
    details = (
        _field("tail", "verify.tail", lang, "inputmode=numeric autocomplete=off")
        + f"<p>{_t('verify.or', lang)}</p>"
        + _field("name", "verify.name", lang, "autocomplete=off")
    )
    check = f"<button>{_t('verify.check', lang)}</button>"
    by_code = f"<button name=do value=send>{_t('verify.send', lang)}</button>"
    sends = by_code if world.policy.verification.sends else ""
    inside = f"{order}{sends}" if only_order else f"{order}{details}{check}{sends}"
    return f"{note}<p>{_t('verify.intro', lang)}</p>\n<form method=post>{inside}</form>"


def _field(name: str, label: str, lang: str, more: str) -> str:
    return f"<p><label>{_t(label, lang)}<br><input name={name} maxlength={_FIELDS[name]} {more}></label></p>"


def _said(key: str, lang: str) -> str:
    return f"<p>{_t(key, lang)}</p>"


def _over(lang: str) -> web.Response:
    return _answer(_said("verify.over", lang), lang, status=404)


def _answer(body: str, lang: str, status: int = 200) -> web.Response:
    other = "en" if lang != "en" else "zh-CN"
    name = {"en": "English", "zh-CN": "中文"}[other]
    title = say("verify.title", lang)
    inside = (
        f"<h1>{escape(title)}</h1>\n{body}\n"
        f'<p class=small><a href="?lang={other}" hreflang="{other}">{name}</a></p>'
    )
    headers = {
        "Content-Security-Policy": POLICY,
        hdrs.CACHE_CONTROL: "no-store",
        "X-Robots-Tag": "noindex",
        # With "no-referrer" browsers send our own form with the origin "null"; other sites still see nothing.
        "Referrer-Policy": "same-origin",
    }
    return web.Response(
        text=whole(title, inside, lang), content_type="text/html", status=status, headers=headers
    )


def _lang(request: web.Request) -> str:
    wanted = request.query.get("lang", "").lower()
    if wanted.startswith(("zh", "en")):
        return "zh-CN" if wanted.startswith("zh") else "en"
    return language(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))


def _t(key: str, lang: str) -> str:
    return escape(say(key, lang))


ROUTES = (
    web.get("/verify/link/{secret:[0-9a-f]{64}}", show_link),
    web.post("/verify/link/{secret:[0-9a-f]{64}}", use_link),
    web.get("/verify/{ticket:[0-9a-f]{64}}", show),
    web.post("/verify/{ticket:[0-9a-f]{64}}", send),
)
