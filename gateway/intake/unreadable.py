"""A message that cannot be processed becomes a ticket "could not be read", its raw form attached."""

from adapters.contract import Inbound
from gateway.domain.conversation import State
from gateway.domain.promise import Stage
from gateway.domain.promise_rules import About, owed
from gateway.domain.ticket import Classification, Status
from gateway.house import House
from gateway.pipeline.plan import MoveConversation, OpenTicket, Owe, Plan, StartConversation, TouchTicket
from gateway.store import lease, receiving
from gateway.store.apply import apply
from gateway.store.applying import Actor
from gateway.store.database import StoreUnavailable, Tx
from gateway.store.feed import Committed
from gateway.store.files import StoredFile
from gateway.store.snapshot import Snapshot

SYSTEM = Actor(word="system")


def keep(
    tx: Tx, house: House, inbox_id: int, inbound: Inbound, raw_blob: str | None, error: str
) -> Committed:
    """Show it to a person; called once all tries are used up.

    Raises:
        StoreUnavailable: the thread changed in the same moment; nothing was done.
    """
    now = house.clock.now()
    placed = receiving.find_placed(tx, inbox_id, inbound)
    if placed is None:
        text = inbound.text or house.texts.say("unreadable.text", "zh-CN")
        is_kept = raw_blob is not None and house.blobs.path(raw_blob).exists()
        raw = (_raw_file(house, raw_blob, inbound),) if raw_blob and is_kept else ()
        bare = inbound.with_(
            text=text, thread=None, attachments=(), address=(inbound.address or "unreadable")[:320]
        )
        key = inbound.thread or house.clock.chance(10).hex()
        done = receiving.place(tx, inbox_id, bare, key, raw, now=now, zone=house.zone, keep_ref=False)
        assert done.snapshot is not None
        snapshot, message_id = done.snapshot, done.message_id
    else:
        snapshot, message_id = placed.snapshot, placed.message_id
    lease.fail_inbound(tx, inbox_id, error)
    committed = apply(
        tx,
        snapshot,
        _plan(house, inbound, error, snapshot),
        actor=SYSTEM,
        now=now,
        policy=house.policy,
        kind=house.kind(inbound.channel),
        key=house.fresh_key,
        served=house.is_served(inbound.channel),
        message_id=message_id,
    )
    if committed is None:
        raise StoreUnavailable("the thread changed in the same moment")
    return committed


def _plan(house: House, inbound: Inbound, error: str, snapshot: Snapshot) -> Plan:
    current, ticket = snapshot.conversation, snapshot.ticket
    lang = inbound.lang or (current.lang if current else house.policy.languages[0])
    if ticket is not None and ticket.status in (Status.OPEN, Status.IN_PROGRESS):
        words = house.texts.say("unreadable.text", lang)
        return Plan(lang=lang).then(TouchTicket(words=words, because=f"could not be read: {error}"))
    about = Classification(
        department=house.policy.routing.otherwise, because=(f"could not be read: {error}",)
    )
    because, policy = "a person must look at the raw message", house.policy
    wanted = About(channel=house.kind(inbound.channel), department=about.department)
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
        Owe(
            promise=owed(Stage.FIRST_RESPONSE, policy, wanted, now=house.clock.now(), because=because),
            because=because,
        ),
    )


def _raw_file(house: House, raw_blob: str, inbound: Inbound) -> StoredFile:
    size = house.blobs.size(raw_blob)
    return StoredFile(
        id=house.clock.chance(16).hex(),
        name="original.eml" if inbound.kind == "raw" else "original.bin",
        media_type="message/rfc822" if inbound.kind == "raw" else "application/octet-stream",
        size=size,
        blob=raw_blob,
    )
