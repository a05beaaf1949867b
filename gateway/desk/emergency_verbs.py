"""What supervisors, and the house by rule, do about an emergency: begin, give news, end, dismiss, review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.alarm import Alarm, AlarmKind
from gateway.domain.emergency import Cause, EmergencyState, is_topic
from gateway.domain.emergency_report import draft_report
from gateway.domain.localized import Localized
from gateway.domain.policy import Policy
from gateway.domain.wording import Texts
from gateway.domain.wording_rules import find_words
from gateway.errors import Conflict, Refusal, Said
from gateway.store import emergencies as rows
from gateway.store.alarms import raise_alarm
from gateway.store.database import Tx
from gateway.store.emergency_facts import facts_of
from gateway.store.emergency_review import owe_review
from gateway.store.feed import Happened

LANGS = ("zh-CN", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who does it, when, by which rules."""

    by: str
    """``system`` or ``agent:1001``."""
    now: datetime
    policy: Policy
    texts: Texts


def propose(
    tx: Tx, hand: Hand, *, cause: Cause, topics: tuple[str, ...], channel: str, because: str
) -> list[Happened] | None:
    """Propose an emergency and alarm the supervisors, or begin it at once where the rules say so; None if it is known."""
    rules = hand.policy.emergency
    emergency_id = rows.propose(
        tx,
        cause=cause,
        topics=topics,
        channel=channel,
        because=because,
        by=hand.by,
        now=hand.now,
        quiet_since=hand.now - rules.quiet,
    )
    if emergency_id is None:
        return None
    happened = [rows.record(tx, emergency_id, what="proposed", by=hand.by, now=hand.now, because=because)]
    if cause is Cause.HAND or rules.start.get(cause.value) == "auto":
        happened += begin(tx, hand, emergency_id)
    else:
        happened += _alarm(tx, hand, emergency_id, "proposed", because)
    return happened


def begin(
    tx: Tx,
    hand: Hand,
    emergency_id: int,
    *,
    notice: Mapping[str, str] | None = None,
    news_at: datetime | None = None,
) -> list[Happened]:
    """Let it run: from now on whoever is concerned is told.

    Raises:
        NotFound, Conflict: as ``rows.move`` says.
        Refusal: the notice says no time, or uses words the house does not use.
    """
    rules = hand.policy.emergency
    news_at = _ahead(hand, news_at)
    # Who reads a language nobody wrote in gets the words of the settings, never silence or another language.
    template = {**rules.notice.texts, **(notice or {})}
    worded = _worded(hand, template, news_at)
    happened = rows.move(
        tx,
        emergency_id,
        EmergencyState.RUNNING,
        by=hand.by,
        now=hand.now,
        notice=dict(worded),
        news_at=news_at,
    )
    rows.begin(tx, emergency_id, template, worded, by=hand.by, now=hand.now)
    row = rows.find(tx, emergency_id)
    rows.concern_earlier(tx, emergency_id, row.proposed_at - rules.window, hand.now)
    return [happened, *_alarm(tx, hand, emergency_id, "began", row.because)]


def give_news(
    tx: Tx, hand: Hand, emergency_id: int, *, texts: Mapping[str, str], news_at: datetime | None
) -> list[Happened]:
    """Tell all concerned how it goes, and newcomers from now on.

    Raises:
        NotFound: there is none of this id.
        Refusal: it does not run, or the words will not do.
    """
    row = rows.find(tx, emergency_id)
    if row.state != EmergencyState.RUNNING:
        raise Refusal(
            f"emergency {emergency_id} does not run",
            code="invalid",
            public=Said("该应急事件不在进行中。", "This emergency does not run."),
        )
    news_at = _ahead(hand, news_at)
    template = row.template or hand.policy.emergency.notice.texts
    worded = _worded(hand, {**hand.policy.emergency.notice.texts, **texts}, news_at)
    rows.add_news(tx, emergency_id, worded, is_end=False, by=hand.by, now=hand.now)
    # Newcomers hear what has happened, and then the news of it.
    began = _worded(hand, template, news_at)
    notice = {lang: f"{began[lang]}\n\n{worded[lang]}" if lang in texts else began[lang] for lang in began}
    rows.set_notice(tx, emergency_id, notice, news_at)
    return [rows.record(tx, emergency_id, what="news", by=hand.by, now=hand.now)]


def end(tx: Tx, hand: Hand, emergency_id: int, *, texts: Mapping[str, str] | None = None) -> list[Happened]:
    """End it: all concerned are told once, and a review is owed.

    Raises:
        NotFound, Conflict: as ``rows.move`` says.
        Refusal: the words will not do.
    """
    rules = hand.policy.emergency
    worded = _worded(hand, {**rules.end.texts, **(texts or {})}, None)
    happened = rows.move(tx, emergency_id, EmergencyState.ENDED, by=hand.by, now=hand.now)
    rows.add_news(tx, emergency_id, worded, is_end=True, by=hand.by, now=hand.now)
    due_at = hand.now + rules.review_within
    owe_review(tx, emergency_id, due_at=due_at, now=hand.now, because="rulebook X1: a review within a week")
    return [happened, *_alarm(tx, hand, emergency_id, "ended", rows.find(tx, emergency_id).because)]


def dismiss(tx: Tx, hand: Hand, emergency_id: int) -> list[Happened]:
    """Say that there is nothing in it.

    Raises:
        NotFound, Conflict: as ``rows.move`` says.
    """
    return [rows.move(tx, emergency_id, EmergencyState.DISMISSED, by=hand.by, now=hand.now)]


def report(tx: Tx, hand: Hand, emergency_id: int, lang: str) -> str:
    """Return the report: what a person made of it, else the pre-filled one, as Markdown.

    Raises:
        NotFound: there is none of this id.
    """
    row = rows.find(tx, emergency_id)
    if row.report is not None:
        return row.report
    return draft_report(facts_of(tx, emergency_id, lang), hand.policy, hand.texts, lang, hand.now)


def _alarm(tx: Tx, hand: Hand, emergency_id: int, what: str, because: str) -> list[Happened]:
    alarm = Alarm(
        kind=AlarmKind.EMERGENCY,
        name=f"emergency-{emergency_id}-{what}",
        gaps={"what": what, "id": str(emergency_id)},
    )
    happened = raise_alarm(tx, alarm, ways=hand.policy.alarms.ways, now=hand.now, because=because)
    return [happened] if happened is not None else []


def _ahead(hand: Hand, news_at: datetime | None) -> datetime:
    if news_at is not None and news_at <= hand.now:
        raise _refused(
            Said("下一次通报的时间必须晚于现在。", "The next news must come later than now."), field="news_at"
        )
    return news_at or hand.now + hand.policy.emergency.news_every


def _worded(hand: Hand, texts: Mapping[str, str], news_at: datetime | None) -> dict[str, str]:
    """The texts with the time of the next news put in; each must name it, and say nothing vague."""
    worded: dict[str, str] = {}
    for lang, text in texts.items():
        if news_at is not None and "{news}" not in text:
            raise _refused(
                Said(
                    "公告必须包含 {news}，即下一次通报的具体时间。",
                    "The notice must hold {news}, the time of the next news.",
                )
            )
        at = hand.texts.time(news_at, hand.now, hand.policy.hours.zone, lang) if news_at else ""
        worded[lang] = text.replace("{news}", at)
        for found in find_words(worded[lang], lang, hand.policy.words):
            raise _refused(
                Said(
                    f"请不要使用“{found.phrase}”，请改为{found.better or '具体时间'}。",
                    f"Please do not say “{found.phrase}”; say {found.better or 'a time'} instead.",
                )
            )
    if not worded:
        raise _refused(Said("请填写公告内容。", "Please write the notice."))
    return worded


def check_topics(topics: Sequence[str]) -> None:
    """Return if all are topics.

    Raises:
        Refusal: one is none; a typing mistake would concern nobody.
    """
    for topic in topics:
        if not is_topic(topic):
            raise _refused(
                Said(
                    f"没有“{topic}”这样的主题：请用 complaints、anomaly:outage、subtype:payment 或 entry:条目编号。",
                    f"There is no topic “{topic}”: use complaints, anomaly:outage, subtype:payment or entry:<id>.",
                ),
                field="topics",
            )


def already_open() -> Conflict:
    """The same emergency is proposed or runs already."""
    said = Said("相同的应急事件已存在。", "The same emergency is open already.")
    return Conflict("the same emergency is open", code="over", public=said)


def _refused(said: Said, field: str = "notice") -> Refusal:
    return Refusal(said.en, public=said, code="invalid", field=field)


def text_for(texts: Mapping[str, str], lang: str, catalogue: Texts) -> str:
    """Return the text that a reader of ``lang`` gets."""
    return catalogue.adapt(Localized(texts).in_(lang), lang)
