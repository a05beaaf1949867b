"""``python -m tests.chaos``: kill -9 under load, then count. Reports into tests/artifacts/chaos-*.json."""

import argparse
import asyncio
import json
import os
import platform
import secrets
import signal
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.chaos.run import Outcome, Plan, carry_out
from tests.servers import dovecot, postgres

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "tests" / "artifacts"


def main() -> int:
    """Run what was asked for; 0 if every promise was kept."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the private servers are stopped too
    if why := _missing(asked.database):
        print(why, file=sys.stderr)
        return 69
    if asked.database == "both":
        return _both(asked)
    plan = Plan(
        cycles=asked.cycles,
        database=asked.database,
        seed=asked.seed,
        sender=asked.sender,
        channels=tuple(asked.channels.split(",")),
    )
    outcome = asyncio.run(carry_out(plan))
    path = _written(outcome)
    print(report(outcome), flush=True)
    for line in outcome.verdict.broken[:40]:
        print(f"  BROKEN {line}")
    if outcome.verdict.broken:
        again = f"--database {plan.database} --cycles {plan.cycles} --seed {plan.seed}"
        print(f"  again: python -m tests.chaos {again}{' --sender' * plan.sender}; kept in {outcome.kept_in}")
    print(f"  {path.relative_to(ROOT)}", flush=True)
    return 1 if outcome.verdict.broken else 0


def report(outcome: Outcome) -> str:
    """Return the line that is quoted: faults, acks, lost, doubled, extra copies, worst recovery."""
    verdict, plan = outcome.verdict, outcome.plan
    slowest = ", ".join(f"{channel} {waited:.1f} s" for channel, waited in verdict.slowest_answers.items())
    return (
        f"{plan.database}{' sender' * plan.sender} seed {plan.seed}: {outcome.kills} faults injected / {verdict.acks} acks / "
        f"{verdict.lost} lost / {verdict.doubled} doubled / {verdict.extra_copies} extra copies (at most {verdict.worst_kill} by one kill) / worst recovery "
        f"{outcome.worst_recovery_cold:.1f} s (of warm starts {outcome.worst_recovery_warm:.1f} s), "
        f"slowest answer {slowest}, {verdict.held} held, {len(verdict.broken)} promises broken, "
        f"{outcome.seconds:.0f} s"
    )


def _missing(database: str) -> str | None:
    """Return what this machine lacks; a test would be skipped for it."""
    if database != "sqlite" and postgres.programs() is None:
        return "PostgreSQL is not installed: apt-get install postgresql, or --database sqlite"
    return dovecot.missing()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument(
        "--cycles", type=int, default=300, help="kills in all; with both databases, half on each"
    )
    parser.add_argument("--channels", default="web,tg,mail")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument(
        "--sender", action="store_true", help="kill between lease, send and settle of replies"
    )
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    return parser.parse_args()


def _both(asked: argparse.Namespace) -> int:
    """Side by side: the machine has more than one core, and the two have nothing in common."""
    more = ["--cycles", str(asked.cycles // 2), "--seed", str(asked.seed), "--channels", asked.channels]
    more += ["--sender"] if asked.sender else []
    command = [sys.executable, "-m", "tests.chaos", *more, "--database"]
    runs = [subprocess.Popen([*command, name], cwd=ROOT) for name in ("sqlite", "postgres")]
    try:
        return max(run.wait() for run in runs)
    finally:
        for run in runs:
            run.terminate()
        for run in runs:
            run.wait()


def _written(outcome: Outcome) -> Path:
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    at = datetime.now(UTC)
    plan = outcome.plan
    name = f"chaos-{plan.database}{'-sender' * plan.sender}-{at:%Y%m%dT%H%M%S}.json"
    path = ARTIFACTS / name
    told: dict[str, Any] = {
        "at": at.isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": _machine(),
    }
    path.write_text(json.dumps(told | asdict(outcome), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def _commit() -> str:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    return said.stdout.strip()


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "kind": platform.machine(), "python": platform.python_version()}


if __name__ == "__main__":
    sys.exit(main())
