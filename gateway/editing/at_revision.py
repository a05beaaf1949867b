"""The knowledge folder as it was at a revision of its git repository, laid out beside for as long as it is looked at."""

import io
import os
import subprocess  # git is asked for one thing, by a list of words, without a shell
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.errors import GatewayError, Said

PATIENCE = 60.0


class NoRevision(GatewayError):
    """Git does not give the folder at that revision; ``public`` says why."""


@contextmanager
def at_revision(folder: Path, revision: str) -> Iterator[Path]:
    """Yield a copy of ``folder`` as it was; what git hands out can neither leave the copy nor be a link.

    Raises:
        NoRevision: no git, no repository, no such revision, or the folder was not in it.
    """
    if not revision or revision.startswith("-"):
        raise _refused(folder, revision, "")
    commit = (
        _git(folder, revision, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    )
    packed = _git(folder, revision, "archive", "--format=tar", commit, ".")
    with TemporaryDirectory(prefix="gateway-kb-") as name:
        home = Path(name)
        with tarfile.open(fileobj=io.BytesIO(packed)) as parts:
            for part in parts:
                place = Path(part.name)
                content = parts.extractfile(part) if part.isreg() else None
                if content is not None and not place.is_absolute() and ".." not in place.parts:
                    (home / place).parent.mkdir(parents=True, exist_ok=True)
                    (home / place).write_bytes(content.read())
        yield home


def _git(folder: Path, revision: str, *words: str) -> bytes:
    ours = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 # no shell; the revision was checked not to be an option
            ["git", *words],  # noqa: S607 # whichever git the editor uses
            cwd=folder,
            env=ours | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _refused(folder, revision, str(error)) from error
    if done.returncode:
        raise _refused(folder, revision, done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def _refused(folder: Path, revision: str, why: str) -> NoRevision:
    detail = f" ({why})" if why else ""
    return NoRevision(
        f"git has no {revision!r} of {folder}{detail}",
        public=Said(
            f"git 里没有 {folder} 的版本“{revision}”{detail}：请用 git log 查看可用的版本，并确认该文件夹已提交。",
            f"git has no {revision!r} of {folder}{detail}: see git log for revisions, and check that the folder was committed.",
        ),
    )
