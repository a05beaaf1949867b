"""How long a question takes against 100, 1,000 and 10,000 entries."""

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import sample
from knowledge.load import load_folder
from knowledge.match import Matcher


def measure(work: Path, sizes: Sequence[int]) -> dict[str, Any]:
    """Return CPU p50 and p99 of a match in ms, and the build in CPU seconds, by number of entries."""
    figures: dict[str, Any] = {}
    for size in sizes:
        folder = work / f"entries-{size}"
        sample.write_entries(folder, size)
        loaded = load_folder(folder)
        began = time.process_time()
        matcher = Matcher(loaded.entries)
        built = time.process_time() - began
        texts = [json.loads(line)["text"] for line in (work / "texts.jsonl").open(encoding="utf-8")][:500]
        spent = []
        for text in texts:
            began = time.process_time()
            matcher.match(text + " ?!")
            spent.append((time.process_time() - began) * 1000)
        spent.sort()
        figures[str(size)] = {
            "entries": len(loaded.entries),
            "p50_ms": round(spent[len(spent) // 2], 3),
            "p99_ms": round(spent[int(len(spent) * 0.99)], 3),
            "build_s": round(built, 2),
        }
        shutil.rmtree(folder)
    return figures
