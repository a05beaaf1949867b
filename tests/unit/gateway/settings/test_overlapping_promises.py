"""Of rules that overlap the strictest decides, what never does is named, and what cannot be lived by is refused."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.safety.promise_rules import promise_rules
from gateway.settings import Settings, load
from gateway.settings.rules_promises import Complaint, FirstResponse, Promises, Resolution, Serious

HOUR = timedelta(hours=1)
NEVER = "[hours]\n" + "\n".join(
    f"{day} = []" for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
)


def idle(promises: Promises) -> list[str]:
    (told,) = promise_rules(Settings(promises=promises))
    found: list[str] = told.where.get("keys", [])
    return found


def test_figures_that_are_stricter_everywhere_leave_others_nothing_to_decide() -> None:
    assert idle(Promises()) == ["promises.complaint.answer", "promises.serious.answer"]
    assert "promises.resolution.urgent" not in idle(Promises(resolution=Resolution(urgent=30 * HOUR)))
    assert "promises.resolution.urgent" in idle(Promises(resolution=Resolution(urgent=50 * HOUR)))


def test_where_each_decides_somewhere_nothing_is_noted() -> None:
    promises = Promises(
        first_response=FirstResponse(mail=24 * HOUR),
        complaint=Complaint(answer=20 * HOUR),
        serious=Serious(answer=12 * HOUR),
    )
    assert idle(promises) == []


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ('[promises]\ncounts = { nothing = "opening" }', "promises.counts"),
        ("[promises]\nwarn_share = 1.5", "promises.warn_share"),
        ('[promises.resolution]\nnormal = "0s"', "promises.resolution.normal"),
        ("[promises]\ncauses = {}", "promises.causes"),
        (NEVER, "hours"),
    ],
)
def test_rules_that_cannot_be_lived_by_stop_the_start_and_are_named(
    tmp_path: Path, words: str, key: str
) -> None:
    (tmp_path / "config.toml").write_text(words, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "config.toml", environ={})
    assert key in str(caught.value)


def test_a_house_that_opens_on_single_days_only_is_a_house(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f"{NEVER}\nextra_workdays = [2026-12-26]", "utf-8")
    assert load(tmp_path / "config.toml", environ={}).policy().hours.weekly == ((),) * 7
