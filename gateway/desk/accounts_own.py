"""One's own account: the password and its age, and the browsers one is signed in with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.desk.accounts import Accounts, SignedIn
from gateway.desk.accounts_stage import Browser
from gateway.desk.passwords import check_password
from gateway.desk.rights import Stage, Who
from gateway.domain.account_rules import AccountRules
from gateway.errors import NotFound, Refusal, Said
from gateway.store import accounts as people
from gateway.store import audit, devices, factors, links, sign_on
from gateway.store.accounts import AgentRow
from gateway.store.database import Tx
from gateway.store.devices import DeviceRow
from gateway.store.factors import FactorRow

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """All that the page of one's own account shows."""

    agent: AgentRow
    factors: list[FactorRow]
    codes_left: int
    sessions: list[DeviceRow]
    has_password: bool
    is_linked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How old a password is, and what follows from it."""

    days: int | None
    is_due: bool
    """It should be changed: the reminder."""
    is_over: bool
    """It must be changed at the next sign-in."""


def age_of(password_at: datetime | None, rules: AccountRules, now: datetime) -> Age:
    """Return the age of a password. Pure."""
    if password_at is None:
        return Age(days=None, is_due=False, is_over=False)
    age = now - password_at
    due = rules.password_reminder is not None and age >= rules.password_reminder
    over = rules.password_max_age is not None and age >= rules.password_max_age
    return Age(days=age // DAY, is_due=due or over, is_over=over)


async def see(accounts: Accounts, who: Who) -> Own:
    """Return one's own account."""
    agent, now = await accounts.person(who), accounts.clock.now()

    def unit(tx: Tx) -> Own:
        found = people.credentials(tx, agent.login)
        return Own(
            agent=agent,
            factors=factors.factors_of(tx, agent.id),
            codes_left=factors.codes_left(tx, agent.id),
            sessions=devices.sessions_of(tx, agent.id, now, accounts.rules.idle),
            has_password=bool(found and found[1]),
            is_linked=sign_on.is_linked(tx, agent.id),
        )

    return await accounts.database.read(unit)


async def change_password(
    accounts: Accounts, who: Who, present: str, wanted: str, browser: Browser
) -> tuple[AgentRow, SignedIn]:
    """Change one's password; every other session ends, and this one goes on under a new id.

    Raises:
        BadProof: the present password is another. Refusal: ``weak_password``, ``same_password``.
    """
    await accounts.check_password(who, present, browser)
    agent, now = await accounts.person(who), accounts.clock.now()
    if wanted == present:
        said = Said("新密码不能与当前密码相同。", "The new password must be another one.")
        raise Refusal("the same password again", public=said, code="same_password", field="password")
    check_password(wanted, agent.login, agent.name)
    stored = await accounts.passwords.hash(wanted)

    def unit(tx: Tx) -> None:
        people.set_password(tx, agent.id, stored, now)
        devices.end_sessions(tx, agent.id, but=who.session)
        links.drop_links(tx, agent.id)
        actor = f"agent:{agent.number}"
        audit.write(tx, actor=actor, act="password.set", about=actor, now=now, way="own")

    await accounts.database.write(unit)
    if who.stage is Stage.PASSWORD:
        return agent, await accounts.go_on(who, browser, who.factor or "later")
    return agent, await accounts.renew(who, browser, way="password")


async def end_session(accounts: Accounts, who: Who, handle: str) -> str:
    """Sign one of one's browsers out; return what its streams are known by.

    Raises:
        NotFound: it is none of theirs.
    """
    agent, now = await accounts.person(who), accounts.clock.now()

    def unit(tx: Tx) -> str | None:
        ended = devices.end_session(tx, agent.id, handle)
        if ended is not None:
            actor = f"agent:{agent.number}"
            audit.write(tx, actor=actor, act="session.end", about=actor, now=now)
        return ended

    ended = await accounts.database.write(unit)
    if ended is None:
        raise NotFound("no session of that handle")
    return ended


async def end_others(accounts: Accounts, who: Who) -> int:
    """Sign every other browser of one's own out; return how many."""
    agent, now = await accounts.person(who), accounts.clock.now()

    def unit(tx: Tx) -> int:
        count = devices.end_sessions(tx, agent.id, but=who.session)
        actor = f"agent:{agent.number}"
        audit.write(tx, actor=actor, act="session.end_others", about=actor, now=now, count=count)
        return count

    return await accounts.database.write(unit)
