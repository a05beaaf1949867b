"""What the command line does about people's data, the same whether a gateway runs or not."""

import asyncio
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from adapters.contract import Capabilities
from gateway.admin import CONSOLE
from gateway.clock import SystemClock
from gateway.control import Verb
from gateway.desk.erasing import Eraser
from gateway.desk.exporting import pack_person
from gateway.desk.retention import Retention
from gateway.errors import OutsideFailure
from gateway.metrics import Metrics
from gateway.settings import Settings
from gateway.store import holds, retention
from gateway.store.blobs import Blobs
from gateway.store.database import Database, Tx


def eraser_of(settings: Settings, database: Database, clock: SystemClock) -> Eraser:
    """Return what erases where no gateway runs."""
    known = {name: one.spec.capabilities for name, one in settings.channels.items()}
    known |= dict.fromkeys(settings.policy().life.logged, Capabilities(served=True, chat_like=False))

    def is_served(channel: str) -> bool:
        return channel in known and known[channel].served

    return Eraser(
        database=database,
        blobs=Blobs(settings.data.dir / "blobs"),
        clock=clock,
        folder=settings.data.dir,
        is_served=is_served,
    )


def privacy_verbs(eraser: Eraser, settings: Settings, metrics: Metrics | None = None) -> Mapping[str, Verb]:
    """Return the commands by name; each takes and returns plain JSON values."""
    rules = settings.retention
    rounds = Retention(eraser, rules.spans(), every=rules.every, metrics=metrics or Metrics())
    return {
        "person.erase": partial(_erase, eraser),
        "person.export": partial(_export, eraser),
        "hold.put": partial(_hold, eraser),
        "hold.lift": partial(_lift, eraser),
        "retention.report": partial(_report, eraser, settings),
        "retention.run": partial(_round, rounds),
    }


async def _erase(eraser: Eraser, values: Mapping[str, Any]) -> Any:
    one = await eraser.erase(values["number"], by=CONSOLE)
    return {"number": one.number, "upto": one.upto.isoformat()}


async def _export(eraser: Eraser, values: Mapping[str, Any]) -> Any:
    packed = await pack_person(
        eraser.database, eraser.blobs, values["number"], by=CONSOLE, now=eraser.clock.now()
    )
    target = Path(values["target"])
    await asyncio.to_thread(_write_new, target, packed)
    return {"path": str(target), "size": len(packed)}


def _write_new(target: Path, content: bytes) -> None:
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise OutsideFailure(f"{target} cannot be written ({error.strerror}): name a new file") from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)


async def _hold(eraser: Eraser, values: Mapping[str, Any]) -> Any:
    now = eraser.clock.now()
    kind, number = values["kind"], values["number"]
    await eraser.database.write(
        lambda tx: holds.put(tx, kind, number, because=values["because"], by=CONSOLE, now=now)
    )
    return {"number": number}


async def _lift(eraser: Eraser, values: Mapping[str, Any]) -> Any:
    now, kind, number = eraser.clock.now(), values["kind"], values["number"]
    await eraser.database.write(lambda tx: holds.lift(tx, kind, number, by=CONSOLE, now=now))
    return {"number": number}


async def _report(eraser: Eraser, settings: Settings, values: Mapping[str, Any]) -> Any:
    spans, now = settings.retention.spans(), eraser.clock.now()

    def count(tx: Tx) -> dict[str, Any]:
        return {
            name: {
                "days": spans[name].days if name in spans else None,
                "due": retention.count_due(tx, name, now - spans[name]) if name in spans else 0,
            }
            for name in retention.KINDS
        }

    return await eraser.database.read(count)


async def _round(rounds: Retention, values: Mapping[str, Any]) -> Any:
    return await rounds.once()
