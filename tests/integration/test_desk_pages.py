"""Pages, health and what the widget asks first."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from gateway.store.database import StoreUnavailable
from gateway.web.promises import version_of
from gateway.web.wording import hours_in_words, span_in_words
from gateway.web.world import ChannelState
from tests.keyring import a_ring
from tests.servers.desk import LOOPBACK, DeskRig, running_desk

BUILT = {
    "shop/index.html": "<!doctype html><title>shop</title>",
    "shop/assets/shop-1.css": "a{}",
    "desk/index.html": "<!doctype html><title>desk</title>",
    "desk/assets/index-1.js": "let x = 1;" * 200,
    "widget.js": "(() => {})()",
}


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    for name, text in BUILT.items():
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    async with running_desk(tmp_path) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/", BUILT["shop/index.html"]),
        ("/shop/assets/shop-1.css", "a{}"),
        ("/desk", BUILT["desk/index.html"]),
        ("/desk/", BUILT["desk/index.html"]),
        ("/desk/setup", BUILT["desk/index.html"]),
        ("/desk/assets/index-1.js", BUILT["desk/assets/index-1.js"]),
        ("/widget.js", BUILT["widget.js"]),
    ],
)
async def test_what_was_built_is_served(rig: DeskRig, path: str, wanted: str) -> None:
    answer = await rig.client.get(path)
    assert (answer.status, await answer.text()) == (200, wanted)
    unchanged = await rig.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status == 304
    assert "Content-Security-Policy" not in unchanged.headers  # it would replace that of the page kept


async def test_hashed_files_are_kept_for_ever_and_pages_are_not(rig: DeskRig) -> None:
    asset = await rig.client.get("/desk/assets/index-1.js")
    assert "immutable" in asset.headers["Cache-Control"]
    assert asset.headers["Content-Encoding"] == "gzip"
    assert (await rig.client.get("/desk")).headers["Cache-Control"] == "no-cache"


async def test_pages_carry_the_strict_policy_and_the_widget_may_be_loaded_from_anywhere(rig: DeskRig) -> None:
    for path in ("/", "/desk", "/promises"):
        headers = (await rig.client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        for part in (
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ):
            assert part in policy
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
    widget = (await rig.client.get("/widget.js")).headers
    assert widget["Access-Control-Allow-Origin"] == "*"
    assert widget["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/desk/assets/../../../gateway.db",
        "/desk/assets/%2e%2e/%2e%2e/gateway.db",
        "/shop/..%2f..%2fgateway.db",
        "/shop//etc/passwd",
        "/desk/assets/%00",
        "/desk/assets/nothing.js",
    ],
)
async def test_no_path_leads_out_of_the_table(rig: DeskRig, path: str) -> None:
    from yarl import URL

    answer = await rig.client.get(str(URL(path, encoded=True)))
    assert answer.status in (200, 404)
    assert b"SQLite" not in await answer.read()
    if answer.status == 200:
        assert await answer.text() == BUILT["desk/index.html"]


async def test_without_a_build_the_page_says_what_to_do(tmp_path: Path) -> None:
    async with running_desk(tmp_path) as rig:
        for path in ("/", "/desk"):
            answer = await rig.client.get(path, headers={"Accept-Language": "en"})
            assert answer.status == 503
            assert "make ui" in await answer.text()
        assert (await rig.client.get("/widget.js")).status == 404


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh-CN", ["服务承诺", "1 分钟", "周一至周五"]), ("en", ["What we promise", "1 minute", "Mon to Fri"])],
)
async def test_the_promises_are_read_from_the_policy(rig: DeskRig, lang: str, words: list[str]) -> None:
    text = await (await rig.client.get(f"/promises?lang={lang}")).text()
    for word in [*words, version_of(rig.world.policy), "2026-11-23"]:
        assert word in text
    assert f'<html lang="{lang}">' in text
    assert "<script" not in text
    assert "style=" not in text


async def test_the_promises_can_be_had_as_text_and_as_data_for_other_sites(rig: DeskRig) -> None:
    text = await (await rig.client.get("/promises.md?lang=en")).text()
    assert "- A person's first answer in web chat (opening hours): 1 minute" in text
    data = await (await rig.client.get("/promises.json")).json()
    assert data["version"] == version_of(rig.world.policy)
    assert data["promises"]["first.chat"] == 60
    assert data["kept"]["welcome"] == {"kept": 0, "total": 0, "share": None}


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [
        (timedelta(seconds=10), "10 秒", "10 seconds"),
        (timedelta(minutes=1), "1 分钟", "1 minute"),
        (timedelta(minutes=90), "90 分钟", "90 minutes"),
        (timedelta(hours=48), "48 小时", "48 hours"),
    ],
)
def test_spans_are_said_in_their_largest_whole_unit(span: timedelta, zh: str, en: str) -> None:
    assert (span_in_words(span, "zh-CN"), span_in_words(span, "en")) == (zh, en)


async def test_days_with_equal_hours_are_told_together(rig: DeskRig) -> None:
    assert hours_in_words(rig.world.policy.hours, "en").startswith("Mon to Fri 09:00–18:00 (Asia/Shanghai")


async def chat_settings(rig: DeskRig, lang: str) -> dict[str, Any]:
    answer = await rig.client.get(f"/chat/v1/settings?lang={lang}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    body: dict[str, Any] = await answer.json()
    return body


async def test_the_widget_is_told_who_we_are_and_when_people_are_back(rig: DeskRig) -> None:
    now = await chat_settings(rig, "zh-CN")
    assert (now["open"], now["next_opening"]) == (True, None)
    assert now["title"] in now["greeting"]
    await rig.clock.advance(timedelta(hours=12))
    later = await chat_settings(rig, "en")
    assert (later["open"], later["next_opening"]) == (False, "2026-11-24T01:00:00Z")
    assert "09:00 tomorrow" in later["greeting"]
    taiwan = await chat_settings(rig, "zh-TW")
    assert "週一至週五" in taiwan["hours"]


async def test_ready_means_the_database_takes_a_write_and_channels_run(rig: DeskRig) -> None:
    assert await (await rig.client.get("/healthz")).json() == {"status": "ok"}
    ready = await rig.client.get("/readyz")
    assert (ready.status, (await ready.json())["database"]) == (200, "ok")
    rig.channels.append(
        ChannelState(name="bot", kind="telegram", state="bad_credentials", detail="secret detail")
    )
    red = await rig.client.get("/readyz")
    assert red.status == 503
    assert "secret detail" not in await red.text()


async def test_a_database_that_takes_no_write_is_not_ready_and_the_interface_says_come_again(
    tmp_path: Path,
) -> None:
    class Full:
        """A disk that is full: reading goes on, writing does not."""

        def __init__(self, inner: Any) -> None:
            self.inner = inner
            self.is_full = False

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        async def write(self, unit: Any) -> Any:
            if self.is_full:
                raise StoreUnavailable("database or disk is full")
            return await self.inner.write(unit)

    from gateway.store.database import SqliteDatabase
    from gateway.store.migrate import migrate

    (tmp_path / "real").mkdir()
    inner = SqliteDatabase(tmp_path / "real" / "x.db", ring=a_ring())
    migrate(inner)
    full = Full(inner)
    try:
        async with running_desk(tmp_path, database=full) as rig:
            full.is_full = True
            answer = await rig.client.get("/readyz")
            assert (answer.status, (await answer.json())["database"]) == (503, "unavailable")
    finally:
        await inner.close()


async def test_metrics_are_for_this_machine_and_for_those_with_the_right(rig: DeskRig) -> None:
    await rig.client.get("/promises")
    here = await rig.client.get("/metrics")
    assert here.status == 200
    assert 'gateway_request_seconds_count{route="/promises",status="2xx"} 1.0' in await here.text()
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    assert (await rig.client.get("/metrics", headers=elsewhere)).status == 401
    for role, status in (("auditor", 200), ("agent", 403)):
        bearer = elsewhere | {"Authorization": f"Bearer {await rig.token(role)}"}
        assert (await rig.client.get("/metrics", headers=bearer)).status == status


async def test_adapters_bring_their_own_routes_and_a_handler_that_breaks_tells_nothing(
    tmp_path: Path,
) -> None:
    from gateway.web.server import build_app

    async def hook(request: web.Request) -> web.Response:
        return web.Response(text="taken")

    async def broken(request: web.Request) -> web.Response:
        raise RuntimeError("the password is swordfish")

    async with running_desk(tmp_path, trusted_proxies=LOOPBACK) as rig:
        from aiohttp.test_utils import TestClient, TestServer

        app = build_app(rig.world, [web.post("/hooks/bot", hook), web.get("/desk-broken", broken)])
        async with TestClient(TestServer(app)) as client:
            assert await (await client.post("/hooks/bot")).text() == "taken"
            answer = await client.get("/desk-broken", headers={"Accept-Language": "en"})
            assert (answer.status, (await answer.json())["code"]) == (500, "error")
            assert "swordfish" not in await answer.text()
