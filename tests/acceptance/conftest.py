"""The rulebook's rows, each lived through in the whole gateway on a driven clock."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.acceptance.shop import Shop, open_shop


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """A gateway on the defaults, on a Monday at ten; for other settings call ``open_shop`` itself."""
    async with open_shop(tmp_path) as opened:
        yield opened
