"""All rules over one folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from knowledge.calibration import NAME, digest_of, read_calibration
from knowledge.lint import duplicates, fields, links, rivals, times, unfinished, words
from knowledge.lint.finding import LEVELS, Finding
from knowledge.lint.house import Case, House
from knowledge.lint.places import Places
from knowledge.load import Loaded
from knowledge.match import Matcher
from knowledge.problem import Problem
from knowledge.semantic import Encoder

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
    "unknown-action": fields.actions,
}
"""Every rule by its name; what the loader finds goes by ``file``, and ``calibration`` looks beside the entries."""
NAMES = ("file", "calibration", *RULES)


def lint(
    loaded: Loaded, house: House, ignored: Collection[str] = (), folder: Path | None = None
) -> list[Finding]:
    """Return what all rules but the ``ignored`` ones find, by file and line, the gravest of a line first.

    With the ``folder`` the entries came from, its calibration is looked at too.
    """
    lexicon = loaded.synonyms.lexicon
    case = Case(
        loaded.entries,
        house,
        Places(),
        lambda entries: Matcher(entries, lexicon=lexicon, encoder=house.encoder),
    )
    found = (
        [*_of_the_calibration(folder, loaded, house.encoder)]
        if folder and "calibration" not in ignored
        else []
    )
    found += [*_told_by_the_loader(loaded)] if "file" not in ignored else []
    for name, rule in RULES.items():
        if name not in ignored:
            found.extend(rule(case))
    return sorted(found, key=lambda one: (one.file, one.line, LEVELS.index(one.level), one.rule))


def _told_by_the_loader(loaded: Loaded) -> Iterator[Finding]:
    for problem in loaded.problems:
        yield _told("file", problem)


def _of_the_calibration(folder: Path, loaded: Loaded, encoder: Encoder | None) -> Iterator[Finding]:
    calibration, problem = read_calibration(folder, encoder)
    if problem is not None:
        yield _told("calibration", problem)
    elif calibration is not None and calibration.entries != digest_of(loaded.entries):
        yield Finding(
            rule="calibration", level="note", file=folder / NAME, line=1,
            en=f"Questions have changed since the thresholds were chosen on {calibration.made}.",
            zh=f"{calibration.made} 校准之后，问法或测试有改动。",
            remedy_en="Run gateway kb calibrate again.", remedy_zh="请再运行一次 gateway kb calibrate。",
        )  # fmt: skip


def _told(rule: str, problem: Problem) -> Finding:
    return Finding(
        rule=rule, level="error" if problem.fatal else "warning", file=problem.file, line=problem.line,
        en=problem.en, zh=problem.zh, remedy_en=problem.remedy_en, remedy_zh=problem.remedy_zh,
    )  # fmt: skip
