"""Two entries that steal each other's questions: their phrasings, asked as if not written down, land with the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from knowledge.evidence import Asked, held_out, own_tests
from knowledge.lint.finding import Finding, Level
from knowledge.lint.house import Case, at

STOLEN = 0.5
"""Probability from which on a question counts as the other's; below, it is merely unclear."""
TWINS, NEIGHBOURS, FEWEST = 0.35, 0.2, 3
"""Shares of a pair's questions that land with the other: a warning, a note; and how many there must be at least."""
SHOWN = 3


def rivals(case: Case) -> Iterator[Finding]:
    """``rivals``: a pair of entries of which more than a third (a note: a fifth) of the questions change sides."""
    musts = (one for one in own_tests(case.entries, case.build) if one.kind == "must")
    yield from judged(case, (*held_out(case.entries, case.build), *musts))


def judged(case: Case, asked: Iterable[Asked]) -> Iterator[Finding]:
    """Judge what was asked, pair by pair."""
    stolen: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    total = Counter[str]()
    for one in asked:
        total[one.entry] += 1
        thief, probability = one.best
        if thief and thief != one.entry and probability >= STOLEN:
            first, second = sorted((one.entry, thief))
            stolen[first, second].append(one)
    entries = {entry.id: entry for entry in case.entries}
    for (first, second), lost in stolen.items():
        share = len(lost) / (total[first] + total[second])
        if len(lost) < FEWEST or share < NEIGHBOURS:
            continue
        level: Level = "warning" if share >= TWINS else "note"
        wording = next(iter(entries[first].wordings.values()))
        some = [one.text for one in lost[:SHOWN]]
        quoted = "".join(f"“{text}”" for text in some)
        yield at(
            wording, case.places.of_field(wording, "question"), "rivals", level,
            zh=f"与“{second}”互抢问题：{share:.0%} 的问法会落到对方（如{quoted}）。",
            en=f"It and {second!r} steal each other's questions: {share:.0%} land with the other, such as {', '.join(map(repr, some))}.",
            remedy_zh="意思相同就合并；不同就各加几条问法，并用“否定关键词”写明不答什么。",
            remedy_en="Merge them if they mean the same; else give each more phrasings, and not_for where they differ.",
        )  # fmt: skip
