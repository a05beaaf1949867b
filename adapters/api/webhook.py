"""Posting to the app's webhook: one request, no redirects, public addresses only, every answer understood."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from yarl import URL

from adapters.api.settings import ApiSettings
from adapters.api.signing import body_of
from adapters.contract import BadCredentials, Context, Outbound, Receipt, Refused, SendFailed
from adapters.outgoing import Answer, Egress, NotAllowed, Outgoing, Silent, TooMuch, Unreachable
from adapters.webhook_signing import headers

LONGEST_WISH = timedelta(hours=24)
_LATER = (408, 425, 429)


class Webhook:
    """The app's address, with a connection kept between messages."""

    def __init__(self, settings: ApiSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._keys = settings.webhook_keys
        own = {URL(settings.webhook_url).raw_host or ""} if settings.may_go_anywhere else set()
        ports = {443, URL(settings.webhook_url).port or 443}
        self._outgoing = Outgoing(Egress(private_hosts=frozenset(own), ports=frozenset(ports)))

    async def post(self, outbound: Outbound) -> Receipt:
        """Post one message; the app knows a repeated one by ``webhook-id``."""
        body = body_of(outbound, [await it.read() for it in outbound.attachments])
        signed = headers(self._keys, outbound.key, self._context.clock.now(), body)
        settings = self._settings
        try:
            answer = await self._outgoing.post(
                settings.webhook_url, body, headers=signed, deadline=settings.timeout
            )
        except NotAllowed as error:
            raise SendFailed(
                f"the app's webhook may not be asked: {error}; set allow_private = true if it is meant"
            ) from error
        except Unreachable as error:
            raise SendFailed(f"the app's webhook cannot be reached: {error}; check webhook_url") from error
        except (Silent, TooMuch) as error:
            raise SendFailed(
                f"the app's webhook took the request and gave no whole answer ({error})", maybe_sent=True
            ) from error
        return self._judged(answer, outbound)

    def _judged(self, answer: Answer, outbound: Outbound) -> Receipt:
        status = answer.status
        if 200 <= status < 300:
            return Receipt(provider_ids=(outbound.key,), detail=f"{status}")
        if status in (401, 403):
            raise BadCredentials(
                f"the app answered {status}: see that it checks signatures with the webhook_secret of "
                f"channels.{self._context.channel}"
            )
        if 300 <= status < 400:
            raise SendFailed(
                f"the app answered {status}: redirects are not followed, set webhook_url to the end of them"
            )
        if 400 <= status < 500 and status not in _LATER:
            raise Refused(f"the app answered {status} and will not take it")
        raise SendFailed(f"the app answered {status}", retry_after=self._wish(answer))

    def _wish(self, answer: Answer) -> timedelta | None:
        return parse_retry_after(answer.headers.get("retry-after", ""), self._context.clock.now())

    async def close(self) -> None:
        """Close the connection; posting again opens a new one."""
        await self._outgoing.close()


def parse_retry_after(value: str, now: datetime) -> timedelta | None:
    """Return a ``Retry-After`` header (RFC 9110 §10.2.3) as a span of at most a day; None when it says nothing."""
    if value.isascii() and value.isdigit():
        span = timedelta(seconds=min(int(value[:9]), 86_400))
    else:
        try:
            span = parsedate_to_datetime(value) - now
        except (ValueError, TypeError):
            return None
    return min(max(span, timedelta()), LONGEST_WISH)
