"""Weigh anew what follows from facts and topics: ``python -m benchmarks.triage_world [--write]``.

Learns from the shipped cases how much each fact and topic says, pulled towards what ``world.toml`` says now, and prints
the figures of the rules alone before and after: learned from one language and tried on the other, and on the bench.
``--write`` puts the weights, rounded to tenths, into ``world.toml``.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.triage import BENCH, bench
from gateway.triage.corpus import Case, shipped_cases
from gateway.triage.decide import decide
from gateway.triage.evidence import gather
from gateway.triage.fields import FIELDS, IDENTITY, SLICES, WIDTH, Scores
from gateway.triage.figures import figures
from gateway.triage.learn import Matrix, learn, rows_of
from gateway.triage.lexicon import Lexicon
from gateway.triage.read_rules import shipped
from gateway.triage.train import How, soft_labels
from gateway.triage.triage import rule_scores

FREE = 0.5
"""How freely a weight is weighed anew: the prior's standard deviation, in log-odds."""
LEAST = 0.2
"""A weight nearer to nought is left out."""
WORLD = Path(__file__).resolve().parents[1] / "gateway" / "triage" / "world.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A case, the facts and topics heard in it by their columns, and the scores that the rules give now."""

    case: Case
    columns: list[int]
    values: list[float]
    given: Scores


def main() -> None:
    """Print the figures; write the weights if asked to."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--write", action="store_true")
    asked = ask.parse_args()
    lexicon = shipped()
    names = names_of(lexicon)
    cases = hear(shipped_cases(), lexicon, names)
    english = [one for one in cases if one.case.source.startswith("en")]
    chinese = [one for one in cases if not one.case.source.startswith("en")]
    everything = weigh(cases, len(names))
    tried = [
        ("as it is, English", english, None),
        ("as it is, Chinese", chinese, None),
        ("learned from Chinese, English", english, weigh(chinese, len(names))),
        ("learned from English, Chinese", chinese, weigh(english, len(names))),
    ]
    if BENCH.exists():
        dev = hear(bench(), lexicon, names)
        tried += [("as it is, bench", dev, None), ("learned from both, bench", dev, everything)]
    for name, some, weights in tried:
        print(f"{name:32s}{told(some, weights)}")
    if asked.write:
        WORLD.write_text(rewritten(WORLD.read_text("utf-8"), lexicon, everything, names), "utf-8")


def names_of(lexicon: Lexicon) -> list[str]:
    """Return the columns: the base, then facts and topics by name."""
    return ["base", *(f"fact.{one}" for one in lexicon.facts), *(f"topic.{one}" for one in lexicon.topics)]


def hear(cases: Sequence[Case], lexicon: Lexicon, names: list[str]) -> list[Heard]:
    """Return what the rules hear in each case."""
    at = {name: column for column, name in enumerate(names)}
    found = []
    for case in cases:
        evidence = gather(case.message, lexicon)
        heard = {f"fact.{name}": value for name, value in evidence.facts.items()}
        heard |= {f"topic.{name}": value for name, value in evidence.topics.items()}
        found.append(
            Heard(
                case=case,
                columns=[0, *(at[name] for name in heard)],
                values=[1.0, *heard.values()],
                given=rule_scores(evidence, lexicon),
            )
        )
    return found


def weigh(heard: Sequence[Heard], width: int) -> Matrix:
    """Return what is to be added to the weights of each column."""
    rows = rows_of([(one.columns, [FREE * value for value in one.values]) for one in heard], width)
    given = np.array([one.given for one in heard])
    right = np.array([soft_labels(one.case, How()) for one in heard])
    return FREE * learn(rows, given, right, np.ones((len(heard), WIDTH)))


def told(heard: Sequence[Heard], weights: Matrix | None) -> str:
    """Return the lenient figures in one line."""
    found = []
    for one in heard:
        more = np.zeros(WIDTH) if weights is None else np.array(one.values) @ weights[one.columns]
        found.append(decide(one.given + more))
    got = figures([one.case for one in heard], found)
    fields = " ".join(f"{field} {share:.3f}" for field, share in got.lenient.items())
    others = " ".join(f"{name} {share:.2f}" for name, share in got.found.items())
    return f"{fields} critical {got.critical_found:.2f} false {got.critical_false:.3f} {others}"


def rewritten(text: str, lexicon: Lexicon, more: Matrix, names: list[str]) -> str:
    """Return ``world.toml`` with ``more`` added to its weights; headings and their comments stay."""
    at = {name: column for column, name in enumerate(names)}
    now = {"base": lexicon.base} | {f"fact.{name}": said for name, said in lexicon.facts.items()}
    now |= {f"topic.{name}": said for name, said in lexicon.topics.items()}
    lines: list[str] = []
    for line in text.splitlines():
        heading = re.match(r"\[([\w.]+)\]", line)
        if heading is None:
            if not lines or line.startswith("#") or not line.strip():
                lines.append(line)
            continue
        lines.append(line)
        name = heading[1]
        if name == "base":
            lines.append(f"{IDENTITY} = {_of(IDENTITY, now['base'] + more[0], 0.0)[0][1]}")
        elif name.startswith("base."):
            field = name.removeprefix("base.")
            lines += [f"{value} = {weight}" for value, weight in _of(field, now["base"] + more[0], 0.0)]
        else:
            scores = now[name] + more[at[name]]
            for field in FIELDS:
                said = _of(field, scores, LEAST)
                if field == IDENTITY and said:
                    lines.append(f"{IDENTITY} = {said[0][1]}")
                elif said:
                    lines.append(
                        f"{field} = {{ {', '.join(f'{value} = {weight}' for value, weight in said)} }}"
                    )
    return "\n".join(lines) + "\n"


def _of(field: str, scores: Scores, least: float) -> list[tuple[str, float]]:
    part = scores[SLICES[field]]
    if field == IDENTITY:
        weight = round(float(part[1] - part[0]), 1)
        return [("yes", weight)] if abs(weight) >= least else []
    weights = [round(float(one), 1) for one in part]
    return [
        (value, weight)
        for value, weight in zip(FIELDS[field], weights, strict=True)
        if abs(weight) >= least or not least
    ]


if __name__ == "__main__":
    main()
