"""A picture drawn anew holds its pixels and nothing else."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from gateway.uploads.gate import PICTURES
from gateway.uploads.pictures import FORMATS, NotAPicture, redrawn

CANARY = b"13800138000"


def a_picture(kind: str, **options: Any) -> bytes:
    """Return a small picture, red on its left and blue on its right."""
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (20, 0, 40, 20))
    sink = io.BytesIO()
    image.save(sink, format=kind, **options)
    return sink.getvalue()


def an_exif(**more: Any) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = f"camera of {CANARY.decode()}"
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 0.0), 3: "E", 4: (121.0, 29.0, 0.0)}
    for tag, value in more.items():
        exif[int(tag[1:], 16)] = value
    return exif


def opened(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw))


def test_the_gate_and_the_process_agree_on_what_a_picture_is() -> None:
    assert frozenset(FORMATS) == PICTURES


@pytest.mark.parametrize(("media_type", "kind"), FORMATS.items())
def test_pixels_stay(media_type: str, kind: str) -> None:
    new = opened(redrawn(a_picture(kind), media_type))
    assert (new.format, new.size) == (kind, (40, 20))
    left, right = new.convert("RGB").getpixel((5, 10)), new.convert("RGB").getpixel((35, 10))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


@pytest.mark.parametrize(
    ("media_type", "raw"),
    [
        ("image/jpeg", a_picture("JPEG", exif=an_exif(), comment=CANARY)),
        ("image/webp", a_picture("WEBP", exif=an_exif(), xmp=b"<x>" + CANARY + b"</x>")),
        ("image/png", a_picture("PNG", exif=an_exif())),
        ("image/gif", a_picture("GIF", comment=CANARY)),
    ],
)
def test_where_it_was_taken_and_what_was_written_into_it_is_gone(media_type: str, raw: bytes) -> None:
    assert CANARY in raw
    new = redrawn(raw, media_type)
    assert CANARY not in new
    assert dict(opened(new).getexif()) == {}
    assert not {"exif", "xmp", "comment", "icc_profile"} & opened(new).info.keys()


def test_words_in_a_png_are_gone() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", CANARY.decode())
    words.add_itxt("Where", CANARY.decode(), zip=False)
    new = redrawn(a_picture("PNG", pnginfo=words), "image/png")
    assert CANARY not in new


def test_a_file_hidden_behind_the_picture_is_gone() -> None:
    assert b"<script>" not in redrawn(a_picture("JPEG") + b"<script>alert(1)</script>", "image/jpeg")


def test_it_stands_as_its_camera_meant_it() -> None:
    turned = redrawn(a_picture("JPEG", exif=an_exif(x0112=6)), "image/jpeg")
    assert opened(turned).size == (20, 40)


def test_a_moving_picture_goes_on_moving() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    sink = io.BytesIO()
    frames[0].save(sink, "GIF", save_all=True, append_images=frames[1:], duration=70, loop=0)
    new = opened(redrawn(sink.getvalue(), "image/gif"))
    assert (getattr(new, "n_frames", 1), new.info["duration"]) == (3, 70)


def test_a_transparent_picture_stays_transparent() -> None:
    sink = io.BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(sink, "PNG")
    assert opened(redrawn(sink.getvalue(), "image/png")).convert("RGBA").getpixel((0, 0)) == (1, 2, 3, 0)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def a_bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that claims to be huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("raw", "media_type"),
    [
        (a_bomb(5001, 5000), "image/png"),
        (a_bomb(2**31 - 1, 2**31 - 1), "image/png"),
        (a_picture("JPEG")[:200], "image/jpeg"),
        (a_picture("PNG")[:60], "image/png"),
        (a_picture("PNG"), "image/jpeg"),
        (b"\xff\xd8\xff" + b"\0" * 500, "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "image/jpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png"),
    ],
)
def test_what_is_broken_too_large_or_something_else_is_refused(raw: bytes, media_type: str) -> None:
    with pytest.raises(NotAPicture):
        redrawn(raw, media_type)
