"""docs/tutorial/your-own-faq.md is true: what it says to save is saved, what it says to type is typed, what it shows is seen."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.servers.dovecot import free_port

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial" / "your-own-faq.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVE = re.compile(r"[Ss]ave this as `([^`]+)`:\s*$")
FAILS = re.compile(r"# exit code (\d)")
GATEWAY = f'#!/bin/sh\nexec "{sys.executable}" -m gateway "$@"\n'
WAITING = 30.0


@dataclass
class Reader:
    """Somebody who does what the page says, in an empty folder."""

    folder: Path
    environ: dict[str, str]
    shown: str = ""
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def follow(self, before: str, kind: str, text: str) -> None:
        """Do what one block of the page says; ``before`` is what stands above it."""
        if saved := SAVE.search(before):
            (self.folder / saved[1]).write_text(text, encoding="utf-8")
        elif kind == "text" and text.startswith("you: "):
            self.chat(text)
        elif kind == "text":
            self.compare(text)
        elif "make setup" not in text:
            self.type(text)

    def type(self, commands: str) -> None:
        """Run the lines of a block in one shell; the next block goes on where it stopped."""
        if "gateway run" in commands:
            self.running.append(subprocess.Popen(["gateway", "run"], cwd=self.folder, env=self.environ))
            return
        wanted = int(found[1]) if (found := FAILS.search(commands)) else 0
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as place:
            script = f'set -e\n{commands}\npwd >"{place.name}"'
            done = subprocess.run(
                ["/bin/sh", "-c", script], cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=120
            )  # fmt: skip
            self.folder = Path(place.read().strip() or self.folder)
        self.shown = done.stdout + done.stderr
        if os.environ.get("TUTORIAL_ECHO"):
            print(f"$ {commands}{self.shown}")
        assert done.returncode == wanted, f"{commands}\n{self.shown}"

    def compare(self, text: str) -> None:
        """Look for each line shown, up to its ``…``; figures may differ."""
        for line in filter(None, (line.partition("…")[0].rstrip() for line in text.splitlines())):
            assert masked(line) in masked(self.shown), f"{line}\n\nis not in\n\n{self.shown}"

    def chat(self, text: str) -> None:
        """Write what a customer writes, and wait for what the bot is said to answer."""
        token = self.call("POST", "/chat/v1/visitors")["token"]
        for line in text.splitlines():
            who, _, words = line.partition(": ")
            if who == "you":
                self.call("POST", "/chat/v1/messages", token, {"id": str(uuid.uuid4()), "text": words})
                self.replies(token, words)
            else:
                assert words in self.replies(token, words), line

    def replies(self, token: str, words: str) -> str:
        """Return what the bot said in this chat, once it has said something to the newest message."""
        for _ in tries():
            messages = self.call("GET", "/chat/v1/messages?since=0", token)["messages"]
            if messages and messages[-1]["author"] == "bot":
                said = "\n".join(one["text"] for one in messages if one["author"] == "bot")
                if os.environ.get("TUTORIAL_ECHO"):
                    print(said)
                return said
        raise AssertionError(f"no answer to {words}")

    def call(self, method: str, path: str, token: str = "", body: object = None) -> Any:
        """Speak to the running gateway, waiting for its start."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.environ['GATEWAY__SERVER__PORT']}{path}",
            data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json"}
            | ({"Authorization": f"Bearer {token}"} if token else {}),
            method=method,
        )
        for _ in tries():
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return json.loads(answer.read())
            except urllib.error.HTTPError:
                raise
            except urllib.error.URLError:
                continue
        raise AssertionError("the gateway did not start")


def tries() -> Iterator[None]:
    """Try again, up to half a minute."""
    end = time.monotonic() + WAITING
    while time.monotonic() < end:
        yield
        time.sleep(0.05)


def masked(text: str) -> str:
    """Figures may change with the matcher; where they stand may not."""
    return re.sub(r"\d+(\.\d+)?", "0", text)


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "gateway"
    program.parent.mkdir()
    program.write_text(GATEWAY, encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "home").mkdir()
    reader = Reader(
        tmp_path / "home",
        os.environ
        | {"PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
        | {"GATEWAY__SERVER__PORT": str(free_port()), "GATEWAY__KNOWLEDGE__SEMANTIC": "off"}
        | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        | {
            f"GIT_{who}_{what}": "reader@bakery.example"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    )
    page, done = PAGE.read_text("utf-8"), 0
    try:
        for block in BLOCK.finditer(page):
            reader.follow(page[done : block.start()], block[1], block[2])
            done = block.end()
    finally:
        for process in reader.running:
            process.terminate()
            process.wait(timeout=30)
