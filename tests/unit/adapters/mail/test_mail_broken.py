"""Mails broken in every way: each is read, or said to be unreadable; twenty thousand of them in benchmarks/mail_fuzz.py."""

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import Unreadable
from adapters.mail.letter import pack, unpack
from adapters.mail.mime import read
from adapters.mail.reply import reply_of
from benchmarks.mail_fuzz import SEEDS, run

FIELD = st.sampled_from(
    [
        "From",
        "To",
        "Subject",
        "Date",
        "Content-Type",
        "Content-Transfer-Encoding",
        "References",
        "Reply-To",
        "Message-ID",
    ]
)
VALUE = st.one_of(
    st.text(max_size=120).map(lambda it: it.encode("utf-8", "replace")),
    st.binary(max_size=120),
    st.sampled_from(
        [b"multipart/mixed; boundary=b", b"message/rfc822", b"text/html; charset=hz-gb-2312", b"base64"]
    ),
)
LINES = st.lists(
    st.sampled_from(
        ["> hi", "On 2026-11-24 a@b.c wrote:", "发件人：a@b.c", "--", "", "words", ">", "主题：x"]
    )
)


def read_or_refused(raw: bytes) -> None:
    try:
        mail = read(raw)
    except Unreadable:
        return
    assert unpack(pack(mail)).message_id == mail.message_id
    assert "\n" not in mail.subject


@given(st.lists(st.tuples(FIELD, VALUE), max_size=8), st.binary(max_size=400))
def test_no_header_and_no_body_is_too_odd(fields: list[tuple[str, bytes]], body: bytes) -> None:
    head = b"".join(name.encode() + b": " + value.replace(b"\n", b" ") + b"\n" for name, value in fields)
    read_or_refused(head + b"\n" + body)


@given(
    st.lists(
        st.sampled_from([b"--b\n", b"--b--\n", b"Content-Type: multipart/mixed; boundary=b\n", b"\n", b"x\n"])
    )
)
def test_no_structure_is_too_odd(pieces: list[bytes]) -> None:
    read_or_refused(b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"".join(pieces))


@given(
    st.binary(max_size=300),
    st.sampled_from(["gb2312", "utf-7", "iso-2022-jp", "hz", "big5", "x-unknown", "utf-16", "idna"]),
)
def test_no_charset_is_too_odd(body: bytes, charset: str) -> None:
    read_or_refused(f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n".encode() + body)


@given(LINES)
@settings(max_examples=200)
def test_an_answer_is_cut_from_what_was_written_and_never_made_up(lines: list[str]) -> None:
    text = "\n".join(lines)
    left = reply_of(text)
    assert set(left.split()) <= set(text.split())
    assert left.strip() or not text.strip()


def test_row_08_captured_mails_broken_at_random_are_all_read() -> None:
    seeds = [file.read_bytes() for file in sorted(SEEDS.glob("*.eml"))]
    assert run(seeds, 300, seed=7)["first_crashes"] == []
