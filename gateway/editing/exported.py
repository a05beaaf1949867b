"""Entries as rows of a table: one for each entry and language, the house's first language first."""

from collections.abc import Iterator, Sequence

from gateway.editing.cells import guarded, joined, joined_names
from gateway.editing.columns import COLUMNS, heading
from knowledge.entry import KnowledgeEntry
from knowledge.write_page import shared_texts

WIDE = tuple(name in ("question", "phrasings", "answer", "must", "must_not") for name in COLUMNS)


def rows_of(entries: Sequence[KnowledgeEntry], *, chinese: bool = True) -> Iterator[tuple[str, ...]]:
    """Yield the headings, then the rows, by entry id; what all languages share stands in an entry's first row."""
    yield tuple(heading(name, chinese=chinese) for name in COLUMNS)
    for entry in sorted(entries, key=lambda one: one.id):
        for number, lang in enumerate(entry.wordings):
            cells = _cells(entry, lang, is_first=number == 0, chinese=chinese)
            yield tuple(guarded(cells.get(name, "")) for name in COLUMNS)


def _cells(entry: KnowledgeEntry, lang: str, *, is_first: bool, chinese: bool) -> dict[str, str]:
    wording = entry.wordings[lang]
    cells = {
        "id": entry.id,
        "lang": lang,
        "question": joined((wording.question,)),
        "answer": wording.answer,
        "phrasings": joined(wording.phrasings),
        "not_for": joined(wording.not_for),
        "must": joined(wording.must),
        "must_not": joined(wording.must_not),
        "channel_answers": joined_names(wording.channel_answers),
    }
    if is_first:
        shared = shared_texts(entry, chinese=chinese)
        cells |= {
            name: joined(value if isinstance(value, tuple) else (value,)) for name, value in shared.items()
        }
    return cells
