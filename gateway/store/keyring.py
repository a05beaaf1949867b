"""The root keys of this process, and the data keys it unwrapped of late."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection

from gateway.errors import OutsideFailure
from gateway.sealing.cells import Key, Place, Unreadable
from gateway.sealing.roots import unwrap

K = TypeVar("K")
V = TypeVar("V")

KEPT = 2048
"""So many contacts' keys are kept unwrapped: the ones who write just now."""
STALE = 60.0
"""Seconds after which, where several gateways share a database, what another may have destroyed is looked up again."""


class NoRootKey(OutsideFailure):
    """There is no root key that wraps new keys, or none that unwraps an old one."""


class RootSource(Protocol):
    """Where root keys come from: a file, the environment."""

    def load(self) -> tuple[Key, ...]:
        """Return them, newest first; none where none was made yet."""
        ...

    def make(self) -> tuple[Key, ...]:
        """Make the first one, where this source may, and return what ``load`` returns from now on."""
        ...


class Recent(Generic[K, V]):
    """A small map that forgets what was put in first; safe among threads."""

    def __init__(self, size: int = KEPT) -> None:
        self._size = size
        self._held: dict[K, V] = {}
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """Return what is known."""
        return self._held.get(key)

    def put(self, key: K, value: V) -> None:
        """Know it from now on."""
        with self._lock:
            if len(self._held) >= self._size:
                del self._held[next(iter(self._held))]
            self._held[key] = value

    def drop(self, wanted: Callable[[K, V], bool]) -> None:
        """Forget some."""
        with self._lock:
            self._held = {key: value for key, value in self._held.items() if not wanted(key, value)}


class Keyring:
    """All that one process knows of keys. What it holds unwrapped is only what is committed."""

    def __init__(self, source: RootSource, now: Callable[[], datetime]) -> None:
        self.source = source
        self.now = now
        self._roots: tuple[Key, ...] | None = None
        self.keys: Recent[str, Key] = Recent(2 * KEPT)
        self.contacts: Recent[int, Key] = Recent()
        self.houses: Recent[str, Key] = Recent()
        self.threads: Recent[tuple[str, str], int] = Recent(2 * KEPT)
        """Which contact a thread belongs to, by channel and key: an arrival is sealed before it has its place."""
        self._destroyed: set[str] = set()
        self._since = monotonic()
        self.on_unreadable: Callable[[Place, Unreadable], None] = lambda place, error: None
        """Told of each cell that somebody seems to have tampered with; from any thread."""

    @property
    def roots(self) -> tuple[Key, ...]:
        """The root keys, newest first."""
        if self._roots is None:
            self._roots = self.source.load()
        return self._roots

    def reload(self) -> tuple[Key, ...]:
        """Read the root keys again: another process may have made a new one."""
        self._roots = self.source.load()
        return self._roots

    def newest_root(self) -> Key:
        """Return the root key that wraps; the first one is made where there is none.

        Raises:
            NoRootKey: there is none and none may be made.
        """
        if not self.roots:
            self._roots = self.source.make()
        return self.roots[0]

    def unwrap(self, kid: str, purpose: str, root: str, wrapped: str) -> Key:
        """Return a data key.

        Raises:
            Unreadable: its root key is missing, or the wrapped key was changed.
        """
        for known in (self.roots, self.reload):
            for one in known if isinstance(known, tuple) else known():
                if one.kid == root:
                    return unwrap(one, kid, purpose, wrapped)
        raise Unreadable("root", f"{root} of data key {kid}")

    def keep(self, key: Key) -> None:
        """Remember a key that is committed, unless it was destroyed meanwhile."""
        if key.kid not in self._destroyed:
            self.keys.put(key.kid, key)

    def keep_contact(self, contact_id: int, key: Key) -> None:
        """Remember which key seals for a contact."""
        if key.kid not in self._destroyed:
            self.contacts.put(contact_id, key)

    def forget(self, *kids: str, destroyed: bool = True) -> None:
        """Drop these keys wherever they are held; destroyed ones never come back."""
        gone = frozenset(kids)
        if destroyed:
            self._destroyed |= gone
        self.keys.drop(lambda kid, key: kid in gone)
        self.contacts.drop(lambda contact, key: key.kid in gone)
        self.houses.drop(lambda purpose, key: key.kid in gone)

    def forget_choices(self) -> None:
        """Look up anew which key seals for whom, as after a rotation began; opening goes on as before."""
        self.contacts.drop(lambda contact, key: True)
        self.houses.drop(lambda purpose, key: True)

    def forget_stale(self) -> None:
        """Forget everything once in a while, where another process may have destroyed or replaced keys."""
        if monotonic() - self._since > STALE:
            self._since = monotonic()
            self.forget_choices()
            self.keys.drop(lambda kid, key: True)
            self.threads.drop(lambda thread, contact: True)


class Keys:
    """A keyring as one transaction uses it: keys it makes are known to others only once it is committed."""

    def __init__(self, ring: Keyring) -> None:
        self.ring = ring
        self.made: dict[str, Key] = {}
        self.made_contacts: dict[int, Key] = {}
        self.made_threads: dict[tuple[str, str], int] = {}

    def commit(self) -> None:
        """What was made is in the database now."""
        if self.made:
            for key in self.made.values():
                self.ring.keep(key)
            for contact_id, key in self.made_contacts.items():
                self.ring.keep_contact(contact_id, key)
        if self.made_threads:
            for thread, contact_id in self.made_threads.items():
                self.ring.threads.put(thread, contact_id)
        self.undo()

    def undo(self) -> None:
        """What was made is not in the database."""
        self.made, self.made_contacts, self.made_threads = {}, {}, {}


def keys_of(tx: Connection) -> Keys:
    """Return the keys a transaction works with.

    Raises:
        NoRootKey: the database was opened without any.
    """
    keys: Keys | None = tx.get_execution_options().get("keys")
    if keys is None:
        raise NoRootKey("this database was opened without keys: nothing in it can be sealed or read")
    return keys
