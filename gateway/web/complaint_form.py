"""The complaint's record as a form for paper (A4), in Chinese or English: what leaves the screen is in one place."""

from datetime import datetime
from html import escape

from gateway.domain.complaint import FIELDS
from gateway.domain.policy import Policy
from gateway.store.complaints import ComplaintRecord
from gateway.web.promises import page
from gateway.web.wording import say


def form(record: ComplaintRecord, policy: Policy, lang: str, *, printed_at: datetime, printed_by: str) -> str:
    """Return the whole page; times are in the house's zone, an empty field leaves room for a pen."""

    def told(at: datetime) -> str:
        return at.astimezone(policy.hours.zone).strftime("%Y-%m-%d %H:%M")

    def shown(field: str) -> str:
        value = record.fields[field].value
        if isinstance(value, datetime):
            return told(value)
        if field == "responsible" and value and (found := policy.department(value)):
            return found.label.in_(lang)
        return value or ""

    rows = [(say("complaint.number", lang), record.number)]
    rows += [(say(f"complaint.{field}", lang), shown(field)) for field in FIELDS]
    rows.append((say("complaint.closed_at", lang), told(record.closed_at) if record.closed_at else ""))
    table = "".join(f"<tr><th scope=row>{escape(head)}<td>{_lines(text)}" for head, text in rows)
    title = say("complaint.title", lang)
    body = (
        f"<h1>{escape(policy.house.in_(lang))} · {escape(title)}</h1>\n"
        f"<table class=form><tbody>{table}</tbody></table>\n"
        f"<p class=sign>{escape(say('complaint.signed', lang))}</p>\n"
        f"<p class=small>{escape(say('complaint.printed', lang, at=told(printed_at), by=printed_by))}</p>"
    )
    return page(f"{title} {record.number}", body, lang)


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines()) or "&nbsp;"
