"""The house's own order numbers and products, as settings say them."""

import pytest
from pydantic import ValidationError

from gateway.domain.entities import find_entities
from gateway.settings.rules_entities import NamedThings, entity_rules


def test_names_and_patterns_of_the_house_are_found() -> None:
    rules = entity_rules(NamedThings(order_number=(r"\bDD\d{6}\b",), products={"pad": ("平板", "Pad")}))
    named = find_entities("DD123456 的平板坏了, my pad too; notepad is fine", rules)
    assert [(one.kind, one.value) for one in named] == [("order", "DD123456"), ("product", "pad")]


@pytest.mark.parametrize("pattern", ["(", "x*"])
def test_a_pattern_that_is_none_or_fits_everything_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError, match="a regular expression"):
        NamedThings(order_number=(pattern,))
