"""Making an Inbound ready for its row: bytes to disk, words to JSON, and back again."""

import asyncio
import hashlib
from dataclasses import fields

import orjson
from pydantic import TypeAdapter

from adapters.contract import Inbound, InboundAttachment
from gateway.domain.covering import CoverRules, cover
from gateway.domain.covering_html import cover_html
from gateway.domain.policy import ChannelKind
from gateway.house import House
from gateway.pipeline.unsafe import UNSAFE, unsafe_given
from gateway.sealing.cells import to_text
from gateway.store.blobs import RAW_KEY_FIELD, digest_of, secret_of
from gateway.store.files import StoredFile
from gateway.store.receiving import Arrival

_DEFAULTS = {one.name: one.default for one in fields(Inbound)}
_INBOUND = TypeAdapter(Inbound)
_WORDS = ("text", "full_text", "html", "name", "subject", "address", "own_id")
_LONGEST = (("external_id", 200), ("thread", 128), ("address", 320))
LONG = 2_000
"""Longer words than these take longer to look over than the event loop may be held up."""
RAW_IN_ROW = 64 * 1024
"""Raw forms up to this size are kept in their row; a file of its own would cost each message an fsync more."""


def to_body(inbound: Inbound, secret: bytes | None = None) -> str:
    """Return an Inbound as JSON, without its bytes and without what is not set; ``secret`` opens the file of its raw form."""
    values = {name: getattr(inbound, name) for name in _DEFAULTS if name != "raw"}
    said = {k: v for k, v in values.items() if v != _DEFAULTS[k]}
    if secret is not None:
        said[RAW_KEY_FIELD] = to_text(secret)  # the body is sealed, and so is what lies in it
    return orjson.dumps(said).decode()


def from_body(body: str, raw: bytes | None = None) -> Inbound:
    """Return the Inbound that ``to_body`` stored."""
    return _INBOUND.validate_json(body).with_(raw=raw)


def told_unsafe(inbound: Inbound, rules: CoverRules, kind: ChannelKind) -> Inbound:
    """Return it labelled where it gives a value away that is not taken on such a channel (rulebook K6)."""
    if UNSAFE in inbound.labels or not unsafe_given(rules, kind, inbound.subject, inbound.text):
        return inbound
    return inbound.with_(labels=(*inbound.labels, UNSAFE))


async def look_over(house: House, inbound: Inbound) -> None:
    """Find what must be covered in a long message in a thread; the transaction that writes it finds that again at once."""
    words = [one for one in (inbound.text, inbound.full_text) if one and len(one) > LONG]
    html, rules = inbound.html, house.policy.cover
    if words or (html and len(html) > LONG):
        await asyncio.to_thread(_cover_all, words, html, rules)


def _cover_all(words: list[str], html: str | None, rules: CoverRules) -> None:
    for one in words:
        cover(one, rules)
    if html:
        cover_html(html, rules)


async def make_arrival(house: House, inbound: Inbound, cursor: str | None) -> Arrival:
    """Return an Inbound ready to be stored: its bytes on disk, its words as JSON.

    Raises:
        StoreUnavailable: the disk will not have it.
    """
    inbound = fitting(readable(inbound))
    digest = _digest(inbound)
    raw, raw_blob, secret = inbound.raw, None, None
    if raw is not None and len(raw) > RAW_IN_ROW:
        name, raw = await house.blobs.put(raw), None
        raw_blob, secret = digest_of(name), secret_of(name)
    inbound, files = await store_files(house, inbound)
    await look_over(house, inbound)
    inbound = told_unsafe(inbound, house.policy.cover, house.kind(inbound.channel))
    return Arrival(
        inbound=inbound,
        body=to_body(inbound, secret),
        body_hash=digest,
        raw=raw,
        raw_blob=raw_blob,
        cursor=cursor,
        files=files,
    )


def readable(inbound: Inbound) -> Inbound:
    """Return it without what no database takes in a text: NUL, and halves of surrogate pairs."""
    changed = {
        name: text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
        for name in _WORDS
        if (text := getattr(inbound, name)) and ("\x00" in text or not text.isprintable())
    }
    return inbound.with_(**changed) if changed else inbound


def fitting(inbound: Inbound) -> Inbound:
    """Return it with ids no longer than their columns: a longer one is told apart by its hash."""
    changed = {
        name: hashlib.sha256(value.encode()).hexdigest()
        for name, longest in _LONGEST
        if (value := getattr(inbound, name)) is not None and len(value) > longest
    }
    return inbound.with_(**changed) if changed else inbound


def _digest(inbound: Inbound) -> str:
    """Return what makes two deliveries of one id the same: the words and the bytes, not our own names for them."""
    said: list[str | None] = [inbound.kind, inbound.text, inbound.choice, inbound.edits]
    for one in inbound.attachments:
        content = hashlib.sha256(one.content).hexdigest() if one.content is not None else None
        said.append(content or one.blob or one.ref or one.name)
    whole = hashlib.sha256(orjson.dumps(said))
    if inbound.kind == "raw" and inbound.raw is not None:
        whole.update(inbound.raw)
    return whole.hexdigest()[:32]


async def store_files(house: House, inbound: Inbound) -> tuple[Inbound, tuple[StoredFile, ...]]:
    """Put attachments that came as bytes on disk; return the Inbound without bytes, and its files.

    Files still to be fetched (``ref``) are not among them.
    """
    if not inbound.attachments:
        return inbound.with_(raw=None) if inbound.raw is not None else inbound, ()
    kept: list[InboundAttachment] = []
    files: list[StoredFile] = []
    for one in inbound.attachments:
        stored, listed = await _store_file(house, one)
        kept.append(stored)
        if listed is not None:
            files.append(listed)
    return inbound.with_(raw=None, attachments=tuple(kept)), tuple(files)


async def _store_file(house: House, one: InboundAttachment) -> tuple[InboundAttachment, StoredFile | None]:
    if one.content is not None:
        blob = await house.blobs.put(one.content)
        file_id = house.clock.chance(16).hex()
        file = StoredFile(
            id=file_id,
            name=one.name,
            media_type=one.media_type[:128],
            size=len(one.content),
            blob=blob,
            inline=one.inline,
        )
        return _without_bytes(one, file_id), file
    if one.blob is not None:
        return one, StoredFile(id=one.blob, name=one.name, media_type=one.media_type, size=one.size or 0)
    if one.ref is not None:
        return one, None
    error = one.error or "the file did not come with the message"
    return one, StoredFile(id=None, name=one.name, media_type=one.media_type, size=one.size or 0, error=error)


def _without_bytes(one: InboundAttachment, id: str) -> InboundAttachment:
    return InboundAttachment(
        name=one.name,
        media_type=one.media_type,
        blob=id,
        size=one.size,
        inline=one.inline,
        content_id=one.content_id,
    )
