"""Keyrings for tests: the same root key everywhere, or the one a gateway made in its data folder."""

from pathlib import Path

from gateway.clock import FakeClock
from gateway.sealing.roots import format_roots, root_key
from gateway.store.keyring import Keyring
from gateway.store.root_file import GivenRoots, RootFile

ROOT = format_roots((root_key(bytes(range(32))),)).strip()
"""A root key as the environment holds it. For tests only."""


def a_ring() -> Keyring:
    """A keyring of a process that shares its root key with every other one of the tests."""
    return Keyring(GivenRoots(ROOT), FakeClock().now)


def ring_in(folder: Path) -> Keyring:
    """The keyring of the gateway whose data folder this is."""
    return Keyring(RootFile(folder), FakeClock().now)


def same_root(*folders: Path) -> None:
    """Put the tests' root key into data folders, as an operator does before restoring."""
    for folder in folders:
        file = folder / "keys" / "root.key"
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_text(ROOT + "\n")
        file.chmod(0o400)
