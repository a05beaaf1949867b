"""What administrators do about accounts: add, invite, roles, shut out, and resets that need two of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.desk.accounts import Accounts
from gateway.desk.approvals import must_be_grantable
from gateway.desk.rights import MATRIX, Action, Role, Who
from gateway.errors import Forbidden, NotFound, Refusal, Said
from gateway.store import accounts as people
from gateway.store import api_tokens, audit, devices, factor_resets, factors, staff
from gateway.store.accounts import AgentRow
from gateway.store.api_tokens import TokenRow
from gateway.store.database import Tx
from gateway.store.factor_resets import Reset
from gateway.store.staff import AccountRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A program's token; the text is shown this once."""

    token: str
    row: TokenRow


class Staff:
    """The administrators' side of accounts; each act is written down with who did it."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._database, self._clock = accounts.database, accounts.clock

    async def everybody(self) -> list[AccountRow]:
        """Return every account."""
        now, idle = self._clock.now(), self._accounts.rules.idle
        return await self._database.read(lambda tx: staff.list_accounts(tx, now, idle))

    async def find(self, number: str) -> AgentRow:
        """Return the account with this number, a disabled one too.

        Raises:
            NotFound: there is none.
        """
        found = await self._database.read(lambda tx: staff.find_any(tx, number))
        if found is None:
            raise NotFound(f"no account {number}")
        return found

    async def add(
        self, who: Who, *, login: str, number: str, name: str, roles: Sequence[str], mail: str | None
    ) -> AgentRow:
        """Add somebody; they come in by an invitation, or by the single sign-on."""
        now = self._clock.now()

        def unit(tx: Tx) -> AgentRow:
            agent = people.add_agent(
                tx, login, number, name, roles[0], None, now, more_roles=roles, mail=mail
            )
            _write(tx, who, "account.add", agent, now, roles=list(agent.roles))
            return agent

        return await self._database.write(unit)

    async def set_roles(self, who: Who, number: str, roles: Iterable[str]) -> AgentRow:
        """Give somebody these roles and no others. Their sessions end at once.

        Raises:
            Forbidden: code ``not_grantable``: nobody gives themselves a right.
        """
        agent, now, wanted = await self.find(number), self._clock.now(), tuple(roles)
        must_be_grantable(who, frozenset(map(Role, wanted)), to=agent.id)

        def unit(tx: Tx) -> None:
            given = staff.set_roles(tx, agent, wanted)
            _write(tx, who, "account.roles", agent, now, roles=list(given), before=list(agent.roles))

        await self._database.write(unit)
        return await self.find(number)

    async def set_mail(self, who: Who, number: str, mail: str | None) -> AgentRow:
        """Say where somebody's links and notices go: their single sign-on is linked by it, too."""
        agent, now = await self.find(number), self._clock.now()

        def unit(tx: Tx) -> None:
            staff.set_mail(tx, agent.id, mail)
            _write(tx, who, "account.mail", agent, now)

        await self._database.write(unit)
        return await self.find(number)

    async def disable(self, who: Who, number: str) -> AgentRow:
        """Shut somebody out at once.

        Raises:
            Refusal: code ``last_admin``.
        """
        agent, now = await self.find(number), self._clock.now()

        def unit(tx: Tx) -> None:
            people.disable_agent(tx, agent.login, now)
            _write(tx, who, "account.disable", agent, now)

        await self._database.write(unit)
        return await self.find(number)

    async def enable(self, who: Who, number: str) -> AgentRow:
        """Let somebody come in again."""
        agent, now = await self.find(number), self._clock.now()

        def unit(tx: Tx) -> None:
            staff.enable_agent(tx, agent.id)
            _write(tx, who, "account.enable", agent, now)

        await self._database.write(unit)
        return await self.find(number)

    async def sign_out(self, who: Who, number: str) -> int:
        """End all of somebody's sessions; return how many there were."""
        agent, now = await self.find(number), self._clock.now()

        def unit(tx: Tx) -> int:
            count = devices.end_sessions(tx, agent.id)
            _write(tx, who, "session.end_all", agent, now, count=count)
            return count

        return await self._database.write(unit)

    # --- second factors of somebody who lost theirs: two administrators ---

    async def resets(self) -> list[Reset]:
        """Return the wishes to reset second factors that wait for a second administrator."""
        now = self._clock.now()
        return await self._database.read(lambda tx: factor_resets.waiting(tx, now))

    async def ask_reset(self, who: Who, number: str, reason: str) -> None:
        """Wish for somebody's second factors to be forgotten; another administrator decides.

        Raises:
            Forbidden: code ``no_self_approval``, for one's own.
        """
        agent, now = await self.find(number), self._clock.now()
        if agent.id == who.agent_id:
            raise _not_oneself()
        asker = who.agent_id
        assert asker is not None

        def unit(tx: Tx) -> None:
            factor_resets.ask(tx, agent.id, asker, reason, now)
            _write(tx, who, "factor.reset_asked", agent, now, reason=reason)

        await self._database.write(unit)

    async def decide_reset(self, who: Who, reset_id: int, *, approve: bool) -> AgentRow:
        """Agree to a reset, or do not; whoever asked for it, and whoever it is about, cannot.

        Raises:
            NotFound: there is no such wish (any more). Forbidden: code ``no_self_approval``.
        """
        decider, now = who.agent_id, self._clock.now()
        assert decider is not None

        def unit(tx: Tx) -> AgentRow:
            found = factor_resets.find(tx, reset_id, now)
            agent = None if found is None else people.find_id(tx, found.agent_id)
            if found is None or agent is None:
                raise NotFound("no such wish")
            if decider in (found.asked_by_id, found.agent_id):
                raise _not_oneself()
            if not factor_resets.decide(tx, reset_id, decider, "approved" if approve else "refused", now):
                raise NotFound("decided already")
            if approve:
                reset_factors(tx, agent, f"agent:{who.number}", now, asked_by=f"agent:{found.asked_by}")
            else:
                _write(tx, who, "factor.reset_refused", agent, now, asked_by=f"agent:{found.asked_by}")
            return agent

        return await self._database.write(unit)

    # --- programs' tokens ---

    async def tokens(self) -> list[TokenRow]:
        """Return every program's token, those that hold no more too."""
        return await self._database.read(api_tokens.list_tokens)

    async def add_token(
        self, who: Who, *, name: str, role: Role, actions: Sequence[Action] | None, days: int | None
    ) -> NewToken:
        """Make a token.

        Raises:
            Forbidden: code ``not_grantable``: it would do what its maker may not.
        """
        must_be_grantable(
            who, frozenset({role}), to=None, only=None if actions is None else frozenset(actions)
        )
        text, now = "gw_" + self._clock.chance(32).hex(), self._clock.now()
        made = await self._database.write(
            lambda tx: make_token(
                tx, text, f"agent:{who.number}", name=name, role=role, actions=actions, days=days, now=now
            )
        )
        return NewToken(token=text, row=made)

    async def end_token(self, who: Who, handle: str) -> None:
        """End a token at once.

        Raises:
            NotFound: there is none of that handle.
        """
        now = self._clock.now()

        def unit(tx: Tx) -> TokenRow | None:
            ended = api_tokens.revoke_token(tx, handle, now)
            if ended is not None:
                audit.write(
                    tx, actor=f"agent:{who.number}", act="token.revoke", now=now, about=f"token:{handle}"
                )
            return ended

        if await self._database.write(unit) is None:
            raise NotFound("no token of that handle")


def _not_oneself() -> Forbidden:
    said = Said("须由另一位管理员确认。", "Another administrator must decide.")
    return Forbidden("nobody approves their own", public=said, code="no_self_approval")


def make_token(
    tx: Tx, text: str, actor: str, *, name: str, role: str, actions: Sequence[str] | None, days: int | None, now: datetime
) -> TokenRow:  # fmt: skip
    """Keep a new token and write it down.

    Raises:
        Refusal: an act that the role does not have, or that is none.
    """
    if actions is not None:
        strange = [one for one in actions if one not in {str(action) for action in MATRIX[Role(role)]}]
        if strange or not actions:
            raise Refusal(
                f"{role} may not {', '.join(strange) or 'nothing'}", code="invalid", field="actions"
            )
    expires_at = now + timedelta(days=days) if days else None
    handle = api_tokens.create_token(tx, text, name, role, now, expires_at, actions=actions, made_by=actor)
    about = f"token:{handle}"
    audit.write(tx, actor=actor, act="token.create", now=now, about=about, role=role, expires_at=expires_at)
    return next(one for one in api_tokens.list_tokens(tx) if one.handle == handle)


def reset_factors(tx: Tx, agent: AgentRow, actor: str, now: datetime, **details: Any) -> int:
    """Forget somebody's second factors; their sessions end, and the next sign-in sets up new ones."""
    count = factors.remove_all(tx, agent.id)
    devices.end_sessions(tx, agent.id)
    devices.forget_devices(tx, agent.id)
    about = f"agent:{agent.number}"
    audit.write(tx, actor=actor, act="factor.reset", about=about, now=now, count=count, **details)
    return count


def _write(tx: Tx, who: Who, act: str, agent: AgentRow, now: datetime, **details: Any) -> None:
    audit.write(tx, actor=f"agent:{who.number}", act=act, about=f"agent:{agent.number}", now=now, **details)
