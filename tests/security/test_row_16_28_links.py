"""Rows 16 and 28: one-time links hold once, for one purpose and one person; and nobody learns which logins exist."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.desk.invitations import make_link
from gateway.desk.post import Letter
from gateway.domain.account_rules import AccountRules
from gateway.store import accounts, links
from gateway.store import tables as t
from gateway.web.world import PARTS
from tests.servers.desk import LOOPBACK, PASSWORD, DeskRig, running_desk

Figure = Callable[[str, object], None]
Scale = Callable[[int, int], int]
NEW = "vier-blaue-Hunde-im-Nebel"
LI = "li@shop.example"


class Letters:
    """Who keeps letters instead of sending them."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []

    def can_send(self) -> bool:
        return True

    async def send(self, letter: Letter) -> bool:
        self.sent.append(letter)
        return True


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    rules = AccountRules(second_factor=False)
    async with running_desk(
        tmp_path, accounts=rules, post=Letters(), public_url="http://127.0.0.1", trusted_proxies=LOOPBACK
    ) as rig:
        now = rig.clock.now()
        await rig.database.write(
            lambda tx: accounts.add_agent(tx, LI, "1001", "李", "agent", "an old hash", now) and None
        )
        await rig.database.write(
            lambda tx: accounts.add_agent(tx, "wang", "1002", "王", "agent", "another", now) and None
        )
        yield rig


def letters(rig: DeskRig) -> list[Letter]:
    post = rig.world.post
    assert isinstance(post, Letters)
    return post.sent


async def a_link(rig: DeskRig, purpose: str, login: str = LI) -> str:
    agent = await rig.database.read(lambda tx: accounts.find_agent(tx, login))
    assert agent is not None
    return await make_link(rig.app[PARTS].accounts, agent, purpose, "test")


async def redeem(rig: DeskRig, token: str, purpose: str, address: str = "", **more: Any) -> tuple[int, bytes]:
    body = {"token": token, "purpose": purpose, "password": NEW} | more
    headers = {"X-Forwarded-For": address} if address else {}
    async with rig.client.post("/api/v1/links/password", json=body, headers=headers) as answer:
        return answer.status, await answer.read()


async def test_row_16_every_link_that_does_not_hold_gets_the_same_answer(
    rig: DeskRig, figure: Figure
) -> None:
    used = await a_link(rig, links.RESET)
    assert (await redeem(rig, used, "reset"))[0] == 200
    setup = "a" * 64
    now = rig.clock.now()
    await rig.database.write(lambda tx: links.make_setup_link(tx, accounts.hashed(setup), now))
    replaced = await a_link(rig, links.RESET)
    fresh = await a_link(rig, links.RESET)
    invitation = await a_link(rig, links.INVITE, "wang")
    bad = {
        "replayed": (used, "reset"),
        "replaced by a newer one": (replaced, "reset"),
        "for another purpose": (invitation, "reset"),
        "an invitation's purpose for a reset": (fresh, "invite"),
        "the first administrator's": (setup, "reset"),
        "empty": ("", "reset"),
        "blank": (" ", "reset"),
        "none by name": ("None", "reset"),
        "a beginning": (fresh[:32], "reset"),
        "one letter more": (fresh + "0", "reset"),
        "in capitals": (fresh.upper(), "reset"),
        "its hash": (accounts.hashed(fresh), "reset"),
        "zeros": ("0" * 64, "reset"),
    }
    answers = {name: await redeem(rig, *link, f"203.0.113.{n}") for n, (name, link) in enumerate(bad.items())}
    assert {status for status, _ in answers.values()} == {400}, answers
    assert len({body for _, body in answers.values()}) == 1, answers
    await rig.clock.advance(timedelta(minutes=15))
    late = await redeem(rig, fresh, "reset", "203.0.113.99")
    assert late == answers["replayed"]
    assert (await redeem(rig, invitation, "invite"))[0] == 200
    figure("links that do not hold", len(bad) + 1)


async def test_row_16_a_link_is_256_random_bits_of_which_only_a_hash_is_stored(rig: DeskRig) -> None:
    token = await a_link(rig, links.RESET)
    assert len(bytes.fromhex(token)) == 32
    stored = await rig.database.read(
        lambda tx: tx.execute(select(t.one_time_link.c.token_hash)).scalars().all()
    )
    assert stored == [accounts.hashed(token)]


async def test_row_16_a_link_holds_no_longer_than_its_person_may_come_in(rig: DeskRig) -> None:
    await rig.agent("admin", "9")
    token, now = await a_link(rig, links.RESET), rig.clock.now()
    await rig.database.write(lambda tx: accounts.disable_agent(tx, LI, now) and None)
    assert (await redeem(rig, token, "reset"))[0] == 400


async def test_row_16_two_at_once_with_one_link_are_one(rig: DeskRig) -> None:
    token = await a_link(rig, links.RESET)
    answers = await asyncio.gather(*(redeem(rig, token, "reset", f"203.0.113.{n}") for n in range(6)))
    assert sorted(status for status, _ in answers) == [200, 400, 400, 400, 400, 400]


async def test_row_16_a_weak_password_does_not_use_the_link_up(rig: DeskRig) -> None:
    token = await a_link(rig, links.RESET)
    assert (await redeem(rig, token, "reset", password="password1234"))[0] == 400
    assert (await redeem(rig, token, "reset"))[0] == 200


async def test_row_16_setting_a_password_ends_what_was_open_under_the_old_one(rig: DeskRig) -> None:
    seat = await rig.seat(number="3")
    assert (await seat.get("/me")).status == 200
    assert (await redeem(rig, await a_link(rig, links.RESET, "a3"), "reset"))[0] == 200
    assert (await seat.get("/me")).status == 401


async def forgot(rig: DeskRig, login: str, address: str) -> tuple[int, bytes, dict[str, str], float]:
    began = time.perf_counter()
    headers = {"X-Forwarded-For": address}
    async with rig.client.post("/api/v1/session/forgot", json={"login": login}, headers=headers) as answer:
        body = await answer.read()
        spent = time.perf_counter() - began
        shown = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() not in ("date", "x-request-id")
        }
        return answer.status, body, shown, spent


async def test_row_28_a_forgotten_password_tells_nothing_of_the_login(
    rig: DeskRig, scale: Scale, figure: Figure
) -> None:
    rounds = scale(60, 1000)
    known: list[tuple[dict[str, str], float]] = []
    unknown: list[tuple[dict[str, str], float]] = []
    for n in range(rounds):
        address = f"10.{n // 250}.{n % 250}.7"
        for login, kept in ((LI, known), (f"nobody{n}@shop.example", unknown)):
            status, body, headers, spent = await forgot(rig, login, address)
            assert (status, body) == (202, b"{}")
            kept.append((headers, spent))
    assert {str(sorted(one[0].items())) for one in known} == {str(sorted(one[0].items())) for one in unknown}
    p = ks_p([one[1] for one in known], [one[1] for one in unknown])
    figure("KS p of the time of an answer, known and unknown logins", round(p, 4))
    figure("timed calls each", rounds)
    assert p > 0.01


async def test_row_28_one_person_gets_few_letters_however_many_ask(rig: DeskRig, figure: Figure) -> None:
    for n in range(60):
        await forgot(rig, LI, f"198.51.100.{n}")
    for _ in range(200):
        await asyncio.sleep(0)
        await rig.database.read(lambda tx: None)
    assert 1 <= len(letters(rig)) <= 3
    assert {letter.to for letter in letters(rig)} == {LI}
    figure("letters for 60 wishes from 60 addresses", len(letters(rig)))


async def test_row_28_asking_often_from_one_address_is_slowed_the_same_for_everybody(rig: DeskRig) -> None:
    answers = []
    for login in (LI, "nobody@shop.example"):
        statuses = [(await forgot(rig, login, f"192.0.2.{len(login)}"))[0] for _ in range(6)]
        answers.append(statuses)
    assert answers[0] == answers[1]
    assert 429 in answers[0]


async def test_row_28_signing_in_tells_nothing_of_the_login(
    rig: DeskRig, scale: Scale, figure: Figure
) -> None:
    await rig.agent(number="7", password=True)
    rounds, bodies = scale(12, 200), set()
    known: list[float] = []
    unknown: list[float] = []
    for n in range(rounds):
        pair = (("a7", known), (f"x{n}", unknown))
        for login, kept in pair if n % 2 else pair[::-1]:  # what comes first after a pause takes longer
            headers = {"X-Forwarded-For": f"10.9.{n % 250}.{len(kept) % 250}"}
            began = time.perf_counter()
            async with rig.client.post(
                "/api/v1/session", json={"login": login, "password": PASSWORD + "x"}, headers=headers
            ) as answer:
                bodies.add((answer.status, await answer.read()))
                kept.append(time.perf_counter() - began)
        await rig.clock.advance(timedelta(minutes=16))
    assert len(bodies) == 1
    p = ks_p(known, unknown)
    figure("KS p of a wrong password's time, known and unknown logins", round(p, 4))
    assert p > 0.01


def ks_p(one: list[float], other: list[float]) -> float:
    """Return how likely two samples this far apart are of one kind (Kolmogorov–Smirnov, two-sided)."""
    from math import exp, sqrt

    both = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    a = b = 0
    widest = 0.0
    for _, kind in both:
        a, b = a + (kind == 0), b + (kind == 1)
        widest = max(widest, abs(a / len(one) - b / len(other)))
    size = sqrt(len(one) * len(other) / (len(one) + len(other)))
    x = (size + 0.12 + 0.11 / size) * widest
    if x < 0.3:
        return 1.0
    return float(min(1.0, 2 * sum((-1) ** (k - 1) * exp(-2 * k * k * x * x) for k in range(1, 101))))
