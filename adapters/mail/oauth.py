"""Access tokens by a refresh token (RFC 6749 §6): had when needed, renewed before they end, never logged."""

import asyncio
import hashlib
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr
from yarl import URL

from adapters.contract import BadCredentials, Context, SendFailed
from adapters.mail.sealed import NONCE, opened, sealed
from adapters.mail.settings import OAuthSettings
from adapters.mail.tls import tls_context
from adapters.outgoing import Egress, Outgoing, OutgoingFailed

EARLY = timedelta(minutes=5)
"""So long before its end a token is renewed."""
DEADLINE = timedelta(seconds=20)
USUAL = 3600
"""Seconds a token lives where the endpoint does not say."""
_NAME = "oauth2"


class Tokens:
    """The access token of one account, for IMAP and SMTP alike."""

    def __init__(self, settings: OAuthSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._lock = asyncio.Lock()
        self._token: SecretStr | None = None
        self._ends = 0.0
        self._refresh: SecretStr | None = None

    async def token(self, refused: str | None = None) -> str:
        """Return a token that holds for some minutes yet, and is not the one a server has just refused.

        Raises:
            BadCredentials: the provider gives none any more; a person must allow it anew.
            SendFailed: the endpoint cannot be reached, or not now.
        """
        async with self._lock:
            token = self._token.get_secret_value() if self._token else None
            if token is None or token == refused or self._context.clock.monotonic() >= self._ends:
                token = await self._renewed()
            return token

    async def _renewed(self) -> str:
        settings = self._settings
        refresh = await self._refresh_token()
        form = {
            "grant_type": "refresh_token",
            "client_id": settings.client_id,
            "refresh_token": refresh.get_secret_value(),
        }
        if settings.client_secret is not None:
            form["client_secret"] = settings.client_secret.get_secret_value()
        if settings.scope:
            form["scope"] = settings.scope
        told = await self._asked(form)
        token, new = str(told["access_token"]), told.get("refresh_token")
        lives = timedelta(seconds=_seconds(told.get("expires_in")))
        self._token = SecretStr(token)
        self._ends = self._context.clock.monotonic() + (lives - min(EARLY, lives / 2)).total_seconds()
        if isinstance(new, str) and new and new != refresh.get_secret_value():
            await self._keep(new)
        return token

    async def _asked(self, form: dict[str, str]) -> dict[str, Any]:
        url = self._settings.token_url
        tls = tls_context(self._settings.ca_file) if url.startswith("https:") else None
        # A company's own sign-in server may be in its own network: only the operator can have written its name here.
        outgoing = Outgoing(Egress(private_hosts=frozenset({URL(url).raw_host or ""})))
        try:
            answer = await outgoing.post(
                url,
                urlencode(form).encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                deadline=DEADLINE,
                tls=tls,
            )
        except OutgoingFailed as error:
            raise SendFailed(f"the token endpoint {url} gives no answer: {type(error).__name__}") from None
        finally:
            await outgoing.close()
        return _told(answer.status, answer.body.decode("utf-8", "replace"), url)

    async def _refresh_token(self) -> SecretStr:
        """Return the newest refresh token: the provider may have renewed the configured one meanwhile."""
        if self._refresh is None:
            self._refresh = self._settings.refresh_token
            kept = _pair(opened(await self._context.recall(_NAME) or "", self._key()) or "")
            if kept is not None and kept[0] == self._configured():  # else the operator has put in a new one
                self._refresh = SecretStr(kept[1])
        return self._refresh

    async def _keep(self, refresh: str) -> None:
        self._refresh = SecretStr(refresh)
        pair = json.dumps([self._configured(), refresh])
        await self._context.remember(_NAME, sealed(pair, self._key(), self._context.chance(NONCE)))

    def _configured(self) -> str:
        return hashlib.sha256(self._settings.refresh_token.get_secret_value().encode()).hexdigest()

    def _key(self) -> bytes:
        return self._context.secret("oauth2")


def _told(status: int, text: str, url: str) -> dict[str, Any]:
    """Return what a good answer holds; its tokens stand in no error."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    told = told if isinstance(told, dict) else {}
    if status == 200 and isinstance(told.get("access_token"), str):
        return told
    refusal = str(told.get("error", ""))[:80] or f"HTTP {status}"
    if status in (400, 401, 403) and refusal not in ("temporarily_unavailable", "server_error", "slow_down"):
        raise BadCredentials(
            f"{url} gives no access token ({refusal}): get a new refresh token and set oauth2.refresh_token; "
            "see docs/howto/channel-mail.md"
        )
    raise SendFailed(f"the token endpoint {url} gives no token now ({refusal})")


def _seconds(value: object) -> int:
    try:
        return max(1, int(str(value)))
    except ValueError:
        return USUAL


def _pair(text: str) -> tuple[str, str] | None:
    try:
        first, second = json.loads(text)
    except (ValueError, TypeError):
        return None
    return str(first), str(second)
