"""The directory's and the actions' configuration: every mistake is told before a customer meets it."""

from pathlib import Path

import pytest

from gateway.domain.entities import find_entities
from gateway.domain.identity import Level
from gateway.errors import ConfigError
from gateway.settings import Settings, load
from gateway.settings.directory_query import checked_query


def loaded(folder: Path, words: str, **environ: str) -> Settings:
    (folder / "config.toml").write_text(words, "utf-8")
    return load(folder / "config.toml", environ=environ)


def mistakes(folder: Path, words: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as raised:
        loaded(folder, words, **environ)
    return str(raised.value)


GOOD = "SELECT o.no AS \"order\", o.p::text AS phone FROM orders o WHERE replace(o.no, '-', '') = :order_no"


@pytest.mark.parametrize(
    "query",
    [
        GOOD,
        GOOD + ";",
        GOOD.lower(),
        f"-- one order\n{GOOD}",
        "SELECT 'insert; into', \"update\" FROM t WHERE a = :order_no /* delete */ OR b = :order_no",
        "SELECT to_char(d, 'HH24:MI') FROM t WHERE a = :order_no",
    ],
)
def test_a_single_select_of_one_order_will_do(query: str) -> None:
    assert checked_query(query)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM orders WHERE no = :order_no",
        "WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x WHERE no = :order_no",
        "SELECT 1 FROM t WHERE a = :order_no; DROP TABLE t",
        "SELECT * INTO copy FROM t WHERE a = :order_no",
        "SELECT * FROM t WHERE a = :order_no FOR UPDATE",
        "SELECT pg_sleep(9) FROM t WHERE a = :order_no",
        "SELECT pg_read_file('/etc/passwd') FROM t WHERE a = :order_no",
        "SELECT * FROM dblink('x') WHERE a = :order_no",
        "SELECT * FROM t",
        "SELECT * FROM t WHERE a = ':order_nr'",
        "SELECT * FROM t WHERE a = :order_no AND b = :phone",
        "SELECT * FROM t WHERE a = '%s'",
        "SELECT * FROM t WHERE a = ':order_no' AND b = ' :x'",
        "EXPLAIN SELECT * FROM t WHERE a = :order_no",
        "PRAGMA table_info(t)",
        "/* SELECT */ UPDATE t SET a = :order_no",
    ],
)
def test_anything_else_is_no_question(query: str) -> None:
    with pytest.raises(ValueError, match="SELECT"):
        checked_query(query)


def test_each_kind_says_what_it_lacks(tmp_path: Path) -> None:
    assert "csv.file" in mistakes(tmp_path, '[directory]\nkind = "csv"')
    assert "sql.url" in mistakes(tmp_path, '[directory]\nkind = "sql"')
    assert "http.secret" in mistakes(tmp_path, '[directory]\nkind = "http"')
    told = mistakes(tmp_path, '[directory]\nkind = "csv"\ncsv.file = "x"\nfields = { phone = "p" }')
    assert "fields.order" in told


def test_secrets_come_from_the_environment_and_never_stand_in_the_file(tmp_path: Path) -> None:
    query = f'query = """{GOOD}"""'
    words = f'[directory]\nkind = "sql"\n[directory.sql]\nurl = {{ env = "DB" }}\n{query}'
    found = loaded(tmp_path, words, DB="postgresql://a:b@h/c").directory.sql.url
    assert found is not None
    assert found.get_secret_value() == "postgresql://a:b@h/c"
    told = mistakes(
        tmp_path, f'[directory]\nkind = "sql"\n[directory.sql]\nurl = "postgresql://a:secret@h/c"\n{query}'
    )
    assert "plain text" in told
    assert "a:secret" not in told
    told = mistakes(tmp_path, words, DB="mysql://a:hidden@h/c")
    assert "directory.sql.url" in told
    assert "hidden" not in told


@pytest.mark.parametrize(
    "url", ["http://crm.shop.example/x", "https://10.0.0.7/x", "ftp://x/y", "https://a:b@crm.example/x"]
)
def test_an_address_requests_may_not_go_to_is_a_mistake(tmp_path: Path, url: str) -> None:
    words = f'[directory]\nkind = "http"\n[directory.http]\nurl = "{url}"\nsecret = {{ env = "S" }}'
    assert "directory.http.url" in mistakes(tmp_path, words, S="x" * 32)


def test_a_private_host_is_asked_where_it_is_named(tmp_path: Path) -> None:
    words = '[outgoing]\nprivate_hosts = ["10.0.0.7"]\n[directory]\nkind = "http"\n[directory.http]\nurl = "https://10.0.0.7/x"\nsecret = { env = "S" }'
    assert loaded(tmp_path, words, S="x" * 32).directory.http.url == "https://10.0.0.7/x"


def test_nothing_is_remembered_for_longer_than_a_minute(tmp_path: Path) -> None:
    assert "60s" in mistakes(tmp_path, '[directory]\ncache = "2m"')


def test_a_field_that_no_record_has_is_a_mistake(tmp_path: Path) -> None:
    assert "directory.fields.password" in mistakes(
        tmp_path, '[directory.fields]\norder = "a"\npassword = "b"'
    )


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ("CG[0-9]{10}", ["CG2026112001", "cg2026112002"]),
        ("[0-9]{11}", []),
        ("[0-9A-Z]{6,32}", []),
        ("[A-Z]+", []),
    ],
)
def test_numbers_of_the_records_form_are_seen_in_messages_where_it_fits_nothing_else(
    tmp_path: Path, form: str, found: list[str]
) -> None:
    rules = loaded(tmp_path, f'[directory]\norder_number = "{form}"').policy().entities
    text = "请查 CG2026112001，还有cg2026112002；电话 13800138000，XCG20261120011 不是"
    assert [one.value for one in find_entities(text, rules) if one.kind == "order"] == found


ACTION = '[actions.{name}]\nlevel = "{level}"\nshows = {shows}\ntext.zh-CN = "{text}"\ntext.en = "{text}"\n'


def action(
    name: str = "order_status", level: str = "L1", shows: str = '["order"]', text: str = "{order}"
) -> str:
    return ACTION.format(name=name, level=level, shows=shows, text=text)


def test_an_action_of_the_house_s_own_is_in_the_policy(tmp_path: Path) -> None:
    policy = loaded(tmp_path, action(name="gift_wrap", level="L2")).policy()
    assert policy.identity.level("gift_wrap") == Level.L2
    assert policy.identity.level("change_phone") == Level.L4
    assert list(policy.actions.actions) == ["gift_wrap"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (action(name="change_address"), "L3 or more"),
        (action(name="own_orders"), "L2 or more"),
        (action(shows='["order", "phone"]'), "more than L1 may show"),
        (action(shows='["order", "full_phone"]', level="L2"), "more than L2 may show"),
        (action(shows='["order", "secret"]'), "not a field"),
        (action(text="{order} {amount}"), "not among what it shows"),
        (action(level="L9"), "level"),
        (action(name="Bad-Name"), "actions.Bad-Name"),
        ('[actions.x]\nlevel = "L1"', "a text for the customer"),
        ('[actions.x]\nlevel = "L1"\ntext.en = "only English"', "zh-CN"),
        (
            action() + 'subtypes = ["a"]\n' + action(name="other") + 'subtypes = ["a"]',
            "leads to order_status",
        ),
    ],
)
def test_every_mistake_in_an_action_is_told(tmp_path: Path, words: str, told: str) -> None:
    assert told in mistakes(tmp_path, words)


def test_an_action_without_a_level_needs_the_highest(tmp_path: Path) -> None:
    policy = loaded(tmp_path, '[actions.x]\nticket = "change"').policy()
    assert policy.identity.level("x") == Level.L4
