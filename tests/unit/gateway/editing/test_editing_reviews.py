"""Rule N2: an entry is looked at every month."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.editing.reviews import is_overdue, review_due
from tests.building import an_entry

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("dates", "due", "late"),
    [
        ({"review_by": TODAY}, TODAY, False),
        ({"review_by": date(2026, 11, 22), "updated": TODAY}, date(2026, 11, 22), True),
        ({"updated": date(2026, 10, 23)}, TODAY, False),
        ({"created": date(2026, 10, 22)}, date(2026, 11, 22), True),
        ({}, None, True),
    ],
)
def test_a_review_is_due_on_its_day_or_a_month_after_the_last_change(
    dates: dict[str, date], due: date | None, late: bool
) -> None:
    entry = replace(an_entry(), **dates)  # type: ignore[arg-type] # dates by name
    assert (review_due(entry), is_overdue(entry, TODAY)) == (due, late)
