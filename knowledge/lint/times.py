"""Times written into an answer: some are wrong tomorrow, some when a setting changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from knowledge.entry import KnowledgeEntry
from knowledge.lint.finding import Finding
from knowledge.lint.house import Case, Text, at

_QUOTED = re.compile(r"“[^”\n]{0,60}”|「[^」\n]{0,60}」|\"[^\"\n]{0,60}\"|`[^`\n]{0,60}`")
_RELATIVE = re.compile(
    r"(?:今天|明天|后天|昨天|今晚|明早|本周|这周|下周|上周|本月|这个月|下个?月|今年|明年|刚刚)(?:[一二三四五六日天]|上午|下午|晚上|早上|中午)?"
    r"(?:\s?\d{1,2}\s?[点时:：]\d{0,2})?"
    r"|\b(?:today|tomorrow|tonight|yesterday|this (?:week|month|morning|afternoon|evening|year)|(?:next|last) (?:week|month|year)|"
    r"(?:this|next|on) (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b",
    re.IGNORECASE,
)
# "今天下单，明天送达" and "if you order today" speak of any day.
_ANY_DAY = re.compile(r"如果|若|\bif\b|\bwhen\b|\border(?:s|ed)? today\b|今天下单|今天付款", re.IGNORECASE)
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"  # capitals: "it may work"
_DATES = (
    re.compile(r"(?P<y>20\d\d)\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})(?:\s?[日号])?"),
    re.compile(r"(?P<y>)(?<!\d)(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号]"),
    re.compile(rf"\b(?P<mon>{_MONTHS})[a-z]{{0,6}}\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y>20\d\d))?\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<mon>{_MONTHS})[a-z]{{0,6}}\.?(?:,? (?P<y>20\d\d))?\b"),
)  # fmt: skip
_YEARLY = re.compile(r"每年|每月|\b(?:every|each) (?:year|month)\b|\bannually\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[。！？!?；;，,、\n]|\.(?=\s|$)")
_WITHIN = re.compile(
    r"\d+\s?个?(?:分钟|小时)(?:之内|以内|内)|\bwithin (?:an?|\d+|one|two|half an) ?(?:min(?:ute)?s?|hours?)\b",
    re.I,
)
_WE_ANSWER = re.compile(
    r"回复您|答复您|联系您|给您回|回电|(?:客服|专员|主管|我们|人工|同事)[^。]{0,12}(?:回复|答复|联系|回电|接待)"
    r"|(?:答复|回复|联系)您"
    r"|\b(?:we|agent|someone|colleague|specialist|team)\b.{0,30}\b(?:answer|reply|respond|contact|call|get back)"
    r"|\byou (?:will )?(?:get|receive|hear)\b.{0,12}(?:an answer|a reply|from us|a call)",
    re.IGNORECASE,
)


def relative(case: Case) -> Iterator[Finding]:
    """``relative-time``: today, next week, 今天下午3点: wrong on the day after it was written."""
    for _, text in case.texts():
        for sentence in re.split(r"[。！？!?\n]", _QUOTED.sub(" ", text.said)):
            found = _RELATIVE.search(sentence)
            if found is not None and not _ANY_DAY.search(sentence):
                yield at(
                    text.wording, case.line_of(text, found[0]), "relative-time", "warning",
                    zh=f"“{found[0]}”只在写下的那天成立。", en=f"{found[0]!r} was true on the day it was written.",
                    remedy_zh="请写成规则（例如“付款后 2 天内”）；短期通知请加“失效日期”。",
                    remedy_en="Write the rule instead ('within 2 days of payment'), or give a passing notice a valid_until.",
                )  # fmt: skip
                break


def dates(case: Case) -> Iterator[Finding]:
    """``stale-date``: a calendar date that is past, or that will be while the entry has no end."""
    for entry, text in case.texts():
        for clause in _CLAUSE.split(text.said):
            found = next(filter(None, (pattern.search(clause) for pattern in _DATES)), None)
            if found is None or _YEARLY.search(clause):
                continue
            day = _day(found, case.house.today)
            if day is not None and (finding := _dated(case, entry, text, found[0], day)):
                yield finding
                break


def promised(case: Case) -> Iterator[Finding]:
    """``written-promise``: minutes or hours until we answer, which the settings promise and the clocks keep."""
    for _, text in case.texts():
        for sentence in re.split(r"[。！？!?;；:：\n]|\.(?=\s|$)", text.said):
            found = _WITHIN.search(sentence)
            if found is not None and _WE_ANSWER.search(sentence):
                minutes = "分钟" in found[0] or "min" in found[0].lower()
                yield at(
                    text.wording, case.line_of(text, found[0]), "written-promise", "warning" if minutes else "note",
                    zh=f"“{found[0]}”是服务承诺，设置一改这里就不对了。",
                    en=f"{found[0]!r} is a service promise: when the setting changes, this is wrong.",
                    remedy_zh="请指向服务承诺页 /promises，或让转人工时自动告知时间。",
                    remedy_en="Point to /promises, or leave it to the hand-over, which names the time by itself.",
                )  # fmt: skip
                break


def _dated(case: Case, entry: KnowledgeEntry, text: Text, said: str, day: date) -> Finding | None:
    line = case.line_of(text, said)
    if day < case.house.today:
        return at(
            text.wording, line, "stale-date", "warning",
            zh=f"“{said}”已经过去。", en=f"{said!r} is past.",
            remedy_zh="请更新日期，或删去这句话。", remedy_en="Bring it up to date, or take it out.",
        )  # fmt: skip
    if entry.valid_until is None:
        return at(
            text.wording, line, "stale-date", "warning",
            zh=f"“{said}”总会过去，而本条目没有失效日期。", en=f"{said!r} will pass, and the entry has no end.",
            remedy_zh=f"请加一行“失效日期: {day.isoformat()}”，并在到期前写好新的答案。",
            remedy_en=f"Add 'valid_until: {day.isoformat()}', and write the next answer before then.",
        )  # fmt: skip
    return None


def _day(found: re.Match[str], today: date) -> date | None:
    """Return the date meant; one without a year is the next such day."""
    groups = found.groupdict()
    month = _MONTHS.split("|").index(groups["mon"]) + 1 if groups.get("mon") else int(groups["m"])
    try:
        if groups.get("y"):
            return date(int(groups["y"]), month, int(groups["d"]))
        this_year = date(today.year, month, int(groups["d"]))
        return this_year if this_year >= today else date(today.year + 1, month, int(groups["d"]))
    except ValueError:
        return None
