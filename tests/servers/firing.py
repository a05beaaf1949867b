"""``python -m tests.servers.firing URL NOW``: call late what is late, in small steps, a line on standard output after each."""

import asyncio
import sys
from datetime import datetime
from functools import partial

from gateway.settings import Settings
from gateway.store.database import open_database
from gateway.store.promises_due import fire_due
from tests.keyring import a_ring

STEP = 5


async def fire(url: str, now: datetime) -> None:
    """Until nothing is late."""
    database = open_database(url, a_ring())
    unit = partial(fire_due, now=now, policy=Settings().policy(), kind=lambda channel: "chat", limit=STEP)
    try:
        while (await database.write(unit))[0]:
            print("committed", flush=True)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(fire(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
