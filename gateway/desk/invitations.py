"""One-time links: the first administrator's, invitations, and resets. Hashed, for one purpose, used once."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import structlog

from gateway.desk.accounts import Accounts
from gateway.desk.accounts_errors import BadLink, NoPostWay
from gateway.desk.passwords import check_password
from gateway.desk.post import Letter, Post
from gateway.desk.rights import Role
from gateway.domain.wording import Texts
from gateway.errors import GatewayError
from gateway.store import accounts as people
from gateway.store import audit, devices, links
from gateway.store.accounts import AgentRow
from gateway.store.database import Tx

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

WAITING = 100
"""So many wishes for a letter may wait; more of them at once are nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody, or somebody else, says that this login's password is forgotten."""

    login: str
    base: str


class Invitations:
    """Makes links, sends them, and takes them back."""

    def __init__(self, accounts: Accounts, post: Post, texts: Texts) -> None:
        self._accounts, self._post, self._texts = accounts, post, texts
        self._wishes: asyncio.Queue[Wish] = asyncio.Queue(WAITING)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to write letters."""
        self._tasks.add(asyncio.ensure_future(self._write_letters()))

    async def close(self) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def set_up(self, token: str, *, login: str, name: str, number: str, password: str) -> AgentRow:
        """Create the first administrator by the link that the gateway printed.

        Raises:
            BadLink: it does not hold. Refusal: ``weak_password``.
        """
        link, now = people.hashed(token), self._accounts.clock.now()
        if not await self._accounts.database.read(lambda tx: links.find_link(tx, link, links.SETUP, now)):
            raise BadLink("a setup link that does not hold")
        check_password(password, login, name)
        password_hash = await self._accounts.passwords.hash(password)

        def create(tx: Tx) -> AgentRow | None:
            if not links.use_link(tx, link, links.SETUP, now):
                return None
            # In a small house the one person who sets it up also answers, and writes the knowledge.
            more = (Role.SUPERVISOR, Role.EDITOR)
            agent = people.add_agent(tx, login, number, name, Role.ADMIN, password_hash, now, more_roles=more)
            about = f"agent:{agent.number}"
            audit.write(
                tx, actor="setup_link", act="account.add", about=about, now=now, roles=list(agent.roles)
            )
            return agent

        agent = await self._accounts.database.write(create)
        if agent is None:
            raise BadLink("a setup link that does not hold")
        return agent

    async def invite(self, agent: AgentRow, purpose: str, base: str, actor: str) -> None:
        """Send somebody a link to choose a password by.

        Raises:
            NoPostWay: there is no way to send it.
        """
        if not self._post.can_send() or not agent.mail:
            raise NoPostWay(f"no letter can reach {agent.number}")
        token = await make_link(self._accounts, agent, purpose, actor)
        self._later(self._letter(agent, purpose, address_of(base, purpose, token)))

    def forgot(self, login: str, base: str, address: str) -> None:
        """Note that a password is forgotten. Nothing of what follows can be seen from here.

        Raises:
            TooMany: it is asked too often, whoever's the login is.
        """
        login = people.folded(login)
        self._accounts.guesses.of_letter(login, address)
        if not self._wishes.full():
            self._wishes.put_nowait(Wish(login=login, base=base))

    async def redeem(self, token: str, purpose: str, password: str, address: str) -> AgentRow:
        """Set a password by a link. Everything that was open under the old one ends.

        Raises:
            BadLink: it does not hold, and why is not told. Refusal: ``weak_password``; the link still holds.
        """
        guessed = self._accounts.guesses.of_link(address)
        agent = await self._holder(token, purpose)
        if agent is None or not self._accounts.rules.may_use_password(agent.login):
            guessed.missed()
            self._accounts.count("link", "refused")
            raise BadLink(f"a link for {purpose} that does not hold")
        check_password(password, agent.login, agent.name)
        password_hash = await self._accounts.passwords.hash(password)
        now, link = self._accounts.clock.now(), people.hashed(token)

        def unit(tx: Tx) -> bool:
            if links.use_link(tx, link, purpose, now) is None:
                return False
            people.set_password(tx, agent.id, password_hash, now)
            devices.end_sessions(tx, agent.id)
            actor = f"agent:{agent.number}"
            audit.write(tx, actor=actor, act="password.set", about=actor, now=now, way=purpose)
            return True

        if not await self._accounts.database.write(unit):
            raise BadLink("a link that was used meanwhile")
        self._accounts.count("link", "done")
        self.tell(agent, "account.password_set")
        return agent

    async def holds(self, token: str, purpose: str, address: str) -> AgentRow | None:
        """Return whose link this is, for the page that asks for the password; a miss counts."""
        guessed = self._accounts.guesses.of_link(address)
        agent = await self._holder(token, purpose)
        if agent is None:
            guessed.missed()
        return agent

    def tell(self, agent: AgentRow, news: str, **values: str) -> None:
        """Send somebody news of their account, where there is a way to; nobody waits for it."""
        if self._post.can_send() and agent.mail:
            self._later(self._news(agent, news, values))

    async def _holder(self, token: str, purpose: str) -> AgentRow | None:
        if not token or purpose not in (links.INVITE, links.RESET):
            return None
        link, now = people.hashed(token), self._accounts.clock.now()

        def unit(tx: Tx) -> AgentRow | None:
            found = links.find_link(tx, link, purpose, now)
            return None if found is None or found.agent_id is None else people.find_id(tx, found.agent_id)

        return await self._accounts.database.read(unit)

    async def _write_letters(self) -> None:
        while True:
            wish = await self._wishes.get()
            try:
                await self._fulfil(wish)
            except GatewayError as error:
                log.warning("letter.not_written", error=str(error))

    async def _fulfil(self, wish: Wish) -> None:
        agent = await self._accounts.database.read(lambda tx: people.find_agent(tx, wish.login))
        if agent is None or agent.disabled_at is not None or not agent.mail:
            return
        if not self._accounts.rules.may_use_password(agent.login) or not self._post.can_send():
            return
        if self._accounts.guesses.may_write_to(agent.login):
            token = await make_link(self._accounts, agent, links.RESET, "nobody")
            await self._letter(agent, links.RESET, address_of(wish.base, links.RESET, token))

    async def _letter(self, agent: AgentRow, purpose: str, link: str) -> None:
        say, lang = self._texts.say, agent.lang
        hours = str(int(links.HOLDS[links.INVITE].total_seconds() // 3600))
        minutes = str(int(links.HOLDS[links.RESET].total_seconds() // 60))
        if purpose == links.INVITE:
            subject = say("account.invite_subject", lang)
            text = say("account.invite", lang, name=agent.name, login=agent.login, link=link, hours=hours)
        else:
            subject = say("account.reset_subject", lang)
            text = say("account.reset", lang, name=agent.name, login=agent.login, link=link, minutes=minutes)
        await self._send(agent, subject, text)

    async def _news(self, agent: AgentRow, news: str, values: dict[str, str]) -> None:
        subject = self._texts.say("account.news_subject", agent.lang)
        await self._send(agent, subject, self._texts.say(news, agent.lang, name=agent.name, **values))

    async def _send(self, agent: AgentRow, subject: str, text: str) -> None:
        assert agent.mail is not None
        key = f"account{self._accounts.clock.chance(12).hex()}"
        await self._post.send(Letter(to=agent.mail, subject=subject, text=text, lang=agent.lang, key=key))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def make_link(accounts: Accounts, agent: AgentRow, purpose: str, actor: str) -> str:
    """Return a new link's token for somebody; earlier links of theirs are void."""
    token, now = accounts.clock.chance(32).hex(), accounts.clock.now()

    def unit(tx: Tx) -> None:
        links.make_link(tx, people.hashed(token), purpose, agent.id, now)
        audit.write(tx, actor=actor, act=f"link.{purpose}", about=f"agent:{agent.number}", now=now)

    await accounts.database.write(unit)
    return token


def address_of(base: str, purpose: str, token: str) -> str:
    """Return the link: the token stands after the ``#``, so that no server's log holds it."""
    return f"{base}/desk/{purpose}#{token}"
