"""The meaning of words is read row by row from files that another package ships, and can be left out."""

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge.group_meanings import GroupMeanings
from knowledge.index import Floats, Index
from knowledge.scorer import Scorer
from knowledge.word_vectors import DIMENSIONS, WordVectors

PIECES = ["<unk>", "\u2581re", "fund", "\u2581money", "\u2581parcel", "\u2581refund", "\u2581", "r", "e", "f", "u", "n", "d", "re", "un",
          "fun", "m", "mo", "o", "\u2581m", "\u2581mo", "ne", "\u2581mone", "y", "p", "\u2581p", "\u2581r", "大"]  # fmt: skip


def files(folder: Path, *, shape: tuple[int, int] | None = None, dtype: str = "F16") -> tuple[Path, Path]:
    """Write two files as the package ships them: one row for each piece, whose first number is the piece's."""
    rows = np.zeros((len(PIECES), 256), dtype="<f2")
    rows[:, 0] = 1
    rows[np.arange(len(PIECES)), 1 + np.arange(len(PIECES))] = 3
    header = json.dumps(
        {"weight": {"dtype": dtype, "shape": shape or rows.shape, "data_offsets": [0, rows.nbytes]}}
    ).encode()
    (folder / "rows").write_bytes(len(header).to_bytes(8, "little") + header + rows.tobytes())
    vocabulary = {piece: number for number, piece in enumerate(PIECES)}
    (folder / "pieces").write_text(json.dumps({"model": {"type": "BPE", "vocab": vocabulary}, "merges": []}))
    return folder / "rows", folder / "pieces"


@pytest.fixture
def vectors(tmp_path: Path) -> WordVectors:
    """Return vectors of a dozen pieces."""
    return WordVectors(*files(tmp_path))


def test_a_text_is_the_sum_of_its_pieces_at_length_one(vectors: WordVectors) -> None:
    found = vectors.of("money refund")
    assert found is not None
    assert found.shape == (DIMENSIONS,)
    assert float(found @ found) == pytest.approx(1)
    assert {PIECES[n - 1] for n in np.flatnonzero(found)[1:]} == {"\u2581money", "\u2581refund"}


def test_letters_are_joined_in_the_order_of_the_pieces(vectors: WordVectors) -> None:
    found = vectors.of("refun")
    assert found is not None
    assert {PIECES[n - 1] for n in np.flatnonzero(found)[1:]} == {"\u2581re", "fun"}


@pytest.mark.parametrize("text", ["", "退款", "refund 退款", "大"])
def test_what_is_not_english_has_no_meaning_here(vectors: WordVectors, text: str) -> None:
    assert vectors.of(text) is None


def test_a_mistyped_word_means_the_known_one_and_a_common_word_itself(vectors: WordVectors) -> None:
    def always_refund(word: str) -> str:
        return "refund"

    assert np.array_equal(vectors.of("refudn", always_refund), vectors.of("refund"))  # type: ignore[arg-type]  # not None
    assert np.array_equal(vectors.of("money", always_refund), vectors.of("money"))  # type: ignore[arg-type]  # not None


@pytest.mark.parametrize("wrong", [{"shape": (3, 256)}, {"dtype": "F32"}])
def test_files_of_another_kind_are_refused(tmp_path: Path, wrong: dict[str, tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="not the vectors"):
        WordVectors(*files(tmp_path, **wrong))  # type: ignore[arg-type]  # one of two keywords


def nearness(meanings: GroupMeanings, text: str, groups: int) -> Floats:
    """Return how near a text is to the first ``groups``."""
    vector = meanings.vector(text, lambda word: None)
    assert vector is not None
    return meanings.cosines(vector, np.arange(groups))


def test_groups_known_before_keep_their_place_and_others_find_theirs(vectors: WordVectors) -> None:
    before = GroupMeanings([["refund"], ["parcel"]], vectors)
    after = GroupMeanings([["money"], ["parcel", "money"], ["parcel"]], vectors, before)
    fresh = GroupMeanings([["money"], ["parcel", "money"], ["parcel"]], vectors)
    asked = nearness(after, "parcel", 3)
    assert np.array_equal(asked, nearness(fresh, "parcel", 3))
    assert int(asked.argmax()) == 2


def test_a_group_in_another_language_is_no_nearer_than_nothing(vectors: WordVectors) -> None:
    asked = nearness(GroupMeanings([["退款"], ["refund"]], vectors), "refund", 2)
    assert asked.tolist() == pytest.approx([0, 1])


GROUPS = [["how do i get a refund", "money back"], ["where is my parcel", "track my parcel"], ["发票怎么开"]]


@pytest.mark.parametrize("with_meaning", [True, False])
@pytest.mark.parametrize("with_head", [True, False])
def test_a_scorer_does_without_meaning_and_without_a_head(with_meaning: bool, with_head: bool) -> None:
    scorer = Scorer(GROUPS, index=Index(GROUPS, with_head=with_head), with_meaning=with_meaning)
    ranked = scorer.rank("get a refund")
    assert ranked[0].group == 0
    assert sum(found.probability for found in ranked) < 1
    evidence = ranked[0].evidence
    assert evidence is not None
    assert 0 < evidence.coverage <= 1
    assert (evidence.head == 0) is not with_head


def test_coverage_is_the_share_of_the_message_that_an_entry_has() -> None:
    index, groups = Index(GROUPS), np.arange(len(GROUPS))
    whole = index.coverage(groups, index.scores(index.reader.tokens("money back")))
    part = index.coverage(groups, index.scores(index.reader.tokens("money zyzzyva")))
    assert whole[0] == pytest.approx(1, abs=1e-5)
    assert 0 < part[0] < 0.8
    assert whole[2] == 0


def test_a_mistyped_word_has_a_nearest_known_one_and_a_new_word_none() -> None:
    index = Index(GROUPS)
    assert index.nearest("parcle") == "parcel"
    assert index.nearest("parcel") is None
    assert index.nearest("zyzzyva") is None
