"""Records behind a small service of the shop's own: one signed POST a question, and an answer of a strict form."""

import base64
import hashlib
import hmac
import ssl
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Protocol, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.clock import SystemClock
from gateway.directory.contract import Trouble
from gateway.directory.row import LONGEST, found_of
from gateway.domain.claims import OrderForm
from gateway.domain.records import Claims, Found, Match, NoMatch, NotFound

DEADLINE = timedelta(seconds=2)
MOST = 64 * 1024


class Answered(Protocol):
    """What a service said."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def body(self) -> bytes:
        """The whole body, no longer than was asked for."""
        ...


class Posts(Protocol):
    """The way out: checked addresses, no redirects, a deadline, a limit."""

    async def post(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        deadline: timedelta = DEADLINE,
        most: int = MOST,
        tls: ssl.SSLContext | None = None,
    ) -> Answered:
        """Post once.

        Raises:
            Trouble: there is no answer.
        """
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


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
        posts: Posts,
        *,
        compares: bool = True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url, self._key, self._fields, self._form = url, secret.encode(), fields, form
        self._clock, self._posts, self._compares, self._tls = clock, posts, compares, tls

    async def find(self, key: str) -> Found | NotFound:
        """Ask for an order's record."""
        said = await self._ask({"ask": "find", "order": key}, FoundAnswer)
        if not said.found:
            return NotFound()
        if said.record is None:
            raise Trouble("bad_answer", "the service found an order and gave no record of it")
        return found_of(said.record, self._fields, key, self._form)

    async def verify(self, key: str, claims: Claims) -> Match | NoMatch | None:
        """Let the service compare, where it can: then no phone number ever leaves it."""
        if not self._compares:
            return None
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
        """Close the connections."""
        await self._posts.close()

    async def _ask(self, question: Mapping[str, object], form: type[A]) -> A:
        body = orjson.dumps(question)
        answer = await self._posts.post(
            self._url, body, headers=self._signed(body), deadline=DEADLINE, most=MOST, tls=self._tls
        )
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
        name, at = "q" + self._clock.chance(12).hex(), str(int(self._clock.now().timestamp()))
        mark = hmac.digest(self._key, b".".join((name.encode(), at.encode(), body)), hashlib.sha256)
        return {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": at,
            "webhook-signature": "v1," + base64.b64encode(mark).decode(),
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
