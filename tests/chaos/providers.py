"""The providers in the harness's own process: Telegram's Bot API and a mail relay, quick or slow, and the customers behind them."""

import asyncio
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from random import Random
from typing import Any

from tests.chaos.check_outbox import MAIL, TELEGRAM
from tests.chaos.journal import Carried, Journal, Sent
from tests.chaos.words import next_words
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Relay, Taken
from tests.servers.telegram import BotApi, Call

US = "support@shop.example"
BACKLOG = 20
"""People stop writing while so much waits: a run measures what kills do, not what too much work does."""


class SlowBotApi(BotApi):
    """Takes its time before and after a message is in front of the customer, so that a kill falls in between."""

    def __init__(self, journal: Journal, rng: Random, slowness: float) -> None:
        super().__init__()
        self._journal, self._rng, self._slowness = journal, rng, slowness
        self.sending = asyncio.Event()
        """Set whenever a call to send has come in."""

    async def _send(self, call: Call) -> Any:
        self.sending.set()
        await asyncio.sleep(self._rng.uniform(0, self._slowness))
        result = await super()._send(call)
        if isinstance(result, dict):
            chat, number = str(call.params["chat_id"]), str(result["message_id"])
            self._journal.carried.append(
                Carried(channel=TELEGRAM, thread=chat, id=number, life=self._journal.kills)
            )
        await asyncio.sleep(self._rng.uniform(0, self._slowness))
        return result


def keep_carried(
    relay: Relay, journal: Journal, rng: Random, slowness: float, sending: asyncio.Event
) -> None:
    """Note each mail the relay takes, and let it say so late."""
    loop = asyncio.get_running_loop()

    def taken(it: Taken) -> None:
        key = str(it.mail["Message-ID"]).strip("<>").partition("@")[0]
        journal.carried.append(Carried(channel=MAIL, thread=it.recipients[0], id=key, life=journal.kills))
        loop.call_soon_threadsafe(sending.set)
        time.sleep(rng.uniform(0, slowness))  # in a thread of its own

    relay.hand_on = taken


@dataclass(kw_only=True)
class MessengerLoad:
    """People in Telegram chats; Telegram keeps their updates until we have confirmed them."""

    api: SlowBotApi
    journal: Journal
    seed: str
    pace: float
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    updates: dict[int, str] = field(default_factory=dict)

    async def run(self, number: int) -> None:
        """Write, a few messages in each chat."""
        rng = Random(f"{self.seed}/tg/{number}")
        chat = 1_000_000 * (number + 1)
        while not self.stopping.is_set():
            chat += 1
            for _ in range(rng.randint(1, 6)):
                while len(self.api.pending) > BACKLOG and not self.stopping.is_set():  # noqa: ASYNC110 - a person looks again
                    await asyncio.sleep(self.pace)
                text = next_words(rng)
                update = await self.api.say(text, chat=chat)
                own = f"{chat}/{update['message']['message_id']}"
                self.journal.write(Sent(channel=TELEGRAM, id=own, thread=str(chat), text=text))
                self.updates[update["update_id"]] = own
                await asyncio.sleep(rng.uniform(0, self.pace))
                if self.stopping.is_set():
                    break

    def note_confirmed(self) -> None:
        """Take over what Telegram was told to forget: that is our acknowledgement."""
        for update in self.api.confirmed:
            if (own := self.updates.pop(update, None)) is not None:
                self.journal.ack(TELEGRAM, own)


@dataclass(kw_only=True)
class MailLoad:
    """People who write mails; once the mail server has taken one, nobody will send it again."""

    dovecot: Dovecot
    relay: Relay
    journal: Journal
    seed: str
    pace: float
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Write new mails, and answers to those that came back."""
        rng, number, answered = Random(f"{self.seed}/mail"), 0, 0
        while not self.stopping.is_set():
            if len(self._unanswered()) > BACKLOG:
                await asyncio.sleep(self.pace)
                continue
            number += 1
            if rng.random() < 0.3 and answered < len(self.relay.taken):
                await self._write(number, next_words(rng), self.relay.taken[answered])
                answered += 1
            else:
                await self._write(number, next_words(rng), None)
            await asyncio.sleep(rng.uniform(0, self.pace))

    def _unanswered(self) -> set[str]:
        """Return who wrote and was not answered yet."""
        wrote = {sent.thread for sent in self.journal.sent.values() if sent.channel == MAIL}
        return wrote - {it.thread for it in self.journal.carried if it.channel == MAIL}

    async def _write(self, number: int, text: str, answers: Taken | None) -> None:
        who = answers.recipients[0] if answers else f"c{number}@cust.example"
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = who, US, f"第 {number} 封信"
        mail["Message-ID"] = f"<m{number}.{self.seed}@cust.example>"
        if answers is not None:
            mail["In-Reply-To"] = mail["References"] = answers.mail["Message-ID"]
        mail.set_content(text)
        # IMAP hands over what LMTP took, whoever was killed meanwhile: taken by the server is acknowledged.
        sent = Sent(channel=MAIL, id=mail["Message-ID"], thread=who, text=text, ordered=False)
        self.journal.write(sent)
        await asyncio.to_thread(self.dovecot.deliver, US, mail.as_bytes(), who)
        sent.acked = True
