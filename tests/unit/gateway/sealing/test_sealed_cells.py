"""A cell opens in its own place, under its own key, unchanged; and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sealing.cells import (
    Key,
    Place,
    Unreadable,
    from_text,
    is_cell,
    kid_of,
    new_key,
    open_bytes,
    open_cell,
    seal_bytes,
    seal_cell,
    to_text,
)
from gateway.sealing.index import blind_index

HERE = Place("contact", "name", "C20261123001")
KEY = new_key()


@given(st.text(), st.text(alphabet="|.C0", max_size=5))
def test_what_was_sealed_is_read_again(text: str, row: str) -> None:
    place = Place("contact", "name", row)
    assert open_cell(KEY, place, seal_cell(KEY, place, text)) == text


@given(st.binary(max_size=200))
def test_bytes_and_their_text_form_go_both_ways(data: bytes) -> None:
    assert from_text(to_text(data)) == data
    assert open_bytes(KEY, HERE, seal_bytes(KEY, HERE, data)) == data


def test_a_cell_says_its_form_and_its_key_and_nothing_of_the_text() -> None:
    cell = seal_cell(KEY, HERE, "王芳 13812345678")
    assert cell.startswith(f"v1.{KEY.kid}.")
    assert kid_of(cell) == kid_of(seal_bytes(KEY, HERE, b"x")) == KEY.kid
    assert "138" not in cell
    assert is_cell(cell)
    assert not is_cell("v1 of the manual. It is long enough.")


def test_sealing_the_same_text_twice_gives_different_cells() -> None:
    assert seal_cell(KEY, HERE, "王芳") != seal_cell(KEY, HERE, "王芳")


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("contact", "name", "C20261123002"),
        Place("contact", "address", "C20261123001"),
        Place("contact_identity", "name", "C20261123001"),
    ],
)
def test_a_cell_moved_to_another_row_column_or_table_is_refused(elsewhere: Place) -> None:
    with pytest.raises(Unreadable) as refused:
        open_cell(KEY, elsewhere, seal_cell(KEY, HERE, "王芳"))
    assert refused.value.because == "forged"
    assert refused.value.is_suspect


def test_every_changed_letter_of_a_cell_is_noticed() -> None:
    cell = seal_cell(KEY, HERE, "王芳")
    for at, letter in enumerate(cell):
        changed = cell[:at] + ("A" if letter != "A" else "B") + cell[at + 1 :]
        if changed.split(".")[0] != "v1":
            continue  # another form is another algorithm: kid_of refuses it
        with pytest.raises(Unreadable):
            open_cell(KEY, HERE, changed)


def test_a_key_under_another_name_does_not_open_it() -> None:
    renamed = Key("AAAAAAAAAAAA", KEY.secret)
    with pytest.raises(Unreadable):
        open_cell(renamed, HERE, seal_cell(KEY, HERE, "王芳").replace(KEY.kid, renamed.kid))


def kid_of_any(text: str) -> bool:
    """Whether it looks like a cell at first sight."""
    try:
        return bool(kid_of(text))
    except Unreadable:
        return False


@pytest.mark.parametrize("text", ["", "王芳", "v1", "v1.", "v1..a.b", "v2.abcdefghijkl.a.b", "v1.kid.*.*"])
def test_a_text_in_clear_is_no_cell(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        open_cell(KEY, HERE, text if kid_of_any(text) else "")
    assert refused.value.because == "no cell"


def test_no_key_shows_its_secret() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert "secret" not in repr(KEY)


def test_equal_values_have_equal_indexes_in_one_column_and_only_there() -> None:
    index = blind_index(KEY, "contact_identity.address", "a@b.example")
    assert index == blind_index(KEY, "contact_identity.address", "a@b.example")
    assert len(index) == 22
    assert index != blind_index(KEY, "outbox.recipient", "a@b.example")
    assert index != blind_index(KEY, "contact_identity.address", "A@b.example")
    assert index != blind_index(new_key(), "contact_identity.address", "a@b.example")
