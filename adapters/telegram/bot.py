"""python-telegram-bot's ``Bot``, set up to do one call at a time and nothing behind our back."""

import logging
import os

from telegram import Bot
from telegram.request import HTTPXRequest

from adapters.telegram.errors import without_token
from adapters.telegram.settings import TelegramSettings

# The library's own switch to spans instead of seconds; without it every 429 warns of the coming change.
os.environ.setdefault("PTB_TIMEDELTA", "true")


def make_bot(settings: TelegramSettings) -> tuple[Bot, HTTPXRequest]:
    """Return a bot and the HTTP client it shares for fetching and sending; nothing is connected yet."""
    seconds = settings.timeout.total_seconds()
    request = HTTPXRequest(
        connection_pool_size=16,
        connect_timeout=5.0,
        read_timeout=seconds,
        write_timeout=seconds,
        pool_timeout=seconds,
        media_write_timeout=max(seconds, 60.0),
        proxy=settings.proxy,
    )
    logging.getLogger("httpx").addFilter(hide_tokens)
    bot = Bot(
        settings.token.get_secret_value(),
        base_url=settings.base_url,
        base_file_url=settings.base_file_url,
        request=request,
        get_updates_request=request,
    )
    return bot, request


def hide_tokens(record: logging.LogRecord) -> bool:
    """Take the token out of the request lines httpx logs: the Bot API has it in every address."""
    record.msg, record.args = without_token(record.getMessage()), None
    return True
