"""The mail channel: a reader, a parser in a process of its own, and a sender, joined."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.contract import (
    AdapterError,
    AutomaticKind,
    BadCredentials,
    Bounced,
    Context,
    Inbound,
    InboundAttachment,
    Outbound,
    Receipt,
    Refused,
    Rendered,
    SenderCheck,
    SendFailed,
)
from adapters.mail.addresses import folded
from adapters.mail.authresults import sender_check
from adapters.mail.bodies import bodies
from adapters.mail.envelope import bounce_address, bounced_copy
from adapters.mail.imap import Reader, wire_of
from adapters.mail.letter import AMBIGUOUS, Mail
from adapters.mail.lockout import Lockout
from adapters.mail.oauth import Tokens
from adapters.mail.outgoing import loop_mark, recipient, to_message
from adapters.mail.pace import Pace
from adapters.mail.session import Session
from adapters.mail.settings import MailSettings
from adapters.mail.smtp import Sender, connect
from adapters.mail.threading import own_key, thread_of, with_keys
from adapters.mail.worker import Parser


class MailAdapter:
    """One mailbox at work."""

    def __init__(self, settings: MailSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        imap, smtp = settings.imap, settings.smtp
        tokens = Tokens(imap.oauth2, context) if imap.oauth2 else None
        out_tokens = tokens
        if smtp is not None and smtp.oauth2 is not None and smtp.oauth2 != imap.oauth2:
            out_tokens = Tokens(smtp.oauth2, context)
        self._tokens, self._out_tokens = tokens, out_tokens
        self._reader = Reader(settings, context, tokens)
        self._parser = Parser(context.clock, settings.parse_deadline)
        self._sender = Sender(smtp, context.clock, out_tokens) if smtp else None
        self._smtp_lockout = _lockout(settings, context)
        self._pace = Pace(context, smtp.per_minute if smtp else None, smtp.daily_limit if smtp else None)

    async def run(self) -> None:
        """Fetch mail until cancelled."""
        await self._reader.run()

    async def complete(self, inbound: Inbound) -> Inbound:
        """Parse a raw mail, away from the event loop.

        Raises:
            Unreadable: it cannot be read within the limits.
            SendFailed: the parser could not be started; try again.
        """
        if inbound.kind != "raw" or inbound.raw is None:
            return inbound
        mail = await self._parser.parse(inbound.raw)
        read = to_inbound(
            mail,
            inbound,
            self._settings,
            self._context.secret("reply-token"),
            self._context.secret("loop-mark"),
        )
        read = with_copy(read, self._settings, self._context.secret("bounce"))
        return if_still_fresh(read, inbound.sent_at, self._context.clock.now(), self._settings.answer_within)

    async def send(self, outbound: Outbound) -> Receipt:
        """Send one mail to one recipient."""
        if self._sender is None:
            raise Refused("this mailbox only receives: set smtp to answer from it")
        to = recipient(outbound.address)
        attached = [(it, await it.read()) for it in outbound.attachments]
        mail = to_message(
            outbound,
            self._settings,
            now=self._context.clock.now(),
            reply_secret=self._context.secret("reply-token"),
            loop_secret=self._context.secret("loop-mark"),
            attached=attached,
        )
        sender = self._sender_of(outbound)
        await self._pace.before()
        await self._smtp_lockout.before()
        try:
            receipt = await self._sender.send(mail, sender, to)
        except BadCredentials as error:
            await self._smtp_lockout.refused(error)
            raise
        except SendFailed as error:
            if error.maybe_sent:
                await self._pace.sent()
            raise
        await self._pace.sent()
        await self._smtp_lockout.let_in()
        return receipt

    def _sender_of(self, outbound: Outbound) -> str:
        """Return where bounces go: nowhere for what a machine wrote (RFC 3834 §3.3), else to this very copy."""
        if outbound.automatic:
            return ""
        own, secret = self._settings.address, self._context.secret("bounce")
        if not self._settings.takes_bounces_by_copy:
            return own
        return bounce_address(own, outbound.key, outbound.copy, secret) or own

    def render(self, outbound: Outbound) -> Sequence[Rendered]:
        """Return the two bodies of the mail."""
        plain, html = bodies(outbound, self._settings)
        return [Rendered(form="html", content=html), Rendered(form="text", content=plain)]

    async def probe(self) -> Sequence[str]:
        """Return what is wrong with the servers, in sentences; nothing if all is well."""
        return [*await self._probe_imap(), *await self._probe_smtp()]

    async def _probe_imap(self) -> list[str]:
        imap = self._settings.imap
        try:
            session = await Session.open(imap, self._tokens)
        except AdapterError as error:
            return [f"IMAP: {error}"]
        findings = []
        try:
            try:
                there = await session.folders()
                for folder in imap.folders:
                    await session.enter(wire_of(folder, there, imap.host))
            except AdapterError as error:
                findings.append(f"IMAP: {error}")
            if imap.idle and not session.can("IDLE"):
                findings.append(f"IMAP: {imap.host} has no IDLE; mail is looked for every {imap.poll}")
        except AdapterError as error:
            findings.append(f"IMAP: {error}")
        finally:
            await session.close()
        return findings

    async def _probe_smtp(self) -> list[str]:
        if self._settings.smtp is None:
            return ["SMTP: not set; nothing can be answered from this mailbox"]
        try:
            client = await connect(self._settings.smtp, self._out_tokens)
        except AdapterError as error:
            return [f"SMTP: {error}"]
        client.close()
        return []

    async def close(self) -> None:
        """Stop the parser and take leave of the SMTP server."""
        await self._parser.close()
        if self._sender is not None:
            await self._sender.close()


def _lockout(settings: MailSettings, context: Context) -> Lockout:
    smtp = settings.smtp
    if smtp is None or smtp.login is None:
        return Lockout(context, "smtp", "", "", "")
    secret = smtp.oauth2.refresh_token if smtp.oauth2 is not None else smtp.password
    return Lockout(context, "smtp", smtp.host, smtp.login, secret.get_secret_value() if secret else "")


def if_still_fresh(
    inbound: Inbound, received_at: datetime | None, now: datetime, within: timedelta
) -> Inbound:
    """Return a mail so that no machine answers it where it lies in the mailbox for long already."""
    if not inbound.may_autorespond or received_at is None or now - received_at <= within:
        return inbound
    why = f"no automatic answer: the mail arrived on {received_at:%Y-%m-%d}, long before it was read"
    return inbound.with_(may_autorespond=False, defects=(*inbound.defects, why))


def to_inbound(
    mail: Mail, raw: Inbound, settings: MailSettings, reply_secret: bytes, loop_secret: bytes
) -> Inbound:
    """Return the Inbound of a mail that was read: what is ours recognised, what was signed checked."""
    reached = tuple(dict.fromkeys([*mail.delivered_to, *mail.to]))
    automatic, defects = mail.automatic, list(mail.defects)
    if is_own(mail, settings, loop_secret):
        automatic = AutomaticKind.OWN
    is_addressed = any(_is_ours(address, settings) for address in mail.to)
    spam = mail.spam or raw.spam
    may = mail.may_autorespond and automatic is None and spam is None
    if may and not is_addressed:
        may = False
        defects.append(
            "no automatic answer: none of our addresses is in To or Cc; name it in aliases if it is ours"
        )
    elsewhere = [
        it for it in mail.reply_to if not _is_ours(it, settings) and folded(it) != folded(mail.from_address)
    ]
    if elsewhere and automatic is None:
        defects.append(f"it asks for answers to {elsewhere[0]}: they go to the sender's own address")
    return raw.with_(
        kind="message",
        address=folded(mail.from_address),
        name=mail.from_name or None,
        text=mail.reply,
        full_text=mail.text,
        html=mail.html,
        subject=mail.subject or None,
        own_id=mail.message_id,
        refs=with_keys((*mail.returned_ids, *mail.refs), settings.id_domain),
        token=thread_of(reached, settings.ours, reply_secret),
        automatic=automatic,
        may_autorespond=may,
        sender=_checked(mail, settings),
        recipients=reached,
        bounced=mail.bounced,
        labels=mail.labels,
        forwarded_from=_forwarded(mail),
        meetings=mail.meetings,
        spam=spam,
        sent_at=raw.sent_at or mail.date,
        attachments=tuple(
            InboundAttachment(
                name=file.name, media_type=file.media_type, content=file.content, size=len(file.content), inline=file.inline,
                content_id=file.content_id,
            )
            for file in mail.files
        ),
        defects=(*raw.defects, *defects),
    )  # fmt: skip


def with_copy(inbound: Inbound, settings: MailSettings, secret: bytes) -> Inbound:
    """Return a bounce with the copy it is about, where it came back to the address made for that copy."""
    if inbound.automatic is not AutomaticKind.BOUNCE:
        return inbound
    found = bounced_copy(inbound.recipients, settings.ours, secret)
    if found is None:
        return inbound
    key, copy = found
    told = inbound.bounced or (Bounced(address=""),)
    worst = next((one for one in told if one.hard), told[0])
    return inbound.with_(refs=(key, *inbound.refs), bounced=(replace(worst, copy=copy),))


def _forwarded(mail: Mail) -> tuple[str, str] | None:
    return (folded(mail.forwarded_from[0]), mail.forwarded_from[1]) if mail.forwarded_from else None


def _checked(mail: Mail, settings: MailSettings) -> SenderCheck:
    if AMBIGUOUS in mail.defects:  # whom a server proved may not be whom another program shows
        return SenderCheck(aligned="fail", because=AMBIGUOUS)
    return sender_check(mail.auth_results, settings.trusted_authserv_ids, mail.from_address)


def is_own(mail: Mail, settings: MailSettings, loop_secret: bytes) -> bool:
    """Say whether a mail is one of ours come back: our seal on its id, or our own address as its author."""
    if own_key(mail.message_id, settings.id_domain) and mail.loop_mark == loop_mark(
        mail.message_id, loop_secret
    ):
        return True
    return mail.from_address.lower() in settings.ours


def _is_ours(address: str, settings: MailSettings) -> bool:
    local, _, domain = address.lower().rpartition("@")
    return address.lower() in settings.ours or f"{local.partition('+')[0]}@{domain}" in settings.ours
