"""What a start does when it cannot be: it says in one sentence what to change, and leaves nothing behind."""

import socket
from pathlib import Path

import pytest

from gateway.app import Application, CannotListen
from gateway.settings import load


async def test_a_taken_port_is_named_with_its_remedy_and_the_database_is_let_go(tmp_path: Path) -> None:
    (tmp_path / "entries").mkdir()
    (tmp_path / "config.toml").write_text('[knowledge]\nfolder = "entries"\n', encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = load(tmp_path / "config.toml", environ={"GATEWAY__SERVER__PORT": str(port)})
        with pytest.raises(CannotListen, match=rf"127\.0\.0\.1:{port} .*server\.port"):
            await Application(settings).run()
        again = Application(settings)  # the file's lock is free
        with pytest.raises(CannotListen):
            await again.run()
