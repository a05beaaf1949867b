"""The committed config.toml shows every key with its default, and nothing else."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from gateway.settings import Settings, load
from gateway.settings.directory import CsvFile
from gateway.settings.model import Server

SAMPLE = Path(__file__).parents[4] / "config.toml"
SHOWN_AS_COMMENTS = {
    "accounts.sign_on.client_secret",
    "actions.order_status.ticket",
    "alarms.webhook_secret",
    "alarms.webhook_second_secret",
    "audit.checkpoints",
    "directory.http.ca",
    "directory.http.certificate",
    "directory.http.key",
    "directory.http.secret",
    "directory.sql.url",
    "sms.aliyun.key_secret",
    "sms.twilio.token",
    "triage.rules",
    "protection.root_key",
    "server.tls_certificate",
    "server.tls_key",
}


def test_the_sample_holds_the_default_of_every_rule_it_shows() -> None:
    sample, defaults = load(SAMPLE, environ={}), Settings()
    for name in Settings.model_fields.keys() - {"channels", "data", "knowledge", "directory"}:
        assert getattr(sample, name) == getattr(defaults, name), name
    shipped = {
        "order_number": "CG[0-9]{10}",
        "kind": "csv",
        "csv": CsvFile(file=SAMPLE.parent / "gateway/sample/orders.csv"),
    }
    assert sample.directory == defaults.directory.model_copy(update=shipped)
    assert sample.data.dir == SAMPLE.parent / defaults.data.dir
    assert sample.knowledge.folder == SAMPLE.parent / defaults.knowledge.folder


def test_the_sample_shows_every_key() -> None:
    shown = tomllib.loads(SAMPLE.read_text("utf-8"))
    missing = {key for key in keys(Settings()) - {"channels"} if not is_in(shown, key)}
    assert missing == SHOWN_AS_COMMENTS
    told = SHOWN_AS_COMMENTS - {"actions.order_status.ticket"}
    assert all(f"# {key.rpartition('.')[2]} =" in SAMPLE.read_text("utf-8") for key in told)


def test_the_sample_has_a_channel_that_needs_no_account() -> None:
    assert [channel.kind for channel in load(SAMPLE, environ={}).channels.values()] == ["webchat"]


def test_the_sample_is_reachable_from_this_machine_only() -> None:
    assert Server().host == "127.0.0.1"


def keys(value: object, at: str = "") -> set[str]:
    """Return the dotted names of all values in tables and tables of tables."""
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if not isinstance(value, dict) or not value:
        return {at}
    return {found for name, inner in value.items() for found in keys(inner, f"{at}.{name}".lstrip("."))}


def is_in(tables: Any, key: str) -> bool:
    for part in key.split("."):
        if not isinstance(tables, dict) or part not in tables:
            return False
        tables = tables[part]
    return True
