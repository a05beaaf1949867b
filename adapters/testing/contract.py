"""The suite every adapter inherits: what the gateway may rely on, asked of the adapter over its real transport.

A kind's own test file gives the fixtures ``adapter`` and ``far_side`` and the folder of captured payloads::

    class TestTelegram(SendingContract):
        spec = SPEC
        payloads = Path(__file__).parent / "payloads"
        def parsed(self, payload: bytes) -> Inbound | None: ...
        @pytest.fixture
        async def far_side(self) -> AsyncIterator[FarSide]: ...
        @pytest.fixture
        async def adapter(self, context: FakeContext, far_side: FarSide) -> AsyncIterator[Adapter]: ...
"""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

import pytest
from pydantic import SecretStr

from adapters.contract import (
    Adapter,
    AdapterError,
    AdapterSpec,
    BadCredentials,
    Choice,
    Inbound,
    NotStored,
    Outbound,
    Refused,
    SendFailed,
)
from adapters.testing.context import FakeContext

Trouble = Literal["busy", "silence", "unreachable", "refused", "credentials"]
TROUBLES: tuple[Trouble, ...] = ("busy", "silence", "unreachable", "refused", "credentials")

GRACE = 0.2
"""Seconds of real time in which an adapter that acknowledges too early would be caught."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """One message as the provider got it; ``text`` is what the customer reads."""

    text: str
    buttons: tuple[str, ...] = ()


class FarSide(Protocol):
    """The provider, as a test plays it."""

    @property
    def acknowledged(self) -> int:
        """How many messages the adapter has said "got it" for, a repeated one each time."""
        ...

    @property
    def sent(self) -> Sequence[SentMessage]:
        """What the adapter has sent, oldest first."""
        ...

    async def offer(self, text: str) -> None:
        """Let one new message come; may return before the adapter has it."""
        ...

    async def redeliver(self) -> None:
        """Let the last message come once more, as after an acknowledgement that was lost."""
        ...

    async def until_acknowledged(self, count: int) -> None:
        """Return once ``acknowledged`` is at least ``count``."""
        ...

    def prepare(self, trouble: Trouble) -> None:
        """Have the next message sent to the provider meet this trouble."""
        ...


class AdapterContract:
    """What every adapter promises. Inherit it, and `SendingContract` where messages are sent."""

    spec: ClassVar[AdapterSpec]
    payloads: ClassVar[Path]
    stores_cursor: ClassVar[bool] = False
    """Whether the adapter keeps its place at the provider: then it must be stored with each message."""

    def parsed(self, payload: bytes) -> Inbound | None:
        """Return what the adapter makes of one captured payload; None when it is not for us."""
        raise NotImplementedError

    @pytest.fixture
    def context(self) -> FakeContext:
        """Return the context lent to the adapter under test."""
        return FakeContext()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Make one test of each captured payload."""
        if "payload" in metafunc.fixturenames:
            found = captured(self.payloads)
            metafunc.parametrize("payload", found, ids=[path.stem for path in found])

    def test_it_states_what_it_can_do(self) -> None:
        able = self.spec.capabilities
        assert self.spec.kind
        assert able.max_text > 0
        assert bool(able.media) == bool(able.max_media_bytes)
        assert not (able.served and able.edits)

    def test_its_settings_are_frozen_and_refuse_unknown_keys(self) -> None:
        config = self.spec.settings.model_config
        assert config.get("extra") == "forbid"
        assert config.get("frozen") is True

    def test_its_secrets_are_never_printed(self) -> None:
        for name, info in self.spec.settings.model_fields.items():
            if re.search(r"token|secret|password", name) and "bytes" not in str(info.annotation):
                assert SecretStr.__name__ in str(info.annotation), f"{name} must be a SecretStr"

    def test_at_least_eight_captured_payloads_are_kept(self) -> None:
        assert len(captured(self.payloads)) >= 8

    def test_a_captured_payload_becomes_the_expected_inbound(self, payload: Path) -> None:
        inbound = self.parsed(payload.read_bytes())
        expected = json.loads(expectation(payload).read_text(encoding="utf-8"))
        assert (as_json(inbound) if inbound else None) == expected

    async def test_nothing_is_acknowledged_before_it_is_stored(
        self, adapter: Adapter, context: FakeContext, far_side: FarSide
    ) -> None:
        context.hold()
        async with running(adapter), offering(far_side):
            await context.attempted()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(far_side.until_acknowledged(1), GRACE)
            context.release()
            await far_side.until_acknowledged(1)
        assert len(context.delivered) == 1

    async def test_what_was_not_stored_stays_unacknowledged_and_comes_again(
        self, adapter: Adapter, context: FakeContext, far_side: FarSide
    ) -> None:
        context.fail_next(NotStored("the disk is full"))
        async with running(adapter), offering(far_side):
            await context.attempted()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(far_side.until_acknowledged(1), GRACE)
        async with running(adapter):
            await far_side.redeliver()
            await far_side.until_acknowledged(1)
        assert len(context.delivered) == 1
        assert {it.external_id for it in context.attempts} == {context.delivered[0].external_id}

    async def test_a_second_delivery_has_the_same_id_and_is_acknowledged(
        self, adapter: Adapter, context: FakeContext, far_side: FarSide
    ) -> None:
        async with running(adapter), offering(far_side):
            await far_side.until_acknowledged(1)
            await far_side.redeliver()
            await context.attempted(2)
            await far_side.until_acknowledged(2)
        assert len(context.delivered) == 1

    async def test_its_place_at_the_provider_is_stored_with_the_message(
        self, adapter: Adapter, context: FakeContext, far_side: FarSide
    ) -> None:
        async with running(adapter), offering(far_side):
            await context.stored()
        with_message = [cursor for inbound, cursor in context.deliveries if inbound is not None]
        assert all((cursor is not None) == self.stores_cursor for cursor in with_message)

    async def test_closing_twice_does_no_harm(self, adapter: Adapter) -> None:
        await adapter.close()
        await adapter.close()


class SendingContract(AdapterContract):
    """What an adapter promises that sends; those of ``served`` channels need only `AdapterContract`."""

    exempt: ClassVar[Mapping[Trouble, str]] = {}
    """Troubles that cannot happen on this kind of channel, each with the reason."""

    def outbound(self, **changes: Any) -> Outbound:
        """Return a message this channel can address; override to name an address of the far side."""
        return an_outbound(**changes)

    async def test_a_message_taken_gives_a_receipt_with_its_id(
        self, adapter: Adapter, far_side: FarSide
    ) -> None:
        receipt = await adapter.send(self.outbound(text="您的退款已到账。"))
        assert receipt.provider_ids
        assert "您的退款已到账。" in far_side.sent[-1].text

    @pytest.mark.parametrize("trouble", TROUBLES)
    async def test_each_trouble_of_sending_has_its_error(
        self, adapter: Adapter, far_side: FarSide, trouble: Trouble
    ) -> None:
        if trouble in self.exempt:
            assert self.exempt[trouble]
            return
        far_side.prepare(trouble)
        with pytest.raises(AdapterError) as raised:
            await adapter.send(self.outbound())
        assert fate(raised.value) == trouble
        assert str(raised.value)

    async def test_of_a_long_text_nothing_is_lost(self, adapter: Adapter, far_side: FarSide) -> None:
        size = min(self.spec.capabilities.max_text, 5_000)
        text = " ".join(f"w{n}" for n in range(size // 2))
        await adapter.send(self.outbound(text=text))
        assert " ".join(message.text for message in far_side.sent).split()[: size // 2] == text.split()

    async def test_choices_are_buttons_or_numbered_lines(self, adapter: Adapter, far_side: FarSide) -> None:
        choices = (Choice(id="c1", label="退货"), Choice(id="c2", label="换货"))
        await adapter.send(self.outbound(text="您要办理哪一项？", choices=choices))
        got = far_side.sent[-1]
        if self.spec.capabilities.buttons:
            assert got.buttons == ("退货", "换货")
        else:
            assert "1. 退货\n2. 换货" in got.text


def fate(error: AdapterError) -> Trouble:
    """Return the trouble that an error of ``send`` tells of."""
    if isinstance(error, BadCredentials):
        return "credentials"
    if isinstance(error, Refused):
        return "refused"
    assert isinstance(error, SendFailed), f"send may not raise {error!r}"
    if error.maybe_sent:
        return "silence"
    return "busy" if error.retry_after is not None else "unreachable"


def an_outbound(**changes: Any) -> Outbound:
    """Return an ordinary message on its way out; name only what the test is about."""
    values: dict[str, Any] = {
        "key": "k1",
        "channel": "test",
        "address": "1001",
        "thread": "1001",
        "text": "您好！",
    }
    return Outbound(**(values | changes))


@asynccontextmanager
async def running(adapter: Adapter) -> AsyncIterator[asyncio.Task[None]]:
    """Run an adapter as the keeper would, once: an error it raises on purpose ends the run and is kept."""
    task = asyncio.create_task(adapter.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, AdapterError):
            await task


@asynccontextmanager
async def offering(far_side: FarSide) -> AsyncIterator[None]:
    """Let a message come while the block runs; a far side that waits for its answer is not waited for."""
    task = asyncio.create_task(far_side.offer("你好，我想退货"))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def expectation(payload: Path) -> Path:
    """Return the file that says what ``payload`` must become."""
    return payload.with_suffix(".expected.json")


def captured(folder: Path) -> list[Path]:
    """Return the payloads of a folder that have an expectation beside them, by name."""
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.endswith(".expected.json") and expectation(path).exists()
    )


def as_json(it: Any) -> Any:
    """Return a contract value as JSON would hold it: fields at their default, and ``raw``, are left out."""
    if is_dataclass(it) and not isinstance(it, type):
        return {
            field.name: as_json(value)
            for field in fields(it)
            if field.name != "raw" and (value := getattr(it, field.name)) != default_of(field)
        }
    if isinstance(it, tuple | list):
        return [as_json(item) for item in it]
    if isinstance(it, bytes):
        return {"base64": base64.b64encode(it).decode()}
    if isinstance(it, datetime):
        return it.isoformat()
    return it


def default_of(field: Any) -> Any:
    """Return a dataclass field's default, made afresh where it is made by a factory."""
    return field.default_factory() if field.default_factory is not MISSING else field.default
