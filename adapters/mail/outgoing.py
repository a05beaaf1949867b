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
from adapters.mail.quoting import MARKER
from adapters.mail.settings import MailSettings
from adapters.mail.threading import message_id, references_out, reply_address, subject_out
from adapters.text import escape, to_html, to_plain, with_choices

Attached = Sequence[tuple[OutboundAttachment, bytes]]

_AGENT = {"zh": "{name}（工号 {number}）", "en": "{name} (agent {number})"}


def to_message(
    outbound: Outbound, settings: MailSettings, *, now: datetime, reply_secret: bytes, loop_secret: bytes, attached: Attached = ()
) -> EmailMessage:  # fmt: skip
    """Return the mail to send.

    Raises:
        Refused: the recipient is no address that may go on the wire.
    """
    mail = EmailMessage(policy=SMTP)
    own_id = message_id(outbound.key, settings.id_domain)
    mail["Date"] = format_datetime(now)
    mail["From"] = _mailbox(settings.name, settings.address)
    mail["To"] = _mailbox(one_line(outbound.name or ""), recipient(outbound.address))
    mail["Message-ID"] = own_id
    references = references_out(outbound.replies_to, settings.id_domain)
    mail["Subject"] = subject_out(outbound.subject, outbound.ticket, is_reply=bool(references))
    if references:
        mail["In-Reply-To"] = references[-1]
        mail["References"] = " ".join(references)
    tokened = reply_address(settings.address, outbound.thread, reply_secret)
    if settings.plus_addressing and tokened:
        mail["Reply-To"] = _mailbox(settings.name, tokened)
    if outbound.automatic:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail[LOOP_HEADER] = loop_mark(own_id, loop_secret)
    mail["Content-Language"] = outbound.lang
    plain, html = bodies(outbound)
    mail.set_content(plain, charset="utf-8", cte="base64" if not plain.isascii() else None)
    mail.add_alternative(html, subtype="html", charset="utf-8", cte="base64" if not html.isascii() else None)
    for it, content in attached:
        main, _, sub = it.media_type.partition("/")
        if main in ("text", "multipart", "message") or not sub:
            main, sub = ("application", "octet-stream") if main != "text" else (main, sub)
        mail.add_attachment(content, maintype=main, subtype=sub, filename=one_line(it.name) or "file")
    return mail


def bodies(outbound: Outbound) -> tuple[str, str]:
    """Return the plain and the HTML body; our marker line stands above both."""
    source = with_choices(outbound.text, outbound.choices)
    signed = _signature(outbound)
    plain = "\n\n".join(part for part in (f"-- {MARKER} --", to_plain(source), signed) if part)
    html = "".join(
        [
            f'<p style="color:#888;font-size:small">-- {escape(MARKER)} --</p>',
            f"<div>{to_html(source)}</div>",
            f"<p>{escape(signed)}</p>" if signed else "",
        ]
    )
    return plain + "\n", f'<html lang="{escape(outbound.lang)}"><body>{html}</body></html>\n'


def _signature(outbound: Outbound) -> str:
    if outbound.author != "agent" or not outbound.agent_name:
        return ""
    if not outbound.agent_number:
        return outbound.agent_name
    form = _AGENT["zh" if outbound.lang.lower().startswith("zh") else "en"]
    return form.format(name=outbound.agent_name, number=outbound.agent_number)


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
