"""Raw bytes of a mail become what a person and a program want to know of it. Pure; only the worker process calls it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from adapters.contract import AutomaticKind, Unreadable
from adapters.mail import automatic, bounce, charsets, hypertext, protection
from adapters.mail.addresses import Mailbox, goes_on, is_address, mailboxes
from adapters.mail.body import Body, compose
from adapters.mail.headers import decode_words, one_line
from adapters.mail.letter import AMBIGUOUS, Mail
from adapters.mail.parts import Budget, Part, take_apart
from adapters.mail.quoting import forwarded_sender
from adapters.mail.reply import marked, reply_of
from adapters.mail.threading import made_id, message_ids, references

MAX_RAW = 200 * 1024 * 1024


def read(raw: bytes) -> Mail:
    """Return what a mail says.

    Raises:
        Unreadable: it is empty or beyond all limits. Anything else is read as well as can be.
    """
    if not raw.strip():
        raise Unreadable("the mail is empty")
    if len(raw) > MAX_RAW:
        raise Unreadable(f"the mail has {len(raw)} bytes; at most {MAX_RAW} are read")
    budget = Budget()
    root = take_apart(raw, budget)
    hint = _charset_of(root)
    body = compose(root, hint)
    subject = decode_words(root.first("subject"), hint)
    address, name = _sender(root, hint, budget)
    is_bounce = bounce.is_bounce(root, subject, address, body.text)
    verdict = automatic.judge(root, subject=subject, sender=address, text=body.text, is_bounce=is_bounce)
    if verdict.kind is None and body.meetings:
        verdict = _about_a_meeting(body, verdict)
    is_report = verdict.kind is AutomaticKind.BOUNCE
    if any(protection.is_sealed(part) for part in root.walk()):
        budget.note("the mail is encrypted or sealed: it is kept as it came")
    ids = message_ids(root.first("message-id"))
    return Mail(
        message_id=ids[0] if ids else made_id(raw),
        refs=references(_ids(root, "in-reply-to"), _ids(root, "references")),
        subject=subject,
        from_address=address,
        from_name=name,
        reply_to=_addresses(root, "reply-to"),
        to=_addresses(root, "to", "cc"),
        delivered_to=_addresses(root, "delivered-to", "x-original-to", "envelope-to", "x-delivered-to"),
        date=_date(root.first("date")),
        text=body.text,
        html=hypertext.sanitised(body.html) if body.html else None,
        reply=_new_words(body),
        files=body.files,
        automatic=verdict.kind,
        may_autorespond=verdict.may_autorespond,
        because=verdict.because,
        bounced=bounce.recipients(root, body.text) if is_report else (),
        returned_ids=_returned(root) if verdict.kind is not None else (),
        auth_results=tuple(one_line(charsets.guess(it)) for it in root.all("authentication-results")[:20]),
        labels=body.labels,
        forwarded_from=_forwarded_from(body.text),
        meetings=body.meetings,
        spam=automatic.spam_said(root),
        loop_mark=one_line(charsets.guess(root.first(automatic.LOOP_HEADER.lower()))),
        defects=(*budget.defects, *body.defects),
    )


def _about_a_meeting(body: Body, verdict: automatic.Verdict) -> automatic.Verdict:
    """A calendar's mail gets no automatic answer; “accepted”, without a word of their own, is no message at all."""
    said = [line for line in body.text.splitlines() if line.strip()]
    if all(it.method == "REPLY" for it in body.meetings) and len(said) <= 1:
        return automatic.Verdict(AutomaticKind.RECEIPT, False, "an answer to an invitation (RFC 5546)")
    return replace(verdict, may_autorespond=False, because=verdict.because or "it came from a calendar")


def _new_words(body: Body) -> str:
    """Return the reply: from the plain text where there is one, else from the HTML without what it marks as quoted."""
    if body.is_from_html and body.html and not marked(body.text):
        cut = hypertext.without_quotes(body.html)
        words = hypertext.to_text(cut) if cut else ""
        if words.strip():
            return reply_of(words)
    return reply_of(body.text)


def _forwarded_from(text: str) -> tuple[str, str] | None:
    told = forwarded_sender(text.splitlines()[:2000])
    found = [box for box in mailboxes((told or "").encode("utf-8", "replace")) if "@" in box.address]
    if not found:
        return None
    address = _clean_address(found[0].address)
    return (address, _clean_name(decode_words(found[0].name, None), address)) if is_address(address) else None


def _returned(root: Part) -> tuple[str, ...]:
    return tuple(id_ for value in bounce.returned_ids(root) for id_ in message_ids(value))


def _ids(root: Part, name: str) -> list[str]:
    return [id_ for value in root.all(name) for id_ in message_ids(value)]


def _charset_of(root: Part) -> str | None:
    """Return a charset some part of the mail names: a hint for bytes that come without one."""
    for part in root.walk():
        label = part.params.get("charset")
        if label and charsets.codec(label) not in (None, "utf-8", "ascii"):
            return label
    return None


def _sender(root: Part, hint: str | None, budget: Budget) -> tuple[str, str]:
    """Return the address and name of who wrote: From, failing that Sender, Return-Path, Reply-To."""
    for field_name in ("from", "sender", "x-sender", "return-path", "reply-to"):
        values = root.all(field_name)
        found = [box for value in values for box in mailboxes(value)]
        usable = [box for box in found if box.address]
        if not usable:
            continue
        names_several = len({box.address.lower() for box in usable}) > 1 or any(map(goes_on, values))
        if field_name == "from" and names_several:
            budget.note(AMBIGUOUS)
        elif field_name != "from":
            budget.note(f"no usable From; taken from {field_name}")
        box = _best(usable)
        return _clean_address(box.address), _clean_name(decode_words(box.name, hint), box.address)
    budget.note("no sender address")
    names = [box for value in root.all("from") for box in mailboxes(value)]
    return "", _clean_name(decode_words(names[0].name, hint), "") if names else ""


def _best(boxes: Sequence[Mailbox]) -> Mailbox:
    return next((box for box in boxes if "@" in box.address), boxes[0])


def _clean_address(address: str) -> str:
    address = one_line(address).strip("'\"[]<>")
    if "=?" in address:
        address = decode_words(address.encode(), None)
    return re.sub(r"\s+", "", address)[:320]


def _clean_name(name: str, address: str) -> str:
    name = one_line(name).strip().strip("\"'").strip()
    name = re.sub(r'\\(["\\])', r"\1", name)
    return "" if name.lower() == address.lower() else name[:200]


def _addresses(root: Part, *names: str) -> tuple[str, ...]:
    found = [box.address for name in names for value in root.all(name) for box in mailboxes(value)]
    return tuple(dict.fromkeys(_clean_address(it) for it in found if "@" in it))[:100]


def _date(value: bytes) -> datetime | None:
    text = charsets.guess(value)
    try:
        date = parsedate_to_datetime(re.sub(r"\b(GMT|UTC)([+-]\d{1,2}):?(\d{2})\b", r"\2\3", text))
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return date.astimezone(UTC) if 1970 < date.year < 2100 else None
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
