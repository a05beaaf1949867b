"""What a message holds besides words, put into words for whoever reads the ticket: meetings, and mail nobody can read.

Only what is stored is worded so; the steps decide on the customer's own words.
"""

from datetime import timedelta, tzinfo

from adapters.contract import Inbound, Meeting
from gateway.domain.wording import Texts
from gateway.pipeline.language import detect

_WHAT = {
    "REQUEST": "meeting.request",
    "ADD": "meeting.request",
    "CANCEL": "meeting.cancel",
    "COUNTER": "meeting.counter",
    "REPLY": "meeting.reply",
}
_ANSWERS = {
    "ACCEPTED": "meeting.accepted",
    "DECLINED": "meeting.declined",
    "TENTATIVE": "meeting.tentative",
}


def worded(inbound: Inbound, texts: Texts, zone: tzinfo, default_lang: str) -> Inbound:
    """Return a message whose text says what its calendar says, or that it is encrypted, where it does."""
    lang = inbound.lang or detect(f"{inbound.subject or ''} {inbound.text}", default=default_lang)
    said = [_meeting(one, texts, zone, lang) for one in inbound.meetings]
    if "encrypted" in inbound.labels and not inbound.text.strip():
        said.append(texts.say("mail.encrypted", lang))
    if not said:
        return inbound
    added = "\n\n".join(said)
    whole = inbound.full_text if inbound.full_text is not None else inbound.text
    return inbound.with_(text=_below(inbound.text, added), full_text=_below(whole, added))


def _below(text: str, added: str) -> str:
    return f"{text}\n\n{added}" if text.strip() else added


def _meeting(meeting: Meeting, texts: Texts, zone: tzinfo, lang: str) -> str:
    what = texts.say(_WHAT.get(meeting.method, "meeting.publish"), lang, summary=meeting.summary or "–")
    lines = [what]
    if meeting.answer in _ANSWERS:
        lines.append(texts.say("meeting.answer", lang, answer=texts.say(_ANSWERS[meeting.answer], lang)))
    when = _when(meeting, texts, zone, lang)
    lines.append(texts.say("meeting.when", lang, when=when or texts.say("meeting.unclear", lang)))
    if meeting.where:
        lines.append(texts.say("meeting.where", lang, where=meeting.where))
    return "\n".join(lines)


def _when(meeting: Meeting, texts: Texts, zone: tzinfo, lang: str) -> str:
    """Return from when to when, with the year and the zone: a ticket is read on other days than today."""
    starts, ends = meeting.starts_at, meeting.ends_at
    if starts is None:
        return ""
    if meeting.is_whole_day:
        first, last = (
            starts.date(),
            (ends - timedelta(days=1)).date() if ends and ends > starts else starts.date(),
        )
        return f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
    local = starts.astimezone(zone)
    weekday = texts.say(f"weekday.{local.weekday()}", lang)
    until = ""
    if ends is not None and ends > starts:
        end = ends.astimezone(zone)
        until = f"–{end:%H:%M}" if end.date() == local.date() else f" – {end:%Y-%m-%d %H:%M}"
    return f"{local:%Y-%m-%d} {weekday} {local:%H:%M}{until} (UTC{local:%z})"
