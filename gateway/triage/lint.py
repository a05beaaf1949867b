"""Doubtful rules: the same words said twice, words that contradict each other, words that never count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gateway.triage.fields import FIELDS, IDENTITY, SLICES
from gateway.triage.fold import fold
from gateway.triage.lexicon import Lexicon, Rule
from gateway.triage.read_rules import Mistake

CLEAR = 1.0
"""From how many log-odds on a rule takes sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a rule would decide of a field."""

    field: str
    value: str


def doubts(lexicon: Lexicon, of: str) -> Iterator[Mistake]:
    """Yield what is doubtful about the rules of the file ``of``, seen beside all others."""
    mine = [rule for rule in lexicon.rules if rule.source.startswith(f"{of}:")]
    for rule in mine:
        for words in rule.words:
            yield from _unfolded(rule, words)
            for other in lexicon.rules:
                if other is not rule and (other not in mine or other.source > rule.source):
                    yield from _beside(rule, words, other, lexicon)


def sides(rule: Rule, lexicon: Lexicon) -> Sequence[Side]:
    """Return the fields in which a rule clearly prefers one value."""
    total = rule.says.scores.copy()
    for name, weight in rule.says.facts.items():
        total += weight * lexicon.facts[name]
    for name, weight in rule.says.topics.items():
        total += weight * lexicon.topics[name]
    found = []
    for field, part in SLICES.items():
        scores = total[part]
        if field == IDENTITY:
            if abs(scores[1]) >= CLEAR:
                found.append(Side(field=field, value="yes" if scores[1] > 0 else "no"))
            continue
        best, next_best = np.sort(scores)[::-1][:2]
        if best - next_best >= CLEAR:
            found.append(Side(field=field, value=FIELDS[field][int(scores.argmax())]))
    return found


def _unfolded(rule: Rule, words: str) -> Iterator[Mistake]:
    full_width = [sign for sign in words if fold(sign) != sign and not sign.isspace()]
    if full_width:
        signs = "".join(dict.fromkeys(full_width))
        yield Mistake(
            where=rule.source,
            zh=f"规则 {rule.id}：{words!r} 含有 {signs!r}，文字在匹配前会变为半角小写，因此永远不会命中",
            en=f"rule {rule.id}: {words!r} holds {signs!r}; texts are narrow and lower case when read, so it never fires",
        )


def _beside(rule: Rule, words: str, other: Rule, lexicon: Lexicon) -> Iterator[Mistake]:
    if words not in other.words:
        return
    theirs = {side.field: side.value for side in sides(other, lexicon)}
    against = [side for side in sides(rule, lexicon) if theirs.get(side.field, side.value) != side.value]
    if against:
        side = against[0]
        yield Mistake(
            where=rule.source,
            zh=f"规则 {rule.id} 与 {other.source} 的 {other.id} 矛盾：{words!r} 的 {side.field} 一说 {side.value}，一说 {theirs[side.field]}",
            en=f"rule {rule.id} contradicts {other.id} ({other.source}): for {words!r}, {side.field} is {side.value} here and {theirs[side.field]} there",
        )
    else:
        yield Mistake(
            where=rule.source,
            zh=f"规则 {rule.id} 的 {words!r} 在 {other.source} 的 {other.id} 中已有，会计算两次",
            en=f"rule {rule.id}: {words!r} is in {other.id} ({other.source}) too and counts twice",
        )
