"""What doctor says of sound and of sick installations, and that it always names a remedy."""

import resource
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from adapters.contract import (
    AdapterSpec,
    BadCredentials,
    Capabilities,
    Context,
    Outbound,
    Receipt,
)
from gateway.clock import FakeClock, SystemClock
from gateway.safety import doctor_data, doctor_machine, doctor_web
from gateway.safety.doctor import doctor
from gateway.safety.doctor_channels import channel_findings
from gateway.safety.doctor_hours import hours_findings
from gateway.safety.finding import Finding
from gateway.settings import Channel, Settings
from gateway.settings.model import Server
from tests.servers.dovecot import make_certificate
from tests.servers.filled import filled, settings_in
from tests.servers.postgres import Postgres, running_postgres

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def level(findings: Sequence[Finding], check: str) -> str:
    [found] = [finding for finding in findings if finding.check == check]
    if found.level == "bad":
        assert found.remedy is not None, f"{check} names no remedy"
        assert found.remedy.zh
        assert found.remedy.en
    return found.level


async def test_a_new_installation_is_sound(tmp_path: Path) -> None:
    settings_in(tmp_path)
    findings = await doctor(tmp_path / "config.toml", SystemClock())
    sick = [finding for finding in findings if finding.level == "bad" and finding.check != "browser_files"]
    assert sick == []
    assert not (tmp_path / "data").exists(), "doctor must not make anything"


async def test_a_working_installation_is_sound_while_it_runs(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with filled(settings, FakeClock(at=NOW)) as gateway:
        await gateway.say("您好")
        (settings.data.dir / "secret.key").write_bytes(bytes(32))
        (settings.data.dir / "secret.key").chmod(0o600)
        findings = await doctor(tmp_path / "config.toml", FakeClock(at=NOW + timedelta(hours=1)))
    for check in ("database", "data_folder", "key", "clock", "knowledge", "channels.web"):
        assert level(findings, check) == "ok", check


async def test_every_mistake_of_the_configuration_is_told_and_the_machine_besides(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[server]\nprot = 1\n[channels.t]\nkind = "telegram"\ntoken = {env = "NO_SUCH"}\n'
    )
    findings = await doctor(tmp_path / "config.toml", SystemClock())
    told = [finding for finding in findings if finding.check == "configuration"]
    assert {finding.where["key"] for finding in told} == {"server.prot", "channels.t.token"}
    assert all(finding.remedy for finding in told)
    assert level(findings, "python") == "ok"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((3, 40, 1), "note"),
        ((3, 44, 5), "note"),
        ((3, 44, 6), "ok"),
        ((3, 45, 0), "note"),
        ((3, 50, 6), "note"),
        ((3, 50, 7), "ok"),
        ((3, 51, 2), "note"),
        ((3, 51, 3), "ok"),
        ((3, 52, 0), "ok"),
    ],
)
def test_row_51_sqlite_with_the_wal_reset_bug_is_noted(version: tuple[int, int, int], expected: str) -> None:
    assert doctor_machine.sqlite_version(version).level == expected


@pytest.mark.parametrize(
    ("soft", "expected"), [(1024, "note"), (8192, "ok"), (-1, "ok"), (resource.RLIM_INFINITY, "ok")]
)
def test_few_file_descriptors_are_noted(soft: int, expected: str) -> None:
    assert doctor_machine.files_allowed(soft, 4096).level == expected


def test_a_slow_parser_and_missing_browser_files_are_told() -> None:
    assert doctor_machine.parser(False).level == "note"
    assert doctor_machine.built(False).level == "bad"


def test_a_calendar_that_never_opens_and_one_that_lacks_next_year_are_noticed(tmp_path: Path) -> None:
    usual = settings_in(tmp_path)
    assert level(list(hours_findings(usual, NOW)), "hours") == "ok"
    assert level(list(hours_findings(usual, datetime(2026, 9, 1, tzinfo=UTC))), "holidays") == "ok"
    late = datetime(2029, 11, 1, tzinfo=UTC)  # 2030's adjusted days are announced in 2029
    assert [one.level for one in hours_findings(usual, late) if one.check == "holidays"] == ["note"] * 2
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    never = usual.hours.model_copy(update=dict.fromkeys(days, ()) | {"holidays": ""})
    closed = settings_in(tmp_path).model_copy(update={"hours": never})
    assert level(list(hours_findings(closed, NOW)), "hours") == "bad"


@pytest.mark.parametrize(
    ("now", "newest", "expected"),
    [
        (NOW, None, "ok"),
        (NOW, NOW - timedelta(days=1), "ok"),
        (NOW, NOW + timedelta(minutes=5), "bad"),
        (datetime(1970, 1, 2, tzinfo=UTC), None, "bad"),
    ],
)
def test_a_wrong_clock_is_noticed(now: datetime, newest: datetime | None, expected: str) -> None:
    assert level(list(doctor_machine.clock_findings(now, newest)), "clock") == expected


def test_a_folder_open_to_others_and_a_full_disk_are_told() -> None:
    assert level(list(doctor_data.rights(Path("data"), 0o755)), "data_folder") == "note"
    assert level(list(doctor_data.rights(Path("data"), 0o700)), "data_folder") == "ok"
    assert level(list(doctor_data.space(Path("data"), 10_000_000)), "free_space") == "bad"


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    settings.data.dir.write_text("")
    assert level(list(doctor_data.folder(settings)), "data_folder") == "bad"


@pytest.mark.parametrize(("content", "mode"), [(b"short", 0o600), (bytes(32), 0o644)])
def test_a_key_that_is_cut_or_open_to_others_is_told(tmp_path: Path, content: bytes, mode: int) -> None:
    settings = settings_in(tmp_path)
    settings.data.dir.mkdir()
    path = settings.data.dir / "secret.key"
    path.write_bytes(content)
    path.chmod(mode)
    assert level(list(doctor_data.key(settings)), "key") == "bad"


def test_mistakes_in_the_knowledge_are_told_by_file(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    (tmp_path / "knowledge" / "broken.md").write_text("no front matter")
    [finding] = doctor_data.knowledge(settings)
    assert finding.level == "bad"
    assert "broken.md" in finding.found.zh


def test_an_empty_knowledge_folder_is_told_and_a_missing_one_noted(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    (tmp_path / "knowledge" / "退货.md").unlink()
    assert level(list(doctor_data.knowledge(settings)), "knowledge") == "bad"
    (tmp_path / "knowledge").rmdir()
    assert level(list(doctor_data.knowledge(settings)), "knowledge") == "note"


@pytest.mark.parametrize(("schema", "expected"), [("2", "ok"), ("1", "note"), (None, "note"), ("3", "bad")])
def test_an_older_schema_is_noted_and_a_newer_one_is_bad(schema: str | None, expected: str) -> None:
    assert doctor_data.schema_finding(schema, ("2", "1")).level == expected


async def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, "postgresql://gateway@127.0.0.1:1/none")
    findings = await doctor_data.database(settings, NOW)
    assert findings[0].level == "bad"
    assert "database.url" in findings[0].found.en


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


async def test_postgres_is_reached_and_its_schema_judged(tmp_path: Path, postgres: Postgres) -> None:
    settings = settings_in(tmp_path, postgres.create())
    assert (await doctor_data.database(settings, NOW))[0].level == "note"
    async with filled(settings):
        pass
    assert (await doctor_data.database(settings, NOW))[0].level == "ok"


def served(**server: Any) -> Settings:
    return Settings(server=Server(**server))


def webhook(**server: Any) -> Settings:
    class Called(BaseModel):
        mode: str = "webhook"

    settings = served(**server)
    channel = Channel(name="bot", kind="test", spec=spec_of(Sound), settings=Called())
    return settings.model_copy(update={"channels": {"bot": channel}})


def test_a_webhook_needs_a_public_address() -> None:
    assert level(list(doctor_web.public_address(webhook())), "public_url") == "bad"
    sound = webhook(public_url="https://help.shop.example")
    assert level(list(doctor_web.public_address(sound)), "public_url") == "ok"


def test_a_public_address_is_wanted_where_others_reach_us_and_must_be_encrypted() -> None:
    assert level(list(doctor_web.public_address(served())), "public_url") == "ok"
    assert level(list(doctor_web.public_address(served(host="0.0.0.0"))), "public_url") == "note"
    plain = served(public_url="http://help.shop.example")
    assert level(list(doctor_web.public_address(plain)), "public_url") == "bad"
    here = served(public_url="http://127.0.0.1:8080")
    assert level(list(doctor_web.public_address(here)), "public_url") == "ok"


def test_a_proxy_must_be_named_and_the_world_must_not_be() -> None:
    url = "https://help.shop.example"
    assert level(list(doctor_web.proxies(served(public_url=url))), "trusted_proxies") == "bad"
    everybody = served(trusted_proxies=(ip_network("0.0.0.0/0"),))
    assert level(list(doctor_web.proxies(everybody)), "trusted_proxies") == "bad"
    named = served(public_url=url, trusted_proxies=(ip_network("127.0.0.1/32"),))
    assert level(list(doctor_web.proxies(named)), "trusted_proxies") == "ok"


def tls(folder: Path, **server: Any) -> Finding:
    files = {"tls_certificate": folder / "cert.pem", "tls_key": folder / "key.pem"}
    [finding] = doctor_web.tls(served(**(files | server)))
    return finding


def test_a_certificate_is_judged_as_a_browser_would(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    assert tls(tmp_path, public_url="https://localhost").level == "ok"
    other = tls(tmp_path, public_url="https://help.shop.example")
    assert other.level == "bad"
    assert "ostname mismatch" in other.found.en


def test_an_expired_certificate_is_told(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    command = ["openssl", "x509", "-in", "cert.pem", "-signkey", "key.pem", "-days", "-1", "-out", "old.pem"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    expired = tls(tmp_path, tls_certificate=tmp_path / "old.pem")
    assert expired.level == "bad"
    assert "expired" in expired.found.en


def test_a_key_of_another_certificate_and_a_missing_file_are_told(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    (tmp_path / "other").mkdir()
    make_certificate(tmp_path / "other")
    assert tls(tmp_path, tls_key=tmp_path / "other" / "key.pem").level == "bad"
    assert tls(tmp_path, tls_certificate=tmp_path / "none.pem").level == "bad"
    assert issubclass(ssl.SSLCertVerificationError, ssl.SSLError)


# --- channels ---


class Nothing(BaseModel):
    """No settings."""


class Silent:
    """An adapter without anything to ask."""

    closed = 0

    def __init__(self, settings: BaseModel, context: Context) -> None:
        self.context = context

    async def run(self) -> None:
        """Nothing to fetch."""

    async def send(self, outbound: Outbound) -> Receipt:
        """Never called."""
        raise NotImplementedError

    async def close(self) -> None:
        """Count it."""
        Silent.closed += 1


class Sound(Silent):
    """Its provider answers."""

    async def probe(self) -> Sequence[str]:
        """All is well."""
        return ()


class Sick(Silent):
    """Its provider does not like us."""

    async def probe(self) -> Sequence[str]:
        """Say so."""
        raise BadCredentials("the token is wrong: set channels.bot.token")


class Complaining(Silent):
    """Its provider answers, but something is amiss."""

    async def probe(self) -> Sequence[str]:
        """Two sentences."""
        return ("IMAP: no such folder.", "SMTP: no TLS.")


class Hanging(Silent):
    """Its provider is a black hole."""

    async def probe(self) -> Sequence[str]:
        """Never return."""
        await SystemClock().wait(timedelta(hours=1))
        return ()


def spec_of(adapter: Any) -> AdapterSpec:
    return AdapterSpec(kind="test", settings=Nothing, create=adapter, capabilities=Capabilities())


async def test_channels_are_asked_and_one_that_hangs_hurts_only_itself() -> None:
    kinds = {"a": Sound, "b": Sick, "c": Complaining, "d": Hanging, "e": Silent}
    channels = {
        name: Channel(name=name, kind="test", spec=spec_of(kind), settings=Nothing())
        for name, kind in kinds.items()
    }
    Silent.closed = 0
    settings = Settings().model_copy(update={"channels": channels})
    findings = await channel_findings(settings, SystemClock(), deadline=0.05)
    told = [(finding.check, finding.level) for finding in findings]
    assert told == [
        ("channels.a", "ok"),
        ("channels.b", "bad"),
        ("channels.c", "bad"),
        ("channels.c", "bad"),
        ("channels.d", "bad"),
        ("channels.e", "ok"),
    ]
    assert "set channels.bot.token" in findings[1].found.en
    assert Silent.closed == len(kinds)


async def test_no_channel_at_all_is_told() -> None:
    assert level(await channel_findings(Settings(), SystemClock()), "channels") == "bad"
