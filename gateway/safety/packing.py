"""Two shapes of a backup, a folder and a ``.tar``: written under another name, then renamed."""

import io
import os
import shutil
import tarfile
from pathlib import Path
from typing import BinaryIO, Protocol

from gateway.safety.files import Hashing, copy_to, hash_of, make_folders, sync, sync_tree
from gateway.safety.trouble import NotDone


class Changed(Exception):
    """The file's bytes are not those its name promises."""


class Packing(Protocol):
    """A backup being made."""

    def add_blob(self, name: str, source: Path, digest: str) -> int:
        """Take a stored file along; return its size.

        Raises:
            Changed: its bytes do not have this hash.
            OSError: it is not there, or cannot be read or written.
        """
        ...

    def add_file(self, name: str, source: Path) -> None:
        """Take a file of ours along; it may be moved."""
        ...

    def add_bytes(self, name: str, content: bytes) -> None:
        """Write something small."""
        ...

    def finish(self, target: Path) -> None:
        """Have it all on disk, then give it its name."""
        ...


class FolderPacking:
    """A folder; stored files are hard links where the file system allows, since they never change."""

    def __init__(self, work: Path) -> None:
        self._root = work / "backup"
        self._root.mkdir(mode=0o700)

    def add_blob(self, name: str, source: Path, digest: str) -> int:
        """Link or copy, then read what is there now."""
        path = self._root / name
        make_folders(path.parent)
        try:
            os.link(source, path)
        except FileNotFoundError:
            raise
        except OSError:  # another file system, or one without links
            with source.open("rb") as file:
                copy_to(Hashing(file), path)
        found, size = hash_of(path)
        if found != digest:
            path.unlink()
            raise Changed(digest)
        return size

    def add_file(self, name: str, source: Path) -> None:
        """Move it in."""
        source.replace(self._root / name)

    def add_bytes(self, name: str, content: bytes) -> None:
        """Write a new file."""
        copy_to(Hashing(io.BytesIO(content)), self._root / name)

    def finish(self, target: Path) -> None:
        """Sync, rename, sync."""
        sync_tree(self._root)
        self._root.rename(target)
        sync(target.parent)


class TarPacking:
    """One uncompressed archive: the blobs mostly are compressed already, and any member can be read alone."""

    def __init__(self, work: Path) -> None:
        self._path = work / "backup.tar"
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "w+b")
        self._tar = tarfile.open(fileobj=self._file, mode="w")  # noqa: SIM115 - closed in finish

    def add_blob(self, name: str, source: Path, digest: str) -> int:
        """Read it once to be sure, once more into the archive: a member cannot be taken back."""
        found, size = hash_of(source)
        if found != digest:
            raise Changed(digest)
        with source.open("rb") as file:
            self._add(name, size, file)
        return size

    def add_file(self, name: str, source: Path) -> None:
        """Copy it in."""
        with source.open("rb") as file:
            self._add(name, source.stat().st_size, file)

    def add_bytes(self, name: str, content: bytes) -> None:
        """Copy them in."""
        self._add(name, len(content), io.BytesIO(content))

    def _add(self, name: str, size: int, file: BinaryIO) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, file)

    def finish(self, target: Path) -> None:
        """Sync, rename, sync."""
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._path.rename(target)
        sync(target.parent)


class Source(Protocol):
    """A backup to be read; only names that its manifest speaks of are ever opened."""

    def open(self, name: str) -> BinaryIO:
        """Open a member; KeyError or OSError if it is not there."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class FolderSource:
    """A backup that is a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, name: str) -> BinaryIO:
        """Open a file; links that lead elsewhere are not followed."""
        path = self._folder / name
        if path.is_symlink() or not path.is_file():
            raise KeyError(name)
        return path.open("rb")

    def close(self) -> None:
        """Nothing is held."""


class TarSource:
    """A backup that is an archive; nothing is ever unpacked under a name it chose."""

    def __init__(self, path: Path) -> None:
        self._tar = tarfile.open(path, "r:")  # noqa: SIM115 - lives as long as the command

    def open(self, name: str) -> BinaryIO:
        """Open a member that is a plain file."""
        file = self._tar.extractfile(self._tar.getmember(name))
        if file is None:
            raise KeyError(name)
        return file  # type: ignore[return-value] # typeshed says IO[bytes], which lacks nothing we use

    def close(self) -> None:
        """Close the archive."""
        self._tar.close()


def open_source(path: Path) -> Source:
    """Open a backup of either shape.

    Raises:
        NotDone: there is none.
    """
    if path.is_dir():
        return FolderSource(path)
    try:
        return TarSource(path)
    except (OSError, tarfile.TarError) as error:
        raise NotDone(
            f"{path} 不是备份（{error}）：请指定 gateway backup 生成的文件夹或 .tar 文件。",
            f"{path} is no backup ({error}): name a folder or .tar made by gateway backup.",
        ) from error


def discard(work: Path) -> None:
    """Remove what was half made."""
    shutil.rmtree(work, ignore_errors=True)
