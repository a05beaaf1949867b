"""Built files, read once at start into a table: no request's path is ever used to open anything."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
_WORTH_PACKING = 1024
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Static:
    """One built file in memory; ``packed`` is the same in gzip, where that is smaller."""

    body: bytes
    packed: bytes | None
    type: str
    etag: str
    is_hashed: bool
    """Its name changes with its content."""


class Statics:
    """The table: path below the folder → file."""

    def __init__(self, files: Mapping[str, Static]) -> None:
        self._files = dict(files)

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def answer(self, path: str, request: web.Request) -> web.Response | None:
        """Return the file, or that it has not changed; None if nothing was built under this name."""
        file = self._files.get(path)
        if file is None:
            return None
        headers = {
            "ETag": f'"{file.etag}"',
            "Cache-Control": _FOR_EVER if file.is_hashed else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if f'"{file.etag}"' in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        takes_gzip = file.packed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
        if takes_gzip:
            headers["Content-Encoding"] = "gzip"
        charset = "utf-8" if file.type.startswith("text/") else None
        body = file.packed if takes_gzip else file.body
        return web.Response(body=body, headers=headers, content_type=file.type, charset=charset)


def read_statics(folder: Path) -> Statics:
    """Read every file below ``folder``; an empty or missing folder is an empty table."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return Statics({path.relative_to(folder).as_posix(): _read(path) for path in found})


def _read(path: Path) -> Static:
    body = path.read_bytes()
    packed = gzip.compress(body, 9, mtime=0) if len(body) >= _WORTH_PACKING else None
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Static(
        body=body,
        packed=packed if packed and len(packed) < len(body) else None,
        type=kind,
        etag=hashlib.sha256(body).hexdigest()[:20],
        is_hashed=path.parent.name == "assets",
    )
