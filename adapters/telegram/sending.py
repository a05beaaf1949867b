"""Messages out: one Outbound in as many calls as it needs, continued where the last try ended."""

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.error import BadRequest, TelegramError

from adapters.contract import Context, Outbound, Receipt, Refused, SendFailed
from adapters.telegram.errors import told
from adapters.telegram.inbound import public_id
from adapters.telegram.parts import FilePart, Part, TextPart, parts_of

MAX_UNFINISHED = 1000
"""Messages of several parts whose progress is remembered between tries."""


class Sender:
    """Sends by one bot, and remembers which parts of an unfinished message Telegram has taken."""

    def __init__(self, bot: Bot, context: Context) -> None:
        self._bot = bot
        self._context = context
        self._taken: OrderedDict[str, list[str]] = OrderedDict()

    async def send(self, outbound: Outbound) -> Receipt:
        """Send what is not yet sent of a message: a later try goes on after the last part taken."""
        parts = parts_of(outbound)
        if not parts:
            raise Refused("there is nothing to send: neither text nor file")
        taken = self._taken.setdefault(outbound.key, [])
        while len(self._taken) > MAX_UNFINISHED:
            self._taken.popitem(last=False)
        try:
            for part in parts[len(taken) :]:
                edits = outbound.edits if not taken else None
                taken.append(await self._send_part(outbound, part, edits))
        except Refused:
            self._taken.pop(outbound.key, None)
            raise
        self._taken.pop(outbound.key, None)
        return Receipt(provider_ids=tuple(taken))

    async def _send_part(self, outbound: Outbound, part: Part, edits: str | None) -> str:
        chat = chat_of(outbound)
        if isinstance(part, TextPart) and edits:
            return await self._edit(edits, part)
        async with telling(self._context.channel):
            if isinstance(part, TextPart):
                message = await self._send_text(chat, part, answer_to(outbound))
            else:
                message = await self._send_file(chat, part)
        return public_id(message.chat.id, message.message_id)

    async def _send_text(self, chat: int, part: TextPart, answers: ReplyParameters | None) -> Message:
        async def send(text: str, parse_mode: str | None) -> Message:
            return await self._bot.send_message(
                chat,
                text,
                parse_mode=parse_mode,
                reply_markup=part.keyboard,
                reply_parameters=answers,
                disable_web_page_preview=True,
            )

        try:
            return await send(part.html, "HTML")
        except BadRequest as error:
            if not cannot_parse(error):
                raise
            await self._context.count("sent_plain")
            return await send(part.plain, None)

    async def _send_file(self, chat: int, part: FilePart) -> Message:
        content, name = await part.file.read(), part.file.name
        if part.is_photo:
            try:
                return await self._bot.send_photo(chat, content, filename=name, reply_markup=part.keyboard)
            except BadRequest:  # too wide, too long, not really a picture: a document it is
                await self._context.count("photos_sent_as_files")
        elif part.is_voice:
            return await self._bot.send_voice(chat, content, filename=name, reply_markup=part.keyboard)
        return await self._bot.send_document(
            chat, content, filename=name, reply_markup=part.keyboard, disable_content_type_detection=True
        )

    async def _edit(self, edits: str, part: TextPart) -> str:
        chat, _, message = edits.partition("/")
        inline = part.keyboard if isinstance(part.keyboard, InlineKeyboardMarkup) else None

        async def edit(text: str, parse_mode: str | None) -> None:
            await self._bot.edit_message_text(
                text,
                chat_id=int(chat),
                message_id=int(message),
                parse_mode=parse_mode,
                reply_markup=inline,
                disable_web_page_preview=True,
            )

        try:
            async with telling(self._context.channel):
                try:
                    await edit(part.html, "HTML")
                except BadRequest as error:
                    if "not modified" in str(error).lower():
                        return edits
                    if not cannot_parse(error):
                        raise
                    await edit(part.plain, None)
        except SendFailed as error:
            if error.maybe_sent:  # an edit made twice is one edit: its fate need not worry anybody
                raise SendFailed(str(error), retry_after=error.retry_after) from error
            raise
        return edits


@asynccontextmanager
async def telling(channel: str) -> AsyncIterator[None]:
    """Turn python-telegram-bot's errors inside the block into the contract's."""
    try:
        yield
    except TelegramError as error:
        raise told(error, channel) from error


def chat_of(outbound: Outbound) -> int:
    """Return the chat a message goes to."""
    try:
        return int(outbound.thread or outbound.address)
    except ValueError as error:
        raise Refused(f"{outbound.thread!r} is no Telegram chat") from error


def answer_to(outbound: Outbound) -> ReplyParameters | None:
    """Return what to quote: in a group the message answered, so that its writer sees whom we mean."""
    if not outbound.replies_to:
        return None
    chat, _, message = outbound.replies_to[-1].partition("/")
    if not (chat.startswith("-") and message.isdigit()):
        return None
    return ReplyParameters(message_id=int(message), allow_sending_without_reply=True)


def cannot_parse(error: BadRequest) -> bool:
    """Return whether Telegram could not read our markup."""
    return "can't parse entities" in str(error).lower()
