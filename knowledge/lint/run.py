"""All rules over one folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from knowledge.lint import duplicates, fields, links, rivals, times, unfinished, words
from knowledge.lint.finding import LEVELS, Finding
from knowledge.lint.house import Case, House
from knowledge.lint.places import Places
from knowledge.load import Loaded

Rule = Callable[[Case], Iterable[Finding]]

RULES: Mapping[str, Rule] = {
    "duplicate": duplicates.exact,
    "near-duplicate": duplicates.near,
    "repeated": duplicates.repeated,
    "rivals": rivals.rivals,
    "banned-words": words.banned,
    "vague-words": words.vague,
    "hollow-promise": words.promises,
    "relative-time": times.relative,
    "stale-date": times.dates,
    "written-promise": times.promised,
    "unfinished": unfinished.unfinished,
    "dead-link": links.offline,
    "review": fields.review,
    "validity": fields.validity,
    "missing-language": fields.languages,
    "few-phrasings": fields.phrasings,
    "tests": fields.tests,
    "not-for": fields.not_for,
    "too-long": fields.length,
    "unknown-channel": fields.channels,
    "choices": fields.choices,
}
"""Every rule by its name; what the loader finds goes by ``file``."""
NAMES = ("file", *RULES)


def lint(loaded: Loaded, house: House, ignored: Collection[str] = ()) -> list[Finding]:
    """Return what all rules but the ``ignored`` ones find, by file and line, the gravest of a line first."""
    case = Case(loaded.entries, house, Places())
    found = [*_told_by_the_loader(loaded)] if "file" not in ignored else []
    for name, rule in RULES.items():
        if name not in ignored:
            found.extend(rule(case))
    return sorted(found, key=lambda one: (one.file, one.line, LEVELS.index(one.level), one.rule))


def _told_by_the_loader(loaded: Loaded) -> Iterator[Finding]:
    for problem in loaded.problems:
        yield Finding(
            rule="file", level="error" if problem.fatal else "warning", file=problem.file, line=problem.line,
            en=problem.en, zh=problem.zh, remedy_en=problem.remedy_en, remedy_zh=problem.remedy_zh,
        )  # fmt: skip
