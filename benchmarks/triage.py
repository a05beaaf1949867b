"""How well and how fast triage is: ``python -m benchmarks.triage [--rules] [--errors FIELD] [--cases] [--no-model] [--lang zh]``.

Without options: the figures on the labelled first messages beside this repository (../shared/bench/triage), if they
are there, and on the shipped cases; and what one triage takes. ``--rules`` prints for every rule how often it fires
on the cases and how often what it says is right; ``--errors`` the mistakes of one field.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gateway.triage.corpus import Case, shipped_cases
from gateway.triage.evidence import Message, gather
from gateway.triage.fields import ANOMALIES, FIELDS, IDENTITY
from gateway.triage.read_rules import shipped
from gateway.triage.triage import Triage, Triager

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench" / "triage" / "dev.jsonl"


def main() -> None:
    """Print the figures asked for."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rules", action="store_true")
    ask.add_argument("--errors")
    ask.add_argument("--cases", action="store_true", help="only the shipped cases")
    ask.add_argument("--no-model", action="store_true")
    ask.add_argument("--lang", default="", help="only cases of files or items whose language begins so")
    asked = ask.parse_args()
    triager = Triager(shipped())
    cases = [case for case in shipped_cases() if case.source.startswith(asked.lang)]
    if asked.rules:
        rules(triager, cases)
        return
    sets = {"cases": cases}
    if BENCH.exists() and not asked.cases:
        sets["bench, dev part"] = [case for case in bench() if case.source.split()[1].startswith(asked.lang)]
    for name, chosen in sets.items():
        found = [triager.triage(case.message) for case in chosen]
        print(f"\n{name}: {len(chosen)}")
        if asked.errors:
            errors(chosen, found, asked.errors)
        print(table(chosen, found))
    print("\n" + speed(triager, [case.message for case in next(reversed(sets.values()))]))


def bench() -> list[Case]:
    """Return the labelled messages of the bench as cases."""
    rows = [json.loads(line) for line in BENCH.read_text("utf-8").splitlines()]
    return [_case_of(row) for row in rows]


def _case_of(row: dict[str, Any]) -> Case:
    also = row.get("also_ok") or {}
    labels = {field: tuple(_said(one) for one in (row[field], *also.get(field, ()))) for field in FIELDS}
    message = Message(text=row["text"], subject=row["subject"] or "", channel=row["channel"])
    return Case(message=message, labels=labels, subtype=row["subtype"], source=f"{row['id']} {row['lang']}")


def _said(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _answers(found: Triage, field: str) -> str:
    return ("yes" if found.needs_identity else "no") if field == IDENTITY else str(getattr(found, field))


def table(cases: Sequence[Case], found: Sequence[Triage]) -> str:
    """Return strict and lenient accuracy of each field with its 95 % interval, and the recalls that matter."""
    lines = [f"{'field':16s}{'strict':>8s}{'lenient':>9s}   95 % of lenient"]
    for field in FIELDS:
        strict = _share(
            _answers(one, field) == case.labels[field][0] for case, one in zip(cases, found, strict=True)
        )
        lenient = _share(
            _answers(one, field) in case.labels[field] for case, one in zip(cases, found, strict=True)
        )
        low, high = _interval(lenient, len(cases))
        lines.append(f"{field:16s}{strict:8.3f}{lenient:9.3f}   {low:.3f} to {high:.3f}")
    pairs = list(zip(cases, found, strict=True))
    critical = _share(
        one.urgency == "critical" for case, one in pairs if case.labels["urgency"][0] == "critical"
    )
    false = _share(
        one.urgency == "critical" for case, one in pairs if "critical" not in case.labels["urgency"]
    )
    lines.append(f"critical: recall {critical:.3f}, false {false:.3f}")
    for anomaly in ANOMALIES[2:]:
        recall = _share(one.anomaly == anomaly for case, one in pairs if case.labels["anomaly"][0] == anomaly)
        lines.append(f"{anomaly}: recall {recall:.3f}")
    return "\n".join(lines)


def errors(cases: Sequence[Case], found: Sequence[Triage], field: str) -> None:
    """Print what a field got wrong, with the reasons given."""
    for case, one in zip(cases, found, strict=True):
        if _answers(one, field) not in case.labels[field]:
            print(
                f"{case.source}: {_answers(one, field)}, not {'|'.join(case.labels[field])}: {case.message.whole[:160]!r} {one.because}"
            )


def rules(triager: Triager, cases: Sequence[Case]) -> None:
    """Print each rule with how often it fires and what its cases are."""
    hits: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for one in gather(case.message, triager.lexicon).fired:
            hits[one.rule.id].append(case)
    for rule in triager.lexicon.rules:
        mine = hits[rule.id]
        said = " ".join(f"{name}" for name in (*rule.says.facts, *rule.says.topics))
        shares = []
        for field in ("type", "urgency", "anomaly", "department", IDENTITY):
            values = [case.labels[field][0] for case in mine]
            best = max(set(values), key=values.count, default="")
            shares.append(f"{best} {_share(value == best for value in values):.2f}" if mine else "")
        print(f"{rule.id:32s} {len(mine):4d}  {said:40s} {' · '.join(shares)}")


def speed(triager: Triager, messages: Sequence[Message]) -> str:
    """Return what one triage takes: median and 99th percentile of three rounds, in milliseconds."""
    spans = []
    for _ in range(3):
        for message in messages:
            start = time.perf_counter()
            triager.triage(message)
            spans.append(1000 * (time.perf_counter() - start))
    spans.sort()
    always = triager.lexicon.index.always
    return (
        f"one triage: p50 {spans[len(spans) // 2]:.3f} ms, p99 {spans[len(spans) * 99 // 100]:.3f} ms, worst {spans[-1]:.3f} ms; "
        f"{len(triager.lexicon.rules)} rules, {len(triager.lexicon.patterns)} patterns, {always} of them tried on every text"
    )


def _share(those: Iterable[bool]) -> float:
    said = list(those)
    return sum(said) / len(said) if said else math.nan


def _interval(share: float, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval."""
    if not n:
        return math.nan, math.nan
    z = 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


if __name__ == "__main__":
    main()
