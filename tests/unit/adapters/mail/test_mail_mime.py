"""Mails of every shape are read; the odd ones with a word about what was odd."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.contract import Unreadable
from adapters.mail.describe import describe
from adapters.mail.letter import pack, unpack
from adapters.mail.mime import read
from adapters.mail.parts import MAX_DEPTH, MAX_PARTS, Budget, take_apart

HEAD = "From: Bob <bob@cust.example>\nTo: support@shop.example\nSubject: x\nMessage-ID: <1@cust.example>\n"


def a_multipart(kind: str, *parts: str, end: str = "--b--\n") -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"{HEAD}MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n\n{body}{end}".encode()


PLAIN = "Content-Type: text/plain; charset=utf-8\n\n您好 plain"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>您好 <b>html</b></p>"


def test_the_plain_form_is_the_text_and_the_html_is_kept() -> None:
    mail = read(a_multipart("alternative", PLAIN, HTML))
    assert mail.text == "您好 plain"
    assert mail.html == "<p>您好 <b>html</b></p>"
    assert mail.files == ()


def test_html_alone_becomes_text() -> None:
    mail = read((HEAD + HTML).encode())
    assert mail.text == "您好 html"


@pytest.mark.parametrize(
    "excuse", ["", "Your mail reader does not support HTML.", "请使用支持HTML的邮件客户端查看"]
)
def test_a_plain_form_that_says_nothing_gives_way_to_the_html(excuse: str) -> None:
    mail = read(a_multipart("alternative", f"Content-Type: text/plain; charset=utf-8\n\n{excuse}", HTML))
    assert mail.text == "您好 html"


def test_text_after_a_file_is_not_lost() -> None:
    file = 'Content-Type: image/png; name="a.png"\nContent-Disposition: attachment\n\nx'
    mail = read(a_multipart("mixed", PLAIN, file, "Content-Type: text/plain\n\nand a footer"))
    assert "您好 plain" in mail.text
    assert "and a footer" in mail.text
    assert [it.name for it in mail.files] == ["a.png"]


def test_a_text_with_a_name_is_a_file() -> None:
    mail = read(a_multipart("mixed", PLAIN, 'Content-Type: text/plain; name="log.txt"\n\nlines'))
    assert mail.text == "您好 plain"
    assert [(it.name, it.content) for it in mail.files] == [("log.txt", b"lines")]


def test_a_mail_within_a_mail_is_a_file_named_for_its_subject() -> None:
    mail = read(
        a_multipart("mixed", PLAIN, "Content-Type: message/rfc822\n\nSubject: inner/one\n\nsecret words")
    )
    assert [it.name for it in mail.files] == ["inner_one.eml"]
    assert "secret words" not in mail.text


def test_files_without_a_name_are_named_for_their_type_and_told_apart() -> None:
    image = "Content-Type: image/png\nContent-Disposition: attachment\n\nx"
    mail = read(a_multipart("mixed", PLAIN, image, image, "Content-Type: message/delivery-status\n\nx: y"))
    assert [it.name for it in mail.files] == ["image.png", "image2.png", "delivery-status.txt"]


def test_two_files_of_one_name_keep_it() -> None:
    file = 'Content-Type: image/png; name="a.png"\n\nx'
    assert [it.name for it in read(a_multipart("mixed", PLAIN, file, file)).files] == ["a.png", "a.png"]


def test_html_with_its_images_beside_a_plain_form_is_one_body() -> None:
    image = "Content-Type: image/png\nContent-ID: <i1>\n\nx"
    related = f"Content-Type: multipart/related; boundary=c\n\n--c\n{HTML}\n--c\n{image}\n--c--"
    mail = read(a_multipart("alternative", PLAIN, related))
    assert mail.text == "您好 plain"
    assert mail.html == "<p>您好 <b>html</b></p>"
    assert [it.inline for it in mail.files] == [
        False
    ]  # the HTML does not show it: listed, or nobody would see it


def test_a_plain_form_within_a_nested_part_is_found() -> None:
    inner = f"Content-Type: multipart/mixed; boundary=c\n\n--c\n{PLAIN}\n--c--"
    mail = read(a_multipart("alternative", inner, HTML))
    assert mail.text == "您好 plain"


def test_an_invitation_beside_the_text_is_a_file() -> None:
    mail = read(
        a_multipart("alternative", PLAIN, "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR")
    )
    assert mail.text == "您好 plain"
    assert [it.media_type for it in mail.files] == ["text/calendar"]


def test_enriched_text_loses_its_marks() -> None:
    assert read(f"{HEAD}Content-Type: text/enriched\n\n<bold>hi</bold> there".encode()).text == "hi there"


def test_a_named_mail_within_a_mail_keeps_its_name() -> None:
    inner = 'Content-Type: message/rfc822; name="old order"\n\nSubject: inner\n\nx'
    assert [it.name for it in read(a_multipart("mixed", PLAIN, inner)).files] == ["old order.eml"]


def test_a_description_with_an_ending_names_a_file() -> None:
    part = "Content-Type: application/pdf\nContent-Description: invoice.pdf\n\nx"
    assert [it.name for it in read(a_multipart("mixed", PLAIN, part)).files] == ["invoice.pdf"]


def test_the_charset_named_in_the_html_itself_is_used() -> None:
    head = f"{HEAD}Content-Type: text/html\n\n".encode()
    raw = head + '<meta charset="big5"><p>訂單</p>'.encode("big5")
    assert read(raw).text == "訂單"


def test_a_text_beyond_all_measure_is_cut_and_noted() -> None:
    mail = read(HEAD.encode() + b"\n" + b"words " * 300_000)
    assert len(mail.text) == 1_000_000
    assert any("the text is cut" in defect for defect in mail.defects)


def test_a_footer_in_html_after_plain_text_is_not_lost() -> None:
    mail = read(a_multipart("mixed", PLAIN, "Content-Type: text/html\n\n<p>and more</p>"))
    assert "您好 plain" in mail.text
    assert "and more" in mail.text


def test_an_encrypted_mail_is_kept_and_said_to_be() -> None:
    raw = f"{HEAD}Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\naGk="
    mail = read(raw.encode())
    assert mail.text == ""
    assert [it.name for it in mail.files] == ["smime.p7m"]
    assert any("encrypted" in defect for defect in mail.defects)


def test_an_inline_image_is_marked_and_its_reference_kept() -> None:
    image = "Content-Type: image/png\nContent-ID: <i1>\nContent-Transfer-Encoding: base64\n\naGk="
    html = 'Content-Type: text/html\n\n<img src="cid:i1" onerror="x()"><img src="http://spy.example/x.gif">'
    mail = read(a_multipart("related", html, image))
    assert mail.files[0].inline
    assert mail.files[0].content_id == "i1"
    assert 'src="cid:i1"' in (mail.html or "")
    assert 'src="remote:http://spy.example/x.gif"' in (mail.html or "")
    assert "onerror" not in (mail.html or "")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        "<svg onload=alert(1)>",
        "<iframe src=//evil.example></iframe>",
        '<div style="background:url(//evil.example)">x</div>',
        '<form action="//evil.example"><input></form>',
        "<style>@import '//evil.example'</style>",
        '<meta http-equiv="refresh" content="0;url=//evil.example">',
        "<math><mtext><script>alert(1)</script>",
        '<base href="//evil.example">',
    ],
)
def test_row_10_nothing_in_the_html_acts_or_fetches(hostile: str) -> None:
    html = read((HEAD + "Content-Type: text/html\n\n<p>hi</p>" + hostile).encode()).html or ""
    assert "hi" in html
    for word in ("script", "onerror", "onload", "evil", "data:", "style", "iframe", "form", "meta", "svg"):
        assert word not in html.lower()


def test_a_missing_end_and_a_missing_boundary_are_noted() -> None:
    endless = read(a_multipart("mixed", PLAIN, end=""))
    assert endless.text == "您好 plain"
    assert "a multipart body has no end" in endless.defects
    nothing = read(f"{HEAD}Content-Type: multipart/mixed\n\njust text".encode())
    assert nothing.text == "just text"
    assert "a multipart body has no boundary" in nothing.defects


def test_one_boundary_used_twice_loses_nothing() -> None:
    inner = "Content-Type: multipart/alternative; boundary=b\n\n--b\n" + PLAIN + "\n--b--"
    assert "您好 plain" in read(a_multipart("mixed", inner)).text


def test_parts_beyond_the_limit_become_one_file() -> None:
    mail = read(a_multipart("mixed", *["Content-Type: text/plain\n\nx"] * (MAX_PARTS + 50)))
    assert len(mail.files) == 1
    assert any("parts beyond" in defect for defect in mail.defects)


def test_nesting_beyond_the_limit_becomes_a_file() -> None:
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(100))
    budget = Budget()
    depth = max(_depths(take_apart(raw, budget)))
    assert depth <= MAX_DEPTH
    assert any("nested deeper" in defect for defect in budget.defects)


def _depths(part: object, depth: int = 0) -> list[int]:
    children = getattr(part, "children", ())
    return [depth] + [d for child in children for d in _depths(child, depth + 1)]


def test_long_headers_are_cut_and_noted() -> None:
    mail = read(b"X-Long: " + b"x" * 20_000 + b"\nSubject: y\n\nhi")
    assert mail.subject == "y"
    assert any("was cut at" in defect for defect in mail.defects)


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", "5oKo5aW9", "您好"),
        ("quoted-printable", "=E6=82=A8=E5=A5=BD", "您好"),
        ("quoted-printable", "a=\nb =3D c", "ab = c"),
        ("8bit", "您好", "您好"),
        ("nonsense", "您好", "您好"),
        ("x-uuencode", "begin 644 x\n&YH*HY:6]\n`\nend", "您好"),
    ],
)
def test_transfer_encodings_are_undone(encoding: str, body: str, text: str) -> None:
    raw = f"{HEAD}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}\n"
    assert read(raw.encode()).text == text


def test_a_uuencoded_file_in_the_text_becomes_a_file() -> None:
    mail = read(f"{HEAD}\nsee below\n\nbegin 644 note.txt\n#:&DA\n`\nend\n".encode())
    assert mail.text == "see below"
    assert [(it.name, it.content) for it in mail.files] == [("note.txt", b"hi!")]


def test_flowed_text_is_joined() -> None:
    raw = f"{HEAD}Content-Type: text/plain; format=flowed\n\none \ntwo\n\n> quoted \n> on\n\n-- \nBob\n"
    assert read(raw.encode()).text == "one two\n\n> quoted on\n\n--\nBob"


def test_line_ends_of_all_systems_are_read() -> None:
    for end in ("\n", "\r\n", "\r"):
        mail = read(f"{HEAD}\none\n\ntwo\n".replace("\n", end).encode())
        assert (mail.subject, mail.text) == ("x", "one\n\ntwo")


def test_controls_are_kept_out_of_all_text() -> None:
    mail = read(
        b"From: =?utf-8?Q?a=00b?= <a@b.example>\nSubject: x\0y\nMessage-ID: <a\0b@c>\n\nz\0\x07\x1b[31m\n"
    )
    everything = "".join([mail.from_name, mail.subject, mail.text, mail.message_id])
    assert not any(ch < " " and ch != "\n" for ch in everything)


@pytest.mark.parametrize(
    ("head", "address", "name"),
    [
        ("From: Bob <bob@cust.example>", "bob@cust.example", "Bob"),
        ("Sender: bob@cust.example", "bob@cust.example", ""),
        ("Return-Path: <bob@cust.example>", "bob@cust.example", ""),
        ("From: <>\nReply-To: bob@cust.example", "bob@cust.example", ""),
        ('From: "bob@cust.example" <bob@cust.example>', "bob@cust.example", ""),
        ("From: Bob", "bob", ""),
        ("X: y", "", ""),
    ],
)
def test_the_sender_is_looked_for_where_one_may_be(head: str, address: str, name: str) -> None:
    mail = read(f"{head}\nSubject: x\n\nhi".encode())
    assert (mail.from_address.lower(), mail.from_name) == (address, name)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Fri, 20 Nov 2026 12:00:00 +0800", datetime(2026, 11, 20, 4, tzinfo=UTC)),
        ("20 Nov 26 12:00 GMT", datetime(2026, 11, 20, 12, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 12:00:00 GMT+08:00", datetime(2026, 11, 20, 4, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        ("Mon, 99 Foo 9999 99:99:99 +9999", None),
    ],
)
def test_dates_are_read_or_left_out(date: str, expected: datetime | None) -> None:
    assert read(f"Date: {date}\nSubject: x\n\nhi".encode()).date == expected


def test_a_mail_survives_the_way_between_two_processes() -> None:
    mail = read(a_multipart("mixed", PLAIN, 'Content-Type: a/b; name="f"\nDate: x\n\n\x00\xff'))
    assert unpack(pack(mail)) == mail


def test_what_is_no_packed_mail_is_refused() -> None:
    for data in (b"", b"\0\0\0\2{}", b"\xff\xff\xff\xff"):
        with pytest.raises(ValueError, match="packed"):
            unpack(data)


def test_an_empty_mail_is_unreadable_and_described_as_such() -> None:
    with pytest.raises(Unreadable):
        read(b" \r\n")
    assert describe(b"")["defects"] == ["unreadable: the mail is empty"]


def test_a_description_holds_what_an_operator_asks() -> None:
    described = describe(a_multipart("alternative", PLAIN, HTML))
    assert described["kind"] == "message"
    assert described["from"] == {"address": "bob@cust.example", "name": "Bob"}
    assert described["bounce"] is None
    assert described["attachments"] == []
    assert described["may_autorespond"] is True


WORDS = st.sampled_from(
    [b"From: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"\n--b", b"--b--", b"\n", b"\n\n",
     b"message/rfc822", b"text/html", b"charset=", b"gb2312", b"base64", b"=?utf-8?B?", b"?=", b"<p>", b"\xff\xfe",
     b"\0", b"> ", b"On 1.1.2024 a@b wrote:", b"begin 644 x\n", b"\nend\n", b"(", b"\"", b"multipart/report"]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(WORDS, st.binary(max_size=20)), max_size=60))
def test_no_mail_raises_anything_but_unreadable(pieces: list[bytes]) -> None:
    try:
        mail = read(b"".join(pieces))
    except Unreadable:
        return
    assert unpack(pack(mail)) == mail
