"""Calendar mail: what, when and where are told; nothing is accepted; the file is kept."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import AutomaticKind
from adapters.mail.calendar import meetings
from adapters.mail.letter import pack, unpack
from adapters.mail.mime import read


def ics(*lines: str, method: str = "REQUEST", zones: str = "") -> str:
    inner = "\r\n".join(lines)
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\n{zones}BEGIN:VEVENT\r\nUID:u1\r\n{inner}\r\n"
        "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Reminder\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def a_mail(calendar: str, text: str = "") -> bytes:
    return (
        "From: a@cust.example\nTo: support@shop.example\nSubject: 邀请\nMIME-Version: 1.0\n"
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n"
        f"{text}\n--b\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\n\n{calendar}\n--b--\n"
    ).encode()


TEN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART:20261124T020000Z",
        "DTSTART;TZID=Asia/Shanghai:20261124T100000",
        "DTSTART;TZID=China Standard Time:20261124T100000",
        'DTSTART;X-NOTE="a:b;c";TZID="China Standard Time":20261124T100000',
    ],
)
def test_a_time_is_understood_however_its_zone_is_named(start: str) -> None:
    (meeting,) = meetings(ics("SUMMARY:对账", "LOCATION:三楼\\, 会议室", start, "DURATION:PT1H30M"))
    assert (meeting.summary, meeting.where, meeting.method) == ("对账", "三楼, 会议室", "REQUEST")
    assert meeting.starts_at == TEN
    assert meeting.ends_at == TEN.replace(hour=3, minute=30)


def test_a_zone_of_the_files_own_naming_is_looked_up_in_the_file() -> None:
    zones = "BEGIN:VTIMEZONE\r\nTZID:自定义\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    (meeting,) = meetings(ics("DTSTART;TZID=自定义:20261124T100000", zones=zones))
    assert meeting.starts_at == TEN


def test_a_time_without_a_zone_is_not_guessed() -> None:
    (meeting,) = meetings(ics("DTSTART:20261124T100000", "SUMMARY:x"))
    assert meeting.starts_at is None


def test_a_whole_day_is_a_day() -> None:
    (meeting,) = meetings(ics("DTSTART;VALUE=DATE:20261124", "SUMMARY:folded\r\n  line"))
    assert meeting.is_whole_day
    assert meeting.summary == "folded line"


def test_an_invitation_is_no_empty_mail_is_kept_and_gets_no_automatic_answer() -> None:
    mail = read(a_mail(ics("SUMMARY:对账", "DTSTART:20261124T020000Z")))
    assert [it.name for it in mail.files] == ["document.ics"]
    assert mail.labels == ("calendar",)
    assert (mail.automatic, mail.may_autorespond) == (None, False)
    assert unpack(pack(mail)).meetings == mail.meetings
    assert mail.meetings[0].starts_at == TEN


def test_accepted_without_a_word_is_a_receipt_and_with_words_a_message() -> None:
    answered = ics("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@cust.example", "SUMMARY:对账", method="REPLY")
    bare, spoken = read(a_mail(answered)), read(a_mail(answered, "可以，不过\n请改到三楼。"))
    assert bare.automatic is AutomaticKind.RECEIPT
    assert bare.meetings[0].answer == "ACCEPTED"
    assert spoken.automatic is None
    assert not spoken.may_autorespond


@given(st.text(max_size=300), st.integers(0, 300), st.text(max_size=5))
def test_no_calendar_file_is_too_broken(junk: str, at: int, patch: str) -> None:
    whole = ics("DTSTART;TZID=Asia/Shanghai:20261124T100000", "SUMMARY:x", "DURATION:P1D")
    meetings(junk)
    meetings(whole[:at] + patch + whole[at:])
    meetings("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=" + junk + ":20261124T100000\nEND:VEVENT\n")
