"""Coming in by the house's single sign-on: OpenID Connect's code flow with PKCE, state and nonce, and no more of it."""

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import structlog

from adapters.outgoing import Outgoing, OutgoingFailed
from gateway.desk.accounts import Accounts, SignedIn, same
from gateway.desk.accounts_errors import NotSignedIn
from gateway.desk.accounts_stage import SIGN_ON, Browser
from gateway.desk.oidc_claims import BadToken, Identity, believed, challenge_of, claims_of, public_keys
from gateway.errors import NotFound, OutsideFailure, Said
from gateway.store import accounts as people
from gateway.store import audit, devices, links
from gateway.store import sign_on as rows
from gateway.store.accounts import AgentRow
from gateway.store.database import Tx

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

BACK_WITHIN = timedelta(minutes=10)
KEPT = timedelta(hours=1)
"""How long the provider's description and keys are believed without asking again."""
KEYS_AGAIN = timedelta(seconds=60)
_LOCAL = ("http://127.0.0.1", "http://localhost", "http://[::1]")
_MOST = 256 * 1024


@dataclass(slots=True)
class _Provider:
    description: dict[str, Any]
    keys: dict[str, Any]
    at: float


class SignOn:
    """One provider, pinned by its issuer; who it names must have an account here already."""

    def __init__(self, accounts: Accounts, outgoing: Outgoing) -> None:
        self._accounts, self._outgoing = accounts, outgoing
        self._rules = accounts.rules.sign_on
        self._provider: _Provider | None = None

    async def begin(self, redirect: str) -> tuple[str, str]:
        """Return where to send the browser, and what it must bring back in a cookie.

        Raises:
            NotFound: the house has no single sign-on. OutsideFailure: it does not answer.
        """
        if not self._rules.is_on:
            raise NotFound("no single sign-on is configured")
        provider = await self._asked()
        clock = self._accounts.clock
        flow, state, nonce, verifier = (clock.chance(32).hex() for _ in range(4))
        data = {"state": state, "nonce": nonce, "verifier": verifier, "redirect": redirect}
        now = clock.now()
        await self._accounts.database.write(
            lambda tx: links.begin_flow(tx, people.hashed(flow), "oidc", data, now, BACK_WITHIN)
        )
        asked = {
            "response_type": "code",
            "client_id": self._rules.client_id,
            "redirect_uri": redirect,
            "scope": " ".join(self._rules.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        end = str(provider.description["authorization_endpoint"])
        return f"{end}{'&' if '?' in end else '?'}{urlencode(asked)}", flow

    async def finish(self, flow: str, asked: dict[str, str], browser: Browser) -> SignedIn:
        """Sign in whoever the provider names; ``asked`` is the query the browser came back with.

        Raises:
            NotSignedIn: code ``sign_on_refused``, whatever the reason: the log has it.
        """
        try:
            agent = await self._who(flow, asked)
        except (BadToken, OutgoingFailed, OutsideFailure) as error:
            log.warning("sign_on.refused", error=str(error))
            self._accounts.count(SIGN_ON, "refused")
            now = self._accounts.clock.now()
            await self._accounts.database.write(
                lambda tx: audit.write(
                    tx, actor="nobody", act="sign_in", now=now, outcome="refused", way=SIGN_ON
                )
            )
            said = Said(
                "单点登录未成功。请重试，或请管理员先为您建立账号。",
                "The single sign-on did not work. Try again, or ask an administrator for an account first.",
            )
            raise NotSignedIn(str(error), public=said, code="sign_on_refused") from error
        shown = SIGN_ON if self._rules.trusts_second_factor else None
        return await self._accounts.open(agent, browser, way=SIGN_ON, shown=shown)

    async def _who(self, flow: str, asked: dict[str, str]) -> AgentRow:
        now = self._accounts.clock.now()
        begun = None
        if flow:
            begun = await self._accounts.database.write(
                lambda tx: links.end_flow(tx, people.hashed(flow), "oidc", now)
            )
        if begun is None:
            raise BadToken("nothing was begun in this browser")
        if not same(asked.get("state", ""), begun["state"]):
            raise BadToken("an answer to another question")
        if asked.get("iss", self._rules.issuer) != self._rules.issuer:
            raise BadToken("an answer from somebody else")  # RFC 9207
        if "error" in asked or not asked.get("code"):
            raise BadToken(f"the provider said {asked.get('error', 'nothing')[:40]}")
        token = await self._exchange(asked["code"], begun)
        identity = await self._identity(token, begun["nonce"])
        return await self._accounts.database.write(lambda tx: self._found(tx, identity))

    async def _exchange(self, code: str, begun: dict[str, Any]) -> Any:
        provider, rules = await self._asked(), self._rules
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": begun["redirect"],
            "code_verifier": begun["verifier"],
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if rules.client_secret:
            pair = f"{quote(rules.client_id, safe='')}:{quote(rules.client_secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form["client_id"] = rules.client_id
        answer = await self._outgoing.post(
            str(provider.description["token_endpoint"]), urlencode(form).encode(), headers=headers, most=_MOST
        )
        found = _json(answer.body) if answer.status == 200 else None
        if not isinstance(found, dict):
            raise BadToken(f"the code was not taken ({answer.status})")
        return found.get("id_token")

    async def _identity(self, token: Any, nonce: str) -> Identity:
        provider, now = await self._asked(), self._accounts.clock.now()
        try:
            claims = claims_of(token, provider.keys, self._rules)
        except BadToken:
            if self._accounts.clock.monotonic() - provider.at < KEYS_AGAIN.total_seconds():
                raise
            # The provider may have changed its keys; asked again at most once a minute.
            provider = await self._asked(anew=True)
            claims = claims_of(token, provider.keys, self._rules)
        return believed(claims, self._rules, nonce=nonce, now=now)

    def _found(self, tx: Tx, identity: Identity) -> AgentRow:
        """The one who is linked; or the one with this verified address, who is linked now and for good."""
        issuer, now = self._rules.issuer, self._accounts.clock.now()
        agent = rows.find_linked(tx, issuer, identity.subject)
        if agent is not None:
            rows.note_use(tx, issuer, identity.subject, now)
            return agent
        agent = rows.find_to_link(tx, issuer, identity.subject, identity.mail or "")
        if agent is None:
            raise BadToken("nobody here has this identity")
        rows.link(tx, issuer, identity.subject, agent.id, now)
        # Who had the account before by a password of their own must not keep it beside its owner.
        if agent.login != self._accounts.rules.break_glass:
            people.drop_password(tx, agent.id)
        devices.end_sessions(tx, agent.id)
        links.drop_links(tx, agent.id)
        actor = f"agent:{agent.number}"
        audit.write(tx, actor=actor, act="account.link", now=now, about=actor, way=SIGN_ON)
        return agent

    async def _asked(self, *, anew: bool = False) -> _Provider:
        now = self._accounts.clock.monotonic()
        known = self._provider
        if known is not None and not anew and now - known.at < KEPT.total_seconds():
            return known
        try:
            description = await self._document(
                f"{self._rules.issuer.rstrip('/')}/.well-known/openid-configuration"
            )
            if not isinstance(description, dict) or description.get("issuer") != self._rules.issuer:
                raise BadToken("the provider describes itself as another")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                end = description.get(name)
                is_local = self._rules.issuer.startswith(_LOCAL) and str(end).startswith(_LOCAL)
                if not isinstance(end, str) or not (end.startswith("https://") or is_local):
                    raise BadToken(f"the provider's {name} is not safe")
            keys = public_keys(await self._document(str(description["jwks_uri"])))
        except (BadToken, OutgoingFailed) as error:
            raise OutsideFailure(
                f"the single sign-on at {self._rules.issuer} is of no use: {error}; see docs/howto/sign-in-securely.md"
            ) from error
        self._provider = _Provider(description, keys, now)
        return self._provider

    async def _document(self, address: str) -> Any:
        answer = await self._outgoing.request(
            "GET", address, headers={"Accept": "application/json"}, most=_MOST
        )
        if answer.status != 200:
            raise BadToken(f"a document was answered with {answer.status}")
        return _json(answer.body)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError as error:
        raise BadToken("an answer that is not JSON") from error
