"""Triage of one message: rules, figures and model become an answer with its reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from gateway.triage.decide import Decision, decide
from gateway.triage.evidence import Evidence, Message, gather
from gateway.triage.fields import ANOMALIES, Scores, place
from gateway.triage.language import language
from gateway.triage.lexicon import Lexicon

STRONGEST = 6
"""How many reasons are given at most."""
ENOUGH = 3
"""From so many rules on, how a text sounds is no reason worth telling."""
GROUNDS = 0.8
"""How much rules must say of a grievance or a danger before anybody is alarmed: how a text sounds is not enough."""
_ALARMING = [
    place("type", "complaint"),
    place("urgency", "critical"),
    *(place("anomaly", value) for value in ANOMALIES[1:]),
]


class Model(Protocol):
    """What was learned from cases: something to add to the scores of the rules."""

    @property
    def version(self) -> str:
        """Changes with the weights."""
        ...

    def scores(self, message: Message, evidence: Evidence) -> Scores:
        """Return what is to be added."""
        ...

    def telling(self, evidence: Evidence, type_: str) -> Iterator[str]:
        """Yield the pieces of text that speak most for a type."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """What a message is about; ``subtype`` None where no topic was recognised."""

    type: str
    subtype: str | None
    urgency: str
    anomaly: str
    department: str
    needs_identity: bool
    lang: str
    confidence: Mapping[str, float]
    because: tuple[str, ...]
    version: str
    alarm: float
    """How probable it is that there is an anomaly or critical urgency; 0 where no rule says anything of the kind."""


@dataclass(frozen=True, slots=True)
class Triager:
    """Holds rules and model; ``triage`` is pure. Without a model the rules decide alone."""

    lexicon: Lexicon
    model: Model | None = None

    @property
    def version(self) -> str:
        """Which rules and which model decide."""
        return f"{self.lexicon.version}+{self.model.version}" if self.model else self.lexicon.version

    def triage(self, message: Message) -> Triage:
        """Say what ``message`` is about, and why."""
        evidence = gather(message, self.lexicon)
        scores = rule_scores(evidence, self.lexicon)
        grounded = bool(((scores - self.lexicon.base)[_ALARMING] >= GROUNDS).any())
        if self.model:
            scores += self.model.scores(message, evidence)
        decision = decide(scores)
        return Triage(
            type=decision.type,
            subtype=subtype(evidence),
            urgency=decision.urgency,
            anomaly=decision.anomaly,
            department=decision.department,
            needs_identity=decision.needs_identity,
            lang=language(message.whole),
            confidence=decision.confidence,
            because=tuple(_reasons(evidence, decision, self.model)),
            version=self.version,
            alarm=decision.alarm if grounded else 0.0,
        )


def rule_scores(evidence: Evidence, lexicon: Lexicon) -> Scores:
    """Return the scores that rules, facts and topics give by their hand-set weights."""
    scores = lexicon.base.copy()
    for one in evidence.fired:
        scores += one.rule.says.scores
    for name, weight in evidence.facts.items():
        scores += weight * lexicon.facts[name]
    for name, weight in evidence.topics.items():
        scores += weight * lexicon.topics[name]
    return scores


def subtype(evidence: Evidence) -> str | None:
    """Return the topic most spoken of; the first among equals."""
    return max(evidence.topics, key=lambda name: evidence.topics[name], default=None)


def _reasons(evidence: Evidence, decision: Decision, model: Model | None) -> Iterator[str]:
    """Yield the rules that fired with their words, what figures told, and what the model heard in the text."""
    yield from (f"{one.rule.id}: “{one.words}”" for one in evidence.fired[:STRONGEST])
    yield from (f"{name}: “{words}”" for name, words in evidence.words.items())
    # Where rules said much, nobody asks what else it sounded like; and finding that out takes time.
    heard = list(model.telling(evidence, decision.type)) if model and len(evidence.fired) < ENOUGH else []
    if heard:
        yield f"sounds like {decision.type}: {', '.join(f'“{piece}”' for piece in heard)}"
    if not (evidence.fired or evidence.words or heard):
        yield f"no rule fired: {decision.type}, {decision.urgency}"
