"""One thread that does what it is handed, in order: the waiting for the disk."""

from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any

_Work = tuple[Callable[..., None], tuple[Any, ...]]


class WorkThread:
    """A thread without a future for each piece of work: who hands it over is called back by the work itself.

    ``ThreadPoolExecutor.submit`` makes a future with its locks each time, which costs more than a small commit.
    """

    def __init__(self, name: str) -> None:
        self._work: SimpleQueue[_Work | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[..., None], *with_: Any) -> None:
        """Have ``work`` done after all that was handed over before; it must not raise."""
        self._work.put((work, with_))

    def shutdown(self) -> None:
        """Wait until everything handed over is done."""
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (handed := self._work.get()) is not None:
            work, with_ = handed
            with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits for the answer
                work(*with_)
