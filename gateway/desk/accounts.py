"""Signing in and out, and who is behind a cookie or a token."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from gateway.desk.passwords import Passwords, check_password
from gateway.desk.rights import Role, Stage, Who
from gateway.desk.throttle import Throttle
from gateway.errors import Refusal, Said, TooMany
from gateway.store import accounts as rows
from gateway.store import audit
from gateway.store.accounts import AgentRow, SessionRow
from gateway.store.database import Database, Tx
from gateway.store.feed import Committed, Feed

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
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


class NotSignedIn(Refusal):
    """Nobody we know, or no longer: 401."""

    code: ClassVar[str] = "not_signed_in"
    status: ClassVar[int] = 401
    said = Said("请先登录。", "Please sign in.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A fresh session: ``token`` goes into the cookie and is kept nowhere else."""

    who: Who
    token: str


class Accounts:
    """The people and programs that may use the desk's interface."""

    def __init__(self, database: Database, clock: Clock, feed: Feed) -> None:
        self._database, self._clock, self._feed = database, clock, feed
        self.passwords = Passwords()
        self._by_person = Throttle(free=5)
        self._by_login = Throttle(free=60)
        self._by_address = Throttle(free=20)

    async def sign_in(self, login: str, password: str, address: str) -> SignedIn:
        """Open a new session.

        Raises:
            NotSignedIn: code ``bad_login``, the same whether the login exists or not.
            TooMany: too many misses of this login or from this address.
        """
        login = rows.folded(login)
        self._must_not_wait(login, address)
        found = await self._database.read(lambda tx: rows.credentials(tx, login))
        stored = found[1] if found else None
        if not await self.passwords.verify(password, stored) or found is None or stored is None:
            self._missed(login, address)
            await self._database.write(lambda tx: self._note_miss(tx, login, found))
            said = Said("登录名或密码不正确。", "Login or password is wrong.")
            raise NotSignedIn("a wrong login or password", public=said, code="bad_login")
        for throttle, key in self._throttles(login, address):
            if throttle is not self._by_address:
                throttle.clear(key)
        renewed = await self.passwords.hash(password) if self.passwords.is_old(stored) else None
        return await self._open(found[0], address, renewed)

    async def sign_out(self, who: Who) -> None:
        """End the session; a token has none."""
        if who.session is not None:
            session, now = who.session, self._clock.now()

            def close(tx: Tx) -> None:
                rows.close_session(tx, session)
                audit.write(tx, actor=f"agent:{who.number}", act="sign_out", now=now)

            await self._database.write(close)

    async def set_up(self, token: str, *, login: str, name: str, number: str, password: str) -> AgentRow:
        """Create the first administrator by the one-time link.

        Raises:
            Refusal: code ``bad_link`` for a link that is used, too old or not ours; ``weak_password``.
        """
        link, now = rows.hashed(token), self._clock.now()
        if not await self._database.read(lambda tx: rows.setup_link_holds(tx, link, now)):
            raise _bad_link()
        check_password(password, login, name)
        password_hash = await self.passwords.hash(password)

        def create(tx: Tx) -> AgentRow | None:
            if not rows.use_setup_link(tx, link, now):
                return None
            # In a small house the one person who sets it up also answers.
            added = rows.add_agent(
                tx, login, number, name, Role.ADMIN, password_hash, now, more_roles=(Role.SUPERVISOR,)
            )
            about = f"agent:{added.number}"
            audit.write(
                tx, actor="setup_link", act="account.add", about=about, now=now, roles=list(added.roles)
            )
            return added

        agent = await self._database.write(create)
        if agent is None:
            raise _bad_link()
        return agent

    async def by_cookie(self, token: str, *, is_active: bool) -> Who | None:
        """Return who this cookie is; ``is_active`` when a person did something, which keeps it from idling."""
        session, now = rows.hashed(token), self._clock.now()
        found = await self._database.read(lambda tx: rows.find_session(tx, session, now, IDLE))
        if found is None:
            return None
        if is_active and now - found.seen_at >= TOUCH_EVERY:
            await self._database.write(lambda tx: rows.touch_session(tx, session, now))
        return _who(found, session)

    async def by_token(self, token: str) -> Who | None:
        """Return which program this bearer token is."""
        hashed, now = rows.hashed(token), self._clock.now()
        found = await self._database.read(lambda tx: rows.find_token(tx, hashed, now))
        if found is None:
            return None
        return Who(role=Role(found.role), name=found.name, token=hashed, expires_at=found.expires_at)

    async def still_valid(self, hashes: list[str]) -> set[str]:
        """Return which of these hashes of cookies or tokens still open the door."""
        now = self._clock.now()
        return await self._database.read(lambda tx: rows.live_sessions(tx, hashes, now, IDLE))

    async def set_state(
        self, agent_id: int, state: str, because: str, back_at: datetime | None = None
    ) -> None:
        """Set an agent online, away (until ``back_at``) or offline, until somebody changes it; tell the desks."""
        now = self._clock.now()

        def change(tx: Tx) -> Committed | None:
            agent = next((one for one in rows.list_agents(tx) if one.id == agent_id), None)
            if agent is None or (agent.state == state and back_at is None):
                return None
            return Committed(events=(rows.set_state(tx, agent, state, now, because, back_at),))

        committed = await self._database.write(change)
        if committed is not None:
            self._feed.publish(committed)

    async def present(self) -> list[AgentRow]:
        """Return the agents who are not offline."""
        return await self._database.read(rows.present_agents)

    def close(self) -> None:
        """Let go of the threads."""
        self.passwords.close()

    async def _open(self, agent: AgentRow, address: str, password_hash: str | None) -> SignedIn:
        now = self._clock.now()
        token, csrf = self._clock.chance(32).hex(), self._clock.chance(32).hex()
        session, expires_at = rows.hashed(token), now + LONGEST

        def open_session(tx: Tx) -> None:
            if password_hash is not None:
                rows.set_password(tx, agent.id, password_hash)
            rows.open_session(tx, agent.id, session, csrf, address, now, expires_at)
            audit.write(tx, actor=f"agent:{agent.number}", act="sign_in", now=now)

        await self._database.write(open_session)
        found = SessionRow(
            agent=agent, csrf=csrf, seen_at=now, expires_at=expires_at, stage=Stage.IN, proved_at=now
        )
        return SignedIn(who=_who(found, session), token=token)

    def _note_miss(self, tx: Tx, login: str, found: tuple[AgentRow, str | None] | None) -> None:
        """A login that is nobody's is noted as a mark: people type passwords there, too."""
        about = f"agent:{found[0].number}" if found else f"login:{audit.pseudonym(tx, login)}"
        now = self._clock.now()
        audit.write(tx, actor="nobody", act="sign_in", about=about, outcome="refused", now=now)

    def _throttles(self, login: str, address: str) -> tuple[tuple[Throttle, str], ...]:
        # By login alone only loosely: else anybody could keep an agent out by guessing badly.
        return (
            (self._by_person, f"{login}\n{address}"),
            (self._by_login, login),
            (self._by_address, address),
        )

    def _must_not_wait(self, login: str, address: str) -> None:
        now = self._clock.monotonic()
        wait = max(throttle.wait(key, now) for throttle, key in self._throttles(login, address))
        if wait > 0:
            seconds = int(wait) + 1
            raise TooMany(
                "too many wrong passwords",
                retry_after=timedelta(seconds=seconds),
                public=Said(
                    f"尝试次数过多，请在 {seconds} 秒后再试。",
                    f"Too many tries. Please wait {seconds} seconds.",
                ),
            )

    def _missed(self, login: str, address: str) -> None:
        for throttle, key in self._throttles(login, address):
            throttle.miss(key, self._clock.monotonic())


def same(given: str, wanted: str) -> bool:
    """Return whether two secrets are the same, in a time that does not tell how much of them is; empty never is."""
    return bool(wanted) and hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


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
    )


def _bad_link() -> Refusal:
    said = Said(
        "该链接无效、已使用或已过期。请重新启动服务以获取新的链接。",
        "This link is used, too old, or not ours. Start the gateway again to get a new one.",
    )
    return Refusal("a setup link that does not hold", public=said, code="bad_link")
