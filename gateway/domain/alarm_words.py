"""An alarm as people read it: one sentence, the reason, where to look. The customer's words go out covered."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.alarm import Raised
from gateway.domain.masking import mask_text
from gateway.domain.policy import Policy
from gateway.domain.wording import Texts

SUMMARY = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What is said, why, and the line that leads to the desk (empty without a public address)."""

    text: str
    because: str
    link: str


def alarm_words(raised: Raised, policy: Policy, texts: Texts, lang: str, *, base: str = "") -> Sentence:
    """Return an alarm in ``zh-CN`` or ``en``; ``base`` is where the desk is reached."""
    shown = {"number": raised.ticket or "", "summary": covered(raised.summary)}
    shown |= dict(_named({**raised.fields, **raised.gaps}, raised.at, policy, texts, lang))
    link = f"{base}/desk#/all/{raised.ticket}" if base and raised.ticket else ""
    return Sentence(
        text=texts.say(f"alarm.{raised.kind}", lang, **shown),
        because=texts.say("alarm.because", lang, because=mask_text(raised.because)),
        link=texts.say("alarm.open", lang, link=link) if link else "",
    )


def covered(summary: str) -> str:
    """Return a customer's words as they may leave the house: one short line without personal data."""
    line = " ".join(mask_text(summary).split())
    return line if len(line) <= SUMMARY else f"{line[: SUMMARY - 1]}…"


def _named(
    gaps: Mapping[str, str], now: datetime, policy: Policy, texts: Texts, lang: str
) -> Iterator[tuple[str, str]]:
    """Words for machines become words for people: departments, instants, whatever the catalogue names."""
    for name, value in gaps.items():
        said = value
        if name == "department" and (department := policy.department(value)) is not None:
            said = department.label.in_(lang)
        elif name == "at":
            said = texts.time(datetime.fromisoformat(value), now, policy.hours.zone, lang)
        else:
            with suppress(KeyError):
                said = texts.say(f"{name}.{value}", lang)
        yield name, said
