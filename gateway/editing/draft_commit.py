"""One file into the history of the git repository it lies in, if it lies in one."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

DEADLINE = timedelta(seconds=10)
"""How long git, its hooks and a signer may take together."""
_MOST_SAID = 400

Kept = Literal["committed", "no_repository", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What became of it: ``commit`` is its short hash, ``why`` what git said when it would not."""

    state: Kept
    commit: str = ""
    why: str = ""


class _Failed(Exception):
    """Git said no, or nothing."""


async def commit_file(file: Path, *, name: str, message: str, deadline: timedelta = DEADLINE) -> Committed:
    """Commit ``file`` and nothing else, by ``name``; whatever goes wrong, the file stays as it is.

    What others have staged stays staged. Hooks run and commits are signed as the repository says; what they
    ask nobody answers, and ``deadline`` ends it.
    """
    folder = file.parent
    try:
        async with asyncio.timeout(deadline.total_seconds()):
            try:
                await _git(folder, "rev-parse", "--is-inside-work-tree")
            except FileNotFoundError:  # no git on this machine: nobody expects a commit
                return Committed(state="no_repository")
            except _Failed as error:
                if "not a git repository" in str(error):
                    return Committed(state="no_repository")
                raise
            await _git(folder, "add", "--", file.name)
            await _git(
                folder,
                "commit",
                "--quiet",
                f"--author={author(name)}",
                f"--message={message}",
                "--only",
                "--",
                file.name,
            )
            return Committed(
                state="committed", commit=(await _git(folder, "rev-parse", "--short", "HEAD")).strip()
            )
    except TimeoutError:
        return Committed(state="failed", why=f"git took longer than {deadline.total_seconds():g} s")
    except (_Failed, OSError) as error:
        return Committed(state="failed", why=str(error)[:_MOST_SAID])


def author(name: str) -> str:
    """Return an author as git wants it: a person's name, and an address that is nobody's."""
    clean = " ".join("".join(ch if ch.isprintable() and ch not in "<>" else " " for ch in name).split())
    return f"{clean or 'editor'} <>"


async def _git(folder: Path, *words: str) -> str:
    """Run git in ``folder`` and return what it printed; it is killed, with its children, if we stop waiting."""
    process = await asyncio.create_subprocess_exec(
        "git",
        *words,
        cwd=folder,
        env=_environment(os.environ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, err = await process.communicate()
    except asyncio.CancelledError:
        _kill(process)
        await process.wait()
        raise
    if process.returncode:
        said = (err or out).decode("utf-8", "replace").strip()
        raise _Failed(said or f"git {words[0]} ended with {process.returncode}")
    return out.decode("utf-8", "replace")


def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):  # it had just ended
        os.killpg(process.pid, 9)


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Return our environment without what points git elsewhere, and with nobody to ask for a password."""
    kept = {key: value for key, value in ours.items() if not key.startswith("GIT_")}
    committer = {"GIT_COMMITTER_NAME": "Intake Gateway", "GIT_COMMITTER_EMAIL": "gateway@localhost"}
    return kept | committer | {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "LC_ALL": "C.UTF-8"}
