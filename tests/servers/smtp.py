"""An SMTP server that does as the test says: takes, defers, refuses, falls silent, hangs up; and remembers all."""

import asyncio
import contextlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.dovecot import free_port


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A mail the server took."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        """The mail, parsed."""
        parsed = message_from_bytes(self.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class Relay:
    """What the server shall do, and what it has seen.

    ``at`` maps a phase (``MAIL``, ``RCPT``, ``DATA``, ``TAKEN``) to a reply such as ``451 4.7.1 later``, or to
    ``hang`` or ``drop``; a list is used up one by one. ``TAKEN`` is after the whole mail has arrived.
    """

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    at: dict[str, str | list[str]] = field(default_factory=dict)
    connections: int = 0
    hand_on: Callable[[Taken], None] | None = None
    released: asyncio.Event | None = None

    def _say(self, phase: str) -> str | None:
        wanted = self.at.get(phase)
        if isinstance(wanted, list):
            return wanted.pop(0) if wanted else None
        return wanted

    async def _do(self, phase: str, server: SMTP) -> str | None:
        wanted = self._say(phase)
        if wanted == "hang":
            await asyncio.Event().wait()
        if wanted == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            raise asyncio.CancelledError
        return wanted

    async def handle_EHLO(  # noqa: N802  the names are aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count a client's greeting."""
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM."""
        if (said := await self._do("MAIL" if address.strip("<>") else "NULL", server)) is not None:
            return said
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer RCPT TO."""
        if (said := await self._do("RCPT", server)) is not None:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the mail, or do as told."""
        content = envelope.content
        assert isinstance(content, bytes)
        said = self._say("TAKEN")
        if said is None or said in ("hang", "drop"):
            it = Taken(
                sender=(envelope.mail_from or "").strip("<>"),
                recipients=tuple(envelope.rcpt_tos),
                content=content,
            )
            self.taken.append(it)
            if self.hand_on is not None:
                await asyncio.to_thread(self.hand_on, it)
        if said == "hang":
            await asyncio.Event().wait()
        if said == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "250 never heard"
        return said or "250 2.0.0 queued"


class _Protocol(SMTP):
    relay: Relay

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """Refuse DATA itself where the test wants it."""
        if (said := await self.relay._do("DATA", self)) is not None:
            await self.push(said)
            return
        await super().smtp_DATA(arg)


@contextlib.contextmanager
def running_relay(
    port: int = 0, *, login: tuple[str, str] | None = None, tls: Any = None, utf8: bool = True
) -> Iterator[Relay]:
    """Start the server in a thread of its own and stop it again."""
    relay = Relay(port=port or free_port())

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == login, handled=given == login)  # unhandled: it says 535 itself

    class Bound(_Protocol):
        pass

    Bound.relay = relay

    class Own(Controller):
        def factory(self) -> SMTP:
            with (
                warnings.catch_warnings()
            ):  # it warns of a login without TLS; here everything is on this machine
                warnings.simplefilter("ignore", UserWarning)
                return Bound(self.handler, **self.SMTP_kwargs)

    more: dict[str, Any] = {"enable_SMTPUTF8": utf8}
    if login is not None:
        more |= {"authenticator": check, "auth_require_tls": False, "auth_required": True}
    if tls is not None:
        more |= {"tls_context": tls}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        controller = Own(relay, hostname="127.0.0.1", port=relay.port, **more)
    controller.start()
    try:
        yield relay
    finally:
        controller.stop()
