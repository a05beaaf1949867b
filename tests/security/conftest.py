"""What an officer of security can run: small in ``make test``, at full size in ``make prove-security``.

A proof reports what it measured with ``figure``; at full size the figures are gathered into
``tests/artifacts/prove-security.json`` and printed.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

FIGURES = Path(__file__).parents[1] / "artifacts" / "prove-security.json"
IS_FULL = os.environ.get("PROVE") == "full"

Figure = Callable[[str, object], None]


@pytest.fixture
def scale() -> Callable[[int, int], int]:
    """Choose between the count for every day and the full one."""
    return lambda small, full: full if IS_FULL else small


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Note a measured value of this proof under a name."""

    def note(name: str, value: object) -> None:
        if not IS_FULL:
            return
        proof = Path(request.node.path).stem.removeprefix("test_prove_")
        known = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
        known.setdefault(proof, {})[name] = value
        FIGURES.parent.mkdir(exist_ok=True)
        FIGURES.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")

    return note
