"""A matcher that was brought up to date, or read from disk, is the fresh one in everything it says."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.features import Reader
from knowledge.index_shelf import IndexShelf, ShelfRefused
from knowledge.load import load_folder
from knowledge.match import Matcher
from knowledge.synonyms import Synonyms

ENTRIES = Path(__file__).parents[3] / "knowledge" / "entries"
ASKED = (
    "怎么退货", "我想退款", "发票怎么开", "how do i retrun a parcel", "where is my order", "运费谁出", "营业时间", "zyzzyva",
    "快递到哪了", "can i pay with a card", "转人工", "修改地址",
)  # fmt: skip


def an_entry(id: str, *phrasings: str) -> KnowledgeEntry:
    """Return an entry asked by these phrasings."""
    return KnowledgeEntry(
        id=id,
        wordings={"zh-CN": Wording(lang="zh-CN", question=phrasings[0], answer="a", phrasings=phrasings)},
    )


def agree(one: Matcher, other: Matcher, *more: str) -> bool:
    """Say whether both say the same, to the last bit, to every question."""
    return all(
        one.match(text) == other.match(text) and one.search(text, 12) == other.search(text, 12)
        for text in (*ASKED, *more)
    )


def edits(entries: Sequence[KnowledgeEntry]) -> dict[str, list[KnowledgeEntry]]:
    """Return versions of the entries as edits leave them."""
    third = entries[3]
    changed = an_entry(third.id, "全新的问法 gizmo", "怎么退货")
    return {
        "one changed": [changed if entry is third else entry for entry in entries],
        "one more, first": [an_entry("新", "全新的问法 gizmo"), *entries],
        "one more, last": [*entries, an_entry("新", "全新的问法 gizmo", "怎么退货")],
        "one less": [entry for entry in entries if entry is not third],
        "half gone": list(entries[::2]),
        "another order": list(reversed(entries)),
        "nothing left": [],
    }


@pytest.mark.parametrize("edit", edits(load_folder(ENTRIES).entries))
def test_after_any_edit_the_matcher_says_what_a_fresh_one_says(edit: str) -> None:
    entries = load_folder(ENTRIES).entries
    now = edits(entries)[edit]
    renewed = Matcher(now, before=Matcher(entries))
    assert agree(renewed, Matcher(now), "全新的问法", "gizmos")
    assert agree(Matcher(entries, before=renewed), Matcher(entries))


def test_an_edit_of_an_answer_leaves_the_index_as_it_is() -> None:
    entries = load_folder(ENTRIES).entries
    before, third = Matcher(entries), entries[3]
    wordings = {lang: replace(each, answer="another") for lang, each in third.wordings.items()}
    now = [replace(third, wordings=wordings) if entry is third else entry for entry in entries]
    renewed = Matcher(now, before=before)
    assert renewed._scorer.index is before._scorer.index
    assert agree(renewed, Matcher(now))
    assert renewed.match(third.question).matches[0].id == third.id


def test_other_synonyms_are_read_from_the_start() -> None:
    entries = load_folder(ENTRIES).entries
    lexicon = Synonyms(lines=("gizmo, 退货",)).lexicon
    renewed = Matcher(entries, lexicon=lexicon, before=Matcher(entries))
    assert agree(renewed, Matcher(entries, lexicon=lexicon), "gizmo")


def test_an_index_from_the_shelf_says_what_a_fresh_one_says(tmp_path: Path) -> None:
    entries, shelf = load_folder(ENTRIES).entries, IndexShelf(tmp_path / "cache" / "index.npz")
    fresh = Matcher(edits(entries)["one changed"], before=Matcher(entries), shelf=shelf)
    fresh.put_away(shelf)
    now = edits(entries)["one changed"]
    taken = Matcher(now, shelf=shelf)
    assert agree(taken, fresh)
    assert agree(Matcher(entries, before=taken), Matcher(entries))
    assert list(tmp_path.rglob("*.new")) == []


def test_an_index_of_other_entries_stays_on_the_shelf(tmp_path: Path) -> None:
    shelf = IndexShelf(tmp_path / "index.npz")
    groups = [["怎么退货"], ["怎么付款"]]
    Matcher([an_entry("a", "怎么退货"), an_entry("b", "怎么付款")]).put_away(shelf)
    reader = Reader()
    assert shelf.take(groups, reader) is not None
    assert shelf.take([*groups, ["more"]], reader) is None
    assert IndexShelf(shelf.file, key="other synonyms").take(groups, reader) is None
    assert IndexShelf(tmp_path / "none.npz").take(groups, reader) is None


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.97])
def test_a_damaged_shelf_is_told_apart_from_an_empty_one(tmp_path: Path, share: float) -> None:
    shelf = IndexShelf(tmp_path / "index.npz")
    Matcher([an_entry("a", "怎么退货"), an_entry("b", "怎么付款")]).put_away(shelf)
    whole = shelf.file.read_bytes()
    shelf.file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ShelfRefused):
        shelf.take([["怎么退货"], ["怎么付款"]], Reader())


def test_arrays_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    shelf = IndexShelf(tmp_path / "index.npz")
    Matcher([an_entry("a", "怎么退货"), an_entry("b", "怎么付款")]).put_away(shelf)
    with np.load(shelf.file) as kept:
        arrays = dict(kept)
    arrays["sizes"] = arrays["sizes"] + 1
    np.savez(shelf.file, allow_pickle=False, **arrays)
    with pytest.raises(ShelfRefused, match="do not fit"):
        shelf.take([["怎么退货"], ["怎么付款"]], Reader())


def test_a_pickle_on_the_shelf_is_never_opened(tmp_path: Path) -> None:
    shelf = IndexShelf(tmp_path / "index.npz")
    Matcher([an_entry("a", "怎么退货")]).put_away(shelf)
    with np.load(shelf.file) as kept:
        arrays = dict(kept)
    arrays["order"] = np.array([{"a": 1}], dtype=object)
    np.savez(shelf.file, allow_pickle=True, **arrays)
    with pytest.raises(ShelfRefused, match="allow_pickle"):
        shelf.take([["怎么退货"]], Reader())
