"""One bot at work: updates in by long polling or webhook, messages out."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import web
from telegram.error import Conflict, TelegramError

from adapters.contract import (
    AdapterError,
    Context,
    IdTaken,
    Inbound,
    InboundAttachment,
    Outbound,
    Receipt,
    Refused,
    Rendered,
    SendFailed,
    Unreadable,
)
from adapters.telegram.bot import make_bot
from adapters.telegram.errors import told
from adapters.telegram.files import MAX_FETCH_BYTES, too_big
from adapters.telegram.inbound import ALLOWED_UPDATES, Ignored, Place, to_inbound
from adapters.telegram.parts import TextPart, parts_of, rendered
from adapters.telegram.sending import Sender, telling
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.webhook import Webhook


class TelegramAdapter:
    """A Telegram bot as one Channel."""

    def __init__(self, settings: TelegramSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._place = Place(
            channel=context.channel, bot_id=settings.bot_id, allow_groups=settings.allow_groups
        )
        self._bot, self._request = make_bot(settings)
        self._sender = Sender(self._bot, context)

    # --- in -------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Poll until cancelled; in webhook mode only tell Telegram where to call."""
        if self._settings.mode == "webhook":
            await self._set_webhook()
            return
        # Nothing is confirmed but what this very run has stored: begun without an offset, a batch half
        # stored comes whole again, and so does what Telegram numbers lower after a week of silence.
        confirm: int | None = None
        while True:
            updates = await self._fetch(confirm)
            confirm = None
            taps: list[str] = []
            for update in sorted(updates, key=lambda it: int(it["update_id"])):
                confirm = max(confirm or 0, int(update["update_id"]) + 1)
                await self.take(update, cursor=str(confirm))
                taps += [query["id"]] if (query := update.get("callback_query")) else []
            await asyncio.gather(*map(self._stop_the_spinner, taps))
            self._context.progress(f"{len(updates)} updates")

    async def _fetch(self, offset: int | None) -> list[dict[str, Any]]:
        poll = self._settings.poll.total_seconds()
        arguments = {"offset": offset, "timeout": int(poll), "allowed_updates": list(ALLOWED_UPDATES)}
        try:
            # Raw JSON, not Bot.get_updates: that one reads all or none, and one odd update would hold up
            # the rest forever. (Method names are case-insensitive; this spelling is not the bound method's.)
            updates = await self._bot.do_api_request(
                "GetUpdates", arguments, read_timeout=poll + self._settings.timeout.total_seconds()
            )
        except Conflict as error:
            await self._forget_own_webhook(error)
            return []
        except TelegramError as error:
            raise told(error, self._context.channel) from error
        if not isinstance(updates, list):
            raise SendFailed("Telegram answered getUpdates with something else: check base_url")
        return updates

    async def _forget_own_webhook(self, error: Conflict) -> None:
        """After a change of mode our own webhook still stands; somebody else's is not ours to remove."""
        async with self._telling():
            url = (await self._bot.get_webhook_info()).url
            if not url or url != self._webhook_url():
                raise told(error, self._context.channel) from error
            await self._bot.delete_webhook()

    async def take(self, update: dict[str, Any], cursor: str | None = None) -> bool:
        """Store one update, or note why not; True when it is (now or already) stored."""
        inbound = to_inbound(self._place, update)
        if isinstance(inbound, Ignored):
            await self._context.count("ignored")
            self._context.progress(f"ignored: {inbound.because}")
            if cursor is not None:
                await self._context.deliver(None, cursor)
            return False
        try:
            await self._context.deliver(inbound, cursor)
        except IdTaken:
            # One bot never gives one number to two updates: this is the stored one, told a little differently.
            await self._context.count("repeated_differently")
            await self._context.deliver(None, cursor)
        return True

    async def _stop_the_spinner(self, tap: str) -> None:
        """Tell the client that its tap was taken; a courtesy on which nothing depends."""
        try:
            await self._bot.answer_callback_query(tap)
        except TelegramError:
            await self._context.count("callbacks_unanswered")

    async def complete(self, inbound: Inbound) -> Inbound:
        """Fetch the files; one that cannot be had says so in its ``error``."""
        if inbound.kind == "raw":
            raise Unreadable("; ".join(inbound.defects) or "the update could not be read")
        return inbound.with_(attachments=tuple([await self._fetched(it) for it in inbound.attachments]))

    async def _fetched(self, attachment: InboundAttachment) -> InboundAttachment:
        if attachment.ref is None:
            return attachment
        try:
            async with self._telling():
                file = await self._bot.get_file(attachment.ref)
                if (file.file_size or 0) > MAX_FETCH_BYTES:
                    return without_file(attachment, too_big(file.file_size))
                content = bytes(await file.download_as_bytearray())
        except Refused as error:
            return without_file(attachment, f"Telegram 不再提供此文件 / Telegram gives it no more: {error}")
        except SendFailed:
            raise
        except AdapterError as error:
            # A file address that has expired answers 404, which the library takes for a wrong token.
            raise SendFailed(f"the file could not be fetched: {error}") from error
        return InboundAttachment(
            name=attachment.name, media_type=attachment.media_type, content=content, size=len(content),
            inline=attachment.inline,
        )  # fmt: skip

    async def send(self, outbound: Outbound) -> Receipt:
        """Send a message, in as many parts as it needs."""
        return await self._sender.send(outbound)

    def render(self, outbound: Outbound) -> Sequence[Rendered]:
        """Return the parts that would be sent, in Telegram's HTML."""
        return [rendered(part) for part in parts_of(outbound) if isinstance(part, TextPart)]

    def _telling(self) -> AbstractAsyncContextManager[None]:
        return telling(self._context.channel)

    # --- webhook, doctor, end -------------------------------------------------------------------

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the webhook's route, in webhook mode."""
        if self._settings.mode != "webhook" or self._settings.webhook_secret is None:
            return []
        secret = self._settings.webhook_secret.get_secret_value()
        return Webhook(self._context.channel, secret, self.take).routes()

    def _webhook_url(self) -> str:
        return f"{self._context.public_url}{Webhook.path(self._context.channel)}"

    async def _set_webhook(self) -> None:
        secret = self._settings.webhook_secret
        assert secret is not None
        if not self._context.public_url.startswith("https://"):
            raise AdapterError(
                'Telegram calls only https addresses: set server.public_url, or mode = "polling" for '
                f"channels.{self._context.channel}"
            )
        async with self._telling():
            await self._bot.set_webhook(
                self._webhook_url(),
                secret_token=secret.get_secret_value(),
                allowed_updates=list(ALLOWED_UPDATES),
            )
        self._context.progress("webhook set")

    async def probe(self) -> Sequence[str]:
        """Ask Telegram who we are and whether it can hand over updates."""
        try:
            async with self._telling():
                await self._bot.get_me()
                info = await self._bot.get_webhook_info()
        except AdapterError as error:
            return [str(error)]
        findings = []
        wanted = self._webhook_url() if self._settings.mode == "webhook" else ""
        if info.url != wanted and info.url:
            findings.append(f"Telegram sends this bot's updates to {info.url}, not to this gateway.")
        elif info.url != wanted:
            findings.append("Telegram has no webhook for this bot: it is set when the gateway runs.")
        if info.last_error_message:
            findings.append(f"Telegram's last call of the webhook failed: {info.last_error_message}.")
        return findings

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()


def without_file(attachment: InboundAttachment, error: str) -> InboundAttachment:
    """Return the attachment as one that could not be had."""
    return InboundAttachment(
        name=attachment.name, media_type=attachment.media_type, size=attachment.size,
        inline=attachment.inline, error=error,
    )  # fmt: skip
