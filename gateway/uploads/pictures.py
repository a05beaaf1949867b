"""Pictures drawn anew: only the pixels are kept, so that places, names and whatever hid in the file are gone.

``python -m gateway.uploads.pictures image/jpeg`` reads one picture from standard input and writes the new one. It runs
in a process of its own with limits of memory and time, because a decoder is what attackers aim at.
"""

import io
import resource
import sys
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageOps, ImageSequence

MOST_PIXELS = 25_000_000
MOST_FRAMES = 200
MOST_MOVED = 100_000_000
"""Pixels of all frames of a moving picture together."""
MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 10

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
REFUSED = 3
"""The exit status that says the picture is to blame; any other is a fault of ours, or a kill."""

_KEPT = ("transparency", "duration", "loop", "background", "disposal")
_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {},
    "WEBP": {"quality": 88},
    "GIF": {},
}


class NotAPicture(Exception):
    """It cannot be read as what it says it is, or is larger than is taken."""


def redrawn(raw: bytes, media_type: str) -> bytes:
    """Return the same picture with nothing but its pixels, turned as its camera meant it.

    Raises:
        NotAPicture: it is broken, another kind of picture, over 25 megapixels or too many frames.
    """
    kind = FORMATS[media_type]
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(raw), formats=[kind]) as opened:
            _check_size(opened)
            frames = list(_frames(opened))
    except NotAPicture:
        raise
    except Exception as error:  # decoders raise what they like
        raise NotAPicture(type(error).__name__) from error
    first, *others = frames
    sink = io.BytesIO()
    moving: dict[str, Any] = {"save_all": True, "append_images": others} if others else {}
    first.save(sink, format=kind, **_OPTIONS[kind], **moving)
    return sink.getvalue()


def _check_size(opened: Image.Image) -> None:
    pixels = opened.width * opened.height
    count = getattr(opened, "n_frames", 1)
    if pixels > MOST_PIXELS:
        raise NotAPicture(f"{pixels} pixels")
    if count > MOST_FRAMES or count * pixels > MOST_MOVED:
        raise NotAPicture(f"{count} frames of {pixels} pixels")


def _frames(opened: Image.Image) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(opened):
        frame.load()
        turned = ImageOps.exif_transpose(frame)
        clean = turned.copy()
        clean.info = {key: frame.info[key] for key in _KEPT if key in frame.info}
        if opened.format == "JPEG" and clean.mode not in ("RGB", "L"):
            clean = clean.convert("RGB")
        yield clean


def main() -> int:
    """Draw one picture anew, from standard input to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        sys.stdout.buffer.write(redrawn(sys.stdin.buffer.read(), sys.argv[1]))
    except NotAPicture:
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
