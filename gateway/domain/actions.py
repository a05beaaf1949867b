"""What the bot may do for a customer, as configuration says it, and the words it then says. Pure.

A text holds ``{name}`` of a fixed list and nothing else of any power: no template language, no format string, and a
value that looks like a gap stays what it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gateway.domain.identity import Level
from gateway.domain.localized import Localized
from gateway.domain.masking import mask_email, mask_phone
from gateway.domain.records import Found

FIELD_LEVELS: Mapping[str, Level] = {
    "order": Level.L1,
    "status": Level.L1,
    "date": Level.L1,
    "carrier": Level.L1,
    "items": Level.L2,
    "amount": Level.L2,
    "tracking": Level.L2,
    "name": Level.L2,
    "phone": Level.L2,
    "address": Level.L2,
    "email": Level.L2,
    "full_name": Level.L3,
    "full_phone": Level.L3,
    "full_address": Level.L3,
    "full_email": Level.L3,
}
"""What a text may show and from which level on; name, phone, address and email are always covered, full_… are not."""

PROCESSED = Localized({"zh-CN": "处理中", "en": "being processed"})
LONGEST = 200
"""So much of a value is shown: the records are not ours."""
_GAP = re.compile(r"\{([a-z_]+)\}")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&!|~])")
_LINK = re.compile(r"(?i)\b(https?|mailto|tel):")
_ADDRESS_SHOWN = 6
"""Province and city at most: the street begins after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotAction:
    """One thing a verified customer gets from the bot: a sentence, a ticket for a person, or both."""

    name: str
    level: Level
    shows: frozenset[str] = frozenset()
    text: Localized | None = None
    """Lines with ``{field}``; a line whose field the records do not fill is left out."""
    ticket: str = ""
    """The type of ticket a person gets, with the proof beside it; empty: the bot's answer is all."""
    subtypes: tuple[str, ...] = ()
    """What triage calls a message that wants this, where it speaks of the customer's own case."""

    def __post_init__(self) -> None:
        unknown = self.shows - FIELD_LEVELS.keys()
        early = {name for name in self.shows - unknown if FIELD_LEVELS[name] > self.level}
        gaps = frozenset[str]().union(*map(gaps_of, self.text.texts.values() if self.text else ()))
        for wrong, why in (
            (unknown, "not a field"),
            (early, f"more than {self.level} may show"),
            (gaps - self.shows, "in the text, and not among what it shows"),
        ):
            if wrong:
                raise ValueError(f"{', '.join(sorted(wrong))}: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusWord:
    """One coarse status: what the records call it, and what a customer is told."""

    records: frozenset[str]
    """Case folded."""
    said: Localized


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRules:
    """All actions of the house by name, and how its records' statuses are said."""

    actions: Mapping[str, BotAction] = field(default_factory=dict)
    statuses: tuple[StatusWord, ...] = ()
    otherwise: Localized = PROCESSED
    """Said of a status that nobody put into words: the records' own may say more than a customer should read."""

    def wanted(self, subtype: str | None) -> BotAction | None:
        """Return the action for what triage calls the matter."""
        if not subtype:
            return None
        return next((one for one in self.actions.values() if subtype in one.subtypes), None)

    def status(self, raw: str, lang: str) -> str:
        """Return a status in a customer's words."""
        key = raw.strip().casefold()
        said = next((one.said for one in self.statuses if key in one.records), self.otherwise)
        return said.in_(lang)


def gaps_of(text: str) -> frozenset[str]:
    """Return the names between braces in a text."""
    return frozenset(_GAP.findall(text))


def render(action: BotAction, found: Found, lang: str, rules: ActionRules) -> str:
    """Return what is said to a customer who is verified at the action's level, as Markdown; "" if there is nothing to say.

    Only fields the action shows and its level allows are ever looked at.
    """
    if action.text is None:
        return ""
    values = {
        name: shown
        for name in action.shows
        if FIELD_LEVELS[name] <= action.level and (shown := _shown(name, found, lang, rules, action.level))
    }
    lines = action.text.in_(lang).splitlines()
    return "\n".join(_filled(line, values) for line in lines if gaps_of(line) <= values.keys()).strip()


def _filled(line: str, values: Mapping[str, str]) -> str:
    return _GAP.sub(lambda gap: values[gap[1]], line)


def _shown(name: str, found: Found, lang: str, rules: ActionRules, level: Level) -> str:
    if name == "order":
        return _literal(found.order_ref)
    raw = found.attrs.get(name.removeprefix("full_"), "")
    if not raw:
        return ""
    match name:
        case "status":
            return rules.status(raw, lang)
        case "date":
            return _literal(day(raw, lang))
        case "phone":
            return _literal(mask_phone(raw))
        case "email":
            return _literal(mask_email(raw))
        case "name":
            return _literal(mask_name(raw))
        case "address":
            return _literal(mask_address(raw))
        case "items" if found.attrs.get("private") and level < Level.L3:
            return ""
        case _:
            return _literal(raw)


def _literal(value: str) -> str:
    """Return a value that shows as it is written: the records' words are data and never marks or links."""
    line = " ".join(value.split())[:LONGEST]
    return _LINK.sub(r"\1 :", _MARKDOWN.sub(r"\\\1", line))


def day(raw: str, lang: str) -> str:
    """Return a day of the records as customers read it; what is no ISO date is left as it is."""
    try:
        on = date.fromisoformat(raw[:10])
    except ValueError:
        return raw
    return f"{on.year}年{on.month}月{on.day}日" if lang.lower().startswith("zh") else on.strftime("%Y-%m-%d")


def mask_name(name: str) -> str:
    """Return 张伟 as 张*, and ``Ann Lee`` as ``A** L**``."""
    words = name.split()
    if len(words) > 1 or name.isascii():
        return " ".join(f"{word[:1]}**" for word in words)
    return name[:1] + "*" * max(1, len(name) - 1)


def mask_address(address: str) -> str:
    """Return the beginning of an address, so that its owner knows it and nobody finds it."""
    return address[: min(_ADDRESS_SHOWN, len(address) // 2)] + "***"
