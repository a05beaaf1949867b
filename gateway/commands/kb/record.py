"""What ``kb`` commands read from the database of the configuration, while a gateway may be using it."""

import asyncio
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from gateway.clock import SystemClock
from gateway.commands.common import fail, settings_of, speaking
from gateway.errors import Said
from gateway.safety.trouble import NotDone
from gateway.store.database import Unit

T = TypeVar("T")

_DAYS = re.compile(r"(\d{1,5})\s*(?:d|days?|天)?")


def since(text: str, lang: str) -> datetime:
    """Return the instant that ``90d``, ``90`` or ``2026-08-01`` means; end with exit code 2 if it means none."""
    now = SystemClock().now()
    if found := _DAYS.fullmatch(text.strip()):
        return now - timedelta(days=int(found[1]))
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(), UTC)
    except ValueError:
        said = Said(
            f"“{text}”不是日期：请写 90d 或 2026-08-01。", f"{text!r} is no time: write 90d or 2026-08-01."
        )
        fail(said.in_(speaking(lang)), code=2)


def read_record(config: Path, lang: str, unit: Unit[T]) -> T:
    """Run ``unit`` on the configured database, read-only; end with a sentence where that cannot be."""
    from gateway.safety.reading import reading  # only who reads the record pays for it

    async def read() -> T:
        async with reading(settings_of(config).database_url) as database:
            return await database.read(unit)

    try:
        return asyncio.run(read())
    except NotDone as error:
        fail(error.public.in_(speaking(lang)))
