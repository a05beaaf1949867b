"""The house's own triage rules: read beside the shipped ones, every mistake named, doubts told."""

from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.safety.triage_rules import triage_rules
from gateway.settings import Settings, load
from gateway.triage.evidence import Message


def settings_with(folder: Path, rules: str, *, model: str = "none") -> Settings:
    (folder / "triage.toml").write_text(rules, "utf-8")
    (folder / "config.toml").write_text(f'[triage]\nrules = "triage.toml"\nmodel = "{model}"\n', "utf-8")
    return load(folder / "config.toml", environ={})


OWN = """
[topic.installation]
department = { aftersales = 2 }

[[rule]]
id = "house.installation"
words = ["上门安装"]
says = { topic = { installation = 4 }, own_case = 1 }
"""


def test_rules_of_the_house_are_read_beside_the_shipped_ones(tmp_path: Path) -> None:
    found = settings_with(tmp_path, OWN).triager().triage(Message(text="什么时候上门安装"))
    assert found.subtype == "installation"
    assert found.department == "aftersales"
    assert "house.installation: “上门安装”" in found.because


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    before = settings_with(tmp_path, OWN).triager()
    assert settings_with(tmp_path, OWN.replace("上门安装", "上门測量")).triager().version != before.version


def test_each_mistake_is_named_with_its_file_and_line_in_both_languages(tmp_path: Path) -> None:
    rules = (
        OWN
        + '\n[[rule]]\nid = "a"\nwords = ["("]\nsays = { own_case = 1 }\n[[rule]]\nid="b"\nwords = ["x"]\nsays = { own = 1 }\n'
    )
    with pytest.raises(ConfigError) as raised:
        settings_with(tmp_path, rules)
    told = [str(problem) for problem in raised.value.problems]
    assert [problem.key for problem in raised.value.problems] == ["triage.rules"] * 2
    assert "triage.toml:11:" in told[0]
    assert "不是正则表达式" in told[0]
    assert "triage.toml:15:" in told[1]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[triage]\nrules = "gone.toml"', "triage.rules"),
        ('[triage]\nmodel = "newest"', "triage.model"),
        ('[triage]\nmodel = "0123456789ab"', "triage.model"),
    ],
)
def test_a_file_that_is_not_there_is_named(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "config.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        load(tmp_path / "config.toml", environ={})
    assert [problem.key for problem in raised.value.problems] == [key]


def test_doubtful_rules_are_told_by_the_check(tmp_path: Path) -> None:
    rules = OWN + "\n".join(
        f'[[rule]]\nid = "{name}"\nwords = ["{words}"]\nsays = {{ {says} }}'
        for name, words, says in (
            ("again", "上门安装", "topic = { installation = 2 }"),
            ("against", "上门安装", "topic = { delivery = 4 }"),
            ("wide", "真的！", "own_case = 1"),
        )
    )
    told = [finding.as_text("en") for finding in triage_rules(settings_with(tmp_path, rules))]
    notes = "\n".join(one for one in told if one.startswith("·"))
    assert "counts twice" in notes
    assert "contradicts against" in notes
    assert "never fires" in notes
    assert "no trained model" in told[-1]
    assert told[-1].startswith("✓")


def test_the_shipped_rules_alone_raise_no_doubt_of_the_house() -> None:
    assert [finding.level for finding in triage_rules(Settings())] == ["ok"]
