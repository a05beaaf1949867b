"""Under which key an arrival is sealed, and whose that key becomes once it is known who wrote."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from gateway.store import keys
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.keyring import keys_of
from gateway.store.keys import Key, Unreadable
from gateway.store.prepared import Prepared

_OWNER = Prepared(
    select(t.thread.c.contact_id).where(
        t.thread.c.channel == bindparam("channel"), t.thread.c.key == bindparam("key")
    )
)
_KID = Prepared(select(func.substr(t.inbox.c.body, 4, 12)).where(t.inbox.c.id == bindparam("b_id")))
_OWNED = Prepared(select(t.data_key.c.contact_id).where(t.data_key.c.kid == bindparam("kid")))


@dataclass(frozen=True, slots=True)
class Arrived:
    """The key of an arrival whose contact is not known yet."""

    key: Key
    is_stored: bool
    """Whether its row is there already, without an owner."""

    def belongs_to(self, tx: Tx, contact_id: int) -> None:
        """It is one of this contact's from now on."""
        if self.is_stored:
            keys.give(tx, self.key.kid, contact_id)
        elif self.key.kid not in keys_of(tx).made:
            keys.save(tx, self.key, contact_id)


def key_for(tx: Tx, channel: str, thread: str | None) -> tuple[Key, Arrived | None]:
    """Return the key to seal an arrival with; the second is there while nobody owns it.

    On a thread that is known it is the contact's own, and nothing is asked of the database but the first time.
    """
    if thread is not None:
        contact_id = owner_of(tx, channel, thread)
        if contact_id is not None:
            return keys.of_contact(tx, contact_id), None
    key = keys.new_key()
    return key, Arrived(key, is_stored=False)


def owner_of(tx: Tx, channel: str, thread: str) -> int | None:
    """Return whose thread it is; None for one that is not there yet."""
    held = keys_of(tx)
    known = held.made_threads.get((channel, thread)) or held.ring.threads.get((channel, thread))
    if known is not None:
        return known
    row = _OWNER.row(tx, channel=channel, key=thread)
    if row is None:
        return None
    held.ring.threads.put((channel, thread), row[0])
    return int(row[0])


def remember_owner(tx: Tx, channel: str, thread: str, contact_id: int) -> None:
    """A thread was made for a contact."""
    keys_of(tx).made_threads[channel, thread] = contact_id


def arrived_as(tx: Tx, inbox_id: int) -> Arrived | None:
    """Return the key of an inbox row that had no place yet; None where it has an owner, or cannot be read."""
    row = _KID.row(tx, b_id=inbox_id)
    if row is None:
        return None
    owner = _OWNED.row(tx, kid=row[0])
    if owner is None or owner[0] is not None:
        return None
    try:
        return Arrived(keys.load(tx, row[0]), is_stored=True)
    except Unreadable:
        return None
