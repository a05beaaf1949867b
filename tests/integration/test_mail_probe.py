"""``gateway mail probe`` against a real Dovecot: what works is said to work, what does not comes with a remedy."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.mail.line import Line
from adapters.mail.probe import examine
from adapters.mail.records import NoDns, ask_dns
from adapters.mail.settings import MailSettings
from adapters.testing import FakeClock, FakeContext
from tests.servers.dovecot import PASSWORD, Dovecot, free_port, running_dovecot
from tests.servers.smtp import running_relay

ROOT = Path(__file__).parents[2]
FOLDERS = """
namespace inbox {
  inbox = yes
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
  mailbox Junk {
    special_use = \\Junk
    auto = create
  }
}
"""
GOOD = {
    ("shop.example", "TXT"): ["v=spf1 mx -all", "something else"],
    ("_dmarc.shop.example", "TXT"): ["v=DMARC1; p=reject"],
    ("selector1._domainkey.shop.example", "TXT"): ["v=DKIM1; p=MIGf"],
    ("shop.example", "MX"): ["mx.shop.example"],
}


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot(FOLDERS) as server, running_relay(server.relay):
        yield server


def values(server: Dovecot, **imap: Any) -> dict[str, Any]:
    login = {"login": "support", "password": PASSWORD, "ca_file": str(server.ca_file)}
    return {
        "address": "support@shop.example",
        "imap": {"host": "127.0.0.1", "port": server.imaps} | login | imap,
        "smtp": {"host": "127.0.0.1", "port": server.submission, "security": "starttls"} | login,
    }


async def good(name: str, kind: str) -> Sequence[str]:
    return GOOD.get((name, kind), [])


async def nothing(name: str, kind: str) -> Sequence[str]:
    return []


async def silent(name: str, kind: str) -> Sequence[str]:
    raise NoDns("nobody answers")


async def lines(told: dict[str, Any], lookup: Any = good) -> dict[str, Line]:
    context = FakeContext(clock=FakeClock(datetime.now(UTC)))
    found = await examine(MailSettings.model_validate(told), context, lookup)
    assert all(one.remedy_zh and one.remedy_en for one in found if one.level in ("warning", "failed"))
    return {one.check: one for one in found}


async def test_a_mailbox_that_works_gets_no_word_of_blame(dovecot: Dovecot) -> None:
    dovecot.deliver("support@shop.example", b"Subject: x\n\nx")
    found = await lines(values(dovecot, folders=["INBOX", "\\Junk"]))
    certificate = found.pop("imap.tls")
    assert certificate.level == "warning"  # it is made for two days
    assert {one.level for one in found.values()} == {"ok"}
    assert "holds 1 mails" in found["imap.folder"].en or "holds 0 mails" in found["imap.folder"].en
    assert "Sent (\\sent)" in found["imap.folders"].en
    assert "mx -all" in found["domain.spf"].en
    assert "selector1" in found["domain.dkim"].zh


@pytest.mark.parametrize(
    ("imap", "check", "words"),
    [
        ({"password": "wrong"}, "imap.login", "refuses the login"),
        ({"host": "no-such-host.invalid"}, "imap.resolve", "not found"),
        ({"ca_file": None}, "imap.tls", "not trusted"),
        ({"folders": ["没有"]}, "imap.folders", "has no folder 没有"),
        ({"folders": ["Sent"]}, "imap.folders", "leave it out"),
    ],
)
async def test_what_does_not_work_is_named_with_a_remedy(
    dovecot: Dovecot, imap: dict[str, Any], check: str, words: str
) -> None:
    found = await lines(values(dovecot, **imap))
    assert found[check].level == "failed"
    assert words in found[check].en
    assert found["smtp.login"].level == "ok"  # one half does not spoil the other


async def test_a_port_nobody_listens_on_is_named(dovecot: Dovecot) -> None:
    found = await lines(values(dovecot, port=free_port()))
    assert found["imap.connect"].level == "failed"


async def test_a_domain_without_records_is_a_warning(dovecot: Dovecot) -> None:
    found = await lines(values(dovecot), nothing)
    assert {found[f"domain.{one}"].level for one in ("spf", "dkim", "dmarc")} == {"warning"}


async def test_without_dns_the_domain_is_passed_over(dovecot: Dovecot) -> None:
    assert (await lines(values(dovecot), silent))["domain"].level == "skipped"


async def test_a_clock_that_is_behind_is_noticed(dovecot: Dovecot) -> None:
    await asyncio.to_thread(dovecot.deliver, "support@shop.example", b"Subject: x\n\nx")
    context = FakeContext(clock=FakeClock(datetime.now(UTC) - timedelta(hours=2)))
    found = await examine(MailSettings.model_validate(values(dovecot)), context, good)
    assert [one.level for one in found if one.check == "clock"] == ["warning"]


async def test_a_resolver_that_is_not_there_is_no_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    import dns.asyncresolver
    import dns.resolver

    async def gone(*_: Any, **__: Any) -> Any:
        raise dns.resolver.NoNameservers

    monkeypatch.setattr(dns.asyncresolver, "resolve", gone)
    with pytest.raises(NoDns):
        await ask_dns("shop.example", "TXT")


def probed(folder: Path, server: Dovecot, password: str, *more: str) -> "subprocess.CompletedProcess[str]":
    (folder / "config.toml").write_text(
        f"""
[channels.mail]
kind = "mail"
address = "support@localhost"
login = "support"
password = {{ env = "MAIL_PASSWORD" }}
[channels.mail.imap]
host = "127.0.0.1"
port = {server.imaps}
ca_file = "{server.ca_file}"
""",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "gateway", "mail", "probe", *more]
    environ = {"MAIL_PASSWORD": password, "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=100)


def test_the_command_speaks_chinese_and_json_and_says_by_its_exit_code_how_it_went(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    well = probed(tmp_path, dovecot, PASSWORD, "--lang", "zh")
    assert well.returncode == 0, well.stdout + well.stderr
    assert "✓ mail · imap.login: 以 support 登录成功。" in well.stdout
    badly = probed(tmp_path, dovecot, "wrong", "mail", "--json")
    assert badly.returncode == 1
    told = [json.loads(line) for line in badly.stdout.splitlines()]
    (login,) = [one for one in told if one["check"] == "imap.login"]
    assert login["level"] == "failed"
    assert login["remedy"]
    assert probed(tmp_path, dovecot, PASSWORD, "nosuch").returncode == 2
