"""What stands around every mail obeys the house's own words."""

from pathlib import Path

import pytest

from gateway.errors import ConfigError
from gateway.settings import load

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


def problems(folder: Path, zh: str, en: str) -> list[str]:
    file = folder / "config.toml"
    file.write_text(MAIL.format(zh=zh, en=en), "utf-8")
    try:
        load(file, environ={"MAIL_PASSWORD": "x"})
    except ConfigError as error:
        return [f"{one.key}: {one.found}; {one.wanted}" for one in error.problems]
    return []


def test_a_banned_word_in_a_signature_is_told_with_a_better_one(tmp_path: Path) -> None:
    assert problems(tmp_path, "亲，再见", "ASAP") == [
        'channels.mail.signature.zh: "亲"; words such as "您好"',
        'channels.mail.signature.en: "asap"; words such as "by ten o\'clock"',
    ]


@pytest.mark.parametrize("zh", ["您好", ""])
def test_other_words_are_fine(tmp_path: Path, zh: str) -> None:
    assert problems(tmp_path, zh, "within an hour") == []
