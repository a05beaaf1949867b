"""Tags by rule (rulebook S5): which rules hold for what is known of a ticket and its customer. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from gateway.domain.life import TagRule

_AMOUNT = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_TIMES = (("万", 10_000), ("萬", 10_000), ("千", 1_000), ("k", 1_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What rules ask about; ``complaints`` counts those within a span up to now, and is asked only when needed."""

    complaints: Callable[[timedelta], int]
    reopens: int = 0
    amounts: tuple[Decimal, ...] = ()
    products: frozenset[str] = frozenset()
    text: str = ""


def matching(rules: tuple[TagRule, ...], facts: Facts) -> Iterator[tuple[TagRule, str]]:
    """Yield the rules that hold, each with its reason."""
    for rule in rules:
        reasons = _reasons(rule, facts)
        if reasons is not None:
            yield rule, "; ".join(reasons)


def amount_of(text: str) -> Decimal | None:
    """Return the sum that a named amount says, whatever its currency; None for one in words."""
    found = _AMOUNT.search(text)
    if found is None:
        return None
    try:
        amount = Decimal(found.group(0).replace(",", ""))
    except InvalidOperation:
        return None
    after = text[found.end() :].strip().lower()
    return amount * next((times for word, times in _TIMES if after.startswith(word)), 1)


def _reasons(rule: TagRule, facts: Facts) -> list[str] | None:
    """Every condition's reason; None as soon as one does not hold."""
    reasons: list[str] = []
    if rule.reopens_at_least is not None:
        if facts.reopens < rule.reopens_at_least:
            return None
        reasons.append(f"reopened {facts.reopens} times")
    if rule.amount_at_least is not None:
        largest = max(facts.amounts, default=Decimal())
        if largest < rule.amount_at_least:
            return None
        reasons.append(f"a sum of {largest}")
    if rule.products:
        named = next((one for one in rule.products if one in facts.products or one in facts.text), None)
        if named is None:
            return None
        reasons.append(f"the product {named}")
    if rule.words:
        said = facts.text.casefold()
        word = next((one for one in rule.words if one.casefold() in said), None)
        if word is None:
            return None
        reasons.append(f"the word {word}")
    if rule.complaints_at_least is not None:
        count = facts.complaints(rule.within)
        if count < rule.complaints_at_least:
            return None
        reasons.append(f"{count} complaints within {rule.within.days} days")
    return reasons
