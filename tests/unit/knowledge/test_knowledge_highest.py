"""The highest of many numbers are found without sorting them all."""

import numpy as np
import pytest

from knowledge.scorer import _highest


@pytest.mark.parametrize("most", [1, 12, 48])
def test_the_highest_of_many_are_found_block_by_block(most: int) -> None:
    chance = np.random.default_rng(most)
    for value in (chance.random(5000), np.zeros(5000), np.round(chance.random(5000), 2), np.arange(5000.0)):
        found = _highest(value, most)
        assert len(set(found.tolist())) == most
        assert sorted(value[found].tolist()) == np.sort(value)[-most:].tolist()
