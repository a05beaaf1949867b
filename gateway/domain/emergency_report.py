"""The review of an emergency, pre-filled with what is known, as Markdown for people to complete."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.domain.policy import Policy
from gateway.domain.wording import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyFacts:
    """What the rows say of one emergency; instants are aware UTC."""

    id: int
    cause: str
    topics: tuple[str, ...]
    channel: str
    because: str
    proposed_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    notice: str
    news: tuple[tuple[datetime, str], ...]
    """When, and what: in the reader's language."""
    conversations: int
    contacts: int
    by_channel: Mapping[str, int]
    tickets: tuple[str, ...]
    answered_within: timedelta | None
    """Median to the first answer by a person; None while there was none."""
    late: int
    """Promises broken on its tickets."""


def draft_report(facts: EmergencyFacts, policy: Policy, texts: Texts, lang: str, now: datetime) -> str:
    """Return the report with every figure filled in and what only people know left open."""
    return "\n".join(_lines(facts, policy, texts, lang, now)) + "\n"


def _lines(facts: EmergencyFacts, policy: Policy, texts: Texts, lang: str, now: datetime) -> Iterator[str]:
    def say(key: str, **gaps: object) -> str:
        return texts.say(f"report.{key}", lang, **gaps)

    def at(instant: datetime) -> str:
        return f"{instant.astimezone(policy.hours.zone):%Y-%m-%d %H:%M}"

    yield f"# {say('title', id=facts.id)}"
    yield ""
    yield f"- {say('made', at=at(now))}"
    yield f"- {say('because', because=facts.because)}"
    if facts.channel:
        yield f"- {say('channel', channel=facts.channel)}"
    yield ""
    yield f"## {say('timeline')}"
    yield f"- {at(facts.proposed_at)} {say('proposed')}"
    if facts.started_at is not None:
        yield f"- {at(facts.started_at)} {say('started')} {facts.notice}"
    for instant, text in facts.news:
        yield f"- {at(instant)} {say('news')} {text}"
    if facts.started_at is not None and facts.ended_at is not None:
        minutes = round((facts.ended_at - facts.started_at) / timedelta(minutes=1))
        yield f"- {at(facts.ended_at)} {say('ended', minutes=minutes)}"
    yield ""
    yield f"## {say('figures')}"
    yield f"- {say('concerned', contacts=facts.contacts, conversations=facts.conversations)}"
    for channel, count in sorted(facts.by_channel.items()):
        yield f"  - {channel}: {count}"
    yield f"- {say('tickets', count=len(facts.tickets))}{_listed(facts.tickets)}"
    if facts.answered_within is not None:
        yield f"- {say('answered', minutes=round(facts.answered_within / timedelta(minutes=1), 1))}"
    yield f"- {say('late', count=facts.late)}"
    yield ""
    for open_question in ("why", "worked", "better", "who"):
        yield f"## {say(open_question)}"
        yield ""
        yield say("open")
        yield ""


def _listed(numbers: tuple[str, ...], most: int = 50) -> str:
    more = "…" if len(numbers) > most else ""
    return f": {', '.join(numbers[:most])}{more}" if numbers else ""
