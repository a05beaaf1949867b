"""Which code reads and reckons here: what is kept on disk is only good for the very same."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("numpy", "opencc-python-reimplemented", "opencc", "pypinyin")


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return a digest of this package's code and words, of Unicode's version and of the libraries that read for us."""
    here = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=16)
    for file in sorted([*here.glob("*.py"), *here.glob("words/*")]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    for library in LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}\0".encode())
        except PackageNotFoundError:
            continue
    digest.update(unicodedata.unidata_version.encode())
    return digest.hexdigest()
