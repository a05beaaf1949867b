"""After a start with other rules than before, every promise that runs is reckoned anew, in small transactions."""

from functools import partial

import structlog

from gateway.house import House
from gateway.store.promises_anew import reckon_page

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PAGE = 50
"""Rows a transaction: more would let every chat wait for all of them."""


async def reckon_all(house: House) -> int:
    """Reckon what was made by another version of the rules; return how many are due at another time now."""
    after, looked_at, changed = 0, 0, 0
    while True:
        unit = partial(
            reckon_page,
            after_id=after,
            policy=house.policy,
            kind=house.kind,
            now=house.clock.now(),
            limit=PAGE,
            apply=True,
        )
        page = await house.database.write(unit)
        looked_at += page.looked_at
        changed += len(page.changes)
        if page.last_id is None:
            break
        after = page.last_id
    if looked_at:
        log.info(
            "promises.reckoned", looked_at=looked_at, changed=changed, version=house.policy.promises.version
        )
    return changed
