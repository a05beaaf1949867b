"""Where root keys come from: a file of ours that nobody else may read, or what the configuration names."""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from gateway.errors import ConfigError, Problem
from gateway.sealing.cells import Key
from gateway.sealing.roots import format_roots, new_root, parse_roots
from gateway.settings import Settings
from gateway.store.keyring import Keyring, NoRootKey

FOLDER, NAME = "keys", "root.key"
SETTING = "protection.root_key"
RIGHTS = 0o400


class RootFile:
    """``data.dir/keys/root.key``: one key a line, newest first; made at the first start."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FOLDER / NAME

    def load(self) -> tuple[Key, ...]:
        """Return the keys, newest first; none if the file was not made yet.

        Raises:
            ConfigError: others may read the file, or it holds something else.
        """
        try:
            with self.path.open("r", encoding="utf-8") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                text = file.read()
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise _wrong(self.path, f"a file that cannot be read ({error})", "check its owner") from error
        if mode & 0o077:
            raise _wrong(self.path, f"a file with mode {mode:o}", f"chmod 400 {self.path}")
        return _parsed(text, str(self.path))

    def make(self) -> tuple[Key, ...]:
        """Make the file with one fresh key, unless another process was quicker."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            self.path.hardlink_to(self._written((new_root(),)))
        return self._cleared()

    def add(self, root: Key) -> tuple[Key, ...]:
        """Put a new key before the others: the old file is replaced in one move, so that no key is ever lost."""
        return self._replace((root, *self.load()))

    def drop(self, unused: frozenset[str]) -> tuple[Key, ...]:
        """Take out keys that wrap nothing any more."""
        return self._replace(tuple(root for root in self.load() if root.kid not in unused))

    def _replace(self, roots: tuple[Key, ...]) -> tuple[Key, ...]:
        self._written(roots).replace(self.path)
        return self._cleared()

    def _written(self, roots: tuple[Key, ...]) -> Path:
        """A whole file beside: what is half written must never be taken for the keys."""
        beside = self._beside
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, RIGHTS), "w") as file:
            file.write(format_roots(roots))
            file.flush()
            os.fsync(file.fileno())
        return beside

    def _cleared(self) -> tuple[Key, ...]:
        self._beside.unlink(missing_ok=True)
        handle = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        return self.load()

    @property
    def _beside(self) -> Path:
        return self.path.with_suffix(f".{os.getpid()}")


class GivenRoots:
    """Root keys from the configuration: the operator makes and keeps them."""

    def __init__(self, text: str) -> None:
        self._text = text

    def load(self) -> tuple[Key, ...]:
        """Return the keys, newest first.

        Raises:
            ConfigError: it is something else.
        """
        return _parsed(self._text, SETTING)

    def make(self) -> tuple[Key, ...]:
        """Refuse: what the configuration names is not ours to write."""
        raise NoRootKey(f"{SETTING} holds no root key")


def ring_of(settings: Settings, now: Callable[[], datetime]) -> Keyring:
    """Return the keyring of a configuration: of its data folder, or of the root keys that it names."""
    given = settings.protection.root_key
    source = GivenRoots(given.get_secret_value()) if given is not None else RootFile(settings.data.dir)
    return Keyring(source, now)


def _parsed(text: str, where: str) -> tuple[Key, ...]:
    try:
        return parse_roots(text)
    except ValueError as error:
        remedy = "put back the copy you keep apart; gateway keys new-root --print makes a new one"
        raise ConfigError(
            [Problem(file=where, key=SETTING, found=str(error), wanted="root keys", remedy=remedy)]
        ) from error


def _wrong(path: Path, found: str, remedy: str) -> ConfigError:
    wanted = "a file that only we may read (mode 0400)"
    return ConfigError([Problem(file=str(path), key=SETTING, found=found, wanted=wanted, remedy=remedy)])
