"""What an entry's fields should say and do not, or say against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from knowledge.entry import Wording
from knowledge.lint.finding import Finding
from knowledge.lint.house import Case, at
from knowledge.normalize import exact_key, fold
from knowledge.stats import ENOUGH_PHRASINGS

MONTH = timedelta(days=31)
ROOM_BESIDE = 400
"""Characters left for what stands around an answer: greeting, choices, a line on opening hours."""


def review(case: Case) -> Iterator[Finding]:
    """``review``: rule N2, every entry is read again each month."""
    for entry in case.entries:
        wording = next(iter(entry.wordings.values()))
        if entry.review_by is None:
            yield at(
                wording, 1, "review", "warning",
                zh="没有复审日期。", en="There is no review date.",
                remedy_zh=f"请加一行“复审日期: {(case.house.today + MONTH).isoformat()}”。",
                remedy_en=f"Add 'review_by: {(case.house.today + MONTH).isoformat()}'.",
            )  # fmt: skip
        elif entry.review_by < case.house.today:
            days = (case.house.today - entry.review_by).days
            yield at(
                wording, case.places.of_field(wording, "review_by"), "review", "warning",
                zh=f"复审日期已过 {days} 天。", en=f"The review is {days} days overdue.",
                remedy_zh="请核对内容，更新“更新日期”和“复审日期”。", remedy_en="Check what it says, then set updated and review_by.",
            )  # fmt: skip
        elif entry.updated is not None and entry.review_by - entry.updated > MONTH:
            yield at(
                wording, case.places.of_field(wording, "review_by"), "review", "note",
                zh="复审间隔超过一个月。", en="The review is more than a month after the last change.",
                remedy_zh="知识条目每月复审一次。", remedy_en="Entries are reviewed monthly.",
            )  # fmt: skip


def validity(case: Case) -> Iterator[Finding]:
    """``validity``: an entry that is over, or that never begins."""
    for entry in case.entries:
        wording = next(iter(entry.wordings.values()))
        begin, end = entry.valid_from, entry.valid_until
        if begin is not None and end is not None and end < begin:
            yield at(
                wording, case.places.of_field(wording, "valid_until"), "validity", "error",
                zh=f"失效日期 {end} 早于生效日期 {begin}，条目永远不会使用。", en=f"It ends on {end}, before it begins on {begin}: it is never used.",
                remedy_zh="请改正其中一个日期。", remedy_en="Mend one of the two dates.",
            )  # fmt: skip
        elif end is not None and end < case.house.today:
            yield at(
                wording, case.places.of_field(wording, "valid_until"), "validity", "warning",
                zh=f"已于 {end} 失效，不再使用。", en=f"It ended on {end} and is not used any more.",
                remedy_zh="请更新内容和日期，或删除文件。", remedy_en="Renew it, or delete the file.",
            )  # fmt: skip


def languages(case: Case) -> Iterator[Finding]:
    """``missing-language``: a language that other entries have; a warning where at least half of them do."""
    counted = Counter(lang for entry in case.entries for lang in entry.wordings)
    for entry in case.entries:
        wording = next(iter(entry.wordings.values()))
        for lang, number in counted.items():
            if lang not in entry.wordings:
                usual = number * 2 >= len(case.entries)
                yield at(
                    wording, 1, "missing-language", "warning" if usual else "note",
                    zh=f"缺少 {lang} 版本，而 {len(case.entries)} 个条目中有 {number} 个写了。", en=f"There is no {lang} version, which {number} of {len(case.entries)} entries have.",
                    remedy_zh=f"请添加 {entry.id}.{lang}.md。", remedy_en=f"Add {entry.id}.{lang}.md.",
                )  # fmt: skip


def phrasings(case: Case) -> Iterator[Finding]:
    """``few-phrasings``: fewer than five ways of asking, the biggest lever there is."""
    for _, wording in case.wordings():
        number = len(wording.all_phrasings)
        if number < ENOUGH_PHRASINGS:
            yield at(
                wording, case.places.of_field(wording, "phrasings"), "few-phrasings", "warning",
                zh=f"连标准问法只有 {number} 种问法。", en=f"Ways of asking, the question included: only {number}.",
                remedy_zh=f"请照抄客户的原话，补到 {ENOUGH_PHRASINGS} 种以上：一种答对四成多，五种答对近八成。",
                remedy_en=f"Add customers' own words up to {ENOUGH_PHRASINGS} or more: one finds under half, five nearly 80 %.",
            )  # fmt: skip


def tests(case: Case) -> Iterator[Finding]:
    """``tests``: none to show that the entry is found, one that shows nothing, or one that contradicts the entry."""
    for _, wording in case.wordings():
        if not wording.must:
            yield at(
                wording, case.places.of_field(wording, "tests"), "tests", "warning",
                zh="没有“必须”测试，改坏了也不会有人发现。", en="There is no 'must' test: nobody would see it break.",
                remedy_zh="请写一句没有出现在相似问法里的客户原话。", remedy_en="Add a customer's sentence that is not among the phrasings.",
            )  # fmt: skip
        own = {exact_key(fold(text)) for text in wording.all_phrasings}
        for text in wording.must:
            if exact_key(fold(text)) in own:
                yield at(
                    wording, case.places.of_field(wording, "must", text), "tests", "note",
                    zh=f"“{text}”就是一条问法，这个测试说明不了什么。", en=f"{text!r} is a phrasing: the test shows nothing.",
                    remedy_zh="请换一种说法。", remedy_en="Put it in other words.",
                )  # fmt: skip
        for text in wording.must_not:
            if exact_key(fold(text)) in own:
                yield at(
                    wording, case.places.of_field(wording, "must_not", text), "tests", "error",
                    zh=f"“{text}”既是问法又不许回答。", en=f"{text!r} is a phrasing and must not be answered.",
                    remedy_zh="请从其中一处删去。", remedy_en="Take it out of one of the two.",
                )  # fmt: skip


def not_for(case: Case) -> Iterator[Finding]:
    """``not-for``: a forbidden word that stands in the entry's own phrasings, so that it bars questions like them."""
    for _, wording in case.wordings():
        for word in wording.not_for:
            barred = next((text for text in wording.all_phrasings if _holds(text, word)), None)
            if barred is not None:
                yield at(
                    wording, case.places.of_field(wording, "not_for", word), "not-for", "warning",
                    zh=f"否定关键词“{word}”出现在自己的问法“{barred}”里，与它相近的问题都答不了。",
                    en=f"not_for {word!r} stands in its own phrasing {barred!r}: questions like it are barred.",
                    remedy_zh="请删去这条问法，或换一个更具体的否定关键词。",
                    remedy_en="Drop the phrasing, or choose a narrower word.",
                )  # fmt: skip


def length(case: Case) -> Iterator[Finding]:
    """``too-long``: an answer that a channel it may go to cannot carry in one message."""
    for entry, text in case.texts():
        for channel, most in case.house.channels.items():
            own = channel in text.wording.channel_answers
            mine = text.where == channel if text.where else not own
            allowed = not entry.channels or channel in entry.channels
            if mine and allowed and len(text.said) + ROOM_BESIDE > most:
                yield at(
                    text.wording, case.line_of(text), "too-long", "warning",
                    zh=f"{len(text.said)} 字，而 {channel} 一条消息最多 {most} 字（问候和选项还要占 {ROOM_BESIDE} 字）。",
                    en=f"{len(text.said)} characters; {channel} takes {most} a message, {ROOM_BESIDE} of them for greeting and choices.",
                    remedy_zh="请缩短，或在“渠道答案”里为它写一个短的。", remedy_en="Shorten it, or word a short one under channel_answers.",
                )  # fmt: skip


def channels(case: Case) -> Iterator[Finding]:
    """``unknown-channel``: a channel's name that the configuration does not have."""
    if not case.house.configured:
        return
    for entry, wording in case.wordings():
        first = wording is next(iter(entry.wordings.values()))
        for field, names in (("channels", entry.channels if first else ()), ("channel_answers", tuple(wording.channel_answers))):  # fmt: skip
            for name in names:
                if name not in case.house.channels:
                    yield _unknown(case, wording, field, name)


def choices(case: Case) -> Iterator[Finding]:
    """``choices``: an entry that offers itself. (One that names no entry is told by the loader.)"""
    for entry in case.entries:
        wording = next(iter(entry.wordings.values()))
        if entry.id in entry.choices:
            yield at(
                wording, case.places.of_field(wording, "choices", entry.id), "choices", "warning",
                zh="后续选项里有它自己。", en="It offers itself as a follow-up.",
                remedy_zh="请删去。", remedy_en="Take it out.",
            )  # fmt: skip


def actions(case: Case) -> Iterator[Finding]:
    """``unknown-action``: something to run that the configuration does not have."""
    known = case.house.actions
    for entry in case.entries:
        action = entry.action
        if known is None or action is None or action.kind != "run" or action.value in known:
            continue
        wording = next(iter(entry.wordings.values()))
        yield at(
            wording, case.places.of_field(wording, "action"), "unknown-action", "error",
            zh=f"配置里没有动作“{action.value}”。", en=f"The configuration has no action {action.value!r}.",
            remedy_zh=f"现有动作：{'、'.join(sorted(known)) or '无'}。", remedy_en=f"The actions are {', '.join(sorted(known)) or 'none'}.",
        )  # fmt: skip


def _unknown(case: Case, wording: Wording, field: str, name: str) -> Finding:
    known = ", ".join(case.house.channels)
    return at(
        wording, case.places.of_field(wording, field), "unknown-channel", "warning",
        zh=f"配置里没有渠道“{name}”。", en=f"The configuration has no channel {name!r}.",
        remedy_zh=f"现有渠道：{known}。", remedy_en=f"The channels are {known}.",
    )  # fmt: skip


def _holds(text: str, word: str) -> bool:
    wanted = fold(word)
    padded = f" {fold(text)} "
    return bool(wanted) and (f" {wanted} " if wanted.isascii() else wanted) in padded
