"""Admin commands reach the running gateway over its socket."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway import control
from gateway.control import CommandFailed
from gateway.errors import Conflict


async def double(values: Mapping[str, Any]) -> int:
    return int(values["of"]) * 2


async def refuse(values: Mapping[str, Any]) -> None:
    raise Conflict("not today")


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Path]:
    task = asyncio.create_task(control.serve(folder, {"double": double, "refuse": refuse}))
    path = folder / control.SOCKET
    for _ in range(1000):
        if await asyncio.to_thread(path.exists):
            break
        await asyncio.sleep(0.001)
    try:
        yield path
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_command_is_carried_out_by_the_running_gateway(tmp_path: Path) -> None:
    async with serving(tmp_path) as path:
        assert await control.ask(tmp_path, "double", {"of": 21}) == 42
        assert path.stat().st_mode & 0o777 == 0o600
    assert not await asyncio.to_thread(path.exists)


async def test_a_refusal_comes_back_in_its_own_words(tmp_path: Path) -> None:
    async with serving(tmp_path):
        with pytest.raises(CommandFailed, match="not today"):
            await control.ask(tmp_path, "refuse", {})
        with pytest.raises(CommandFailed, match="unknown command 'dance'"):
            await control.ask(tmp_path, "dance", {})


async def test_without_a_running_gateway_nobody_answers(tmp_path: Path) -> None:
    assert await control.ask(tmp_path, "double", {"of": 1}) is None


async def test_a_socket_left_by_a_dead_process_is_replaced(tmp_path: Path) -> None:
    (tmp_path / control.SOCKET).touch()
    async with serving(tmp_path):
        for _ in range(100):
            if await control.ask(tmp_path, "double", {"of": 1}) == 2:
                return
            await asyncio.sleep(0.005)
    raise AssertionError("it did not come to answer")


async def test_a_data_folder_deeper_than_a_socket_address_may_be_is_served_too(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 80) / ("b" * 80)
    deep.mkdir(parents=True)
    async with serving(deep):
        assert await control.ask(deep, "double", {"of": 4}) == 8
