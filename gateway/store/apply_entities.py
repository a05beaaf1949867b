"""What conversations name, kept and shown."""

from typing import Any

import orjson
from sqlalchemy import bindparam, select, update

from gateway.domain.masking import mask_email, mask_phone
from gateway.pipeline.effects_entities import NoteEntities
from gateway.store import keys
from gateway.store import tables as t
from gateway.store.applying import Applying
from gateway.store.personal import entities_of, entities_place
from gateway.store.prepared import Prepared

MOST = 60
"""So many are kept of one conversation; the first of them are the ones asked for."""

_c = t.conversation.c
_KEPT = Prepared(select(_c.entities).where(_c.id == bindparam("b_id")))
_KEEP = Prepared(
    update(t.conversation).where(_c.id == bindparam("b_id")).values(entities=bindparam("entities"))
)


def note_entities(work: Applying, effect: NoteEntities) -> None:
    """Add what is new to what the conversation has named so far."""
    if work.conversation_id is None:
        return
    row = _KEPT.row(work.tx, b_id=work.conversation_id)
    kept = entities_of(work.tx, work.conversation_id, row[0]) if row else []
    known = {(one["kind"], one["value"].casefold()) for one in kept}
    new = [
        {"kind": one.kind, "value": one.value}
        for one in effect.entities
        if (one.kind, one.value.casefold()) not in known
    ]
    if new:
        key = keys.of_contact(work.tx, work.snapshot.contact.id)
        named = orjson.dumps((kept + new)[:MOST]).decode()
        cell = keys.seal(key, entities_place(work.conversation_id), named)
        _KEEP.run(work.tx, b_id=work.conversation_id, entities=cell)
        work.names_changed = True


def entities_shown(kept: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Return what faces show: telephones and addresses of mail covered, the rest as it was written."""
    covered = {"phone": mask_phone, "email": mask_email}
    return [{**one, "value": covered.get(one["kind"], str)(one["value"])} for one in kept or []]
