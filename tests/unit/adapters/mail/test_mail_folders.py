"""Folder names cross the wire in modified UTF-7; roles tell what a name does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.folders import Named, chosen, decoded, encoded, is_ours, read_list

LISTED: list[bytes | bytearray] = [
    rb'(\HasNoChildren) "/" INBOX',
    rb'(\HasNoChildren \Sent) "/" "&XfJT0ZAB-"',
    rb'(\HasNoChildren) "." "Archive 2024"',
    rb"(\Noselect \HasChildren) NIL Gone",
    rb'LIST (\HasNoChildren) "/" {6}',
    bytearray(b'a "b\\c'),
    rb'(\Junk) "/" "Spam\"s"',
    b"List completed",
]


def test_the_names_of_a_listing_are_read_whatever_their_form() -> None:
    found = {one.name: one for one in read_list(LISTED)}
    assert set(found) == {"INBOX", "已发送", "Archive 2024", "Gone", 'a "b\\c', 'Spam"s'}
    assert found["已发送"].role == "\\sent"
    assert not found["Gone"].selectable


def test_a_folder_is_meant_by_name_wire_name_or_role() -> None:
    there = read_list(LISTED)
    assert chosen("inbox", there) == "INBOX"
    assert chosen("Archive 2024", there) == "Archive 2024"
    assert chosen("\\Junk", there) == 'Spam"s'
    assert chosen("&XfJT0ZAB-", there) == "&XfJT0ZAB-"
    assert chosen("Gone", there) is None
    assert chosen("nothing", there) is None


def test_what_we_sent_is_known_by_its_role_and_by_its_usual_names() -> None:
    there = [
        Named(name="已发送", wire="&XfJT0ZAB-"),
        Named(name="INBOX.Sent Messages", wire="INBOX.Sent Messages"),
        Named(name="Sales", wire="Sales"),
        Named(name="Weird", wire="Weird", roles=("\\drafts",)),
    ]
    assert [is_ours(one.wire, there) for one in there] == ["\\sent", "\\sent", None, "\\drafts"]


@pytest.mark.parametrize(
    ("name", "wire"),
    [("已发送", "&XfJT0ZAB-"), ("A&B", "A&-B"), ("Entwürfe", "Entw&APw-rfe"), ("😀", "&2D3eAA-"), ("", "")],
)
def test_modified_utf7(name: str, wire: str) -> None:
    assert encoded(name) == wire
    assert decoded(wire) == name


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_name_survives_the_wire(name: str) -> None:
    assert decoded(encoded(name)) == name


@given(st.text(max_size=40))
def test_no_name_of_a_server_breaks_us(wire: str) -> None:
    decoded(wire)
