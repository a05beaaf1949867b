"""What a running gateway does about traces and about data whose time is over."""

from collections.abc import Coroutine
from typing import Any

from gateway import __version__
from gateway.desk.audit_watch import AuditWatch
from gateway.desk.erasing import Eraser
from gateway.desk.retention import Retention
from gateway.domain.rules_version import rules_version
from gateway.house import House
from gateway.settings import Settings
from gateway.store import audit


def eraser_in(house: House, settings: Settings) -> Eraser:
    """Return what erases people, and finishes what was begun before a crash."""
    return Eraser(
        database=house.database,
        blobs=house.blobs,
        clock=house.clock,
        folder=settings.data.dir,
        is_served=house.is_served,
        feed=house.feed,
    )


def keepers(house: House, settings: Settings) -> list[Coroutine[Any, Any, None]]:
    """Return the tasks: one witnesses the audit, one lets go of what is over its time."""
    seen, kept = settings.audit, settings.retention
    watch = AuditWatch(house, settings.checkpoints, every=seen.every, rows=seen.rows, syslog=seen.syslog)
    eraser = eraser_in(house, settings)
    return [
        watch.run(),
        Retention(eraser, kept.spans(), every=kept.every, metrics=house.metrics).run(),
    ]


async def note_start(house: House, settings: Settings) -> None:
    """Write into the audit which rules and which configuration are in force from now on; secrets are no part of it."""
    marks = {
        "version": __version__,
        "rules": rules_version(house.policy),
        "config": rules_version(settings.model_dump(mode="python")),
    }
    now = house.clock.now()
    await house.database.write(
        lambda tx: audit.write(tx, actor="system", act="gateway.start", now=now, **marks)
    )
