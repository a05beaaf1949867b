"""A process for each picture: started, given its bytes, waited for within a deadline, killed if it takes longer."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

DEADLINE = 15.0
REFUSED = 3
"""What ``pictures`` ends with when the picture is to blame."""
_ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}


class Broken(Exception):
    """The picture cannot be drawn anew within the limits."""


class Apart:
    """Draws pictures anew, two at a time at most; the gateway's own process never opens one."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._places = asyncio.Semaphore(2)

    async def redrawn(self, raw: bytes, media_type: str) -> bytes:
        """Return the picture with nothing but its pixels.

        Raises:
            Broken: it is no picture, too large, or took too long.
            OSError: no process could be started.
        """
        async with self._places:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "gateway.uploads.pictures", media_type,
                stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_ENVIRONMENT,
            )  # fmt: skip
            try:
                async with asyncio.timeout(self._deadline):
                    new, _ = await process.communicate(raw)
            except TimeoutError as error:
                raise Broken(f"drawing it took longer than {self._deadline} s") from error
            finally:
                await _end(process)
        if process.returncode != 0 or not new:
            what = "it is no picture" if process.returncode == REFUSED else "the process died of it"
            raise Broken(f"{what} ({process.returncode})")
        return new


async def _end(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
