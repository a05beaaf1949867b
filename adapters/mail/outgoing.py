"""One Outbound becomes one mail: text and HTML, threaded, marked if a machine wrote it. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from adapters.contract import Outbound, OutboundAttachment, Refused
from adapters.mail.addresses import on_the_wire
from adapters.mail.automatic import LOOP_HEADER
from adapters.mail.bodies import bodies
from adapters.mail.settings import MailSettings
from adapters.mail.threading import message_id, references_out, reply_address, subject_out

Attached = Sequence[tuple[OutboundAttachment, bytes]]


def to_message(
    outbound: Outbound, settings: MailSettings, *, now: datetime, reply_secret: bytes, loop_secret: bytes, attached: Attached = ()
) -> EmailMessage:  # fmt: skip
    """Return the mail to send; it is the same for every recipient and on every try.

    Raises:
        Refused: a recipient is no address that may go on the wire.
    """
    mail = EmailMessage(policy=SMTP)
    own_id = message_id(outbound.key, settings.id_domain)
    mail["Date"] = format_datetime(outbound.created_at or now)  # RFC 5322 §3.6.1: when its words were done
    mail["From"] = _mailbox(settings.name, settings.address)
    # Whoever is passed a message gets it under their own address, and nobody else's name.
    name = one_line(outbound.name or "") if outbound.forwarded is None else ""
    to = [recipient(one) for one in outbound.to or (outbound.address,)]
    mail["To"] = tuple(_mailbox(name if one == to[0] else "", one) for one in to)
    if outbound.cc:
        mail["Cc"] = tuple(_mailbox("", recipient(one)) for one in outbound.cc)
    mail["Message-ID"] = own_id
    is_forward = outbound.forwarded is not None
    references = [] if is_forward else references_out(outbound.replies_to, settings.id_domain)
    subject = subject_out(outbound.subject, outbound.ticket, is_reply=bool(references))
    mail["Subject"] = f"Fwd: {subject}" if is_forward else subject
    if references:
        mail["In-Reply-To"] = references[-1]
        mail["References"] = " ".join(references)
    tokened = reply_address(settings.address, outbound.thread, reply_secret)
    # A stranger's answer to a forward is not the customer's: it gets no key to their thread.
    if settings.plus_addressing and tokened and not is_forward:
        mail["Reply-To"] = _mailbox(settings.name, tokened)
    if outbound.automatic:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail[LOOP_HEADER] = loop_mark(own_id, loop_secret)
    mail["Content-Language"] = outbound.lang
    plain, html = bodies(outbound, settings)
    mail.set_content(plain, charset="utf-8", cte="base64" if not plain.isascii() else None)
    mail.add_alternative(html, subtype="html", charset="utf-8", cte="base64" if not html.isascii() else None)
    for it, content in attached:
        main, _, sub = it.media_type.partition("/")
        if main in ("text", "multipart", "message") or not sub:
            main, sub = ("application", "octet-stream") if main != "text" else (main, sub)
        mail.add_attachment(content, maintype=main, subtype=sub, filename=one_line(it.name) or "file")
    return mail


def recipient(address: str) -> str:
    """Return the envelope's recipient.

    Raises:
        Refused: it is not one plain address; what looks like two must never reach the wire.
    """
    try:
        return on_the_wire(address)
    except ValueError as error:
        raise Refused(f"cannot send: {error}") from error


def _mailbox(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def one_line(text: str) -> str:
    """Return text without controls: nothing from outside starts a header of its own."""
    return " ".join("".join(ch if ch >= " " and ch != "\x7f" else " " for ch in text).split())[:200]


def loop_mark(id: str, secret: bytes) -> str:
    """Return what proves that a mail with this Message-ID was sent by this very channel."""
    digest = hmac.digest(secret, id.encode("utf-8", "replace"), hashlib.sha256)
    return base64.b32encode(digest[:15]).decode("ascii").lower()
