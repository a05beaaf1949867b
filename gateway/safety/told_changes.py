"""What changed rules would change, told to people."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from adapters.spans import parse_span
from gateway.errors import Said
from gateway.safety.replay_since import Comparison

NAMES = {
    "outcome": Said("知识库结论", "verdict of the knowledge base"),
    "entry": Said("答复所用条目", "entry answered with"),
    "hand_over": Said("是否转人工", "handed over to a person"),
    "type": Said("类型", "type"),
    "urgency": Said("紧急程度", "urgency"),
    "anomaly": Said("异常类别", "anomaly"),
    "department": Said("责任部门", "department"),
}
OWED = Said("承诺时间：{kind}", "promised time: {kind}")


def start_of(since: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the instant that ``7d``, ``12h`` or ``2026-11-01`` means.

    Raises:
        ValueError: it is neither.
    """
    try:
        return datetime.combine(date.fromisoformat(since), time(), zone)
    except ValueError:
        pass
    try:
        span: timedelta = parse_span(since)
    except ValueError:
        raise ValueError(
            f"--since {since}: give a span such as 7d or 12h, or a date such as 2026-11-01"
        ) from None
    return now - span


def lines(found: Comparison, lang: str) -> Iterator[str]:
    """Yield what a person reads: how many, what would differ how often, with examples."""
    yield Said(
        f"比较了 {found.compared} 条咨询（跳过 {found.skipped} 条）；不会写入任何内容。",
        f"{found.compared} enquiries compared, {found.skipped} skipped; nothing is written.",
    ).in_(lang)
    for what, count in found.changed.most_common():
        share = count / found.compared
        yield f"{_name(what, lang)}: {count} ({share:.1%})"
        for one in found.examples[what]:
            yield f"    {one.at:%Y-%m-%d %H:%M} #{one.inbox_id} “{one.text}”: {one.was} → {one.now}"
    if not found.changed:
        yield Said("没有任何不同。", "Nothing would be different.").in_(lang)


def _name(what: str, lang: str) -> str:
    if what in NAMES:
        return NAMES[what].in_(lang)
    return OWED.in_(lang).format(kind=what.partition(".")[2])
