"""Records behind a small service of the shop's own: one signed POST a question, and an answer of a strict form."""

import ssl
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.outgoing import NotAllowed, Outgoing, OutgoingFailed, Silent, TooMuch, Unreachable
from adapters.webhook_signing import ID, SIGNATURE, TIMESTAMP, key_of, signature
from gateway.clock import SystemClock
from gateway.directory.contract import Trouble
from gateway.directory.row import LONGEST, found_of
from gateway.domain.claims import OrderForm
from gateway.domain.records import Claims, Found, Match, NoMatch, NotFound

DEADLINE = timedelta(seconds=2)
MOST = 64 * 1024
_REASONS = {
    NotAllowed: "not_allowed",
    Unreachable: "unreachable",
    Silent: "silent",
    TooMuch: "too_big",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FoundAnswer(_Strict):
    """``{"found": true, "record": {…}}`` or ``{"found": false}``."""

    found: bool
    record: dict[str, str | int | float | bool | None] | None = Field(None, max_length=100)


class VerifyAnswer(_Strict):
    """``{"match": true, "order": "…", "customer": "…"}`` or ``{"match": false}``."""

    match: bool
    order: str = Field("", max_length=LONGEST)
    customer: str = Field("", max_length=LONGEST)


A = TypeVar("A", FoundAnswer, VerifyAnswer)


class HttpSource:
    """Asks a service. The order number and what is claimed stand in the body, never in the address."""

    kind = "http"
    is_near = False

    def __init__(
        self,
        url: str,
        secret: str,
        fields: Mapping[str, str],
        form: OrderForm,
        clock: SystemClock,
        outgoing: Outgoing,
        *,
        compares: bool = True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url, self._key, self._fields, self._form = url, key_of(secret), fields, form
        self._clock, self._outgoing, self.compares, self._tls = clock, outgoing, compares, tls

    async def find(self, key: str) -> Found | NotFound:
        """Ask for an order's record."""
        said = await self._ask({"ask": "find", "order": key}, FoundAnswer)
        if not said.found:
            return NotFound()
        if said.record is None:
            raise Trouble("bad_answer", "the service found an order and gave no record of it")
        return found_of(said.record, self._fields, key, self._form)

    async def verify(self, key: str, claims: Claims) -> Match | NoMatch:
        """Let the service compare: then no phone number ever leaves it."""
        given = {name: value for name in Claims.__slots__ if (value := getattr(claims, name))}
        if not given:
            return NoMatch()
        said = await self._ask({"ask": "verify", "order": key, "claims": given}, VerifyAnswer)
        if not said.match:
            return NoMatch()
        if self._form.key(said.order) != key:
            raise Trouble("other_order", "the service matched another order than was asked for")
        return Match(customer_ref=said.customer or f"order {key}", order_ref=said.order)

    async def count(self) -> int | None:
        """Ask for an order that cannot be, to see that the service answers."""
        await self._ask({"ask": "find", "order": "0" * 32}, FoundAnswer)
        return None

    async def run(self) -> None:
        """Nothing is kept that could grow old."""

    async def close(self) -> None:
        """The way out is the whole house's, and not ours to close."""

    async def _ask(self, question: Mapping[str, object], form: type[A]) -> A:
        body = orjson.dumps(question)
        try:
            answer = await self._outgoing.post(
                self._url, body, headers=self._signed(body), deadline=DEADLINE, most=MOST, tls=self._tls
            )
        except OutgoingFailed as error:
            raise Trouble(_REASONS.get(type(error), "failed"), str(error)) from error
        if answer.status != 200:
            raise Trouble("status", f"the service answered {answer.status} where only 200 is an answer")
        try:
            return form.model_validate(orjson.loads(answer.body))
        except (orjson.JSONDecodeError, ValidationError) as error:
            reason = "bad_json" if isinstance(error, orjson.JSONDecodeError) else "bad_answer"
            raise Trouble(
                reason, "the service's answer has not the form of docs/howto/customer-directory.md"
            ) from None

    def _signed(self, body: bytes) -> dict[str, str]:
        """Return the headers of Standard Webhooks: id, time, and a signature of both with the body."""
        name, at = "q" + self._clock.chance(12).hex(), self._clock.now()
        return {
            "Content-Type": "application/json",
            ID: name,
            TIMESTAMP: str(int(at.timestamp())),
            SIGNATURE: signature(self._key, name, at, body),
        }


def tls_of(ca: Path | None, certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """Return TLS as configured: an authority of the house's own, a certificate of ours; None for the usual.

    Raises:
        Trouble: a file cannot be read.
    """
    if ca is None and certificate is None:
        return None
    try:
        context = ssl.create_default_context(cafile=ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if certificate is not None:
            context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise Trouble("bad_tls", f"directory.http: a certificate or key cannot be read ({error})") from error
    return context
