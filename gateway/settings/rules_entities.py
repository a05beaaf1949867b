"""The settings of what is recognised: the house's own order numbers and products."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from gateway.domain.entities import EntityRules
from gateway.domain.patterns import check_pattern
from gateway.domain.sensitive_text import narrow
from gateway.settings.rules_routing import Strict


def checked_pattern(pattern: str) -> str:
    """Return a regular expression.

    Raises:
        ValueError: it is none, it fits an empty text, or hostile text could make it run for ever.
    """
    try:
        fits_nothing = re.compile(pattern).search("") is not None
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"a regular expression ({error})") from None
    check_pattern(pattern)
    if fits_nothing:
        raise ValueError("a regular expression that does not fit an empty text")
    return pattern


Pattern = Annotated[str, AfterValidator(checked_pattern)]
Name = Annotated[str, Field(min_length=2)]


class NamedThings(Strict):
    """The keys of ``[triage]`` that say what the house's orders and products look like."""

    order_number: tuple[Pattern, ...] = ()
    products: Mapping[str, tuple[Name, ...]] = {}


_NO_ORDERS = ("13800138000", "20261122", "123456", "888888888888", "TELEPHONE", "ABC12345")


def entity_rules(named: NamedThings, of_records: str = "") -> EntityRules:
    """Return the rules as steps read them; a Latin name counts as a word of its own only.

    ``of_records`` is the form that the customer records give their numbers: where it fits nothing but orders, a
    number of this form is one wherever it stands.
    """
    patterns = [re.compile(pattern) for pattern in named.order_number]
    form = re.compile(of_records, re.IGNORECASE) if of_records else None
    if form is not None and not any(form.fullmatch(other) for other in _NO_ORDERS):
        patterns.append(re.compile(rf"(?<![0-9A-Za-z])(?:{of_records})(?![0-9A-Za-z])", re.IGNORECASE))
    return EntityRules(
        orders=tuple(patterns),
        products=tuple(
            (product, re.compile("|".join(_name(one) for one in sorted(names, key=len, reverse=True)), re.I))
            for product, names in named.products.items()
            if names
        ),
    )


def _name(name: str) -> str:
    words = re.escape(narrow(name))
    left = r"(?<![A-Za-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    right = r"(?![A-Za-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return left + words + right
