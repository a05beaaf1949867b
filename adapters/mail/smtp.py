"""The sender: one Outbound, one SMTP transaction, and an honest word about what became of it."""

import asyncio
import contextlib
from collections.abc import Awaitable
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.policy import SMTPUTF8 as SMTPUTF8_POLICY
from typing import TypeVar

import aiosmtplib

from adapters.contract import BadCredentials, Clock, Receipt, Refused, SendFailed
from adapters.mail.oauth import Tokens
from adapters.mail.pace import asks_for_pause, code_of
from adapters.mail.settings import SmtpSettings
from adapters.mail.tls import tls_context

T = TypeVar("T")
KEEP = timedelta(seconds=30)
"""How long a connection is kept for the next mail."""


class Sender:
    """Hands mails to the submission server, one after another over one connection."""

    def __init__(self, settings: SmtpSettings, clock: Clock, tokens: Tokens | None = None) -> None:
        self._settings = settings
        self._tokens = tokens
        self._clock = clock
        self._lock = asyncio.Lock()
        self._client: aiosmtplib.SMTP | None = None
        self._used_at = 0.0
        self._refused_senders: set[bool] = set()
        """Kinds of senders the server took for no good: the null one (False), and ones made for bounces (True)."""

    async def send(self, mail: EmailMessage, sender: str, recipient: str) -> Receipt:
        """Send ``mail`` to one recipient; an empty ``sender`` is the null sender of automatic mail.

        Raises:
            SendFailed: not taken; ``maybe_sent`` if silence followed the whole mail.
            Refused: the server will never take it.
            BadCredentials: the server does not accept our login.
        """
        async with self._lock:
            client = await self._connected()
            try:
                receipt = await self._transaction(client, mail, sender, recipient)
            except BaseException:
                self._drop()
                raise
            self._used_at = self._clock.monotonic()
            return receipt

    async def _connected(self) -> aiosmtplib.SMTP:
        client = self._client
        if client is not None and client.is_connected:
            rested = self._clock.monotonic() - self._used_at
            if rested < KEEP.total_seconds() and await self._is_alive(client):
                return client
        self._drop()
        self._client = await connect(self._settings, self._tokens)
        return self._client

    async def _is_alive(self, client: aiosmtplib.SMTP) -> bool:
        """Say whether the server still listens; this also clears what an earlier mail may have left."""
        try:
            return (await client.rset(timeout=5)).code == 250
        except (aiosmtplib.SMTPException, OSError):
            return False

    async def _transaction(
        self, client: aiosmtplib.SMTP, mail: EmailMessage, sender: str, recipient: str
    ) -> Receipt:
        options, encoding = [], "ascii"
        if foreign := outside_ascii(mail, sender, recipient):
            if not client.supports_extension("SMTPUTF8"):
                raise Refused(
                    f"cannot send to {foreign}: {self._settings.host} does not take addresses outside ASCII (SMTPUTF8)",
                    code="5.6.7",
                )
            options, encoding = ["SMTPUTF8"], "utf-8"
        content = mail.as_bytes(policy=SMTPUTF8_POLICY if options else SMTP_POLICY)
        await self._mail_from(client, sender, str(mail["From"].addresses[0].addr_spec), options, encoding)
        await _step(client.rcpt(recipient, encoding=encoding), f"the recipient {recipient}")
        answer = await self._data(client, content)
        return Receipt(
            provider_ids=(str(mail["Message-ID"]),), detail=f"{answer.code} {answer.message}"[:300]
        )

    async def _mail_from(
        self, client: aiosmtplib.SMTP, sender: str, own: str, options: list[str], encoding: str
    ) -> None:
        """Name the sender; own address where a provider takes no other: none (RFC 3834), or one made for bounces."""
        kind = "the null sender" if not sender else f"the sender {sender}"
        if sender != own and bool(sender) not in self._refused_senders:
            try:
                await _step(client.mail(sender, options=options, encoding=encoding), kind)
            except Refused:
                self._refused_senders.add(bool(sender))
                await _step(client.rset(), "RSET")
            else:
                return
        await _step(client.mail(own, options=options, encoding=encoding), f"the sender {own}")

    async def _data(self, client: aiosmtplib.SMTP, content: bytes) -> aiosmtplib.SMTPResponse:
        """Send the mail itself: before the last byte is out a failure is certain, after it the fate is unknown."""
        protocol = client.protocol
        assert protocol is not None
        write, is_out = protocol.write, False

        def noting_write(data: bytes) -> None:
            nonlocal is_out
            is_out = is_out or data != b"DATA\r\n"
            write(data)

        protocol.write = noting_write  # type: ignore[method-assign]  # the only place that knows when DATA was let through
        try:
            return await _step(client.data(content), "the mail")
        except SendFailed as error:
            is_answered = isinstance(error.__cause__, aiosmtplib.SMTPResponseException)
            if is_out and not is_answered and not isinstance(error, Refused):
                raise SendFailed(f"{error}, after the whole mail was sent", maybe_sent=True) from error
            raise
        finally:
            protocol.write = write  # type: ignore[method-assign]  # see above

    async def close(self) -> None:
        """Take leave of the server."""
        async with self._lock:
            client, self._client = self._client, None
            if client is not None and client.is_connected:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                    await client.quit(timeout=2)
                client.close()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


async def connect(settings: SmtpSettings, tokens: Tokens | None = None) -> aiosmtplib.SMTP:
    """Return a connection that is secured as the settings say, and logged in.

    Raises:
        SendFailed: the server cannot be reached, or offers no TLS; plain text is never fallen back to.
        BadCredentials: it does not accept our login.
    """
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        use_tls=settings.security == "tls",
        start_tls=settings.security == "starttls",
        tls_context=None if settings.security == "none" else tls_context(settings.ca_file),
        timeout=settings.timeout.total_seconds(),
        username=None,
    )
    try:
        await _step(client.connect(), f"a connection to {settings.host}:{settings.port}")
        await _step(client.ehlo(), "EHLO")
        if settings.login is not None and settings.oauth2 is not None and tokens is not None:
            await _show_token(client, settings.login, tokens, settings.host)
        elif settings.login is not None and settings.password is not None:
            await _log_in(client, settings.login, settings.password.get_secret_value(), settings.host)
    except BaseException:
        client.close()
        raise
    return client


async def _show_token(client: aiosmtplib.SMTP, login: str, tokens: Tokens, host: str) -> None:
    """Log in by XOAUTH2; a token that is refused is renewed once."""
    token = await tokens.token()
    try:
        await _authenticated(client.auth_xoauth2(login, token), login, host)
    except BadCredentials:
        token = await tokens.token(refused=token)
        await _authenticated(client.auth_xoauth2(login, token), login, host)


async def _log_in(client: aiosmtplib.SMTP, login: str, password: str, host: str) -> None:
    await _authenticated(client.login(login, password), login, host)


async def _authenticated(answer: Awaitable[aiosmtplib.SMTPResponse], login: str, host: str) -> None:
    try:
        await answer
    except aiosmtplib.SMTPAuthenticationError as error:
        if 400 <= error.code < 500:
            raise SendFailed(f"{host} cannot log us in now: {error.code} {error.message}") from error
        raise BadCredentials(
            f"{host} refuses the login of {login}: {error.code} {error.message}. Check smtp.login and smtp.password"
        ) from error
    except aiosmtplib.SMTPNotSupported as error:
        raise BadCredentials(
            f"{host} offers no login on this connection: check smtp.security, or leave smtp.login out"
        ) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise SendFailed(f"{host} broke off while we logged in: {_words(error)}") from error


async def _step(awaitable: Awaitable[T], what: str) -> T:
    """Return the answer to one command, its refusals as errors of ours."""
    try:
        return await awaitable
    except aiosmtplib.SMTPResponseException as error:
        said = f"{what}: {error.code} {error.message}"
        code = code_of(error.code, error.message)
        if pace := asks_for_pause(error.code, error.message):
            raise SendFailed(f"{pace}, {said}", code=code, channel_wide=True) from error
        if error.code in (530, 534, 535, 538):
            raise BadCredentials(
                f"the server wants a login before it takes {said}. Set smtp.login"
            ) from error
        if (
            500 <= error.code < 600 and error.code != 503
        ):  # 503 is about the order of commands, not about this mail
            raise Refused(f"the server refuses {said}", code=code) from error
        raise SendFailed(f"the server does not take {said}", code=code) from error
    except (aiosmtplib.SMTPException, OSError, UnicodeEncodeError) as error:
        raise SendFailed(f"no answer to {what}: {_words(error)}") from error


def outside_ascii(mail: EmailMessage, *envelope: str) -> str | None:
    """Return the first address that only SMTPUTF8 can carry: in the envelope, or where all recipients see it."""
    fields = [mail[name] for name in ("From", "Reply-To", "To", "Cc") if mail[name] is not None]
    shown = [str(one.addr_spec) for field in fields for one in field.addresses]
    return next((one for one in (*envelope, *shown) if not one.isascii()), None)


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
