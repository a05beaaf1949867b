"""The checker is no better than what it notices: each promise is broken by hand once, and it must say so."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from tests.chaos.journal import Carried, Journal, Seen, Sent
from tests.chaos.kept import KeptRun


@pytest_asyncio.fixture
async def run(tmp_path: Path) -> KeptRun:
    """A run in which every promise was kept."""
    return await KeptRun(tmp_path).make()


ALL_OF = re.compile(r"ALL_OF\((\w+)\)")


def columns_of(db: sqlite3.Connection, table: str) -> str:
    """Every column of a table, for a row that is there once more, under another id and behind all numbers."""
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    return ", ".join({"id": "id + 100", "seq": "seq + 10"}.get(name, name) for name in names)


def doctored(run: KeptRun, *statements: str, without_guards: str = "") -> list[str]:
    """Change the database by hand; ``without_guards`` names a table whose unique indexes and keys are dropped."""
    with sqlite3.connect(run.path) as db:
        if without_guards:
            db.execute(f"CREATE TABLE bare AS SELECT * FROM {without_guards}")
            db.execute(f"DROP TABLE {without_guards}")
            db.execute(f"ALTER TABLE bare RENAME TO {without_guards}")
        for template in statements:
            statement = ALL_OF.sub(lambda found: columns_of(db, found[1]), template)
            assert db.execute(statement).rowcount != 0, f"changed nothing: {statement}"
    db.close()
    return run.verdict().broken


def test_a_run_that_kept_every_promise_is_green(run: KeptRun) -> None:
    verdict = run.verdict()
    assert verdict.broken == []
    assert (verdict.sent, verdict.acks, verdict.lost, verdict.doubled, verdict.extra_copies) == (
        5,
        5,
        0,
        0,
        0,
    )
    assert verdict.slowest_answers == {"web": 0.02, "tg": 0.02, "mail": 0.02}


AGAIN = "INSERT INTO message SELECT ALL_OF(message) FROM message"


@pytest.mark.parametrize(
    ("said", "table", "statements"),
    [
        ("lost: web v1:b", "", ["DELETE FROM message WHERE public_id = 'v1:b'"]),
        (
            "doubled: web v1:a is there 2 times",
            "message",
            [f"{AGAIN} WHERE public_id = 'v1:a'"],
        ),
        (
            "doubled: inbox has tg 7/1 2 times",
            "inbox",
            [
                "INSERT INTO inbox SELECT ALL_OF(inbox) FROM inbox WHERE external_id = '7/1'"
            ],
        ),
        ("changed: tg 7/1", "", ["UPDATE message SET text = 'else' WHERE public_id = '7/1'"]),
        ("invented: mail", "", ["UPDATE message SET public_id = 'x' WHERE public_id LIKE '<m1%'"]),
        ("renumbered: web v1:b", "", ["UPDATE message SET seq = 9 WHERE public_id = 'v1:b'"]),
        ("seq: thread web v1 has [1, 2, 4]", "", ["DELETE FROM message WHERE public_id = 'v1:b'"]),
        ("seq: thread tg 7 has", "", ["UPDATE thread SET last_seq = 9 WHERE channel = 'tg'"]),
        (
            "order: tg 7/3",
            "message",
            [
                "UPDATE message SET seq = 99 WHERE public_id = '7/1'",
                "UPDATE message SET seq = 1 WHERE public_id = '7/3'",
            ],
        ),
        (
            "turns: tg 7/1 had 2 turns",
            "",
            ["INSERT INTO event (at, kind, actor, data) SELECT at, kind, actor, data FROM event WHERE kind = 'message'"],
        ),
        (
            "turns: tg 7/1 had 0 turns",
            "",
            ["DELETE FROM event WHERE kind = 'message'"],
        ),
        (
            "answers: tg 7/1 got 0",
            "",
            ["UPDATE message SET author = 'agent' WHERE text = 'answer to 7/1'"],
        ),
        (
            "answers: thread ('tg', '7') has 2 messages and 3 answers",
            "message",
            [f"{AGAIN} WHERE text = 'answer to 7/1'"],
        ),
        (
            "tickets: conversation 1 has 2",
            "ticket",
            ["INSERT INTO ticket SELECT * FROM ticket"],
        ),
        ("conversation: 1 waits for nobody", "", ["UPDATE ticket SET status = 'closed'"]),
        ("conversation: 1 waits for nobody", "ticket", ["UPDATE ticket SET department = ''"]),
        ("conversation: 1 is with an agent", "", ["UPDATE conversation SET state = 'with_agent' WHERE id = 1"]),
        ("conversation: 1 has the state ''", "", ["UPDATE conversation SET state = '' WHERE id = 1"]),
        ("conversation: message 1 belongs to none", "", ["UPDATE message SET conversation_id = NULL"]),
        ("conversation: thread tg 7 has none", "", ["UPDATE thread SET conversation_id = NULL"]),
        ("inbox: row 1 is new", "", ["UPDATE inbox SET state = 'new'"]),
        ("neither ended nor due later", "", ["UPDATE outbox SET state = 'sending'"]),
        ("neither ended nor due later", "", ["UPDATE outbox SET state = 'due', not_before = 0"]),
        ("after 1 silences", "", ["UPDATE outbox SET state = 'held', silences = 1"]),
        ("though every provider takes everything", "", ["UPDATE outbox SET state = 'refused'"]),
        ("outbox: message 6 has 0 rows", "", ["DELETE FROM outbox"]),
        ("is delivered as 77, which was never taken", "", ["UPDATE outbox SET provider_id = '7/77' WHERE provider_id = '7/4'"]),
        ("messages are no row's", "", ["DELETE FROM outbox WHERE provider_id = '7/4'"]),
        (
            "integrity: ",
            "",
            [
                "CREATE INDEX ix_probe ON message (text)",
                "PRAGMA writable_schema = ON",
                "UPDATE sqlite_master SET sql = 'CREATE INDEX ix_probe ON message (author)' WHERE name = 'ix_probe'",
            ],
        ),
    ],
)  # fmt: skip
def test_a_database_that_breaks_a_promise_is_red(
    run: KeptRun, said: str, table: str, statements: list[str]
) -> None:
    broken = doctored(run, *statements, without_guards=table)
    assert any(said in line for line in broken), broken


def extra(journal: Journal, channel: str, life: int = 1) -> None:
    """One more copy of the first reply a provider took on this channel, before it."""
    first = next(it for it in journal.carried if it.channel == channel)
    number = first.id if channel == "mail" else str(int(first.id) - 1)
    journal.carried.append(replace(first, id=number, life=life))


def test_a_second_copy_without_a_silence_is_red(run: KeptRun) -> None:
    extra(run.journal, "mail")
    extra(run.journal, "tg")
    broken = run.verdict().broken
    assert len([line for line in broken if line.endswith("was sent 2 times with 0 silences")]) == 2, broken


def test_one_extra_copy_after_a_silence_is_counted_and_green(run: KeptRun) -> None:
    extra(run.journal, "mail", life=0)
    extra(run.journal, "tg", life=0)
    assert doctored(run, "UPDATE outbox SET silences = 1") == []
    verdict = run.verdict()
    assert (verdict.extra_copies, verdict.worst_kill) == (2, 2)


def test_a_third_copy_is_red_whatever_the_silences(run: KeptRun) -> None:
    for life in (1, 2):
        extra(run.journal, "mail", life)
    broken = doctored(run, "UPDATE outbox SET silences = 2")
    assert any("was sent 3 times" in line for line in broken), broken


def test_a_held_reply_may_have_been_taken_twice_and_no_more(run: KeptRun) -> None:
    extra(run.journal, "tg")
    held = "UPDATE outbox SET state = 'held', silences = 2, provider_id = NULL WHERE provider_id = '7/2'"
    assert doctored(run, held) == []
    assert (run.verdict().extra_copies, run.verdict().held) == (1, 1)
    run.journal.carried.append(Carried(channel="tg", thread="7", id="0"))
    broken = run.verdict().broken
    assert any("was sent 2 times with 0 silences" in line for line in broken), (
        broken
    )  # too many for the held one


def test_a_mail_that_is_no_row_s_is_red(run: KeptRun) -> None:
    run.journal.carried.append(Carried(channel="mail", thread="c1@cust.example", id="of-nobody"))
    assert run.verdict().broken == ["mail of-nobody to c1@cust.example is no row's"]


def test_a_reply_said_to_be_delivered_that_nobody_took_is_red(run: KeptRun) -> None:
    run.journal.carried = [it for it in run.journal.carried if it.channel != "mail"]
    broken = run.verdict().broken
    assert [line.rpartition(") ")[2] for line in broken] == ["was never taken by anybody"]


def see_too_much(journal: Journal) -> None:
    journal.see(Seen(thread="v1", seq=5, id="x", author="bot", text="gone"))


def see_another_text(journal: Journal) -> None:
    journal.seen["v1", 2] = replace(journal.seen["v1", 2], text="else")


def see_it_twice(journal: Journal) -> None:
    journal.transcripts["v1"].append(journal.transcripts["v1"][-1])


def see_a_gap(journal: Journal) -> None:
    del journal.transcripts["v1"][1]


def see_a_number_change(journal: Journal) -> None:
    journal.see(replace(journal.seen["v1", 2], id="another"))


def hear_two_acknowledgements(journal: Journal) -> None:
    journal.ack("web", "v1:a", 3)
    journal.ack("web", "v1:a", 1)


def hear_of_one_that_is_not_there(journal: Journal) -> None:
    journal.write(Sent(channel="mail", id="<m2@cust.example>", thread="c2", text="?", acked=True))


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("shown: v1 was shown number 5, which is not stored", see_too_much),
        ("shown: v1 was shown another number 2", see_another_text),
        ("widget: v1 is shown", see_it_twice),
        ("widget: the transcript of v1 is not what is stored", see_a_gap),
        ("v1: number 2 was", see_a_number_change),
        ("web v1:a: acknowledged as 1, later as 3", hear_two_acknowledgements),
        ("lost: mail <m2@cust.example>", hear_of_one_that_is_not_there),
    ],
)
def test_a_witness_who_contradicts_the_database_is_red(
    run: KeptRun, said: str, change: Callable[[Journal], None]
) -> None:
    change(run.journal)
    broken = run.verdict().broken
    assert any(said in line for line in broken), broken


def test_what_was_never_acknowledged_may_be_absent(run: KeptRun) -> None:
    run.journal.write(Sent(channel="web", id="v1:c", thread="v1", text="?"))
    assert run.verdict().broken == []
