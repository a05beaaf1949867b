"""The catalogues: every sentence that code asks for, in both languages, and no word that promises nothing."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

import gateway
from gateway.domain.promise import Stage
from gateway.domain.ticket import Anomaly
from gateway.domain.wording import Texts
from gateway.domain.wording_rules import find_words
from gateway.safety.wordings import catalogues
from gateway.settings import Settings
from gateway.texts import LANGUAGES, load_texts

ROOT = Path(gateway.__file__).parent
TEXTS = load_texts()
MADE = {f"weekday.{n}" for n in range(7)} | {f"month.{n}" for n in range(1, 13)}
MADE |= {f"smalltalk.{kind}" for kind in ("greeting", "thanks", "bye")}
MADE |= {f"promise.{stage}" for stage in Stage} | {f"what.{what}" for what in ("proposed", "began", "ended")}
MADE |= {f"why.{why}" for why in ("forged", "no_cell", "unknown")}
MADE |= {f"anomaly.{anomaly}" for anomaly in Anomaly if anomaly is not Anomaly.NONE}


def keys_in_code() -> Iterator[str]:
    """Every text in the gateway's code that has the form of a key: ``handover.queue``."""
    known = {key for lang in LANGUAGES for key in TEXTS.catalogues[lang]}
    areas = {key.partition(".")[0] for key in known}
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "say"
            ):
                yield from (word for word in strings(node.args) if word in known or is_key(word, areas))
            elif isinstance(node, ast.JoinedStr) and isinstance(begins := node.values[0], ast.Constant):
                prefix = str(begins.value)  # f"alarm.{kind}"
                yield from (key for key in known if prefix.partition(".")[1] and key.startswith(prefix))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in known:
                yield node.value


def strings(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield inner.value


def is_key(word: str, areas: set[str]) -> bool:
    return re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", word) is not None and word.partition(".")[0] in areas


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_the_code_asks_for_is_there(lang: str) -> None:
    asked = set(keys_in_code())
    assert len(asked) > 20
    assert (asked | MADE) - TEXTS.catalogues[lang].keys() == set()


def test_no_sentence_is_kept_that_nobody_says() -> None:
    said = set(keys_in_code()) | MADE
    assert {key for lang in LANGUAGES for key in TEXTS.catalogues[lang]} - said == set()


def test_both_catalogues_hold_the_same_sentences_with_the_same_gaps() -> None:
    chinese, english = (TEXTS.catalogues[lang] for lang in LANGUAGES)
    assert chinese.keys() == english.keys()
    for key in chinese.keys() - {"time.date", "time.today", "time.tomorrow"}:
        assert gaps(chinese[key]) == gaps(english[key]), key


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize(("file", "lang", "catalogue"), [*catalogues()])
def test_no_sentence_is_vague_about_time_or_says_what_the_house_does_not(
    file: str, lang: str, catalogue: Mapping[str, str]
) -> None:
    words = Settings().policy().words
    for key, sentence in catalogue.items():
        assert not find_words(sentence, lang, words), f"{file}: {key}"


def test_the_widget_and_the_shop_page_are_not_vague_either() -> None:
    words = Settings().policy().words
    for name in ("widget/words.ts", "shop/index.html", "shop/shop.ts"):
        said = (ROOT / "web" / "ui" / name).read_text("utf-8")
        assert not find_words(said, "zh-CN", words) + find_words(said, "en", words), name


def test_taiwan_reads_traditional_characters() -> None:
    assert TEXTS.say("choices.human", "zh-TW") == "轉人工客服"
    assert TEXTS.adapt("软件", "zh-CN") == "软件"


def test_a_sentence_nobody_wrote_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        TEXTS.say("no.such.key", "en")


def test_without_a_dictionary_the_characters_stay() -> None:
    assert Texts(catalogues={"zh-CN": {"a": "说"}, "en": {}}).say("a", "zh-TW") == "说"
