"""The mark of the rules changes with any of them, and with nothing else."""

import subprocess
import sys
from datetime import timedelta

from gateway.domain.rules_version import rules_version
from tests.building import a_policy

ASK = "from gateway.settings import Settings; from gateway.domain.rules_version import rules_version as v; print(v(Settings().policy()))"


def test_it_is_the_same_in_every_process() -> None:
    marks = {
        subprocess.run(
            [sys.executable, "-c", ASK],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert marks == {rules_version(a_policy())}


def test_any_changed_rule_changes_it() -> None:
    usual = rules_version(a_policy())
    assert rules_version(a_policy(reopen_within=timedelta(hours=71))) != usual
    assert rules_version(a_policy(languages=("en",))) != usual
    assert rules_version(a_policy()) == usual
