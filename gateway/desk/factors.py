"""Second factors: setting them up, showing them, and what is left when a telephone is lost."""

import base64
from dataclasses import dataclass
from typing import Any

from gateway.desk import factors_passkey as passkeys
from gateway.desk import factors_totp as totp
from gateway.desk.accounts import Accounts, SignedIn
from gateway.desk.accounts_errors import BadProof, NotSignedIn
from gateway.desk.accounts_stage import RECOVERY, Browser
from gateway.desk.factors_passkey import Asked, Site
from gateway.desk.rights import Stage, Who
from gateway.errors import Conflict, NotFound, Refusal, Said
from gateway.store import accounts as people
from gateway.store import audit, links
from gateway.store import factors as rows
from gateway.store.accounts import AgentRow
from gateway.store.database import Tx
from gateway.store.factor_secrets import open_secret, seal_secret

MOST = 10
"""So many factors one person may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An authenticator to be scanned or typed in; its first code makes it hold."""

    id: int
    secret: str
    address: str
    width: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A factor that holds now."""

    codes: tuple[str, ...] = ()
    """New recovery codes, shown this once; only with the first factor."""
    signed_in: SignedIn | None = None
    """The sign-in goes on with this, where the factor was what it waited for."""


class Factors:
    """Everything about second factors that needs the database."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._database, self._clock = accounts.database, accounts.clock

    async def kinds(self, who: Who) -> frozenset[str]:
        """Return which kinds of factor somebody has."""
        agent_id = who.agent_id
        assert agent_id is not None
        return await self._database.read(lambda tx: rows.kinds_of(tx, agent_id))

    # --- setting up ---

    async def begin_totp(self, who: Who, name: str) -> Begun:
        """Make a secret for an authenticator app."""
        agent = await self._accounts.person(who)
        secret, now = totp.new_secret(self._clock.chance), self._clock.now()

        def unit(tx: Tx) -> int:
            _not_too_many(tx, agent.id)
            factor = rows.begin_totp(tx, agent.id, name, now)
            rows.keep_secret(tx, factor, seal_secret(tx, factor, secret))
            return factor

        factor = await self._database.write(unit)
        address = totp.address_of(secret, agent.login)
        width, path = totp.picture_of(address)
        return Begun(id=factor, secret=secret, address=address, width=width, path=path)

    async def confirm_totp(self, who: Who, code: str, browser: Browser) -> Made:
        """Let the begun authenticator hold if it shows a right code.

        Raises:
            BadProof: it does not.
        """
        agent, now = await self._accounts.person(who), self._clock.now()
        guessed = self._accounts.guesses.of_second(agent.id)
        codes = totp.new_codes(self._clock.chance)

        def unit(tx: Tx) -> tuple[str, ...] | None:
            is_first = not rows.kinds_of(tx, agent.id)
            for factor, sealed in rows.totps_of(tx, agent.id, is_confirmed=False):
                step = totp.step_of(open_secret(tx, factor, sealed), code, now)
                if step is not None and rows.use_step(tx, factor, step, now):
                    return self._added(tx, agent, "totp", codes if is_first else ())
            return None

        given = await self._database.write(unit)
        if given is None:
            await self._accounts.missed(who, "totp", guessed)
        return await self._made(who, given, browser, rows.TOTP)

    async def begin_passkey(self, who: Who, site: Site) -> tuple[str, Asked]:
        """Return a flow and what the browser is asked, to make a passkey."""
        agent = await self._accounts.person(who)
        known = await self._database.read(lambda tx: rows.passkeys_of(tx, agent.id))
        flow, challenge = await self._flow("passkey_new", agent.id)
        return flow, passkeys.ask_to_make(site, agent.id, agent.login, agent.name, challenge, known)

    async def confirm_passkey(
        self, who: Who, flow: str, credential: Asked, name: str, site: Site, browser: Browser
    ) -> Made:
        """Keep the passkey that was made.

        Raises:
            BadProof: it was made for something else. Conflict: it is somebody's already.
        """
        agent, now = await self._accounts.person(who), self._clock.now()
        challenge = await self._challenge(flow, "passkey_new", agent.id)
        found = None if challenge is None else passkeys.made(site, credential, challenge)
        if found is None:
            raise BadProof("a passkey made for something else")
        codes = totp.new_codes(self._clock.chance)
        transports = _transports(credential)

        def unit(tx: Tx) -> tuple[str, ...] | None:
            _not_too_many(tx, agent.id)
            is_first = not rows.kinds_of(tx, agent.id)
            added = rows.add_passkey(
                tx,
                agent.id,
                name,
                credential=found.credential,
                public_key=found.public_key,
                sign_count=found.sign_count,
                transports=transports,
                is_synced=found.is_synced,
                now=now,
            )
            return None if added is None else self._added(tx, agent, "passkey", codes if is_first else ())

        given = await self._database.write(unit)
        if given is None:
            said = Said("该通行密钥已经登记过。", "This passkey is registered already.")
            raise Conflict("a passkey twice", public=said, code="passkey_taken")
        return await self._made(who, given, browser, rows.PASSKEY)

    async def new_codes(self, who: Who) -> list[str]:
        """Return new recovery codes; the old ones are void."""
        agent, now = await self._accounts.person(who), self._clock.now()
        codes = totp.new_codes(self._clock.chance)

        def unit(tx: Tx) -> None:
            rows.replace_codes(tx, agent.id, [totp.plain_code(code) for code in codes], now)
            audit.write(
                tx,
                actor=f"agent:{agent.number}",
                act="recovery_codes.new",
                now=now,
                about=f"agent:{agent.number}",
            )

        await self._database.write(unit)
        return codes

    async def remove(self, who: Who, factor_id: int) -> None:
        """Forget one of one's factors.

        Raises:
            NotFound: it is not theirs. Refusal: code ``last_factor``, where the house wants one.
        """
        agent, now = await self._accounts.person(who), self._clock.now()

        def unit(tx: Tx) -> None:
            if not rows.remove_factor(tx, agent.id, factor_id):
                raise NotFound(f"no factor {factor_id} of {agent.number}")
            if self._accounts.rules.second_factor and not rows.kinds_of(tx, agent.id):
                said = Said(
                    "这是最后一个第二因素，请先添加另一个。",
                    "This is your last second factor. Add another one first.",
                )
                raise Refusal("the last factor", public=said, code="last_factor")
            actor = f"agent:{agent.number}"
            audit.write(tx, actor=actor, act="factor.remove", now=now, about=actor)

        await self._database.write(unit)

    # --- showing ---

    async def begin_showing(self, site: Site) -> tuple[str, Asked]:
        """Return a flow and what the browser is asked, to come in (or prove oneself) by a passkey."""
        flow, challenge = await self._flow("passkey", None)
        return flow, passkeys.ask_to_show(site, challenge)

    async def come_in(self, flow: str, credential: Asked, site: Site, browser: Browser) -> SignedIn:
        """Sign somebody in by a passkey alone: it is two factors, the thing and what opens it.

        Raises:
            NotSignedIn: code ``bad_login``.
        """
        guessed = self._accounts.guesses.of_link(browser.address)
        agent_id = await self._passkey(flow, credential, site)
        agent = (
            None if agent_id is None else await self._database.read(lambda tx: people.find_id(tx, agent_id))
        )
        if agent is None:
            guessed.missed()
            self._accounts.count("passkey", "refused")
            said = Said("通行密钥未通过验证。", "The passkey was not accepted.")
            raise NotSignedIn("a passkey that does not hold", public=said, code="bad_login")
        return await self._accounts.open(agent, browser, way="passkey", shown=rows.PASSKEY)

    async def second(
        self, who: Who, browser: Browser, *, code: str = "", flow: str = "", credential: Asked | None = None,
        site: Site,
    ) -> SignedIn:  # fmt: skip
        """Take the second step of a sign-in: a code of an app, a recovery code, or a passkey.

        Raises:
            BadProof: it does not hold. Refusal: no second step is waited for.
        """
        if who.stage is not Stage.SECOND:
            raise Refusal("no second step is waited for", code="invalid", field="code")
        shown = await self._shown(who, code, flow, credential, site, may_recover=True)
        return await self._accounts.go_on(who, browser, shown)

    async def prove(
        self, who: Who, browser: Browser, *, password: str = "", code: str = "", flow: str = "",
        credential: Asked | None = None, site: Site,
    ) -> SignedIn:  # fmt: skip
        """Prove oneself anew: by a second factor where there is one, else by the password.

        Raises:
            BadProof: it does not hold, or a password was given where a second factor is wanted.
        """
        agent = await self._accounts.person(who)
        kinds = await self._database.read(lambda tx: rows.kinds_of(tx, agent.id))
        if kinds:
            shown = await self._shown(who, code, flow, credential, site, may_recover=False)
            return await self._accounts.renew(who, browser, way=shown)
        await self._accounts.check_password(who, password, browser)
        return await self._accounts.renew(who, browser, way="password")

    async def _shown(
        self, who: Who, code: str, flow: str, credential: Asked | None, site: Site, *, may_recover: bool
    ) -> str:
        """Return by what somebody proved themselves."""
        guessed = self._accounts.guesses.of_second(who.agent_id)
        agent = await self._accounts.person(who)
        if credential is not None:
            if await self._passkey(flow, credential, site) == agent.id:
                guessed.right()
                return rows.PASSKEY
            await self._accounts.missed(who, "passkey", guessed)
        now, recovery = self._clock.now(), totp.plain_code(code) if may_recover else ""

        def unit(tx: Tx) -> str | None:
            if recovery:
                return RECOVERY if rows.use_code(tx, agent.id, recovery, now) else None
            for factor, sealed in rows.totps_of(tx, agent.id, is_confirmed=True):
                step = totp.step_of(open_secret(tx, factor, sealed), code, now)
                if step is not None and rows.use_step(tx, factor, step, now):
                    return rows.TOTP
            return None

        shown = await self._database.write(unit)
        if shown is None:
            await self._accounts.missed(who, "recovery" if recovery else "totp", guessed)
        guessed.right()
        return shown

    async def _passkey(self, flow: str, credential: Asked, site: Site) -> int | None:
        """Return whose passkey answered the challenge of this flow, which is used up by it."""
        challenge = await self._challenge(flow, "passkey", None)
        name = passkeys.credential_id(credential)
        found = await self._database.read(lambda tx: rows.find_passkey(tx, name)) if name else None
        if challenge is None or found is None:
            return None
        passkey, now = found, self._clock.now()
        count = passkeys.shown(site, credential, challenge, passkey)
        if count is None:
            return None
        await self._database.write(lambda tx: rows.use_passkey(tx, passkey.id, count, now))
        return passkey.agent_id

    async def _flow(self, kind: str, agent_id: int | None) -> tuple[str, bytes]:
        flow, challenge, now = self._clock.chance(32).hex(), self._clock.chance(32), self._clock.now()
        data = {"challenge": base64.b64encode(challenge).decode()}
        within = passkeys.ANSWER_WITHIN
        await self._database.write(
            lambda tx: links.begin_flow(tx, people.hashed(flow), kind, data, now, within, agent_id)
        )
        return flow, challenge

    async def _challenge(self, flow: str, kind: str, agent_id: int | None) -> bytes | None:
        if not flow:
            return None
        now = self._clock.now()
        data = await self._database.write(
            lambda tx: links.end_flow(tx, people.hashed(flow), kind, now, agent_id)
        )
        return None if data is None else base64.b64decode(data["challenge"])

    def _added(self, tx: Tx, agent: AgentRow, kind: str, codes: Any) -> tuple[str, ...]:
        now, actor = self._clock.now(), f"agent:{agent.number}"
        if codes:
            rows.replace_codes(tx, agent.id, [totp.plain_code(code) for code in codes], now)
        audit.write(tx, actor=actor, act="factor.add", now=now, about=actor, way=kind)
        return tuple(codes)

    async def _made(self, who: Who, codes: tuple[str, ...], browser: Browser, kind: str) -> Made:
        if who.stage is not Stage.ENROL:
            return Made(codes=codes)
        return Made(codes=codes, signed_in=await self._accounts.go_on(who, browser, kind))


def _not_too_many(tx: Tx, agent_id: int) -> None:
    if len(rows.factors_of(tx, agent_id)) >= MOST:
        said = Said("第二因素数量已达上限。", "You have as many second factors as there may be.")
        raise Refusal("too many factors", public=said, code="invalid", field="name")


def _transports(credential: Asked) -> list[str]:
    response = credential.get("response")
    given = response.get("transports") if isinstance(response, dict) else None
    return [one[:20] for one in given[:8] if isinstance(one, str)] if isinstance(given, list) else []
