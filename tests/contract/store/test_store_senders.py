"""Blocked senders, and addresses that are mailed no more, on both databases."""

from gateway.house import House
from gateway.pipeline.plan import Plan, StopMailing
from gateway.store import senders
from gateway.store import tables as t
from gateway.store.apply import apply
from gateway.store.database import Tx
from gateway.store.snapshot import read_snapshot
from tests.building import MAIL
from tests.writing import Street


async def test_a_sender_is_blocked_once_by_the_narrowest_pattern_and_unblocked(house: House) -> None:
    now = house.clock.now()

    def unit(tx: Tx) -> tuple[bool, bool, str | None, str | None, bool]:
        first = senders.add_blocked(tx, "@evil.example", None, "", now)
        again = senders.add_blocked(tx, "@evil.example", None, "", now)
        wide = senders.blocked_by(tx, "Mallory@mail.Evil.example")
        senders.add_blocked(tx, "mallory@mail.evil.example", None, "", now)
        narrow = senders.blocked_by(tx, "mallory@mail.evil.example")
        return first, again, wide, narrow, senders.drop_blocked(tx, "@nobody.example")

    found = await house.database.write(unit)
    assert found == (True, False, "@evil.example", "mallory@mail.evil.example", False)
    listed = await house.database.read(senders.list_blocked)
    assert {row.pattern for row in listed} == {"@evil.example", "mallory@mail.evil.example"}


async def test_only_a_complaint_about_a_message_of_ours_ends_mail(house: House, street: Street) -> None:
    await street.say("转人工", channel=MAIL, own_id="first@wang.example")
    ours = next(row["ref"] for row in await street.rows(t.message_ref) if row["own"])
    thread = await street.one(t.thread)

    async def complain(ref: str) -> str | None:
        def unit(tx: Tx) -> str | None:
            plan = Plan().then(StopMailing(refs=("unknown", ref), because="marked as spam"))
            done = apply(
                tx,
                read_snapshot(tx, thread["id"]),
                plan,
                now=house.clock.now(),
                policy=house.policy,
                kind="mail",
                key=house.fresh_key,
                served=False,
            )
            assert done is not None
            return senders.refuses_mail(tx, thread["contact_id"], MAIL)

        return await house.database.write(unit)

    assert await complain("first@wang.example") is None
    assert await complain(ours) == "marked as spam"
