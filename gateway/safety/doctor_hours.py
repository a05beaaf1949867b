"""Whether the calendar can keep its word: it opens at all, and knows the holidays of the months to come."""

from collections.abc import Iterator
from datetime import datetime

from gateway.domain.calendar import next_opening
from gateway.domain.known_days import Known, missing
from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.settings import Settings


def hours_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Judge the opening hours as they are on ``now``."""
    hours, country = settings.policy().hours, settings.hours.holidays
    try:
        opens = next_opening(now, hours).astimezone(hours.zone)
    except ValueError:
        yield Finding(
            check="hours",
            found=Said(
                "按当前设置永远不会营业：无法向客户承诺任何时间。",
                "By these settings the house never opens: no time can be promised to anybody.",
            ),
            remedy=Said(
                '请在 [hours] 中为至少一天填写时段，例如 monday = ["09:00-18:00"]。',
                'Give at least one day a slot in [hours], such as monday = ["09:00-18:00"].',
            ),
            where={"key": "hours"},
        )
        return
    told = f"{opens:%Y-%m-%d %H:%M}"
    yield Finding(
        check="hours", level="ok", found=Said(f"下一次营业：{told}。", f"The next opening is {told}.")
    )
    gaps = list(missing(now.astimezone(hours.zone).date(), hours))
    for year, so_far in gaps:
        yield _gap(country, year, so_far)
    if not gaps and (hours.holidays or hours.extra_workdays):
        yield Finding(
            check="holidays",
            level="ok",
            found=Said("节假日与调休数据齐全。", "Holidays and adjusted working days are known."),
        )


def _gap(country: str, year: int, so_far: Known) -> Finding:
    if so_far is Known.NOTHING:
        zh, en = f"{year} 年的节假日未知", f"No holiday of {year} is known"
    else:
        zh, en = f"{year} 年的调休上班日未知", f"The adjusted working days of {year} are not known"
    return Finding(
        check="holidays",
        level="note",
        found=Said(
            f"{zh}（{country}）：在此之前按每周时段计算。",
            f"{en} ({country}): until they are, the weekly slots hold.",
        ),
        remedy=Said(
            "官方公布后请升级 holidays 库，或将日期写入 hours.extra_holidays 与 hours.extra_workdays。",
            "Once they are announced update the library `holidays`, or list them in hours.extra_holidays "
            "and hours.extra_workdays.",
        ),
        where={"year": year},
    )
