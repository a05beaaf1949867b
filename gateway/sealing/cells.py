"""One sealed cell: AES-256-GCM, bound to its table, column, row and key, so that it opens nowhere else."""

import os
from binascii import Error as NotBase64
from binascii import a2b_base64, b2a_base64
from typing import ClassVar, Literal, NamedTuple

from gateway.errors import GatewayError

FORM = "v1"
"""AES-256-GCM with a random nonce of 96 bits; another algorithm gets another tag, and both are read."""
NONCE, KID = 12, 12

Why = Literal["destroyed", "unknown", "root", "forged", "no cell"]
_URL, _PLAIN = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")


class Unreadable(GatewayError):
    """A cell that cannot be opened. ``because`` says why.

    ``destroyed``: its key is gone for good, the person was erased. ``unknown``: no such key was ever here.
    ``root``: the root key that wraps its key is missing. ``forged``: the key is known, but the cell was changed,
    or moved here from another place. ``no cell``: it is no sealed text at all.
    """

    def __init__(self, because: Why, detail: str = "") -> None:
        super().__init__(f"a sealed value cannot be read ({because}){detail and ': '}{detail}")
        self.because: Why = because

    @property
    def is_suspect(self) -> bool:
        """Whether somebody has been at the database, rather than a key being gone as it should."""
        return self.because in ("forged", "no cell", "unknown")


class Place(NamedTuple):
    """Where a cell belongs: ``row`` is a key of the row that is known before it is written."""

    table: str
    column: str
    row: str | int

    def bound(self, kid: str) -> bytes:
        """Return what is authenticated beside the text; names of tables and columns and kids hold no bar."""
        return f"{self.table}|{self.column}|{self.row}|{kid}".encode()


class Key:
    """A data key ready for use. Its secret is in no ``repr``."""

    __slots__ = ("_gcm", "kid", "secret")
    size: ClassVar[int] = 32

    def __init__(self, kid: str, secret: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import (
            AESGCM,  # commands without data need none of it
        )

        self.kid = kid
        self.secret = secret
        self._gcm = AESGCM(secret)

    def __repr__(self) -> str:
        return f"Key({self.kid})"

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """Return ciphertext and tag."""
        return self._gcm.encrypt(nonce, data, bound)

    def decrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """Return the data.

        Raises:
            Unreadable: it was changed, or belongs elsewhere.
        """
        from cryptography.exceptions import InvalidTag

        try:
            return self._gcm.decrypt(nonce, data, bound)
        except (InvalidTag, ValueError) as error:
            raise Unreadable("forged", f"key {self.kid}") from error


def new_key() -> Key:
    """Return a key nobody has seen, under a name nobody has used."""
    return Key(to_text(os.urandom(9)), os.urandom(Key.size))


def seal_cell(key: Key, place: Place, text: str) -> str:
    """Return ``v1.<kid>.<nonce>.<ciphertext and tag>``, for this place only."""
    nonce = os.urandom(NONCE)
    sealed = key.encrypt(nonce, text.encode(), place.bound(key.kid))
    return f"{FORM}.{key.kid}.{to_text(nonce)}.{to_text(sealed)}"


def open_cell(key: Key, place: Place, cell: str) -> str:
    """Return the text of a cell that lies where it was sealed for.

    Raises:
        Unreadable: it is no cell, or not this place's, or not under this key.
    """
    try:
        _, kid, nonce, sealed = cell.split(".")
        given, data = from_text(nonce), from_text(sealed)
    except (ValueError, NotBase64) as error:
        raise Unreadable("no cell", f"{place.table}.{place.column}") from error
    return key.decrypt(given, data, place.bound(kid)).decode()


def seal_bytes(key: Key, place: Place, data: bytes) -> bytes:
    """Return the same for bytes: ``v1.<kid>.`` and then nonce, ciphertext and tag as they are."""
    nonce = os.urandom(NONCE)
    return f"{FORM}.{key.kid}.".encode() + nonce + key.encrypt(nonce, data, place.bound(key.kid))


def open_bytes(key: Key, place: Place, cell: bytes) -> bytes:
    """Return what ``seal_bytes`` sealed.

    Raises:
        Unreadable: it was changed, or belongs elsewhere.
    """
    at = len(f"{FORM}.{key.kid}.")
    return key.decrypt(cell[at : at + NONCE], cell[at + NONCE :], place.bound(key.kid))


def kid_of(cell: str | bytes) -> str:
    """Return the name of the key a cell was sealed under.

    Raises:
        Unreadable: it is no cell.
    """
    head = cell[:32].decode("latin-1") if isinstance(cell, bytes) else cell[:32]
    form, _, rest = head.partition(".")
    kid, dot, _ = rest.partition(".")
    if form != FORM or not dot or not kid:
        raise Unreadable("no cell")
    return kid


def is_cell(value: str | bytes) -> bool:
    """Tell a sealed value from one in clear, by its form."""
    try:
        return len(kid_of(value)) == KID
    except Unreadable:
        return False


def to_text(data: bytes) -> str:
    """Return base64url without padding."""
    return b2a_base64(data, newline=False).translate(_URL).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Return the bytes of base64url without padding; ValueError for anything else."""
    raw = text.encode("ascii").translate(_PLAIN)
    return a2b_base64(raw + b"=" * (-len(raw) % 4), strict_mode=True)
