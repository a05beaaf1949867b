"""What triage makes of messages that nobody prepared it for: floors well below what was measured."""

from pathlib import Path

from gateway.triage.corpus import read_cases, shipped_cases
from gateway.triage.figures import figures
from gateway.triage.shipped import shipped_triager
from gateway.triage.triage import Triager

CASES = tuple(
    read_cases("unseen.tsv", (Path(__file__).parent / "unseen.tsv").read_text("utf-8").splitlines())
)
# 100 messages: measured, less two standard errors.
FLOORS = {"type": 0.86, "urgency": 0.80, "anomaly": 0.90, "department": 0.83, "needs_identity": 0.87}


def test_none_of_them_was_learned_from() -> None:
    known = {case.message.text for case in shipped_cases()}
    assert [case.message.text for case in CASES if case.message.text in known] == []


def test_rules_and_model_do_well_on_them() -> None:
    found = figures(CASES, [shipped_triager().triage(case.message) for case in CASES])
    assert {field: share for field, share in found.lenient.items() if share < FLOORS[field]} == {}
    assert found.critical_found >= 0.8
    assert found.critical_false <= 0.08


def test_rules_alone_do_nearly_as_well() -> None:
    triager = Triager(shipped_triager().lexicon)
    found = figures(CASES, [triager.triage(case.message) for case in CASES])
    assert all(share >= FLOORS[field] - 0.06 for field, share in found.lenient.items())
