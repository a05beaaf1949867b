"""A sealed file is read back whole, or not past the point where somebody changed it."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.sealing.cells import Unreadable
from gateway.sealing.files import (
    CHUNK,
    HEAD,
    TAG,
    new_file_key,
    open_chunks,
    open_file,
    seal_chunks,
    seal_file,
    sealed_size,
)

SECRET = new_file_key()


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    yield from (data[at : at + size] for at in range(0, len(data), size))


@settings(max_examples=25)
@given(
    st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7]), st.integers(1, 2 * CHUNK)
)
def test_a_file_of_any_size_in_pieces_of_any_size_comes_back(size: int, piece: int) -> None:
    data = bytes(at % 251 for at in range(size))
    sealed = b"".join(seal_chunks(SECRET, in_pieces(data, max(piece, 1000))))
    assert len(sealed) == sealed_size(size)
    assert b"".join(open_chunks(SECRET, in_pieces(sealed, max(piece, 1000)))) == data


def test_sealing_never_holds_more_than_a_chunk() -> None:
    pieces = list(seal_chunks(SECRET, (bytes(CHUNK) for _ in range(5))))
    assert max(map(len, pieces)) == CHUNK + TAG


def three() -> list[bytes]:
    """A sealed file of three chunks: its head, and each chunk."""
    sealed = seal_file(SECRET, bytes(CHUNK) + bytes((1,)) * CHUNK + b"end")
    size = CHUNK + TAG
    return [sealed[:HEAD], *(sealed[HEAD + at * size : HEAD + (at + 1) * size] for at in range(3))]


def test_a_file_cut_off_continued_reordered_or_changed_is_refused() -> None:
    head, one, two, end = three()
    other = three()
    for wrong in (
        head + one + two,
        head + one,
        head,
        b"",
        head + two + one + end,
        head + one + two + end + end,
        head + one + end,
        other[0] + one + two + end,
        head + one[:-1] + bytes((one[-1] ^ 1,)) + two + end,
        b"PK\x03\x04" + head + one,
    ):
        with pytest.raises(Unreadable):
            open_file(SECRET, wrong)
    assert open_file(SECRET, head + one + two + end).endswith(b"end")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Unreadable):
        open_file(new_file_key(), seal_file(SECRET, b"photo"))
