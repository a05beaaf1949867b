"""The pages about a channel keep up with its code."""

import re
import tomllib
from pathlib import Path

import pytest

from adapters import registry
from adapters.api.problems import PROBLEMS

DOCS = Path(__file__).parents[3] / "docs"
KINDS = ("api", "echo", "telegram")


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_is_in_the_reference(kind: str) -> None:
    page = (DOCS / "reference" / "channels" / f"{kind}.md").read_text(encoding="utf-8")
    missing = [key for key in registry.spec(kind).settings.model_fields if f"| `{key}` |" not in page]
    assert missing == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_configuration_shown_is_right(kind: str) -> None:
    page = (DOCS / "howto" / f"channel-{kind}.md").read_text(encoding="utf-8")
    shown = [re.sub(r"(?m)^ {3}", "", it) for it in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)]
    assert shown
    samples = {
        "TELEGRAM_TOKEN": "123456:sample-token",
        "TELEGRAM_WEBHOOK_SECRET": "sample-secret-of-a-page",
        "APP_TOKEN": "sample-token-of-the-page-shown",
        "APP_WEBHOOK_SECRET": "whsec_c2FtcGxlIHNlY3JldCBvZiB0aGUgdGVzdCBhcHAh",
    }
    for text in shown:
        (table,) = tomllib.loads(text)["channels"].values()
        told = {key: samples[it["env"]] if isinstance(it, dict) else it for key, it in table.items()}
        assert told.pop("kind") == kind
        registry.spec(kind).settings.model_validate(told)


def test_every_refusal_of_the_api_is_in_the_reference() -> None:
    page = (DOCS / "reference" / "channels" / "api.md").read_text(encoding="utf-8")
    assert [code for code in PROBLEMS if f"`{code}`" not in page] == []
