"""What a file of orders costs: reading it, keeping it, comparing one claim. ``python -m benchmarks.directory``."""

import asyncio
import csv
import random
import tempfile
import time
from pathlib import Path

import psutil

from adapters.outgoing import Outgoing
from gateway.clock import SystemClock
from gateway.directory.csv_source import CsvSource
from gateway.directory.opening import open_directory
from gateway.directory.records import Records
from gateway.domain.records import Claims, Match
from gateway.metrics import Metrics
from gateway.settings.directory import CsvFile, DirectoryChoice

FIELDS = ("order", "customer", "status", "date", "carrier", "name", "phone", "address")
ASKED = 2000


def write(file: Path, orders: int) -> None:
    """Write invented orders."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow([*FIELDS, "note"])
        for n in range(orders):
            who = [f"王{n}", f"138{n:08}", f"某市某区某路{n}号", "x" * 20]
            rows.writerow([f"CG{n:010}", f"K{n // 3}", "已发货", "2026-11-20", "晨光快递", *who])


async def measure(folder: Path, orders: int) -> None:
    """Print one line."""
    file = folder / f"{orders}.csv"
    write(file, orders)
    choice = DirectoryChoice(kind="csv", csv=CsvFile(file=file), fields={name: name for name in FIELDS})
    directory = open_directory(choice, SystemClock(), Metrics(), Outgoing())
    assert isinstance(directory, Records)
    assert isinstance(directory.source, CsvSource)
    before, began = psutil.Process().memory_info().rss, time.process_time()
    await directory.source.refresh()
    read, kept = time.process_time() - began, psutil.Process().memory_info().rss - before
    spans = []
    for _ in range(ASKED):
        n = random.randrange(orders)
        began = time.perf_counter()
        said = await directory.verify(f"CG{n:010}", Claims(phone_tail=f"{n:08}"[-4:]))
        spans.append(time.perf_counter() - began)
        assert isinstance(said, Match)
    spans.sort()
    size = file.stat().st_size / 1e6
    print(
        f"{orders:>9,} orders, {size:.0f} MB: read in {read:.2f} s of processor time, +{kept / 1e6:.0f} MB, "
        f"compared in {spans[ASKED // 2] * 1e6:.0f} µs (median)"
    )


async def main() -> None:
    """Measure three sizes."""
    with tempfile.TemporaryDirectory() as folder:
        for orders in (10_000, 100_000, 300_000):
            await measure(Path(folder), orders)


if __name__ == "__main__":
    asyncio.run(main())
