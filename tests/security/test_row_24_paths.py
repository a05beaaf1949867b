"""Row 24: whatever a path says, only what was built is served, and nothing outside any folder is opened."""

import asyncio
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from gateway.web.server import API_ROUTES
from tests.security.wire import said_to, statuses
from tests.servers.gateway import Gateway, prepared, running

ROOT = Path(__file__).parents[2]
UPS = (
    "..", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "..%00", "%252e%252e", "..;", "%c0%ae%c0%ae", "%uff0e%uff0e", "....", ".%00.",
    "．．", "%ef%bc%8e%ef%bc%8e", "..%0d", "..%09",
)  # fmt: skip
SLASHES = ("/", "%2f", "%5c", "\\", "%252f", "//", "%c0%af")
AIMS = ("etc/passwd", "config.toml", "data/gateway.db", "gateway/app.py")
ODD = (
    "/etc/passwd", "//etc/passwd", "file:///etc/passwd", "C:\\windows\\win.ini", "\\\\host\\share", "~/.ssh/id_rsa", "%00", "con",
)  # fmt: skip
STRINGS = (*(f"{(up + slash) * 6}{aim}" for up, slash, aim in product(UPS, SLASHES, AIMS)), *ODD)
PLACES = (
    "/desk/",
    "/desk/assets/",
    "/shop/",
    "/chat/v1/attachments/",
    "/api/v1/attachments/",
    "/api/v1/tickets/",
    "/",
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running(prepared(tmp_path_factory.mktemp("paths") / "house")) as one:
        yield one


def places() -> list[str]:
    """Return the beginning of every route that takes something in its path, and those of the pages."""
    api = {"/api/v1" + route.path.partition("{")[0] for route in API_ROUTES if "{" in route.path}
    return sorted(api | set(PLACES))


async def test_row_24_no_path_leads_out_of_a_folder(
    gateway: Gateway, scale: Callable[[int, int], int]
) -> None:
    assert len(STRINGS) >= 300
    everywhere = places() if scale(0, 1) else list(PLACES)
    for place in everywhere:
        for some in batched(STRINGS, 30):
            heard = await asyncio.gather(*(asked(gateway, place + one) for one in some))
            for one, said in zip(some, heard, strict=True):
                assert not re.search(rb"root:.*:0:0:|\[server\]|SQLite format 3|import asyncio", said), (
                    place,
                    one,
                )
                shown = set(statuses(said)) - {400, 401, 404, 405}
                # The desk is one page for all its addresses: it may answer, with itself.
                assert not shown or (place == "/desk/" and shown <= {200, 503}), (place, one, shown)


async def asked(gateway: Gateway, path: str) -> bytes:
    line = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    return await said_to(gateway, line.encode())


def batched(all_of_them: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(all_of_them), size):
        yield all_of_them[start : start + size]


def test_row_24_the_router_is_never_given_a_folder() -> None:
    found = [
        path.name
        for package in ("gateway", "adapters")
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts
        and re.search(r"add_static|web\.static\(|FileResponse|follow_symlinks", path.read_text("utf-8"))
    ]
    assert found == []
