"""``make bench``: every throughput figure as a share of an echo measured in the same run, on the same machine.

The server is pinned to one processor and the load to the other where there are two. Results go to
``benchmarks/results/<date>.json`` with commit and machine.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks import mail_sync, matching, promises, routing, sample, tickets, triage

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
CONFIG = """
[data]
dir = "data"
[server]
port = {port}
[knowledge]
folder = "entries"
semantic = "off"
[accounts]
second_factor = "optional"
[logs]
level = "warning"
[channels.web]
kind = "webchat"
sockets_per_visitor = 3
max_sockets = 20000
flood = {{ frames = 1000000, window = "10s" }}
"""


def free_port() -> int:
    """Return a port nobody uses just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def pinned(cpu: int) -> list[str]:
    """Return a prefix that pins a command to a processor, where that can be done."""
    cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    return ["taskset", "-c", str(cpus[cpu])] if len(cpus) > 1 and shutil.which("taskset") else []


class Server:
    """A server process pinned to the first processor."""

    def __init__(self, command: list[str], port: int, cwd: Path, *, health: str | None = None) -> None:
        self.port, self.cwd = port, cwd
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [*pinned(0), *command], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        self._wait(health)
        self.ready_after = time.perf_counter() - began

    def _wait(self, health: str | None) -> None:
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.process.stderr.read().decode()[-800:]}")
            try:
                if health:
                    urllib.request.urlopen(f"http://127.0.0.1:{self.port}{health}", timeout=1).read()
                else:
                    socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("the server did not become ready")

    def rss(self) -> int:
        """Return the resident bytes of the process tree."""
        root = psutil.Process(self.process.pid)
        return sum(one.memory_info().rss for one in (root, *root.children(recursive=True)))

    def stop(self) -> None:
        """Ask it to stop, then make it."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def load(server: Server, *extra: str, seconds: float, warm: float = 1.5) -> dict[str, Any]:
    """Run the load generator on the other processor."""
    command = [
        *pinned(-1), sys.executable, str(HERE / "chat_load.py"), "--port", str(server.port),
        "--server-pid", str(server.process.pid), "--seconds", str(seconds), "--warm", str(warm), *extra,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds * 4 + 240)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def gateway(work: Path, entries: Path) -> tuple[Server, str]:
    """Start the real gateway on a fresh folder; return it and an agent's token."""
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True)
    port = free_port()
    (work / "config.toml").write_text(CONFIG.format(port=port), encoding="utf-8")
    shutil.copytree(entries, work / "entries")
    server = Server([str(BIN / "gateway"), "run"], port, work, health="/readyz")
    token = subprocess.run(
        [str(BIN / "gateway"), "token", "create", "--role", "agent", "--name", "bench"],
        cwd=work, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return server, token.stdout.strip()


def echo(work: Path, *, durable: bool) -> Server:
    """Start one of the echoes."""
    port = free_port()
    database = work / f"echo-{port}.db"
    extra = ["--database", str(database)] if durable else []
    return Server([sys.executable, str(HERE / "echo.py"), "--port", str(port), *extra], port, work)


def throughput(work: Path, texts: Path, entries: Path, chats: int, seconds: float) -> dict[str, Any]:
    """One round: bare echo, durable echo and the full path, one after the other."""
    figures: dict[str, Any] = {}
    for name, durable in (("bare_echo", False), ("durable_echo", True)):
        server = echo(work, durable=durable)
        try:
            frames = "2" if durable else "1"
            figures[name] = load(server, "--chats", str(chats), "--frames", frames, seconds=seconds)
        finally:
            server.stop()
    server, token = gateway(work / "gateway", entries)
    try:
        options = gateway_options(chats, texts, token, spare=int(seconds * 400))
        figures["full_path"] = load(server, *options, seconds=seconds)
    finally:
        server.stop()
    return figures


def gateway_options(chats: int, texts: Path, token: str, spare: int) -> list[str]:
    """Return what the load generator needs to talk the chat protocol, with five desks watching."""
    return [
        "--protocol", "gateway", "--path", "/chat/v1/socket", "--chats", str(chats), "--texts", str(texts),
        "--desks", "5", "--desk-token", token, "--spare", str(spare),
    ]  # fmt: skip


def shares(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return medians over the rounds, and the full path as a share of each echo."""
    medians = {
        name: statistics.median(one[name]["per_cpu_second"] for one in rounds)
        for name in ("bare_echo", "durable_echo", "full_path")
    }
    return {
        "messages_per_cpu_second": medians,
        "share_of_durable_echo": round(medians["full_path"] / medians["durable_echo"], 3),
        "share_of_bare_echo": round(medians["full_path"] / medians["bare_echo"], 3),
        "full_path_p50_p99_ms": [rounds[-1]["full_path"]["p50_ms"], rounds[-1]["full_path"]["p99_ms"]],
        "errors": sum(one["full_path"]["errors"] for one in rounds),
        "rounds": rounds,
    }


def open_loop(work: Path, texts: Path, entries: Path, top: float, seconds: float) -> dict[str, Any]:
    """Latency at the client under arrivals at half of the top rate, 100 chats."""
    server, token = gateway(work / "gateway", entries)
    try:
        options = gateway_options(100, texts, token, spare=int(seconds * top / 12))
        return load(server, *options, "--rate", str(round(top / 2)), seconds=seconds, warm=3) | {
            "rate": round(top / 2)
        }
    finally:
        server.stop()


def memory(work: Path, chats: int) -> dict[str, Any]:
    """Base with 1,000 entries, time to ready, and bytes for each idle chat."""
    entries = work / "thousand"
    sample.write_entries(entries, 1000)
    server, _ = gateway(work / "gateway", entries)
    try:
        time.sleep(2)
        base = server.rss()
        command = [
            *pinned(-1), sys.executable, str(HERE / "chat_load.py"), "--port", str(server.port), "--protocol", "gateway",
            "--path", "/chat/v1/socket", "--chats", str(chats), "--hold", "6",
        ]  # fmt: skip
        holding = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert holding.stderr is not None
        assert holding.stdout is not None
        holding.stderr.readline()
        time.sleep(3)
        full = server.rss()
        held = json.loads(holding.stdout.readline())
        holding.wait()
        return {
            "base_mb_with_1000_entries": round(base / 1e6, 1),
            "ready_after_s": round(server.ready_after, 2),
            "idle_chats": held["opened"],
            "kb_per_idle_chat": round((full - base) / held["opened"] / 1024, 1),
        }
    finally:
        server.stop()


def starts(work: Path) -> dict[str, Any]:
    """Seconds to ready with 1,000 entries on one processor: the first start, and one with the cache it left."""
    entries = work / "thousand-started"
    sample.write_entries(entries, 1000)
    server, _ = gateway(work / "started", entries)
    first, cache = server.ready_after, work / "started" / "data" / "cache" / "knowledge-index.npz"
    for _ in range(300):
        if cache.exists():
            break
        time.sleep(0.1)
    server.stop()
    command = [str(BIN / "gateway"), "run"]
    again = []
    for _ in range(3):
        server = Server(command, server.port, work / "started", health="/readyz")
        again.append(server.ready_after)
        server.stop()
    return {"first_s": round(first, 2), "with_cache_s": round(statistics.median(again), 2)}


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=HERE)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "load_before": [round(one, 2) for one in os.getloadavg()],
    }


def main() -> None:
    """Measure what is asked for and write the results down."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument(
        "--only", default="chat,open,memory,tickets,promises,routing,matcher,triage,start,judge,mail"
    )
    arguments = parser.parse_args()
    wanted = set(arguments.only.split(","))
    results: dict[str, Any] = {"machine": machine()}
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        work = Path(folder)
        entries, texts = work / "entries", work / "texts.jsonl"
        sample.write_entries(entries)
        results["mix"] = sample.write_texts(entries, texts)
        if wanted & {"chat", "open"}:
            for chats in (1, 100, 1000) if "chat" in wanted else (100,):
                rounds = [
                    throughput(work, texts, entries, chats, arguments.seconds)
                    for _ in range(arguments.rounds)
                ]
                results[f"chats_{chats}"] = shares(rounds)
                told(f"chats {chats}", {k: v for k, v in results[f"chats_{chats}"].items() if k != "rounds"})
        if "open" in wanted:
            top = results["chats_100"]["rounds"][-1]["full_path"]["per_second"]
            results["open_loop"] = open_loop(work, texts, entries, top, arguments.seconds * 2)
            told("open loop at half of the top rate", results["open_loop"])
        if "memory" in wanted:
            results["memory"] = memory(work, 5000)
            told("memory", results["memory"])
        if "tickets" in wanted:
            results["tickets"] = asyncio.run(tickets.measure(work / "tickets.db", 100_000))
            told("list of 100,000 tickets", results["tickets"])
        if "promises" in wanted:
            results["promises"] = promises.measure(work, free_port)
            for place, figures in results["promises"].items():
                told(f"1,000 of 100,000 promises due at once, {place}", figures)
        if "routing" in wanted:
            one, look, month = routing.measure(), routing.measure_batch(), routing.measure_simulation()
            results["routing"] = {"one": one, "look": look, "simulation": month}
            told("routing of one ticket", results["routing"])
        if "matcher" in wanted:
            results["matcher"] = matching.measure(work, (100, 1000, 10_000))
            for size, figures in results["matcher"].items():
                told(f"knowledge, {size} entries", figures)
        if "triage" in wanted:
            results["triage"] = triage.measure()
            for name, figures in results["triage"].items():
                told(f"triage, {name}", figures)
        if "start" in wanted:
            results["start"] = starts(work)
            told("start with 1,000 entries", results["start"])
        if "judge" in wanted:
            results["judge"] = matching.judged()
            print(results["judge"], flush=True)
        if "mail" in wanted:
            results["mail_sync"] = mail_sync.measure(work)
            told("first sync of 5,000 mails", results["mail_sync"])
    target = HERE / "results" / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"written to {target.relative_to(HERE.parent)}")


def told(name: str, figures: Any) -> None:
    """Print one result as soon as it is there."""
    print(f"{name}: {json.dumps(figures, ensure_ascii=False)}", flush=True)


if __name__ == "__main__":
    main()
