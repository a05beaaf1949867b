"""The catalogues: every sentence that code asks for, in both languages, and no word that promises nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import gateway
from gateway.domain.wording import Texts
from gateway.settings import Settings
from gateway.texts import LANGUAGES, load_texts

ROOT = Path(gateway.__file__).parent
TEXTS = load_texts()
MADE = {f"weekday.{n}" for n in range(7)} | {f"month.{n}" for n in range(1, 13)}
MADE |= {f"smalltalk.{kind}" for kind in ("greeting", "thanks", "bye")}
VAGUE = re.compile(
    r"尽快|及时|马上|稍后|尽早|不久|一会儿|立即|\b(soon|shortly|as soon as possible|asap|in due time|immediately|promptly)\b",
    re.I,
)


def keys_in_code() -> Iterator[str]:
    """Every text in the gateway's code that has the form of a key: ``handover.queue``."""
    known = {key for lang in LANGUAGES for key in TEXTS.catalogues[lang]}
    areas = {key.partition(".")[0] for key in known}
    for path in (*ROOT.glob("*/*.py"), *ROOT.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "say"
            ):
                yield from (word for word in strings(node.args) if word in known or is_key(word, areas))
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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_vague_about_time(lang: str) -> None:
    vague = Settings().policy().words.vague
    for key, sentence in TEXTS.catalogues[lang].items():
        assert not VAGUE.search(sentence), key
        for word in vague.get(lang, ()):
            assert word.lower() not in sentence.lower(), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_uses_the_houses_banned_words(lang: str) -> None:
    for banned in Settings().policy().words.banned.get(lang, {}):
        assert not any(banned.lower() in sentence.lower() for sentence in TEXTS.catalogues[lang].values())


def test_taiwan_reads_traditional_characters() -> None:
    assert TEXTS.say("choices.human", "zh-TW") == "轉人工客服"
    assert TEXTS.adapt("软件", "zh-CN") == "软件"


def test_a_sentence_nobody_wrote_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        TEXTS.say("no.such.key", "en")


def test_without_a_dictionary_the_characters_stay() -> None:
    assert Texts(catalogues={"zh-CN": {"a": "说"}, "en": {}}).say("a", "zh-TW") == "说"
