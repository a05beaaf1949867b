"""Data keys as rows, and what is sealed with them.

``seal(keys.of_contact(tx, id), Place(table, column, row), text)`` · ``unseal(tx, place, cell)`` · ``blind(tx, column, value)``.
A contact may have several keys: those of arrivals stored before it was known whose they are, and those replaced
by a rotation. Destroying them all makes everything sealed under them unreadable, in every backup too.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gateway.errors import ConfigError, Problem
from gateway.sealing.cells import Key, Place, Unreadable, is_cell, kid_of, open_bytes, open_cell
from gateway.sealing.cells import new_key as new_key
from gateway.sealing.cells import seal_bytes as seal_bytes
from gateway.sealing.cells import seal_cell as seal
from gateway.sealing.index import blind_index
from gateway.sealing.roots import wrap
from gateway.store.columns import to_micros
from gateway.store.database import Tx
from gateway.store.keyring import Keys, keys_of
from gateway.store.prepared import Prepared
from gateway.store.tables_keys import CUSTOMER, data_key

__all__ = ["Key", "Place", "Unreadable", "seal", "seal_bytes"]

INDEX = "index"
"""The purpose of the key of all blind indexes."""
AUDIT = "audit"
"""The purpose of the key that binds the audit's rows to one another."""
ERASED = "▒▒▒"
"""What is shown where a value cannot be read any more; a sign and not a word, the same in every language."""

_c = data_key.c
_BY_KID = Prepared(select(_c.purpose, _c.root, _c.wrapped).where(_c.kid == bindparam("kid")))
_OF_CONTACT = Prepared(
    select(_c.kid, _c.root, _c.wrapped)
    .where(_c.contact_id == bindparam("contact_id"), _c.replaced_at.is_(None), _c.wrapped.is_not(None))
    .order_by(_c.created_at.desc(), _c.kid)
    .limit(1)
)
_OF_HOUSE = Prepared(
    select(_c.kid, _c.root, _c.wrapped).where(
        _c.purpose == bindparam("purpose"), _c.replaced_at.is_(None), _c.wrapped.is_not(None)
    )
)
_ADD = Prepared(
    upsert(data_key)
    .values(
        kid=bindparam("kid"),
        purpose=bindparam("purpose"),
        contact_id=bindparam("contact_id"),
        root=bindparam("root"),
        wrapped=bindparam("wrapped"),
        created_at=bindparam("now"),
    )
    .on_conflict_do_nothing()
)
_GIVE = Prepared(
    update(data_key)
    .where(_c.kid == bindparam("b_kid"), _c.contact_id.is_(None))
    .values(contact_id=bindparam("contact_id"))
)


def of_contact(tx: Tx, contact_id: int) -> Key:
    """Return the key that seals for a contact; one is made where there is none."""
    keys = keys_of(tx)
    key = keys.made_contacts.get(contact_id) or keys.ring.contacts.get(contact_id)
    if key is not None:
        return key
    row = _OF_CONTACT.row(tx, contact_id=contact_id)
    if row is None:
        key = new_key()
        save(tx, key, contact_id)
        return key
    key = keys.made.get(row[0]) or keys.ring.keys.get(row[0])
    if key is None:
        key = keys.ring.unwrap(row[0], CUSTOMER, row[1], row[2])
        keys.ring.keep(key)
    if key.kid not in keys.made:
        keys.ring.keep_contact(contact_id, key)
    return key


def for_arrival(tx: Tx) -> Key:
    """Return a fresh key for what came before it is known from whom; ``give`` it to the contact later."""
    key = new_key()
    save(tx, key)
    return key


def give(tx: Tx, kid: str, contact_id: int) -> None:
    """Make an arrival's key one of a contact's; a key that has an owner keeps it."""
    _GIVE.run(tx, b_kid=kid, contact_id=contact_id)
    made = keys_of(tx).made.get(kid)
    if made is not None:
        keys_of(tx).made_contacts.setdefault(contact_id, made)


def save(tx: Tx, key: Key, contact_id: int | None = None, purpose: str = CUSTOMER) -> None:
    """Add the row of a key made with ``new_key``: nothing sealed under it may be committed without."""
    keys = keys_of(tx)
    _insert(tx, keys, key, contact_id, purpose)
    keys.made[key.kid] = key
    if contact_id is not None:
        keys.made_contacts[contact_id] = key


def house(tx: Tx, purpose: str) -> Key:
    """Return the house's key for a purpose (``access``, ``audit``, ``index`` …); one is made where there is none.

    A transaction that only reads cannot make one: keys that are read by are made at the start (``prepare``).
    """
    keys = keys_of(tx)
    key = keys.ring.houses.get(purpose)
    if key is not None:
        return key
    row = _OF_HOUSE.row(tx, purpose=purpose)
    if row is None:
        fresh = new_key()
        _insert(tx, keys, fresh, None, purpose)  # does nothing where another gateway was quicker
        row = _OF_HOUSE.row(tx, purpose=purpose)
        assert row is not None
        if row[0] == fresh.kid:
            keys.made[fresh.kid] = fresh
            return fresh
    key = keys.made.get(row[0])
    if key is None:
        key = keys.ring.unwrap(row[0], purpose, row[1], row[2])
        keys.ring.houses.put(purpose, key)
        keys.ring.keep(key)
    return key


def load(tx: Tx, kid: str) -> Key:
    """Return a key by its name.

    Raises:
        Unreadable: it was destroyed, was never here, or its root key is missing.
    """
    keys = keys_of(tx)
    key = keys.made.get(kid) or keys.ring.keys.get(kid)
    if key is not None:
        return key
    row = _BY_KID.row(tx, kid=kid)
    if row is None:
        raise Unreadable("unknown", f"data key {kid}")
    if row[2] is None:
        raise Unreadable("destroyed", f"data key {kid}")
    key = keys.ring.unwrap(kid, row[0], row[1], row[2])
    keys.ring.keep(key)
    return key


def warm(tx: Tx, cells: Iterable[str | None]) -> None:
    """Fetch the keys of many cells in one statement, before each is opened by itself."""
    keys = keys_of(tx)
    wanted = {kid_of(cell) for cell in cells if cell is not None and is_cell(cell)}
    missing = [kid for kid in wanted if kid not in keys.made and keys.ring.keys.get(kid) is None]
    if len(missing) < 2:
        return
    query = select(_c.kid, _c.purpose, _c.root, _c.wrapped).where(
        _c.kid.in_(missing), _c.wrapped.is_not(None)
    )
    for kid, purpose, root, wrapped in tx.execute(query):
        with suppress(Unreadable):  # it is told of where it is opened
            keys.ring.keep(keys.ring.unwrap(kid, purpose, root, wrapped))


def unseal(tx: Tx, place: Place, cell: str) -> str:
    """Return the text of a cell.

    Raises:
        Unreadable: its key is gone, or the cell was changed or moved, which raises an alarm as well.
    """
    if not cell:  # what was erased is blank where it may not be NULL
        raise Unreadable("destroyed")
    try:
        return open_cell(load(tx, kid_of(cell)), place, cell)
    except Unreadable as error:
        _tell(tx, place, error)
        raise


def unseal_bytes(tx: Tx, place: Place, cell: bytes) -> bytes:
    """Return the bytes of a cell made by ``seal_bytes``; raises as ``unseal`` does."""
    if not cell:
        raise Unreadable("destroyed")
    try:
        return open_bytes(load(tx, kid_of(cell)), place, cell)
    except Unreadable as error:
        _tell(tx, place, error)
        raise


def shown(tx: Tx, place: Place, cell: str | None, otherwise: str = ERASED) -> str | None:
    """Return a cell's text for somebody to look at: None stays None, what cannot be read becomes ``otherwise``."""
    if cell is None:
        return None
    try:
        return unseal(tx, place, cell)
    except Unreadable:
        return otherwise


def blind(tx: Tx, column: str, value: str) -> str:
    """Return the blind index of a value in one column (``table.column``): equal values have equal ones."""
    return blind_index(house(tx, INDEX), column, value)


def destroy_of_contact(tx: Tx, contact_id: int, upto: datetime | None = None) -> int:
    """Destroy every key of a contact (made until ``upto``); return how many. Nothing under them is ever read again."""
    ring = keys_of(tx).ring
    gone = [
        row[0]
        for row in tx.execute(
            update(data_key)
            .where(
                _c.contact_id == contact_id,
                _c.wrapped.is_not(None),
                *([_c.created_at <= upto] if upto else []),
            )
            .values(wrapped=None, destroyed_at=ring.now())
            .returning(_c.kid)
        )
    ]
    ring.forget(*gone)
    return len(gone)


def prepare(tx: Tx) -> None:
    """Make the keys that reading transactions need, and refuse to start where a root key in use is missing.

    Raises:
        ConfigError: data keys are wrapped by a root key that is not there; names it, and what to do.
    """
    missing = missing_roots(tx)
    if missing:
        raise ConfigError([_missing(name, count) for name, count in missing.items()])
    for purpose in (INDEX, AUDIT):
        house(tx, purpose)


def missing_roots(tx: Tx) -> dict[str, int]:
    """Return the root keys that data keys are wrapped by but that are not there, with how many keys each."""
    rows = tx.execute(select(_c.root).where(_c.wrapped.is_not(None)))
    known = {root.kid for root in keys_of(tx).ring.roots}
    found: dict[str, int] = {}
    for (name,) in rows:
        if name not in known:
            found[name] = found.get(name, 0) + 1
    return found


def _missing(name: str, count: int) -> Problem:
    return Problem(
        file="protection.root_key",
        key=name,
        found=f"no root key of this name, but {count} data keys that only it opens",
        wanted="the root key they were wrapped by",
        remedy="put the copy you keep apart back to data.dir/keys/root.key (mode 0400), or where protection.root_key "
        "says; with several gateways on one database each needs the same file (docs/howto/keys.md)",
    )


def _insert(tx: Tx, keys: Keys, key: Key, contact_id: int | None, purpose: str) -> None:
    root = keys.ring.newest_root()
    _ADD.run(
        tx,
        kid=key.kid,
        purpose=purpose,
        contact_id=contact_id,
        root=root.kid,
        wrapped=wrap(root, key, purpose),
        now=to_micros(keys.ring.now()),
    )


def _tell(tx: Tx, place: Place, error: Unreadable) -> None:
    if error.is_suspect:
        keys_of(tx).ring.on_unreadable(place, error)
