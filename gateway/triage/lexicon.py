"""The rules of triage and what follows from what they find: read from TOML, checked, ready to be matched."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.triage.branches import branches
from gateway.triage.fields import WIDTH, Scores
from gateway.triage.literals import Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """What a rule, a fact or a topic says: log-odds for values, and facts and topics that follow."""

    scores: Scores
    """A vector over all values of all fields; mostly zeros."""
    facts: Mapping[str, float] = field(default_factory=dict)
    topics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Words that mean something. ``words`` are regular expressions on the folded text (``fold.fold``)."""

    id: str
    words: tuple[str, ...]
    says: Says
    can_be_taken_back: bool
    unless: re.Pattern[str] | None = None
    """Where this stands in the same sentence, the rule does not count."""
    source: str = ""
    """File and line, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All rules, and what follows from each fact and topic."""

    rules: tuple[Rule, ...]
    base: Scores
    facts: Mapping[str, Scores]
    topics: Mapping[str, Scores]
    index: Index
    """Over ``patterns``."""
    patterns: tuple[tuple[int, re.Pattern[str]], ...]
    """Every pattern of every rule: the rule's place in ``rules``, and the pattern."""
    version: str
    """Changes with whatever changes a decision."""


def lexicon_of(
    rules: Sequence[Rule],
    base: Scores,
    facts: Mapping[str, Scores],
    topics: Mapping[str, Scores],
    version: str,
) -> Lexicon:
    """Return a lexicon of these parts, its index built."""
    texts = [
        (place, text) for place, rule in enumerate(rules) for words in rule.words for text in branches(words)
    ]
    return Lexicon(
        rules=tuple(rules),
        base=base,
        facts=facts,
        topics=topics,
        index=Index(text for _, text in texts),
        patterns=tuple((place, compiled(text)) for place, text in texts),
        version=version,
    )


def compiled(text: str) -> re.Pattern[str]:
    """Return a pattern of a rule, made so that a word's border is also where Chinese begins: 被scam了, app崩了."""
    return re.compile(text, re.ASCII)


def nothing() -> Scores:
    """Return a vector of scores that says nothing."""
    import numpy as np

    return np.zeros(WIDTH)
