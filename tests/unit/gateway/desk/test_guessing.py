"""Passwords, file kinds and the throttle as plain values."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.files import WrongKind, media_type_of, shown_name
from gateway.desk.passwords import Passwords, check_password
from gateway.desk.throttle import KEPT, Throttle
from gateway.errors import Refusal


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "x" * 129,
        "aaaaaaaaaaaaaaaa",
        "abcdefghijklmnop",
        "98765432109876543210",
        "passwordpassword",
        "zhangwei zhangwei",
        "IntakeGateway1234",
        "password1234",
    ],
)
def test_plain_passwords_are_refused_with_what_would_do(password: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_password(password, "zhangwei", "张伟")
    assert caught.value.kind == "weak_password"
    assert caught.value.public.zh


@pytest.mark.parametrize(
    "password", ["drei graue Enten im Regen", "三只灰鸭子在雨中散步看报纸", "xK9#mQ2$vL7&"]
)
def test_long_and_unlikely_passwords_are_taken_whatever_they_are_made_of(password: str) -> None:
    check_password(password, "zhangwei", "张伟")


async def test_a_password_is_known_again_and_nobody_has_none() -> None:
    passwords = Passwords()
    stored = await passwords.hash("drei graue Enten im Regen")
    assert await passwords.verify("drei graue Enten im Regen", stored)
    assert not await passwords.verify("vier graue Enten im Regen", stored)
    assert not await passwords.verify("anything", None)
    assert not await passwords.verify("anything", "")
    assert not await passwords.verify("anything", "not a hash")
    assert not passwords.is_old(stored)
    passwords.close()


def test_the_wait_doubles_up_to_the_longest_and_ends_with_success() -> None:
    throttle = Throttle(free=2, longest=60)
    waits = []
    for _ in range(10):
        throttle.miss("a", 0.0)
        waits.append(throttle.wait("a", 0.0))
    assert waits == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert throttle.wait("a", 59.0) == 1.0
    assert throttle.wait("b", 0.0) == 0.0
    throttle.clear("a")
    assert throttle.wait("a", 0.0) == 0.0


def test_quiet_makes_misses_forgotten() -> None:
    throttle = Throttle(free=1, longest=60)
    for at in (0.0, 1.0):
        throttle.miss("a", at)
    assert throttle.wait("a", 62.0) == 0.0
    throttle.miss("a", 62.0)
    assert throttle.wait("a", 62.0) == 1.0


def test_guessing_many_names_does_not_fill_the_memory() -> None:
    throttle = Throttle(free=0)
    for number in range(KEPT + 5):
        throttle.miss(str(number), 0.0)
    assert throttle.wait("0", 0.0) == 0.0
    assert throttle.wait(str(KEPT + 4), 0.0) > 0


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_can_be_shown(name: str) -> None:
    shown = shown_name(name)
    assert 0 < len(shown) <= 120
    assert not re.search(r'[\\/:*?"<>|\x00-\x1f\u200b\u202e]', shown)
    assert not shown.startswith(".")


def test_a_long_name_keeps_its_ending() -> None:
    assert shown_name("长" * 200 + ".pdf").endswith(".pdf")


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.JPG", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.webp", b"RIFF0000WEBPVP8 ", "image/webp"),
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("a.txt", b"\xef\xbb\xbfhello\r\n\tworld", "text/plain"),
    ],
)
def test_a_files_kind_is_told_by_name_and_content_together(name: str, head: bytes, kind: str) -> None:
    assert media_type_of(name, head) == kind


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.webp", b"RIFF0000AVI "),
        ("a.txt", b"a\0b"),
        ("a.txt", b" <x>"),
        ("a", b"x"),
        (".txt", b"x"),
        ("a.svg", b"<svg"),
    ],
)
def test_a_file_that_tells_two_stories_is_not_taken(name: str, head: bytes) -> None:
    with pytest.raises(WrongKind):
        media_type_of(name, head)
