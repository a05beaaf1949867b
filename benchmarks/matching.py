"""The knowledge library at 100, 1,000 and 10,000 entries, each size in a process of its own."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import sample

HERE = Path(__file__).parent
QUESTIONS = 600


def measure(work: Path, sizes: Sequence[int]) -> dict[str, Any]:
    """Return build, search, reload and memory, by number of entries."""
    figures: dict[str, Any] = {}
    for size in sizes:
        folder, texts = work / f"entries-{size}", work / f"texts-{size}.txt"
        sample.write_entries(folder, size)
        texts.write_text("\n".join(sample.paraphrases(QUESTIONS, random.Random(5))), encoding="utf-8")
        command = [sys.executable, str(HERE / "library.py"), str(folder), str(texts)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        figures[str(size)] = json.loads(done.stdout.splitlines()[-1])
        shutil.rmtree(folder)
    return figures


def judged() -> str:
    """Return the table of the FAQ bench's judge on our plug, or a sentence where the bench is not beside us."""
    bench = HERE.parents[1] / "shared" / "bench" / "faq"
    if not (bench / "judge.py").exists():
        return "The FAQ bench is not beside this repository (../shared/bench/faq): its table is left out."
    command = [sys.executable, "judge.py", f"{HERE / 'faq_plug.py'}:build"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=bench, timeout=3600)
    return done.stdout if done.returncode == 0 else f"The FAQ bench failed: {done.stderr[-800:]}"
