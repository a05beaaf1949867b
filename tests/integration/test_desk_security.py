"""The doors: every route by every role, foreign origins, bodies that are too much, headers, what is published."""

import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import FormData
from openapi_spec_validator import validate

from gateway.desk.files import LARGEST
from gateway.desk.rights import MATRIX, PERSONAL, Action, Role
from gateway.web.problems import language
from gateway.web.routes import Route
from gateway.web.server import API_ROUTES
from tests.pictures import a_png
from tests.servers.desk import LOOPBACK, DeskRig, Seat, running_desk

GUARDED = [route for route in API_ROUTES if route.action is not None]
PNG = a_png()


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        yield running


def path_of(route: Route, number: str = "T0") -> str:
    return "/api/v1" + re.sub(r"\{\w+\}", number, route.path)


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def test_only_signing_in_and_setting_up_need_no_right() -> None:
    assert {named(route) for route in API_ROUTES if route.action is None} == {
        "POST /session",
        "POST /setup",
        "GET /session/ways",
        "POST /session/passkey",
        "POST /session/passkey/options",
        "GET /session/sign-on",
        "GET /session/sign-on/back",
        "POST /session/forgot",
        "POST /links",
        "POST /links/password",
    }


@pytest.mark.parametrize("route", GUARDED, ids=named)
async def test_a_stranger_is_turned_away_everywhere(rig: DeskRig, route: Route) -> None:
    answer = await rig.client.request(route.method, path_of(route), json={})
    assert (answer.status, (await answer.json())["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("role", Role)
async def test_every_route_asks_the_matrix(rig: DeskRig, role: Role) -> None:
    seat = await rig.seat(role)
    bearer = {"Authorization": f"Bearer {await rig.token(role)}"}
    for route in GUARDED:
        if route.streams or route.path == "/session":
            continue
        assert route.action is not None
        may = route.action in MATRIX[role]
        answer = await seat.client.request(
            route.method, path_of(route), json={}, headers={"X-CSRF-Token": seat.csrf}
        )
        assert (answer.status == 403) is not may, f"{named(route)}: {answer.status}"
        program = await rig.client.request(route.method, path_of(route), json={}, headers=bearer)
        assert (program.status == 403) is not (may and route.action not in PERSONAL), named(route)


async def test_editors_and_auditors_cannot_watch(rig: DeskRig) -> None:
    for number, role in enumerate(("editor", "auditor")):
        seat = await rig.seat(role, str(number))
        assert (await seat.get("/events")).status == 403


@pytest.mark.parametrize("route", [one for one in GUARDED if one.method != "GET"], ids=named)
async def test_without_the_sessions_own_token_nothing_is_changed(rig: DeskRig, route: Route) -> None:
    seat = await rig.seat()
    for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": ""}):
        answer = await seat.client.request(route.method, path_of(route), json={}, headers=headers)
        assert (answer.status, (await answer.json())["code"]) == (403, "csrf")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_sites_request_is_refused_even_with_the_token(
    rig: DeskRig, headers: dict[str, str]
) -> None:
    seat = await rig.seat()
    all_of_it = headers | {"X-CSRF-Token": seat.csrf}
    answer = await seat.client.put("/api/v1/me/state", json={"state": "online"}, headers=all_of_it)
    assert answer.status == 403
    sign_in = await rig.client.post("/api/v1/session", json={"login": "a", "password": "b"}, headers=headers)
    assert (sign_in.status, (await sign_in.json())["code"]) == (403, "csrf")


async def test_our_own_origin_is_let_in_also_behind_a_proxy(tmp_path: Path) -> None:
    async with running_desk(tmp_path, trusted_proxies=LOOPBACK) as rig:
        seat = await rig.seat()
        proxied = {
            "X-Forwarded-For": "203.0.113.9",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "help.shop.example",
            "Origin": "https://help.shop.example",
            "X-CSRF-Token": seat.csrf,
            "Cookie": f"__Host-sid={seat.token}",
        }
        answer = await rig.client.put("/api/v1/me/state", json={"state": "away"}, headers=proxied)
        assert (answer.status, await answer.json()) == (200, {"state": "away", "back_at": None})
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        spoofed = proxied | {"Origin": "https://evil.example"}
        assert (
            await rig.client.put("/api/v1/me/state", json={"state": "away"}, headers=spoofed)
        ).status == 403


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"login":"a"}', "application/json", 422),
        (b'{"login":"a","password":"b","role":"admin"}', "application/json", 422),
        (b"login=a&password=b", "application/x-www-form-urlencoded", 415),
        (b'{"login":"a","password":"b"}', "text/plain", 415),
        pytest.param(b"x" * (1024 * 1024 + 1), "application/json", 413, id="too large"),
    ],
)
async def test_a_body_that_is_not_what_the_door_asks_for_is_refused(
    rig: DeskRig, body: bytes, kind: str, status: int
) -> None:
    answer = await rig.client.post("/api/v1/session", data=BytesIO(body), headers={"Content-Type": kind})
    assert answer.status == status
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_packed_body_is_not_unpacked(rig: DeskRig) -> None:
    answer = await rig.client.post(
        "/api/v1/session",
        data=b"\x1f\x8b",
        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
    )
    assert answer.status in (400, 415)


async def test_no_model_column_can_be_slipped_into_a_body(rig: DeskRig) -> None:
    seat = await rig.seat()
    number = await rig.ticket()
    bodies: dict[str, dict[str, object]] = {
        "claim": {"version": 1},
        "notes": {"text": "x"},
        "reopen": {"reason": "x"},
    }
    for verb, body in bodies.items():
        for column in ("agent_id", "status", "role", "department"):
            answer = await seat.post(f"/tickets/{number}/{verb}", body | {column: 1})
            assert answer.status == 422
            assert (await answer.json())["problems"] == [{"field": column, "problem": "extra_forbidden"}]


async def upload(seat: Seat, content: bytes, name: str, field: str = "file") -> tuple[int, dict[str, object]]:
    form = FormData(quote_fields=False)
    form.add_field(field, BytesIO(content), filename=name, content_type="image/png")
    answer = await seat.client.post("/api/v1/attachments", data=form, headers={"X-CSRF-Token": seat.csrf})
    return answer.status, await answer.json()


async def test_an_agents_file_goes_out_with_the_reply_and_comes_back_as_a_download(rig: DeskRig) -> None:
    seat, colleague = await rig.seat(), await rig.seat(number="1002")
    number = await rig.ticket()
    status, file = await upload(seat, PNG, "../../照片\u202e.png")
    assert (status, file["name"], file["media_type"]) == (201, "照片.png", "image/png")
    assert (await colleague.get(f"/attachments/{file['id']}")).status == 404
    body = {"id": "reply-0001", "text": "", "seen_seq": 1, "attachments": [file["id"]]}
    stolen = await colleague.post(f"/tickets/{number}/replies", body)
    assert stolen.status == 404
    sent = await seat.post(f"/tickets/{number}/replies", body)
    assert sent.status == 202, await sent.text()
    got = await colleague.get(f"/attachments/{file['id']}")
    assert (await got.read()).startswith(PNG[:8])
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    stored = [path for path in rig.blobs.folder.rglob("*") if path.is_file()]
    assert all(
        re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{64}", str(p.relative_to(rig.blobs.folder))) for p in stored
    )


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", 415),
        (b"<html>", "a.png", 415),
        (b"<script>", "a.txt", 415),
        (PNG, "a.exe", 415),
        (PNG, "png", 415),
        (b"", "a.txt", 201),
        ("你好".encode(), "a.txt", 201),
        pytest.param(PNG + b"\0" * LARGEST, "a.png", 413, id="too large"),
    ],
)
async def test_only_files_that_are_what_they_say_and_not_too_large_are_taken(
    rig: DeskRig, content: bytes, name: str, status: int
) -> None:
    seat = await rig.seat()
    assert (await upload(seat, content, name))[0] == status
    if status != 201:
        assert [path for path in rig.blobs.folder.rglob("*") if path.is_file()] == []


async def test_an_upload_without_a_file_is_refused(rig: DeskRig) -> None:
    seat = await rig.seat()
    assert (await upload(seat, PNG, "a.png", field="other"))[0] in (413, 422)
    answer = await seat.post("/attachments", {})
    assert answer.status == 415


async def test_data_is_never_cached_and_cannot_become_a_page(rig: DeskRig) -> None:
    seat = await rig.seat()
    answer = await seat.get("/me")
    headers = answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Server"] == "intake-gateway"
    assert len(headers["X-Request-Id"]) == 16


async def test_the_interface_describes_itself_in_valid_openapi(rig: DeskRig) -> None:
    answer = await rig.client.get("/api/v1/openapi.json")
    document = await answer.json()
    validate(document)
    assert document["openapi"] == "3.1.0"
    described = {(path, method.upper()) for path, ops in document["paths"].items() for method in ops}
    assert described == {("/api/v1" + route.path, route.method) for route in API_ROUTES}


async def test_wrong_methods_and_paths_are_answered_as_problems(rig: DeskRig) -> None:
    answer = await rig.client.delete("/api/v1/me")
    assert (answer.status, (await answer.json())["code"]) == (405, "method")
    assert "GET" in answer.headers["Allow"]
    missing = await rig.client.get("/api/v1/nothing")
    assert (missing.status, (await missing.json())["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", "zh-CN"),
        ("*", "zh-CN"),
        ("zh-TW,zh;q=0.9", "zh-CN"),
        ("en-GB", "en"),
        ("de-DE,de;q=0.9", "en"),
        ("de,zh;q=0.5,en;q=0.4", "zh-CN"),
        ("en;q=0.1,zh;q=0.2", "zh-CN"),
        ("en;q=x", "en"),
    ],
)
def test_readers_get_their_language_or_the_nearest(header: str, wanted: str) -> None:
    assert language(header) == wanted


def test_the_matrix_gives_nobody_a_right_by_default() -> None:
    assert set(MATRIX) == set(Role)
    assert Action.SEE_TICKETS not in MATRIX[Role.EDITOR]
    assert Action.SEE_TICKETS not in MATRIX[Role.AUDITOR]
