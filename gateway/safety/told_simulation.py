"""A simulation as people and programs read it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo
from typing import Any

from gateway.domain.simulation import Fate, Played
from gateway.domain.simulation_figures import Figures, by_department, by_hour, by_kind, figures
from gateway.errors import Said
from gateway.safety.simulate import Simulated

REAL = Said("实际", "as it was")
PRESENT = Said("现行排班与规则（模拟）", "present people and rules, simulated")
OTHER = Said("另一方案（模拟）", "the other roster or rules, simulated")
HEAD = Said(
    "{name:<14}{count:>7}{p50:>10}{p90:>10}{late:>16}{untaken:>8}",
    "{name:<14}{count:>7}{p50:>10}{p90:>10}{late:>16}{untaken:>8}",
)
COLUMNS = {
    "name": Said("", ""),
    "count": Said("工单", "tickets"),
    "p50": Said("等待P50", "wait p50"),
    "p90": Said("等待P90", "wait p90"),
    "late": Said("首响超时", "first answer late"),
    "untaken": Said("未接", "untaken"),
}
ALL = Said("合计", "all")
KIND = Said("按渠道类别", "by kind of channel")
DEPARTMENT = Said("按部门", "by department")
HOUR = Said("按来访时刻", "by hour of coming")
BUSY = Said("忙碌程度（1 为满负荷）与接手工单数", "how busy (1 is full all day), and tickets taken")


def lines(found: Simulated, zone: tzinfo, lang: str) -> Iterator[str]:
    """Yield what a person reads."""
    count = len(found.present.fates)
    yield Said(
        f"{found.since.astimezone(zone):%Y-%m-%d %H:%M} 至 {found.until.astimezone(zone):%Y-%m-%d %H:%M}："
        f"{count} 个工单，其中 {found.measured} 个有实测处理时间，其余按中位数。只读，不写入任何内容。",
        f"{found.since.astimezone(zone):%Y-%m-%d %H:%M} to {found.until.astimezone(zone):%Y-%m-%d %H:%M}: "
        f"{count} tickets, the handling of {found.measured} measured, of the others assumed as the median. Nothing is "
        "written.",
    ).in_(lang)
    if found.unknown:
        named = ", ".join(found.unknown)
        yield Said(f"排班中的新工号：{named}", f"new people of the roster: {named}").in_(lang)
    yield from _block(REAL.in_(lang), found.real, zone, lang)
    yield from _block(PRESENT.in_(lang), found.present.fates, zone, lang)
    yield from _busy(found.present, lang)
    if found.other is not None:
        yield from _block(OTHER.in_(lang), found.other.fates, zone, lang)
        yield from _busy(found.other, lang)


def as_json(found: Simulated, zone: tzinfo) -> dict[str, Any]:
    """Return the same for programs; spans are seconds."""
    played = {"present": found.present, **({"other": found.other} if found.other else {})}
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "tickets": len(found.present.fates),
        "measured": found.measured,
        "unknown": list(found.unknown),
        "real": _group(found.real, zone),
        **{
            name: _group(one.fates, zone)
            | {"busy": {key: round(share, 4) for key, share in one.busy.items()}, "given": one.given}
            for name, one in played.items()
        },
    }


def _block(title: str, fates: Sequence[Fate], zone: tzinfo, lang: str) -> Iterator[str]:
    yield ""
    yield f"== {title} =="
    yield _row({name: said.in_(lang) for name, said in COLUMNS.items()})
    yield _figures(ALL.in_(lang), figures(fates))
    for heading, groups in (
        (KIND, by_kind(fates)),
        (DEPARTMENT, by_department(fates)),
        (HOUR, by_hour(fates, zone)),
    ):
        yield f"-- {heading.in_(lang)}"
        for name, one in groups.items():
            yield _figures(name, one)


def _busy(played: Played, lang: str) -> Iterator[str]:
    yield f"-- {BUSY.in_(lang)}"
    for number, share in sorted(played.busy.items()):
        yield f"{number:<14}{share:>7.2f}{played.given.get(number, 0):>10}"


def _figures(name: str, one: Figures) -> str:
    return _row(
        {
            "name": name,
            "count": str(one.count),
            "p50": _span(one.wait_p50),
            "p90": _span(one.wait_p90),
            "late": f"{one.late} ({one.late_share:.1%})",
            "untaken": str(one.untaken),
        }
    )


def _row(cells: dict[str, str]) -> str:
    return HEAD.en.format(**cells).rstrip()


def _span(span: timedelta | None) -> str:
    if span is None:
        return "–"
    seconds = int(span.total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"{hours}h{rest // 60:02d}m" if hours else f"{rest // 60}m{rest % 60:02d}s"


def _group(fates: Sequence[Fate], zone: tzinfo) -> dict[str, Any]:
    return {
        "all": _plain(figures(fates)),
        "by_kind": {name: _plain(one) for name, one in by_kind(fates).items()},
        "by_department": {name: _plain(one) for name, one in by_department(fates).items()},
        "by_hour": {name: _plain(one) for name, one in by_hour(fates, zone).items()},
    }


def _plain(one: Figures) -> dict[str, Any]:
    return {
        "tickets": one.count,
        "untaken": one.untaken,
        "wait_p50": None if one.wait_p50 is None else one.wait_p50.total_seconds(),
        "wait_p90": None if one.wait_p90 is None else one.wait_p90.total_seconds(),
        "late": one.late,
        "late_share": round(one.late_share, 4),
    }
