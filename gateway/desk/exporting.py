"""Pack a person's data into one zip: readable JSON, and the files as they were."""

import io
import zipfile
from datetime import datetime
from typing import Any

import orjson

from gateway.store import audit, exporting
from gateway.store.blobs import Blobs
from gateway.store.database import Database, Tx


async def pack_person(
    database: Database, blobs: Blobs, number: str, *, by: str, now: datetime, approved_by: str | None = None
) -> bytes:
    """Return the zip; that it was made is in the audit before anybody has it.

    The standard library makes no encrypted zip: keep it where only its owner reads it, and hand it over so.

    Raises:
        NotFound: there is no such contact.
    """

    def note(tx: Tx) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        held, files = exporting.export_person(tx, number)
        audit.write(
            tx,
            actor=by,
            act="person.export",
            about=f"contact:{number}",
            now=now,
            approved_by=approved_by,
            files=len(files),
        )
        return held, files

    held, files = await database.write(note)
    out, missing = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, blob in files:
            try:
                packed.writestr(name, await blobs.read(blob))
            except (OSError, ValueError):
                missing.append(name)
        packed.writestr(
            "person.json", orjson.dumps(held | {"missing_files": missing}, option=orjson.OPT_INDENT_2)
        )
    return out.getvalue()
