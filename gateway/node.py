"""Which process this is, in leases: whoever starts in the same place after a crash knows its own dead from others' living."""

import fcntl
import os
import socket
from hashlib import sha256
from pathlib import Path

from gateway.clock import SystemClock

HALF = 16
"""Hex digits that name the place; as many more name the process."""
_held: list[int] = []


def claim_place(folder: Path, clock: SystemClock) -> str:
    """Return the name of this place, locked until the process ends; a fresh name if another process has it.

    The lock is the kernel's, so that no kill leaves it behind. The name is made of the machine and the lock
    file itself: a copy of the folder is another place.
    """
    path = folder / "node.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return clock.chance(HALF // 2).hex()
    _held.append(handle)  # closing it would give the place away
    file = os.fstat(handle)
    said = f"{socket.gethostname()}\x00{path.resolve()}\x00{file.st_dev}\x00{file.st_ino}"
    return sha256(said.encode()).hexdigest()[:HALF]
