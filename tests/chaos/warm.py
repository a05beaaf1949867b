"""Start gateways by forking from a process that has imported everything: a second saved on every kill.

``python -m tests.chaos.warm ENTRIES`` reads one JSON line for each start (``folder``, ``log``) and answers with the
new process's id. The child runs the very command line; nothing of the gateway has begun before the fork.
Cold starts of ``.venv/bin/gateway`` are mixed in by the run, and recovery is measured on those.
"""

import json
import os
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Fork on every line until standard input ends."""
    for name in (
        *(f"adapters.{kind}.adapter" for kind in ("mail", "telegram", "webchat")),
        "gateway.app",
        "uvloop",
    ):
        import_module(name)
    from gateway.cli import main as gateway
    from knowledge.load import load_folder
    from knowledge.match import Matcher

    Matcher(load_folder(Path(sys.argv[1])).entries)  # fills its tables, which stay as they are

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here: the run watches by pidfd
    print("warm", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid:
            print(pid, flush=True)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.chdir(asked["folder"])
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, handle in enumerate((nothing, log, log)):
            os.dup2(handle, number)
        sys.argv = ["gateway", "run", "--config", "config.toml"]
        try:
            gateway()
        except SystemExit as ended:
            os._exit(ended.code if isinstance(ended.code, int) else 1)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)


if __name__ == "__main__":
    main()
