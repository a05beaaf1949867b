"""A message that cannot be processed becomes a ticket "could not be read", its raw form attached."""

from adapters.contract import Inbound
from gateway.domain.conversation import State
from gateway.domain.ticket import Classification
from gateway.house import House
from gateway.pipeline.plan import MoveConversation, OpenTicket, Plan, StartConversation
from gateway.store import lease, receiving
from gateway.store.apply import apply
from gateway.store.applying import Actor
from gateway.store.database import Tx
from gateway.store.feed import Committed
from gateway.store.files import StoredFile

SYSTEM = Actor(word="system")


def keep(
    tx: Tx, house: House, inbox_id: int, inbound: Inbound, raw_blob: str | None, error: str
) -> Committed | None:
    """Show it to a person; called once all tries are used up."""
    now = house.clock.now()
    placed = receiving.find_placed(tx, inbox_id, inbound)
    if placed is None:
        text = inbound.text or house.texts.say("unreadable.text", "zh-CN")
        raw = (_raw_file(house, raw_blob, inbound),) if raw_blob else ()
        bare = inbound.with_(text=text, thread=None, attachments=(), address=inbound.address or "unreadable")
        key = inbound.thread or house.clock.chance(10).hex()
        done = receiving.place(tx, inbox_id, bare, key, raw, now=now, zone=house.zone, keep_ref=False)
        assert done.snapshot is not None
        snapshot, message_id = done.snapshot, done.message_id
    else:
        snapshot, message_id = placed.snapshot, placed.message_id
    lease.fail_inbound(tx, inbox_id, error)
    return apply(
        tx,
        snapshot,
        _plan(house, inbound, error, fresh=snapshot.ticket is None),
        actor=SYSTEM,
        now=now,
        zone=house.zone,
        key=house.fresh_key,
        served=house.is_served(inbound.channel),
        message_id=message_id,
    )


def _plan(house: House, inbound: Inbound, error: str, *, fresh: bool) -> Plan:
    lang = inbound.lang or house.policy.languages[0]
    if not fresh:
        return Plan(lang=lang)
    about = Classification(
        department=house.policy.routing.otherwise, because=(f"could not be read: {error}",)
    )
    because = "a person must look at the raw message"
    return Plan(lang=lang).then(
        StartConversation(lang=lang, because=because),
        MoveConversation(to=State.QUEUED, because=because),
        OpenTicket(
            classification=about,
            subject=house.texts.say("unreadable.subject", lang),
            summary=house.texts.say("unreadable.text", lang),
            lang=lang,
            because=because,
        ),
    )


def _raw_file(house: House, raw_blob: str, inbound: Inbound) -> StoredFile:
    size = house.blobs.path(raw_blob).stat().st_size
    return StoredFile(
        id=house.clock.chance(16).hex(),
        name="original.eml" if inbound.kind == "raw" else "original.bin",
        media_type="message/rfc822" if inbound.kind == "raw" else "application/octet-stream",
        size=size,
        blob=raw_blob,
    )
