"""The lines by which an app checks our signature do what they say."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.webhook_signing import headers, key_of
from tests.servers.shop_app import SECRET

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "channel-api.md"
BODY = '{"type": "message.created", "data": {"text": "您好"}}'.encode()


@pytest.fixture
def is_ours() -> Callable[..., bool]:
    code = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {}
    exec(code[1], names)
    found: Callable[..., bool] = names["is_ours"]
    return found


def signed(at: datetime, *secrets: str) -> dict[str, str]:
    return headers([key_of(one) for one in secrets], "m1", at, BODY)


def test_it_takes_what_we_sign_with_either_of_two_secrets(is_ours: Callable[..., bool]) -> None:
    now, other = datetime.now(UTC), "whsec_" + "b" * 32
    assert is_ours([SECRET], signed(now, SECRET), BODY)
    assert is_ours([SECRET], signed(now, other, SECRET), BODY)
    assert is_ours([other, SECRET], signed(now, SECRET), BODY)


def test_it_refuses_everything_else(is_ours: Callable[..., bool]) -> None:
    now, other = datetime.now(UTC), "whsec_" + "b" * 32
    assert not is_ours([SECRET], signed(now, other), BODY)
    assert not is_ours([SECRET], signed(now, SECRET), BODY + b" ")
    assert not is_ours([SECRET], signed(now - timedelta(minutes=6), SECRET), BODY)
    assert not is_ours([SECRET], signed(now, SECRET) | {"webhook-id": "m2"}, BODY)
    assert not is_ours([SECRET], {}, BODY)
