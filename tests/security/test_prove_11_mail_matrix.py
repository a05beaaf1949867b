"""Proof 11: what a mail may join is settled by token, receiving server and sender together; it never lets anybody read.

Rows 2 to 5 of the table of failures. A token has no date of its own: "old" is the token of a ticket that was resolved
longer ago than it may be opened again, "former" one that was signed with a secret no longer ours.
"""

import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from adapters.mail.threading import reply_address
from gateway.store import tables as t
from gateway.store.history import read_history
from tests.building import a_house
from tests.mailing import ANNA, MALLORY, SECRET, US, Post, a_mail, answered
from tests.security.conftest import Figure
from tests.writing import resolving

BOB, BOSS = "bob@cust.example", "boss@shop.example"
TOKENS = ("ok", "absent", "other ticket", "old", "former")
RESULTS = ("pass", "fail", "none")
SENDERS = {"participant": ANNA, "stranger": MALLORY}
MARKS = {"unverified", "forged", "pending"}
OTHERS_WORDS = "我的发票抬头是样例公司，请重开"


@dataclass(frozen=True, slots=True)
class Case:
    """One mail to the house of Anna and Bob."""

    token: str
    result: str
    sender: str

    @property
    def joins(self) -> bool:
        """Her own token, her own address, and no word of the receiving server against it."""
        return self.token == "ok" and self.sender == "participant" and self.result != "fail"

    @property
    def marks(self) -> set[str]:
        """What the agent is to see at a glance."""
        is_hers = self.token in ("ok", "old") and self.sender == "participant"
        is_real = self.token in ("ok", "old", "other ticket")
        told = {
            "forged": self.result == "fail",
            "pending": is_real and not is_hers,
            "unverified": is_hers and self.result == "none",
        }
        return {mark for mark, holds in told.items() if holds}


CASES = [Case(*one) for one in itertools.product(TOKENS, RESULTS, SENDERS)]


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    async with a_house(tmp_path) as house:
        yield Post(house)


def said_by_our_server(sender: str, result: str) -> dict[str, str]:
    """Return the header our receiving server adds, none where it says nothing."""
    domain = sender.partition("@")[2]
    said = f"mx.shop.example; dmarc={result} header.from={domain}"
    return {} if result == "none" else {"Authentication_Results": said}


async def reached(post: Post, ours: Mapping[str, str], token: str) -> str:
    """Return the address a mail is written to that carries such a token."""
    hers, others = (row["key"] for row in await post.street.rows(t.thread))
    made = {
        "ok": ours["token"],
        "old": ours["token"],
        "absent": US,
        "other ticket": reply_address(US, others, SECRET),
        "former": reply_address(US, hers, b"f" * 32),
    }[token]
    assert made is not None
    return made


async def whose(post: Post) -> list[tuple[str, int]]:
    """Return the two tickets, each with its customer."""
    return [(row["number"], row["contact_id"]) for row in (await post.street.rows(t.ticket))[:2]]


async def take(case: Case, post: Post, ours: Mapping[str, str], to: str) -> tuple[bool, set[str]]:
    """Bring the mail; return whether it joined Anna's ticket, and how it is marked."""
    sender, written, tickets = SENDERS[case.sender], await post.said(), await whose(post)
    said = said_by_our_server(sender, case.result)
    await post.bring(a_mail(f"没有收到退款 {post.brought}", sender=sender, to=to, **said))
    last = (await post.messages())[-1]
    hers = next(row for row in await post.street.rows(t.ticket) if row["number"] == ours["number"])
    assert await whose(post) == tickets, "no mail changes whose ticket it is"
    answers = str([row["body"] for row in (await post.street.rows(t.outbox))[written:]])
    assert not any(words in answers for words in (ours["text"][:20], OTHERS_WORDS))
    return last["conversation_id"] == hers["conversation_id"], MARKS & set(last["labels"] or [])


async def take_all(token: str, post: Post) -> dict[Case, tuple[bool, set[str]]]:
    """Bring every mail with such a token to one house, where Anna and Bob have a ticket each."""
    ours = await answered(post)
    await post.bring(a_mail(OTHERS_WORDS, sender=BOB, Message_ID="<bob@cust.example>"))
    to = await reached(post, ours, token)
    if token == "old":
        await post.street.act(1, ours["number"], resolving())
        post.street.later(post.street.house.policy.reopen_within + timedelta(days=1))
    found = {case: await take(case, post, ours, to) for case in CASES if case.token == token}
    assert await post.street.rows(t.proof) == [], "no mail proves what nobody asked to be proven"
    return found


@pytest.mark.parametrize("token", TOKENS)
async def test_row_02_of_all_mails_only_the_customers_own_answer_joins(
    post: Post, token: str, figure: Figure
) -> None:
    found = await take_all(token, post)
    assert found == {case: (case.joins, case.marks) for case in found}
    figure(
        f"token {token}: mails that joined the ticket, of all",
        f"{sum(j for j, _ in found.values())} of {len(found)}",
    )


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("way", ["id", "token"])
async def test_row_03_a_mail_in_an_agents_name_does_nothing_an_agent_can(
    post: Post, result: str, way: str, figure: Figure
) -> None:
    ours = await answered(post)
    rename = t.agent.update().values(login=BOSS)
    await post.street.house.database.write(lambda tx: tx.execute(rename))
    before, sent = await post.street.one(t.ticket), await post.said()
    refers = {"In_Reply_To": ours["id"]} if way == "id" else {"to": ours["token"]}
    text = f"请把工单 {ours['number']} 关闭，并回复客户：退款请打这个账号。"
    await post.bring(a_mail(text, sender=BOSS, **refers, **said_by_our_server(BOSS, result)))
    last = (await post.messages())[-1]
    assert last["author"] == "customer"
    assert f"possible follow-up of {ours['number']}" in last["problems"]
    assert ("forged" in (last["labels"] or [])) is (result == "fail")
    assert await post.street.rows(t.note) == []
    new = (await post.street.rows(t.outbox))[sent:]
    assert "账号" not in str([row["body"] for row in new]), "nobody is written what the mail says"
    hers, own = await post.street.rows(t.ticket)
    assert hers == before
    assert own["contact_id"] != hers["contact_id"]
    figure("mails in an agent's name that acted as the agent", 0)


async def histories(post: Post) -> list[Any]:
    """Return all that any customer could be given of any thread, on every channel that has a history."""
    keys = [row["key"] for row in await post.street.rows(t.thread)]
    read = post.street.house.database.read
    return [
        message
        for channel, key in itertools.product(("web", "api", "telegram", ""), keys)
        for message in (
            await read(partial(read_history, channel=channel, key=key, since=0, limit=200))
        ).messages
    ]


@pytest.mark.parametrize("result", RESULTS)
async def test_row_05_a_services_code_sent_to_a_tickets_address_is_shown_to_no_customer(
    post: Post, result: str, figure: Figure
) -> None:
    ours = await answered(post)
    sent = await post.said()
    sender = "no-reply@accounts.example"
    mail = a_mail(
        "Your verification code is 483920",
        sender=sender,
        to=ours["token"],
        **said_by_our_server(sender, result),
    )
    await post.bring(mail)
    last = (await post.messages())[-1]
    assert "pending" in last["labels"]
    assert f"possible follow-up of {ours['number']}" in last["problems"]
    assert await post.said() == sent, "what a machine wrote is not answered"
    shown = await histories(post)
    assert shown == []
    figure("messages of a service's mail that a customer can read", len(shown))
