from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.webchat.origins import Origins
from adapters.webchat.settings import WebchatSettings


def test_spans_are_words() -> None:
    settings = WebchatSettings.model_validate({"visitor_ttl": "7d", "flood": {"window": "15s"}})
    assert settings.visitor_ttl == timedelta(days=7)
    assert settings.flood.window == timedelta(seconds=15)


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"orgins": []}, "Extra inputs are not permitted"),
        ({"origins": ["shop.example"]}, "https://shop.example"),
        ({"origins": ["https://shop.example/chat"]}, "without a path"),
        ({"idle": 60}, "a number and a unit"),
        ({"idle": "0s"}, "greater than"),
        ({"attachments": {"types": ["exe"]}}, "use some of"),
        ({"max_text": 50}, "greater than or equal to 100"),
    ],
)
def test_a_mistake_is_answered_with_its_remedy(given: dict[str, Any], remedy: str) -> None:
    with pytest.raises(ValidationError, match=remedy):
        WebchatSettings.model_validate(given)


def test_a_text_of_full_length_always_fits_into_one_frame() -> None:
    for max_text in (100, 4000, 20_000):
        settings = WebchatSettings(max_text=max_text)
        assert settings.max_frame >= len(("退" * max_text).encode()) + 1000
    assert WebchatSettings().max_frame == 16 * 1024


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("https://chat.example", True),
        ("https://CHAT.example", True),
        ("http://localhost:8080", True),
        ("https://shop.example", True),
        ("https://shop.example.evil.test", False),
        ("https://evil.test", False),
        ("http://shop.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_only_pages_of_the_house_and_those_listed_may_talk(origin: str | None, allowed: bool) -> None:
    origins = Origins(("https://shop.example",), "https://chat.example")
    assert origins.allows(origin, "localhost:8080") is allowed


def test_a_star_lets_every_page_in() -> None:
    assert Origins(("*",), "").allows("null", "h")
