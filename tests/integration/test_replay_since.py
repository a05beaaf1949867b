"""What changed rules would have made of past enquiries, told without writing anything."""

from datetime import timedelta, tzinfo
from pathlib import Path

from gateway.clock import FakeClock
from gateway.safety.replay_since import Comparison, differences, replay_since
from gateway.safety.told_changes import lines, start_of
from gateway.settings import Settings
from tests.servers.filled import filled, settings_in

CLOCK = FakeClock()
WEEK = timedelta(days=7)


async def compared(settings: Settings) -> Comparison:
    return await replay_since(settings, CLOCK.now() - WEEK, CLOCK)


async def test_unchanged_rules_change_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings) as gateway:
        for n, text in enumerate(("怎么退货？", "转人工", "我要投诉，你们太差了", "How do I return goods?")):
            await gateway.say(text, thread=f"t{n}")
        found = await compared(settings)
    assert (found.compared, found.skipped) == (4, 0)
    assert found.changed == {}
    assert sum(found.rules.values()) == 4
    assert any("Nothing would be different" in line for line in lines(found, "en"))


async def test_a_changed_setting_shows_where_it_would_have_counted(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings) as gateway:
        await gateway.say("怎么退货？", thread="a")
        await gateway.say("我的手机号是13800001234，转人工", thread="b")
        promises = settings.promises.model_copy(
            update={
                "resolution": settings.promises.resolution.model_copy(update={"normal": timedelta(hours=48)})
            }
        )
        changed = Settings.model_copy(settings, update={"promises": promises})
        changed.__dict__.pop("_policy", None)
        found = await compared(changed)
    assert found.changed == {"owed.resolution": 1}
    [example] = found.examples["owed.resolution"]
    assert "138****1234" in example.text
    assert found.as_json()["changed"] == {"owed.resolution": 1}


def test_differences_are_named_by_what_differs() -> None:
    before = {"outcome": "answer", "entry": "hours", "about": {"type": "presale", "urgency": "normal"}}
    after = {
        "outcome": "answer",
        "entry": "returns",
        "hand_off": "asked",
        "about": {"type": "complaint", "urgency": "normal"},
    }
    assert differences(before, after) == [
        ("entry", "hours", "returns"),
        ("hand_over", "no", "yes"),
        ("type", "presale", "complaint"),
    ]


def test_a_span_and_a_date_both_say_since_when() -> None:
    now, zone = CLOCK.now(), settings_zone()
    assert start_of("7d", now, zone) == now - WEEK
    assert start_of("2026-11-01", now, zone).isoformat() == "2026-11-01T00:00:00+08:00"


def settings_zone() -> tzinfo:
    return Settings().policy().hours.zone
