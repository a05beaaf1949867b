"""What an error of python-telegram-bot means for us: try again, never, perhaps sent, or call the operator. Pure."""

import re
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.contract import AdapterError, BadCredentials, Refused, SendFailed

# The request had not left whole, so Telegram cannot have acted on it.
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_TOKEN_IN_URL = re.compile(r"\d+:[\w-]{8,}", re.ASCII)
_GATEWAY_TIMEOUT = re.compile(r"504|gateway time-?out", re.IGNORECASE)


def told(error: TelegramError, channel: str) -> AdapterError:
    """Return the contract's error for one of python-telegram-bot's; the token never shows in it."""
    says = without_token(str(error))[:300]
    if isinstance(error, RetryAfter):
        pause = error.retry_after
        span = pause if isinstance(pause, timedelta) else timedelta(seconds=pause)
        return SendFailed(f"Telegram asks for a pause of {span.total_seconds():.0f} s", retry_after=span)
    if isinstance(error, InvalidToken):
        return BadCredentials(
            f"Telegram does not accept the bot's token ({says}): set channels.{channel}.token "
            "to what @BotFather shows for this bot"
        )
    if isinstance(error, Conflict):
        return AdapterError(
            f"Telegram: {says}. Another program fetches this bot's updates, or a webhook is set: stop the "
            f"other program, give this channel a bot of its own, or set channels.{channel}.mode"
        )
    if isinstance(error, ChatMigrated):
        return Refused(
            f"Telegram: the group has a new id, {error.new_chat_id}; the old one takes no messages"
        )
    if isinstance(error, Forbidden | BadRequest) or "too large" in says.lower():
        return Refused(f"Telegram refused it: {says}")
    return _no_answer(error, says)


def _no_answer(error: TelegramError, says: str) -> SendFailed:
    cause = error.__cause__
    if isinstance(cause, _NEVER_LEFT):
        return SendFailed(
            f"Telegram cannot be reached ({type(cause).__name__}): check network, proxy and base_url"
        )
    if isinstance(error, TimedOut) or isinstance(cause, httpx.HTTPError):
        return SendFailed(f"Telegram took the request and fell silent ({says})", maybe_sent=True)
    if _GATEWAY_TIMEOUT.search(says) or "Invalid server response" in says:
        return SendFailed(f"no answer of Telegram came through ({says})", maybe_sent=True)
    return SendFailed(f"Telegram failed: {says}")


def without_token(text: str) -> str:
    """Return ``text`` with anything that looks like a bot token taken out."""
    return _TOKEN_IN_URL.sub("<token>", text)
