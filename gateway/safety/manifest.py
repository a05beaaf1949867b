"""The first thing to read in a backup: what it holds, and the hashes that prove it."""

import hashlib
import hmac
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

NAME = "manifest.json"
DATABASE = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
KEY_FILE = "secret.key"


class Manifest(BaseModel):
    """One backup, described. The root secret key is never in a backup; ``key_mark`` only tells it from another."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1] = 1
    made_at: datetime
    version: str
    dialect: Literal["sqlite", "postgresql"]
    schema_revision: str
    rows: dict[str, int]
    database_sha256: str
    database_size: int
    blobs: dict[str, int]
    """Each file's sha256 (which is its name too) and its size."""
    damaged: tuple[str, ...] = ()
    """Files that rows speak of, but that were missing or changed when the backup was made."""
    key_mark: str | None = None
    keys_apart: bool = False
    """Its data keys lie in the keyring beside it: none is in the archive."""

    @property
    def database(self) -> str:
        """The name of the database's copy."""
        return DATABASE[self.dialect]


def blob_name(digest: str) -> str:
    """Return a file's place in a backup."""
    return f"blobs/{digest[:2]}/{digest}"


def key_mark(folder: Path) -> str | None:
    """Return a mark by which the root secret in a data folder is known again; it tells nothing of the secret."""
    path = folder / KEY_FILE
    if not path.is_file():
        return None
    return hmac.digest(path.read_bytes(), b"gateway backup", hashlib.sha256).hex()[:16]
