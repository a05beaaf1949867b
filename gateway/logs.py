"""One JSON line an event on standard error, with personal data covered and secrets left out.

Ask for a logger with ``structlog.get_logger(__name__)`` (or ``logging.getLogger``): libraries and we end in the same
place. Messages of customers are never logged; where an address or an error text slips in, it is masked here.
"""

import logging
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import orjson
import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from gateway.domain.masking import mask_text

SECRET_KEYS = ("password", "token", "secret", "authorization", "cookie", "csrf", "api_key", "signature")

# Libraries that say too much, or that log a whole message or a token's address, at the level we run at.
QUIET = {
    "aioimaplib": logging.WARNING,
    "aiohttp.access": logging.WARNING,
    "aiosmtplib": logging.INFO,
    "alembic": logging.WARNING,
    "asyncio": logging.INFO,
    "httpcore": logging.INFO,
    "httpx": logging.WARNING,  # INFO has the address, and a bot's address has its token
    "sqlalchemy": logging.WARNING,
    "telegram": logging.INFO,
    "watchfiles": logging.WARNING,
}

_DEEPEST = 6


def set_up(level: str = "info", stream: TextIO | None = None) -> None:
    """Send every log event of the process through the same chain; called once, by whoever runs the process."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:-1], structlog.stdlib.ExtraAdder(), shared[-1]],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, to_line],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cover personal data in every value and leave out what a key says is secret."""
    return {str(key): redacted(key, value) for key, value in event.items()}


def redacted(key: object, value: object, depth: int = 0) -> Any:
    """Return a value as a log may hold it."""
    if any(word in str(key).lower() for word in SECRET_KEYS):
        return "[secret]"
    match value:
        case None | bool() | int() | float():
            return value
        case Mapping() | list() | tuple() | set() | frozenset() if depth >= _DEEPEST:
            return "…"
        case Mapping():
            return {str(inner): redacted(inner, held, depth + 1) for inner, held in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redacted(key, held, depth + 1) for held in value]
        case _:
            return mask_text(str(value))


def to_line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Return the event as one line of JSON: when, how grave and what first, for eyes that skim."""
    first = {key: event[key] for key in ("at", "level", "event") if key in event}
    return orjson.dumps({**first, **event}, option=orjson.OPT_NON_STR_KEYS).decode()
