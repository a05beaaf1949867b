"""The echo channel keeps what every adapter promises."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from adapters.contract import Adapter, Inbound
from adapters.echo import SPEC, EchoAdapter, EchoSettings, to_inbound
from adapters.testing import FakeClock, FakeContext, FarSide, SendingContract, SentMessage, Trouble
from adapters.testing.clock import breathe


class Folders:
    """Somebody who puts files into ``in`` and reads those in ``out``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._offered = 0
        (folder / "in").mkdir(parents=True)

    @property
    def acknowledged(self) -> int:
        return self._offered - len(list((self.folder / "in").iterdir()))

    @property
    def sent(self) -> Sequence[SentMessage]:
        return [
            SentMessage(text=path.read_text(encoding="utf-8"))
            for path in sorted((self.folder / "out").glob("*.txt"))
        ]

    async def offer(self, text: str) -> None:
        self._offered += 1
        half = self.folder / "in" / "alice.1.half"
        half.write_text(text, encoding="utf-8")
        half.rename(half.with_suffix(".txt"))

    async def redeliver(self) -> None:
        if self.acknowledged:
            await self.offer("你好，我想退货")

    async def until_acknowledged(self, count: int) -> None:
        while self.acknowledged < count:
            await breathe(1)

    def prepare(self, trouble: Trouble) -> None:
        (self.folder / "out").write_text("a file where the folder should be", encoding="utf-8")


class TestEcho(SendingContract):
    spec = SPEC
    payloads = Path(__file__).parent / "payloads"
    exempt: ClassVar[Mapping[Trouble, str]] = {
        "busy": "a folder has no queue",
        "silence": "a file is written or it is not",
        "refused": "a folder takes every text",
        "credentials": "there are none",
    }

    def parsed(self, payload: bytes) -> Inbound | None:
        file = json.loads(payload)
        return to_inbound("test", file["name"], file["content"].encode("utf-8", "surrogateescape"))

    @pytest.fixture
    def context(self) -> FakeContext:
        return FakeContext(clock=FakeClock(flies=True))

    @pytest.fixture
    def far_side(self, tmp_path: Path) -> FarSide:
        return Folders(tmp_path / "echo")

    @pytest.fixture
    def adapter(self, context: FakeContext, far_side: Folders) -> Adapter:
        return EchoAdapter(EchoSettings(folder=far_side.folder), context)


async def test_a_second_try_replaces_the_first(tmp_path: Path) -> None:
    adapter = EchoAdapter(EchoSettings(folder=tmp_path), FakeContext())
    outbound = SendingContract().outbound(key="../k/1", address="a/b")

    await adapter.send(outbound)
    receipt = await adapter.send(outbound)

    assert receipt.provider_ids == ("a%2Fb...%2Fk%2F1.txt",)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a%2Fb...%2Fk%2F1.txt"]
