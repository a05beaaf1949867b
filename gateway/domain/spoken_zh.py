"""Times as Chinese says them: 明天上午10点前, 今天下班前, 3个工作日内, 月底前, 节后第一个工作日."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from gateway.domain.spoken_time import DAY, HouseDay, SpokenTime, exact_date

_N = r"(?:\d{1,3}|[零〇一二两三四五六七八九十]{1,3})"
_CLOCK = rf"(?:\d{{1,2}}\s?[:：]\s?\d{{2}}|{_N}\s?点(?:半|一刻|三刻|{_N}分?)?(?:钟|整)?)"
_WEEK = r"(?:周|星期|礼拜)"
_DAY = (
    r"今天|今日|当天|当日|今晚|今早|明天|明日|明早|明晚|大后天|后天|后日|"
    rf"(?:下下个?|下个?|本|这个?)?{_WEEK}[一二三四五六日天末]|(?:下个?|本|这个?){_WEEK}|"
    r"(?:\d{4}\s?[年/-]\s?)?\d{1,2}\s?月\s?\d{1,2}\s?[日号]?|\d{4}[/-]\d{1,2}[/-]\d{1,2}|\d{1,2}/\d{1,2}(?![\d/])|"
    r"(?:下个?月|本月|这个?月)?(?<!\d)\d{1,2}\s?[号日](?![楼店线门院仓])|"
    r"(?:下个?|本|这个?)?月[底末]|(?:本|这个?)月(?!\d)|今?年[底末]|"
    r"(?:节|假期?)(?:日|期)?(?:之?后|结束后)(?:的?第一个工作日)?|下一?个工作日"
)
_PART = (
    r"凌晨|清晨|一大早|一早|早上|早晨|上午|中午|正午|午前|下午|傍晚|晚上|晚间|夜里|下班|打烊|关门|上班|开门"
)
_EDGE = r"前后|左右|之前|以前|前|之内|以内|内|为止"
_TIME = re.compile(
    rf"(?P<day>{_DAY})?\s?的?(?P<part>{_PART})?\s?(?P<clock>{_CLOCK})?"
    rf"(?:\s?(?:[到至~—-])\s?(?P<until>{_CLOCK}))?\s?(?:一?(?P<open>上班))?(?P<edge>{_EDGE})?"
)
_SPAN = re.compile(
    rf"(?:(?P<few>{_N})\s?(?:[到至~—-]|、)?\s?)??(?P<count>{_N}|半)\s?个?(?P<half>半)?个?\s?"
    r"(?P<unit>分钟|分|刻钟|小时|钟头|工作日|天|日|周|星期|礼拜|月)(?P<edge>之?后|以?内|之内)?(?P<ago>之?前|以前)?"
)
_WAITING = re.compile(r"等(?:待|我|候)?\s?$")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_WEEKDAYS = {sign: day for day, sign in enumerate("一二三四五六日")} | {"天": 6}
_BY_NOON = ("早上", "早晨", "清晨", "上午", "中午", "正午", "午前", "一早", "一大早")
_EVENING = ("傍晚", "晚上", "晚间", "夜里")


def times_zh(text: str, house: HouseDay) -> Iterator[SpokenTime]:
    """Yield each time said in a simplified text, in order; none overlaps another."""
    spans = list(_spans(text, house))
    taken = [(one.start, one.end) for one in spans]
    clocks = (
        one
        for one in _moments(text, house)
        if not any(one.start < end and start < one.end for start, end in taken)
    )
    yield from sorted((*spans, *clocks), key=lambda one: one.start)


def number_zh(said: str) -> int:
    """Return the value of a number up to 99 in either script of digits.

    Raises:
        ValueError: it is none.
    """
    if said.isdecimal():
        return int(said)
    tens, ten, ones = said.partition("十")
    if not ten:
        return int("".join(str(_digit(sign)) for sign in said))
    return (_digit(tens) if tens else 1) * 10 + (_digit(ones) if ones else 0)


def _digit(sign: str) -> int:
    if sign not in _DIGITS:
        raise ValueError(f"{sign!r} is no digit")
    return _DIGITS[sign]


def _spans(text: str, house: HouseDay) -> Iterator[SpokenTime]:
    for match in _SPAN.finditer(text):
        waits = _WAITING.search(text[: match.start()]) is not None
        unit = match["unit"]
        if match["ago"] or unit == "日" or not (match["edge"] or waits or unit == "工作日"):
            continue
        if unit == "分" and not match["edge"]:
            continue
        try:
            due_at = _after(match, house)
        except ValueError:
            continue
        if due_at is not None:
            yield SpokenTime(start=match.start(), end=match.end(), due_at=due_at)


def _after(match: re.Match[str], house: HouseDay) -> datetime | None:
    unit = match["unit"]
    count = 0.5 if match["count"] == "半" else float(number_zh(match["count"]))
    count += 0.5 if match["half"] else 0
    if unit == "工作日":
        day = house.working_day(int(count))
        return house.closing(day) if day else None
    if unit == "月":
        local = house.local
        last = house.month_end(int(count))
        return house.at(last.replace(day=min(local.day, last.day)), local.time())
    one = {"分钟": timedelta(minutes=1), "分": timedelta(minutes=1), "刻钟": timedelta(minutes=15)}
    one |= {"小时": timedelta(hours=1), "钟头": timedelta(hours=1), "天": DAY}
    return house.now + count * one.get(unit, 7 * DAY)


def _moments(text: str, house: HouseDay) -> Iterator[SpokenTime]:
    for match in _TIME.finditer(text):
        if not (match["day"] or match["part"] or match["clock"]):
            continue
        try:
            found = _moment(match, house)
        except ValueError:
            continue
        if found is not None:
            due_at, sure = found
            yield SpokenTime(start=match.start(), end=match.end(), due_at=due_at, sure=sure)


def _moment(match: re.Match[str], house: HouseDay) -> tuple[datetime, bool] | None:
    said, edge = match["day"] or "", match["edge"] or ""
    part = match["part"] or {"今晚": "晚上", "明晚": "晚上", "今早": "早上", "明早": "早上"}.get(said, "")
    day = _day(said, house) if said else house.today
    if day is None:
        return None
    clock = match["until"] or match["clock"]
    if clock:
        return _clock(clock, day, part, house, given=bool(said))
    if part:
        return _part(part, day, house, given=bool(said)), True
    is_before = edge in ("前", "之前", "以前") and not said.endswith(("底", "末"))
    return (house.opening(day) if is_before else house.closing(day)), True


def _day(said: str, house: HouseDay) -> date | None:
    plain = {"今": 0, "当": 0, "明": 1, "后": 2, "大": 3}
    if said[-1] in "天日晚早" and said[0] in plain and not re.search(_WEEK, said):
        return house.today + DAY * plain[said[0]]
    week = re.fullmatch(rf"(下下个?|下个?|本|这个?)?{_WEEK}([一二三四五六日天末])?", said)
    if week:
        return _of_week(week[1] or "", week[2], house)
    if "工作日" in said and said.startswith("下"):
        return house.working_day(1)
    if said[0] in "节假":
        return house.after_holiday()
    if said.endswith(("底", "末")):
        if "年" in said:
            return date(house.today.year, 12, 31)
        return house.month_end(1 if said.startswith("下") else 0)
    numbers = [int(one) for one in re.findall(r"\d+", said)]
    if not numbers:
        return house.month_end(0)
    if len(numbers) == 3:
        return exact_date(numbers[0], numbers[1], numbers[2])
    if len(numbers) == 2:
        return house.this_or_next_year(numbers[0], numbers[1])
    months = 1 if said.startswith("下") else 0 if said[0] in "本这" else None
    return house.day_of_month(numbers[0], months=months)


def _of_week(which: str, weekday: str | None, house: HouseDay) -> date:
    week = {"下下": 2, "下": 1, "本": 0, "这": 0}.get(which.removesuffix("个"))
    if weekday is None or weekday == "末":
        return house.week_end(week or 0)
    return house.weekday(_WEEKDAYS[weekday], week=week)


def _clock(said: str, day: date, part: str, house: HouseDay, *, given: bool) -> tuple[datetime, bool] | None:
    hour, minute, is_digital = _hour(said)
    if hour > 24 or minute > 59:
        return None
    if (part in ("下午", *_EVENING) and hour < 12) or (part in ("中午", "正午") and hour < 3):
        hour += 12
    if hour == 24:
        day, hour = day + DAY, 0
    written = house.at(day, time(hour, minute))
    if part in (*_BY_NOON, "凌晨", "下午", *_EVENING) or (is_digital and len(said.split(":")[0]) == 2):
        return written, True
    due_at, sure = house.plausible(day, hour, minute)
    if not given and due_at <= house.now and 1 <= hour <= 11:
        later = written + timedelta(hours=12)
        return (later, False) if later > house.now else (due_at, False)
    return due_at, sure


def _hour(said: str) -> tuple[int, int, bool]:
    digital = re.fullmatch(r"(\d{1,2})\s?[:：]\s?(\d{2})", said)
    if digital:
        return int(digital[1]), int(digital[2]), True
    hour, _, rest = said.partition("点")
    rest = rest.rstrip("钟整")
    quarters = {"": 0, "半": 30, "一刻": 15, "三刻": 45}
    minute = quarters[rest] if rest in quarters else number_zh(rest.rstrip("分"))
    return number_zh(hour.strip()), minute, False


def _part(part: str, day: date, house: HouseDay, *, given: bool) -> datetime:
    if part in ("下班", "打烊", "关门"):
        return house.closing(day)
    if part in ("上班", "开门"):
        opening = house.opening(day)
        return opening if given or opening > house.now else house.opening(house.working_day(1) or day)
    if part in _BY_NOON:
        return house.at(day, time(12))
    if part == "凌晨":
        return house.at(day, time(6))
    return house.closing(day) if part == "下午" else house.at(day, time(22))
