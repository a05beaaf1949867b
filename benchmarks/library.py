"""The knowledge library at one size, in a process of its own: ``library.py FOLDER TEXTS`` prints one JSON object.

Times are CPU time unless they say wall. ``stall`` is the longest the event loop
was kept waiting during a reload: of several reloads the median, and the worst.
"""

import asyncio
import json
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))
from gateway import memory
from gateway.app import rest_garbage_collector
from gateway.clock import SystemClock
from gateway.kept_knowledge import KeptKnowledge
from gateway.library import Library
from knowledge.load import load_folder
from knowledge.match import Matcher

EDITS = 9


def megabytes() -> float:
    """Return what is resident."""
    return psutil.Process().memory_info().rss / 1e6


def fresh_build(folder: Path) -> dict[str, Any]:
    """Read and build from the files alone, as the very first start does."""
    began = time.process_time()
    loaded = load_folder(folder)
    read = time.process_time()
    matcher = Matcher(loaded.entries)
    built = time.process_time()
    phrasings = sum(len(each.all_phrasings) for one in loaded.entries for each in one.wordings.values())
    assert matcher.search("x", 1) is not None
    return {
        "entries": len(loaded.entries),
        "phrasings": phrasings,
        "read_s": round(read - began, 2),
        "build_s": round(built - read, 2),
    }


def searches(library: Library, texts: list[str]) -> dict[str, Any]:
    """Return p50 and p99 of one question never asked before."""
    spent = []
    for text in texts:
        began = time.process_time()
        library.match(text)
        spent.append((time.process_time() - began) * 1000)
    spent.sort()
    return {
        "questions": len(spent),
        "search_p50_ms": round(spent[len(spent) // 2], 3),
        "search_p99_ms": round(spent[int(len(spent) * 0.99)], 3),
    }


async def edits(library: Library) -> dict[str, Any]:
    """Change one file after another; return what a reload takes, and how long the loop waited."""
    files = sorted(library.folder.glob("*.md"))[:: max(1, len(list(library.folder.glob("*.md"))) // EDITS)]
    walls, cpus, stalls = [], [], []
    for n, file in enumerate(files[:EDITS]):
        text = file.read_text("utf-8")
        file.write_text(text.replace("question: ", f"question: 改动{n}", 1), "utf-8")
        longest = [0.0]

        async def listen(longest: list[float] = longest) -> None:
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.001)
                longest[0] = max(longest[0], time.perf_counter() - before - 0.001)

        watching = asyncio.create_task(listen())
        cpu, wall = time.process_time(), time.perf_counter()
        done = await library.reload({file})
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        assert done.outcome == "swapped", done
        watching.cancel()
        stalls.append(longest[0])
    return {
        "reload_cpu_ms": round(median(cpus) * 1000),
        "reload_wall_ms": round(median(walls) * 1000),
        "stall_ms": [round(one * 1000, 1) for one in (median(stalls), max(stalls))],
    }


async def saved_to_served(library: Library) -> dict[str, Any]:
    """Return how long a saved file takes to serve, through the watch."""
    served = asyncio.Event()
    library.on_reload = lambda reload: served.set()
    watching = asyncio.create_task(library.watch(quiet_ms=3_600_000))
    await asyncio.sleep(1.5)
    file, walls = sorted(library.folder.glob("*.md"))[0], []
    for n in range(3):
        served.clear()
        began = time.perf_counter()
        file.write_text(file.read_text("utf-8").rstrip() + f" {n}\n", "utf-8")
        await asyncio.wait_for(served.wait(), 60)
        walls.append(time.perf_counter() - began)
        await asyncio.sleep(0.5)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    return {"saved_to_served_wall_ms": round(median(walls) * 1000)}


def main(folder: Path, texts: list[str]) -> dict[str, Any]:
    """Measure all of it."""
    base = megabytes()
    cache = folder.parent / f"{folder.name}-cache"
    kept = KeptKnowledge(cache, folder)
    library = Library(folder, date.today, clock=SystemClock(), kept=kept)
    rest_garbage_collector()
    figures: dict[str, Any] = {"held_mb": round(megabytes() - base)}
    figures |= searches(library, texts)
    figures["held_after_searches_mb"] = round(megabytes() - base)
    kept.keep(library.loaded, library._matcher)
    figures |= asyncio.run(edits(library)) | asyncio.run(saved_to_served(library))
    memory.trim()
    figures["held_after_reloads_mb"] = round(megabytes() - base)
    kept.keep(library.loaded, library._matcher)
    began = time.process_time()
    again = Library(folder, date.today, clock=SystemClock(), kept=KeptKnowledge(cache, folder))
    figures["open_from_cache_s"] = round(time.process_time() - began, 2)
    assert len(again.loaded.entries) == len(library.loaded.entries)
    del again
    return fresh_build(folder) | figures


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]).read_text("utf-8").splitlines())))
