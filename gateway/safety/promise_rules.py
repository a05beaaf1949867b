"""Rules of promises that overlap: the strictest wins, so some figures may never decide anything."""

from collections.abc import Iterator
from itertools import product

from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.promise import Stage
from gateway.domain.promise_rules import About, rule_of
from gateway.domain.ticket import Anomaly, Urgency
from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.settings import Settings

_CHANNELS: tuple[ChannelKind, ...] = ("chat", "social", "mail")
_STAGES = (Stage.FIRST_RESPONSE, Stage.NEXT_RESPONSE, Stage.RESOLUTION)


def promise_rules(settings: Settings) -> Iterator[Finding]:
    """Yield a note with the settings that never decide; a good finding where each does somewhere."""
    idle = sorted(_named(settings) - deciding(settings.policy()))
    if not idle:
        zh, en = "每条时限规则都有其适用情形。", "Every rule of time decides somewhere."
        yield Finding(check="promises", level="ok", found=Said(zh, en))
        return
    names = ", ".join(idle)
    yield Finding(
        check="promises",
        level="note",
        found=Said(
            f"规则重叠时以最严者为准，因此从不生效：{names}。",
            f"Where rules overlap the strictest wins, so these never decide: {names}.",
        ),
        where={"keys": idle},
    )


def deciding(policy: Policy) -> set[str]:
    """Return the settings that decide for at least one kind of ticket on one kind of channel."""
    found = set()
    subtypes = (None, *policy.promises.returns)
    cases = product(_STAGES, _CHANNELS, Urgency, Anomaly, subtypes)
    for stage, channel, urgency, anomaly, subtype in cases:
        about = About(channel=channel, urgency=urgency, anomaly=anomaly, subtype=subtype)
        rule = rule_of(stage, policy, about)
        assert rule is not None
        found.add(rule.setting)
    return found


def _named(settings: Settings) -> set[str]:
    promises = settings.promises
    tables = {
        "first_response": ("chat", "social", "mail", "urgent"),
        "next_response": ("chat", "social", "mail"),
        "resolution": ("normal", "urgent", "critical", *(("returns",) if promises.returns else ())),
        **dict.fromkeys(settings.policy().spans.anomaly, ("answer", "solve")),
    }
    return {f"promises.{table}.{name}" for table, names in tables.items() for name in names}
