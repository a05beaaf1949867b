import pytest

from adapters.webchat.uploads import KINDS, kind_of, safe_name

ALL = tuple(KINDS)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.mark.parametrize(
    ("name", "head", "media_type"),
    [
        ("a.PNG", PNG, "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        ("a.heic", b"\0\0\0\x18ftypheic", "image/heic"),
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("订单.txt", "订单号 12345\n".encode(), "text/plain"),
        ("gb.txt", "订单号".encode("gb18030"), "text/plain"),
        ("a.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.mp3", b"\xff\xfb\x90", "audio/mpeg"),
        ("a.mp4", b"\0\0\0\x18ftypisom", "video/mp4"),
    ],
)
def test_a_file_is_taken_when_name_and_content_agree(name: str, head: bytes, media_type: str) -> None:
    kind = kind_of(name, head, ALL)
    assert kind is not None
    assert kind.media_type == media_type


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.jpg", PNG),
        ("a.png", b"<svg onload=alert(1)>"),
        ("a.svg", b"<svg/>"),
        ("a.html", b"<html>"),
        ("a.txt", b"\xef\xbb\xbf  <script>"),
        ("a.txt", b"MZ\x90\0\x03"),
        ("a.exe", b"MZ"),
        ("a.png.exe", PNG),
        ("png", PNG),
        ("", PNG),
        ("a.png", b""),
        ("a.wav", b"RIFF\x10\0\0\0WEBP"),
    ],
)
def test_a_file_whose_name_and_content_differ_is_refused(name: str, head: bytes) -> None:
    assert kind_of(name, head, ALL) is None


def test_a_type_the_operator_did_not_allow_is_refused() -> None:
    assert kind_of("a.png", PNG, ("pdf",)) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\猫.jpg", "猫.jpg"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie_ x.png"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("...", "file"),
        ("", "file"),
        ('a"b<c>.txt', "a_b_c_.txt"),
    ],
)
def test_a_file_name_keeps_nothing_that_could_mislead(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_file_name_keeps_its_ending() -> None:
    name = safe_name("长" * 300 + ".jpeg")
    assert len(name) <= 120
    assert name.endswith(".jpeg")
