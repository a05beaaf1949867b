"""A postman who brings real mails to a real house: the mail adapter's reading without its server and process."""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any

from adapters.contract import Inbound, Outbound, Receipt
from adapters.mail.adapter import to_inbound
from adapters.mail.mime import read
from adapters.mail.settings import MailSettings
from adapters.mail.threading import message_id, reply_address
from gateway.desk import actions
from gateway.house import House
from gateway.store import tables as t
from tests.building import MAIL
from tests.writing import Street

US, ANNA, MALLORY = "support@shop.example", "anna@cust.example", "mallory@evil.example"
SECRET = b"s" * 32
SETTINGS = MailSettings.model_validate(
    {
        "address": US,
        "imap": {"host": "localhost", "login": "x", "password": "x"},
        "trusted_authserv_ids": ["mx.shop.example"],
        "aliases": ["help@shop.example"],
    }
)
PROVEN = "mx.shop.example; dmarc=pass header.from=cust.example"
FORGED = "mx.shop.example; dmarc=fail header.from=cust.example"


class Reads:
    """The mail adapter's reading, without a server and without a process."""

    async def run(self) -> None: ...

    async def send(self, outbound: Outbound) -> Receipt:
        return Receipt()

    async def close(self) -> None: ...

    async def complete(self, inbound: Inbound) -> Inbound:
        """Read it as the mail adapter does."""
        assert inbound.raw is not None
        return to_inbound(read(inbound.raw), inbound, SETTINGS, SECRET, SECRET)


class Post:
    """A postman for one house, who keeps an eye on what becomes of what he brings."""

    def __init__(self, house: House) -> None:
        self.street = Street(house=house, adapters={MAIL: Reads()})
        self.brought = 0

    async def bring(self, content: bytes | EmailMessage) -> None:
        """Deliver a mail and take its turn."""
        raw = content if isinstance(content, bytes) else content.as_bytes()
        self.brought += 1
        inbound = Inbound(channel=MAIL, external_id=f"mail {self.brought}", kind="raw", raw=raw)
        accepted = await self.street.deliver(inbound)
        await self.street.take(accepted.id)

    async def messages(self) -> Sequence[Mapping[str, Any]]:
        """What customers wrote, oldest first."""
        return await self.street.rows(t.message, t.message.c.author == "customer")

    async def threads(self) -> int:
        """How many threads there are."""
        return len(await self.street.rows(t.thread))

    async def said(self) -> int:
        """How many mails we owe."""
        return len(await self.street.rows(t.outbox))


def a_mail(text: str = "没有收到退款", *, sender: str = ANNA, to: str = US, **headers: str) -> EmailMessage:
    """Return a mail; an underscore in a header's name stands for its hyphen."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, headers.pop("Subject", "退款")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


async def answered(post: Post) -> dict[str, str]:
    """Anna has written, an agent has answered: everything by which an answer to that may refer to it."""
    await post.bring(a_mail(Message_ID="<first@cust.example>"))
    thread, ticket = await post.street.one(t.thread), await post.street.one(t.ticket)
    agent = await post.street.agent()
    text = "您好，您的退款已于今天上午提交给银行，预计三个工作日内到账。\n\n如有疑问，请直接回复本邮件，并写明订单号。"
    await post.street.act(agent, ticket["number"], lambda case: actions.reply(case, id="r-1", text=text))
    row = (await post.street.rows(t.outbox))[-1]
    tokened = reply_address(US, thread["key"], SECRET)
    assert tokened is not None
    return {
        "id": message_id(row["key"], SETTINGS.id_domain),
        "key": row["key"],
        "number": ticket["number"],
        "token": tokened,
        "text": text,
    }
