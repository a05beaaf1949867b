"""How well and how fast triage is: ``python -m benchmarks.triage [--rules] [--errors FIELD] [--cases] [--no-model] [--lang zh]``.

Without options: the figures on the labelled first messages beside this repository (../shared/bench/triage), if they
are there, and on the shipped cases; and what one triage takes. ``--cross`` learns five times from four fifths of the cases and tries the
rest; ``--train`` uses a model trained just now. ``--rules`` prints for every rule how often it fires
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

from gateway.triage.build import built
from gateway.triage.corpus import Case, shipped_cases
from gateway.triage.evidence import Message, gather
from gateway.triage.fields import FIELDS, IDENTITY
from gateway.triage.figures import answer, figures, interval
from gateway.triage.model import shipped_model, unpacked
from gateway.triage.read_rules import shipped
from gateway.triage.train import How, see
from gateway.triage.triage import Triage, Triager
from gateway.triage.validate import cross_validated

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench" / "triage" / "dev.jsonl"


def main() -> None:
    """Print the figures asked for."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rules", action="store_true")
    ask.add_argument("--errors")
    ask.add_argument("--cases", action="store_true", help="only the shipped cases")
    ask.add_argument("--cross", action="store_true", help="cross-validate on the shipped cases")
    ask.add_argument(
        "--train", action="store_true", help="with a model trained just now from the shipped cases"
    )
    ask.add_argument("--no-model", action="store_true")
    ask.add_argument("--lang", default="", help="only cases of files or items whose language begins so")
    asked = ask.parse_args()
    triager = Triager(shipped(), None if asked.no_model else shipped_model())
    if asked.train:
        triager = Triager(triager.lexicon, unpacked(built(shipped_cases(), triager.lexicon)))
    cases = [case for case in shipped_cases() if case.source.startswith(asked.lang)]
    if asked.rules:
        rules(triager, cases)
        return
    if asked.cross:
        print(cross_validated(see(cases, triager.lexicon), How()))
        return
    sets = {"cases (the model has seen them)": cases}
    if BENCH.exists() and not asked.cases:
        sets["bench, dev part"] = [case for case in bench() if case.source.split()[1].startswith(asked.lang)]
    for name, chosen in sets.items():
        found = [triager.triage(case.message) for case in chosen]
        print(f"\n{name}: {len(chosen)}")
        if asked.errors:
            errors(chosen, found, asked.errors)
        print(table(chosen, found))
    print("\n" + speed(triager, [case.message for case in next(reversed(sets.values()))]))


def measure() -> dict[str, dict[str, Any]]:
    """Return the figures of rules and model, and of rules alone, on the labelled messages beside this repository."""
    with_model = Triager(shipped(), shipped_model())
    if not BENCH.exists():
        return {"speed": {"cases": speed(with_model, [case.message for case in shipped_cases()][:500])}}
    cases = bench()
    found: dict[str, dict[str, Any]] = {}
    for name, triager in (("rules and model", with_model), ("rules alone", Triager(shipped()))):
        got = figures(cases, [triager.triage(case.message) for case in cases])
        found[name] = {
            "messages": got.cases,
            "strict": dict(got.strict),
            "lenient": dict(got.lenient),
            "critical": {"found": got.critical_found, "false": got.critical_false},
            "found": dict(got.found),
            "speed": speed(triager, [case.message for case in cases]),
        }
    return found


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


def table(cases: Sequence[Case], found: Sequence[Triage]) -> str:
    """Return strict and lenient accuracy of each field with its 95 % interval, and the recalls that matter."""
    got = figures(cases, found)
    lines = [f"{'field':16s}{'strict':>8s}{'lenient':>9s}   95 % of lenient"]
    for field in FIELDS:
        low, high = interval(got.lenient[field], got.cases)
        lines.append(
            f"{field:16s}{got.strict[field]:8.3f}{got.lenient[field]:9.3f}   {low:.3f} to {high:.3f}"
        )
    lines.append(f"critical: recall {got.critical_found:.3f}, false {got.critical_false:.3f}")
    lines += [f"{anomaly}: recall {share:.3f}" for anomaly, share in got.found.items()]
    return "\n".join(lines)


def errors(cases: Sequence[Case], found: Sequence[Triage], field: str) -> None:
    """Print what a field got wrong, with the reasons given."""
    for case, one in zip(cases, found, strict=True):
        if answer(one, field) not in case.labels[field]:
            print(
                f"{case.source}: {answer(one, field)}, not {'|'.join(case.labels[field])}: {case.message.whole[:160]!r} {one.because}"
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
    """Return what one triage takes, by the clock and of the processor: median and 99th percentile of three rounds."""
    clock, processor = [], []
    for _ in range(3):
        for message in messages:
            start, busy = time.perf_counter(), time.thread_time()
            triager.triage(message)
            clock.append(1000 * (time.perf_counter() - start))
            processor.append(1000 * (time.thread_time() - busy))
    always = triager.lexicon.index.always
    return (
        f"one triage: {_spread(clock)} by the clock, {_spread(processor)} of the processor; "
        f"{len(triager.lexicon.rules)} rules, {len(triager.lexicon.patterns)} patterns, {always} of them tried on every text"
    )


def _spread(spans: list[float]) -> str:
    spans.sort()
    return f"p50 {spans[len(spans) // 2]:.3f} ms, p99 {spans[len(spans) * 99 // 100]:.3f} ms"


def _share(those: Iterable[bool]) -> float:
    said = list(those)
    return sum(said) / len(said) if said else math.nan


if __name__ == "__main__":
    main()
