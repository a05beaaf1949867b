"""Signing in and out, and who is behind a cookie or a token."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn, Protocol

from gateway.desk.accounts_errors import BadProof, NotSignedIn
from gateway.desk.accounts_guesses import Guessed, Guesses
from gateway.desk.accounts_stage import LATER, Browser, lasts, masked_address, next_stage
from gateway.desk.passwords import Passwords
from gateway.desk.rights import Role, Stage, Who
from gateway.domain.account_rules import AccountRules
from gateway.errors import Refusal, Said
from gateway.store import accounts as rows
from gateway.store import api_tokens, audit, devices, factors
from gateway.store.accounts import AgentRow, SessionRow
from gateway.store.database import Database, Tx
from gateway.store.feed import Committed, Feed

TOUCH_EVERY = timedelta(minutes=1)
"""A request renews the session's ``seen_at`` only this often: reading should not cost a commit."""

STATES = ("online", "away", "offline")


class Clock(Protocol):
    """What this needs of the clock."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        ...

    def chance(self, nbytes: int) -> bytes:
        """Return bytes that nobody can guess."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A fresh session: ``token`` goes into the cookie and is kept nowhere else."""

    who: Who
    token: str
    device: str = ""
    """What makes this browser known the next time; empty while the sign-in is not whole."""
    is_new_device: bool = False


class Accounts:
    """The people and programs that may use the desk's interface."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        feed: Feed,
        rules: AccountRules | None = None,
        count: Callable[[str, str], None] = lambda way, outcome: None,
    ) -> None:
        self.database, self.clock, self._feed = database, clock, feed
        self.rules = rules or AccountRules()
        self.count = count
        self.passwords = Passwords(self.rules)
        self.guesses = Guesses(clock, lambda: count("any", "throttled"))

    async def sign_in(self, login: str, password: str, browser: Browser) -> SignedIn:
        """Open a new session; how much it opens, ``who.stage`` says.

        Raises:
            NotSignedIn: code ``bad_login``, the same whether the login exists or not.
            TooMany: too many misses of this login or from this address.
        """
        login = rows.folded(login)
        device, now = _hash(browser.device), self.clock.now()
        # A browser that was here before is not kept out by strangers who guess at this login.
        is_known = bool(device) and await self.database.read(
            lambda tx: devices.is_known(tx, login, device, now)
        )
        guessed = self.guesses.of_login(login, browser.address, is_known=is_known)
        found = await self.database.read(lambda tx: rows.credentials(tx, login))
        agent, stored = found or (None, None)
        is_right = await self.passwords.verify(password, stored)
        if not is_right or agent is None or stored is None or not self.rules.may_use_password(login):
            guessed.missed()
            await self._refused(login, agent, "password")
            said = Said("登录名或密码不正确。", "Login or password is wrong.")
            raise NotSignedIn("a wrong login or password", public=said, code="bad_login")
        guessed.right()
        renewed = await self.passwords.hash(password) if self.passwords.is_old(stored) else None
        return await self.open(agent, browser, way="password", password_hash=renewed)

    async def open(
        self,
        agent: AgentRow,
        browser: Browser,
        *,
        way: str,
        shown: str | None = None,
        instead_of: Who | None = None,
        password_hash: str | None = None,
    ) -> SignedIn:
        """Open a session for somebody who came by ``way`` and has ``shown`` a second factor (or none yet).

        ``instead_of`` is the session that this one takes the place of: each step of a sign-in has an id of its own.
        """
        now, rules = self.clock.now(), self.rules
        token, csrf = self.clock.chance(32).hex(), self.clock.chance(32).hex()
        session, device = rows.hashed(token), browser.device or self.clock.chance(32).hex()
        by_password = way in ("password", "link")

        def unit(tx: Tx) -> tuple[SessionRow, str] | None:
            present = rows.find_id(tx, agent.id)
            if present is None:
                return None
            if instead_of is not None and instead_of.session is not None:
                rows.close_session(tx, instead_of.session)
            if password_hash is not None:
                rows.set_password(tx, agent.id, password_hash)
            stage = next_stage(
                rules,
                factors=factors.kinds_of(tx, agent.id),
                shown=shown,
                by_password=by_password,
                password_at=present.password_at,
                now=now,
            )
            expires_at = now + lasts(rules, stage)
            rows.open_session(
                tx, agent.id, session, csrf, masked_address(browser.address), now, expires_at,
                stage=stage, factor=shown, browser=browser.name,
            )  # fmt: skip
            met = devices.meet_device(tx, agent.id, rows.hashed(device), now) if stage is Stage.IN else ""
            audit.write(
                tx, actor=_actor(agent), act="sign_in", now=now, way=way, factor=shown or "none", stage=stage
            )
            found = rows.find_session(tx, session, now, rules.idle)
            assert found is not None
            return found, met

        opened = await self.database.write(unit)
        if opened is None:
            raise NotSignedIn("disabled meanwhile")
        self.count(way if shown is None else shown, "done")
        who = _who(opened[0], session)
        is_whole = who.stage is Stage.IN
        return SignedIn(
            who=who, token=token, device=device if is_whole else "", is_new_device=opened[1] == "new"
        )

    async def go_on(self, who: Who, browser: Browser, shown: str) -> SignedIn:
        """Go on with a sign-in whose second factor was ``shown`` just now, set up just now, or put off."""
        agent = await self.person(who)
        return await self.open(agent, browser, way="password", shown=shown, instead_of=who)

    async def put_off(self, who: Who, browser: Browser) -> SignedIn:
        """Set no second factor up yet: only on the gateway's own machine.

        Raises:
            Refusal: code ``factor_wanted``.
        """
        if who.stage is not Stage.ENROL or not browser.is_here:
            said = Said("请先设置第二因素。", "Please set up a second factor first.")
            raise Refusal("only on this machine", public=said, code="factor_wanted")
        return await self.go_on(who, browser, LATER)

    async def renew(self, who: Who, browser: Browser, *, way: str) -> SignedIn:
        """Give a whole session a new id after a fresh proof; its end and its streams' rights stay."""
        agent, now = await self.person(who), self.clock.now()
        token = self.clock.chance(32).hex()
        session, old = rows.hashed(token), who.session
        assert old is not None
        expires_at = who.expires_at or now + self.rules.longest

        def unit(tx: Tx) -> SessionRow | None:
            before = rows.find_session(tx, old, now, self.rules.idle)
            if before is None:
                return None
            rows.close_session(tx, old)
            rows.open_session(
                tx, agent.id, session, who.csrf, masked_address(browser.address), now, expires_at,
                stage=who.stage, factor=before.factor, browser=browser.name,
            )  # fmt: skip
            audit.write(tx, actor=_actor(agent), act="proof", now=now, way=way)
            return rows.find_session(tx, session, now, self.rules.idle)

        found = await self.database.write(unit)
        if found is None:
            raise NotSignedIn("a session that is over")
        self.count(f"proof_{way}", "done")
        return SignedIn(who=_who(found, session), token=token)

    async def check_password(self, who: Who, password: str, browser: Browser) -> None:
        """Return if it is the password of whoever asks.

        Raises:
            BadProof: it is not.
            TooMany: it was guessed at too often.
        """
        guessed = self.guesses.of_login(who.login, browser.address, is_known=True)
        found = await self.database.read(lambda tx: rows.credentials(tx, who.login))
        if not await self.passwords.verify(password, found[1] if found else None):
            await self.missed(who, "password", guessed)

    async def missed(self, who: Who, way: str, guessed: Guessed) -> NoReturn:
        """Count a wrong proof, write it down, and refuse.

        Raises:
            BadProof: always.
        """
        guessed.missed()
        agent = await self.person(who)
        await self._refused(who.login, agent, way)
        raise BadProof(f"a wrong {way}")

    async def sign_out(self, who: Who) -> None:
        """End the session; a token has none."""
        if who.session is not None:
            session, now = who.session, self.clock.now()

            def unit(tx: Tx) -> None:
                rows.close_session(tx, session)
                audit.write(tx, actor=f"agent:{who.number}", act="sign_out", now=now)

            await self.database.write(unit)

    async def by_cookie(self, token: str, *, is_active: bool) -> Who | None:
        """Return who this cookie is; ``is_active`` when a person did something, which keeps it from idling."""
        session, now = rows.hashed(token), self.clock.now()
        found = await self.database.read(lambda tx: rows.find_session(tx, session, now, self.rules.idle))
        if found is None:
            return None
        if is_active and now - found.seen_at >= TOUCH_EVERY:
            await self.database.write(lambda tx: rows.touch_session(tx, session, now))
        return _who(found, session)

    async def by_token(self, token: str) -> Who | None:
        """Return which program this bearer token is."""
        hashed, now = rows.hashed(token), self.clock.now()
        found = await self.database.read(lambda tx: api_tokens.find_token(tx, hashed, now))
        if found is None:
            return None
        if found.used_at is None or now - found.used_at >= api_tokens.USED_EVERY:
            await self.database.write(lambda tx: api_tokens.note_use(tx, hashed, now))
        return Who(
            role=Role(found.role),
            name=found.name,
            token=hashed,
            expires_at=found.expires_at,
            actions=None if found.actions is None else frozenset(found.actions),
        )

    async def still_valid(self, hashes: list[str]) -> set[str]:
        """Return which of these hashes of cookies or tokens still open the door."""
        now = self.clock.now()
        return await self.database.read(lambda tx: api_tokens.open_doors(tx, hashes, now, self.rules.idle))

    async def person(self, who: Who) -> AgentRow:
        """Return the account behind a session.

        Raises:
            NotSignedIn: it is a token, or the account was disabled meanwhile.
        """
        agent_id = who.agent_id
        found = None if agent_id is None else await self.database.read(lambda tx: rows.find_id(tx, agent_id))
        if found is None:
            raise NotSignedIn("nobody's session")
        return found

    async def set_state(
        self, agent_id: int, state: str, because: str, back_at: datetime | None = None
    ) -> None:
        """Set an agent online, away (until ``back_at``) or offline, until somebody changes it; tell the desks."""
        now = self.clock.now()

        def change(tx: Tx) -> Committed | None:
            agent = next((one for one in rows.list_agents(tx) if one.id == agent_id), None)
            if agent is None or (agent.state == state and back_at is None):
                return None
            return Committed(events=(rows.set_state(tx, agent, state, now, because, back_at),))

        committed = await self.database.write(change)
        if committed is not None:
            self._feed.publish(committed)

    async def present(self) -> list[AgentRow]:
        """Return the agents who are not offline."""
        return await self.database.read(rows.present_agents)

    def close(self) -> None:
        """Let go of the threads."""
        self.passwords.close()

    async def _refused(self, login: str, agent: AgentRow | None, way: str) -> None:
        """Write a miss down, of nobody's login too: both take the same time.

        A login that is nobody's is noted as a mark: people type passwords there, too.
        """
        self.count(way, "refused")
        now = self.clock.now()

        def unit(tx: Tx) -> None:
            about = _actor(agent) if agent else f"login:{audit.pseudonym(tx, login)}"
            audit.write(tx, actor="nobody", act="sign_in", about=about, outcome="refused", now=now, way=way)

        await self.database.write(unit)


def same(given: str, wanted: str) -> bool:
    """Return whether two secrets are the same, in a time that does not tell how much of them is; empty never is."""
    return bool(wanted) and hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def _actor(agent: AgentRow) -> str:
    return f"agent:{agent.number}"


def _hash(device: str) -> str:
    return rows.hashed(device) if device else ""


def _who(found: SessionRow, session: str) -> Who:
    agent = found.agent
    return Who(
        role=Role(agent.role),
        roles=frozenset(map(Role, agent.roles)),
        name=agent.name,
        agent_id=agent.id,
        login=agent.login,
        number=agent.number,
        state=agent.state,
        session=session,
        csrf=found.csrf,
        expires_at=found.expires_at,
        proved_at=found.proved_at,
        stage=Stage(found.stage),
        departments=found.departments,
        supervises=found.supervises,
        factor=found.factor,
    )
