"""A channel made of two folders: the smallest complete adapter, and the one to copy.

Put a file ``alice.1.txt`` into ``in``: alice has written. The answer to her appears in ``out``.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from adapters.contract import AdapterSpec, Capabilities, Context, Inbound, Outbound, Receipt, SendFailed
from adapters.spans import Span
from adapters.text import to_plain, with_choices


class EchoSettings(BaseModel):
    """Where the two folders are, and how often to look."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path
    every: Span = timedelta(seconds=1)


class EchoAdapter:
    """Files in are messages in; a file is deleted, which is this channel's "got it", once it is stored."""

    def __init__(self, settings: EchoSettings, context: Context) -> None:
        self._in, self._out = settings.folder / "in", settings.folder / "out"
        self._every = settings.every
        self._context = context

    async def run(self) -> None:
        """Look for files, forever."""
        while True:
            for path in await asyncio.to_thread(waiting, self._in):
                await self._context.deliver(
                    to_inbound(self._context.channel, path.name, await asyncio.to_thread(path.read_bytes))
                )
                await asyncio.to_thread(path.unlink, missing_ok=True)  # only now: it will not come again
            self._context.progress()
            await self._context.clock.wait(self._every)

    async def send(self, outbound: Outbound) -> Receipt:
        """Write one file, named by the key: a second try replaces the first."""
        name = f"{quote(outbound.address, safe='')}.{quote(outbound.key, safe='')}.txt"
        text = with_choices(to_plain(outbound.text), outbound.choices)
        try:
            await asyncio.to_thread(write, self._out / name, text)
        except OSError as error:
            raise SendFailed(
                f"cannot write {self._out / name}: {error}; free or create the folder"
            ) from error
        return Receipt(provider_ids=(name,))

    async def close(self) -> None:
        """Nothing is kept open."""


def waiting(folder: Path) -> list[Path]:
    """Return the files that have come, oldest name first; the folder is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    return sorted(folder.glob("*.txt"))


def write(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    half = path.with_suffix(".half")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def to_inbound(channel: str, name: str, content: bytes) -> Inbound:
    """Return what a file says; its name up to the first dot is who wrote it."""
    address = name.partition(".")[0]
    text = content.decode("utf-8", "replace").strip()
    return Inbound(channel=channel, external_id=name, address=address, thread=address, text=text, raw=content)


SPEC = AdapterSpec(
    kind="echo",
    settings=EchoSettings,
    create=EchoAdapter,
    capabilities=Capabilities(max_text=100_000, encrypted=False, receipts="sent"),
)
