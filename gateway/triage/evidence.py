"""What speaks in a message: the rules that fire, the facts and topics they tell of, the figures in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from gateway.triage import numbers
from gateway.triage.fold import fold, sentence_around
from gateway.triage.lexicon import Lexicon, Rule
from gateway.triage.negation import is_taken_back

MOST_TRIES = 20
"""How many places of a pattern are looked at: each may ask for its whole sentence, and a text may be one."""
MOST_FACT = 2.0
"""Ten insults weigh like two."""
MOST_TOPIC = 4.0
GRAVE = frozenset(
    {"danger", "harm", "theft", "large_loss", "authority", "publicity", "violence", "self_harm", "rage"}
)
"""Facts beside which "no hurry" and thanks count for nothing."""
SOOTHING = frozenset({"no_hurry", "praise"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What triage is told of a first message; ``channel`` is a kind (app, email, social …)."""

    text: str
    subject: str = ""
    channel: str = ""

    @property
    def whole(self) -> str:
        """Subject and text."""
        return f"{self.subject}\n{self.text}" if self.subject else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A rule that fired, and the words that made it."""

    rule: Rule
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was found in one message."""

    folded: str
    fired: tuple[Fired, ...]
    facts: dict[str, float] = field(default_factory=dict)
    topics: dict[str, float] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """The words behind facts that the engine found itself."""


def gather(message: Message, lexicon: Lexicon) -> Evidence:
    """Return what ``lexicon`` finds in ``message``."""
    folded = fold(message.whole)
    fired = tuple(_fired(folded, lexicon))
    facts: dict[str, float] = {}
    topics: dict[str, float] = {}
    for one in fired:
        for name, weight in one.rule.says.facts.items():
            facts[name] = facts.get(name, 0.0) + weight
        for name, weight in one.rule.says.topics.items():
            topics[name] = topics.get(name, 0.0) + weight
    words = dict(_figures(message, folded, facts))
    if facts.keys() & GRAVE:  # polite words lower nothing: what happened is judged
        facts = {name: weight for name, weight in facts.items() if name not in SOOTHING}
    facts = {name: max(-MOST_FACT, min(weight, MOST_FACT)) for name, weight in facts.items()}
    topics = {name: max(-MOST_TOPIC, min(weight, MOST_TOPIC)) for name, weight in topics.items()}
    return Evidence(folded=folded, fired=fired, facts=facts, topics=topics, words=words)


def _fired(folded: str, lexicon: Lexicon) -> Iterator[Fired]:
    done: set[int] = set()
    for number in lexicon.index.candidates(folded):
        place, pattern = lexicon.patterns[number]
        if place in done:
            continue
        rule = lexicon.rules[place]
        for found in islice(pattern.finditer(folded), MOST_TRIES):
            start, end = found.span()
            if rule.can_be_taken_back and is_taken_back(folded, start, end):
                continue
            if rule.unless and rule.unless.search(sentence_around(folded, start, end)):
                continue
            done.add(place)
            yield Fired(rule=rule, words=found.group(0))
            break


def _figures(message: Message, folded: str, facts: dict[str, float]) -> Iterator[tuple[str, str]]:
    """Add to ``facts`` what figures tell; yield each with its words."""
    largest = max(numbers.sums(folded), key=lambda one: one.cny, default=None)
    if largest and largest.cny >= numbers.LARGE_CNY:
        facts["large_sum"] = 1.0
        yield "large_sum", largest.words
        if any(facts.get(name, 0.0) > 0 for name in ("loss", "theft", "harm")):
            facts["large_loss"] = 1.0
            yield "large_loss", largest.words
    tried = numbers.tries(folded)
    if tried:
        facts["tries"] = 1.0
        yield "tries", tried
    loud = numbers.shouting(message.whole, folded)
    if loud:
        facts["shouting"] = loud
        if any(facts.get(name, 0.0) > 0 for name in ("anger", "accusation", "threat")):
            facts["rage"] = loud
