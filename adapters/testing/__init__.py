"""What tests of an adapter need: a clock they own, a context in memory, and the suite every adapter inherits."""

import pytest

pytest.register_assert_rewrite("adapters.testing.contract")

from adapters.testing.clock import FakeClock  # noqa: E402  the rewrite must be asked for first
from adapters.testing.context import FakeContext, StoredBlob  # noqa: E402
from adapters.testing.contract import (  # noqa: E402
    AdapterContract,
    FarSide,
    SendingContract,
    SentMessage,
    Trouble,
    an_outbound,
    as_json,
    running,
)

__all__ = [
    "AdapterContract",
    "FakeClock",
    "FakeContext",
    "FarSide",
    "SendingContract",
    "SentMessage",
    "StoredBlob",
    "Trouble",
    "an_outbound",
    "as_json",
    "running",
]
