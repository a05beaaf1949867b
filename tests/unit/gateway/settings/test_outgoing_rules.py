"""Where our own requests may go, as configuration says it."""

from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.settings import load

ALARMS = '[alarms]\nwebhook = "{}"\nwebhook_secret = {{env = "S"}}\n'


def loaded(folder: Path, text: str) -> None:
    (folder / "config.toml").write_text(text, "utf-8")
    load(folder / "config.toml", environ={"S": "a secret of the test"})


@pytest.mark.parametrize(
    "url", ["http://10.0.0.3/hook", "http://chat.shop.example/hook", "https://127.0.0.1/"]
)
def test_an_alarm_may_go_into_the_own_network_only_where_its_host_is_named(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"alarms\.webhook.*outgoing\.private_hosts"):
        loaded(tmp_path, ALARMS.format(url))
    host = url.split("/")[2]
    loaded(tmp_path, f'[outgoing]\nprivate_hosts = ["{host}"]\n' + ALARMS.format(url))


@pytest.mark.parametrize("host", ["10.0.0.0/8", "https://crm.lan", "*.lan", "", "crm lan"])
def test_a_private_host_is_one_host_and_no_pattern(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigError, match=r"outgoing\.private_hosts"):
        loaded(tmp_path, f'[outgoing]\nprivate_hosts = ["{host}"]\n')


@pytest.mark.parametrize("host", ["crm.lan", "crm.lan:8443", "10.0.0.7", "[fd00::1]:8443", "fd00::1"])
def test_a_private_host_may_name_its_port(tmp_path: Path, host: str) -> None:
    loaded(tmp_path, f'[outgoing]\nprivate_hosts = ["{host}"]\n')
