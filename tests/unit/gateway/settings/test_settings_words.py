"""Whatever a setting says to customers obeys the house's own words."""

from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.settings import Settings, load
from gateway.settings.said_texts import texts_of

MAIL = """
[words.banned.zh-CN]
"亲" = "您好"
[words.banned.en]
"asap" = "by ten o'clock"
[channels.mail]
kind = "mail"
address = "support@shop.example"
password = {{env = "MAIL_PASSWORD"}}
[channels.mail.imap]
host = "imap.shop.example"
[channels.mail.signature]
zh = "{zh}"
en = "We answer {en}."
"""
TIME = "a time, such as {at}, “48 小时内” or “within 48 hours”"


def problems(folder: Path, text: str) -> list[str]:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    try:
        load(file, environ={"MAIL_PASSWORD": "x"})
    except ConfigError as error:
        return [f"{one.key}: {one.found}; {one.wanted}" for one in error.problems]
    return []


def test_a_banned_word_in_a_signature_is_told_with_a_better_one(tmp_path: Path) -> None:
    assert problems(tmp_path, MAIL.format(zh="亲，再见", en="ASAP")) == [
        'channels.mail.signature.zh: "亲"; words such as "您好"',
        'channels.mail.signature.en: "asap"; words such as "by ten o\'clock"',
    ]


def test_a_vague_word_in_a_signature_is_told_to_be_a_time(tmp_path: Path) -> None:
    assert problems(tmp_path, MAIL.format(zh="您好", en="shortly")) == [
        f'channels.mail.signature.en: "shortly"; {TIME}'
    ]


@pytest.mark.parametrize("zh", ["您好", ""])
def test_other_words_are_fine(tmp_path: Path, zh: str) -> None:
    assert problems(tmp_path, MAIL.format(zh=zh, en="within an hour")) == []


def test_a_vague_greeting_is_refused_with_its_key(tmp_path: Path) -> None:
    greeting = '[house]\ngreeting = { "zh-CN" = "您好，我是{name}，工号{number}，马上为您处理。" }\n'
    assert problems(tmp_path, greeting) == [f'house.greeting.zh-CN: "马上"; {TIME}']


def test_a_text_for_all_languages_is_held_to_the_words_of_each(tmp_path: Path) -> None:
    assert problems(tmp_path, '[house]\nname = "Soon shop 很快"\n') == [
        f'house.name: "很快"; {TIME}',
        f'house.name: "soon"; {TIME}',
    ]


def test_every_text_of_the_defaults_is_looked_at() -> None:
    keys = {".".join(key) for key, _, _ in texts_of(Settings())}
    assert {"house.greeting.en", "departments.pr.label.zh-CN"} <= keys
    assert not any(key.startswith("words") for key in keys)
