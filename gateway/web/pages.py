"""Pages for browsers: the sample shop, the widget, the desk, the promises; and what the widget asks at first."""

from datetime import UTC
from html import escape
from importlib.resources import files

from aiohttp import hdrs, web

from gateway.domain.calendar import is_open, next_opening
from gateway.web.encode import encode
from gateway.web.privacy import privacy_page
from gateway.web.problems import language
from gateway.web.promises import KINDS, answering, page, promises_page, promises_text, solving, version_of
from gateway.web.security import origin_of
from gateway.web.wording import hours_in_words, say
from gateway.web.world import PARTS, Parts

_CSS = files("gateway.web").joinpath("pages.css").read_bytes()


async def shop(request: web.Request) -> web.Response:
    """The sample shop with the widget in it."""
    return _built(request, "shop/index.html")


async def widget(request: web.Request) -> web.Response:
    """The customer's widget, for any page that wants it."""
    parts = request.app[PARTS]
    found = parts.statics.answer("widget.js", request)
    if found is None:
        return web.Response(status=404, text="// not built: run make ui\n", content_type="text/javascript")
    found.headers["Access-Control-Allow-Origin"] = "*"
    return found


async def desk(request: web.Request) -> web.Response:
    """The agents' desk: a file it was built with, or its one page."""
    tail = f"desk/{request.match_info.get('tail', '')}"
    if tail.startswith("desk/assets/"):
        return _asset(request, tail)
    return _built(request, "desk/index.html")


async def shop_asset(request: web.Request) -> web.Response:
    """A file the sample shop was built with."""
    return _asset(request, f"shop/{request.match_info['tail']}")


async def promises(request: web.Request) -> web.Response:
    """The public service promises."""
    parts = request.app[PARTS]
    figures = await parts.published.figures()
    text = promises_page(parts.world.policy, _lang(request), figures.since, figures.kept)
    return web.Response(text=text, content_type="text/html", headers={hdrs.CACHE_CONTROL: "no-cache"})


async def promises_as_text(request: web.Request) -> web.Response:
    """The same as Markdown, for other sites."""
    parts = request.app[PARTS]
    figures = await parts.published.figures()
    text = promises_text(parts.world.policy, _lang(request), figures.since, figures.kept)
    headers = {hdrs.CACHE_CONTROL: "no-cache", "Access-Control-Allow-Origin": "*"}
    return web.Response(text=text, content_type="text/markdown", charset="utf-8", headers=headers)


async def promises_as_data(request: web.Request) -> web.Response:
    """The same for programs: spans in seconds, shares from 0 to 1."""
    parts = request.app[PARTS]
    policy, figures = parts.world.policy, await parts.published.figures()
    body = {
        "version": version_of(policy),
        "since": figures.since,
        "hours": hours_in_words(policy.hours, _lang(request)),
        "promises": {
            key.removeprefix("promise."): span.total_seconds()
            for key, span in (*answering(policy), *solving(policy))
        },
        "kept": {
            kind: {"kept": one.kept, "total": one.total, "share": one.share if one.total else None}
            for kind, one in figures.kept.items()
            if kind in KINDS
        },
    }
    headers = {hdrs.CACHE_CONTROL: "no-cache", "Access-Control-Allow-Origin": "*"}
    return web.Response(body=encode(body), content_type="application/json", headers=headers)


async def privacy(request: web.Request) -> web.Response:
    """What is done with customers' data, for the customers."""
    world = request.app[PARTS].world
    text = privacy_page(world.policy, _lang(request))
    return web.Response(text=text, content_type="text/html", headers={hdrs.CACHE_CONTROL: "no-cache"})


async def css(request: web.Request) -> web.Response:
    """The style of the pages we render ourselves."""
    headers = {hdrs.CACHE_CONTROL: "public, max-age=3600"}
    return web.Response(body=_CSS, content_type="text/css", charset="utf-8", headers=headers)


async def chat_settings(request: web.Request) -> web.Response:
    """What the widget shows before the first message: who we are and whether people are there."""
    parts = request.app[PARTS]
    headers = {"Access-Control-Allow-Origin": "*", hdrs.CACHE_CONTROL: "public, max-age=30"}
    headers["Vary"] = "Accept-Language"
    body = encode(settings_for(parts, request, request.query.get("lang", "")))
    return web.Response(body=body, content_type="application/json", headers=headers)


def settings_for(parts: Parts, request: web.Request, wanted: str) -> dict[str, object]:
    """Return title, greeting and hours for a customer who reads ``wanted`` (a language tag, perhaps zh-TW)."""
    world, now = parts.world, parts.world.clock.now()
    policy, texts = world.policy, world.texts
    reader = wanted if wanted.startswith(("zh", "en")) else _lang(request)
    page_lang = "zh-CN" if reader.startswith("zh") else "en"
    ours = f"{world.public_url or origin_of(request, world).text}/privacy?lang={page_lang}"
    house = texts.adapt(policy.house.in_(reader), reader)
    opened = is_open(now, policy.hours)
    opening = now if opened else next_opening(now, policy.hours)
    key = "greeting.open" if opened else "greeting.closed"
    told = texts.time(opening, now, policy.hours.zone, reader)
    hours = hours_in_words(policy.hours, page_lang)
    return {
        "title": house,
        "greeting": texts.say(key, reader, house=house, opening=told),
        "hours": texts.adapt(hours, reader),
        "open": opened,
        "next_opening": None if opened else opening.astimezone(UTC),
        "languages": list(policy.languages),
        "privacy": {
            "text": texts.adapt(
                f"{policy.privacy.notice.in_(reader)} [{say('privacy.link', page_lang)}]({policy.privacy.page or ours})",
                reader,
            ),
            "consent": policy.privacy.consent or None,
            "agree": texts.adapt(say("privacy.agree", page_lang), reader),
        },
        "zone": str(policy.hours.zone),
    }


def _lang(request: web.Request) -> str:
    wanted = request.query.get("lang", "").lower()
    if wanted.startswith(("zh", "en")):
        return "zh-CN" if wanted.startswith("zh") else "en"
    return language(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))


def _asset(request: web.Request, path: str) -> web.Response:
    found = request.app[PARTS].statics.answer(path, request)
    if found is None:
        raise web.HTTPNotFound
    return found


def _built(request: web.Request, path: str) -> web.Response:
    found = request.app[PARTS].statics.answer(path, request)
    if found is not None:
        return found
    lang = _lang(request)
    title = say("page.not_built", lang)
    body = f"<h1>{escape(title)}</h1><p>{escape(say('page.not_built.remedy', lang))}</p>"
    return web.Response(text=page(title, body, lang), content_type="text/html", status=503)


ROUTES = (
    web.get("/", shop),
    web.get("/shop/{tail:.+}", shop_asset),
    web.get("/widget.js", widget),
    web.get("/desk", desk),
    web.get("/desk/{tail:.*}", desk),
    web.get("/promises", promises),
    web.get("/promises.md", promises_as_text),
    web.get("/promises.json", promises_as_data),
    web.get("/privacy", privacy),
    web.get("/pages.css", css),
    web.get("/chat/v1/settings", chat_settings),
)
