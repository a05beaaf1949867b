"""What is said to customers and is no setting: our catalogues and the knowledge entries, held to the house's words."""

from collections.abc import Iterator, Mapping
from datetime import date

from gateway.domain.wording_rules import FoundWord, find_words
from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.settings import Settings
from gateway.texts import LANGUAGES, load_texts
from gateway.web import wording
from knowledge.lint.finding import name_in
from knowledge.lint.house import House
from knowledge.lint.run import NAMES, lint
from knowledge.load import load_folder

CHECK = "wording"
_WORD_RULES = frozenset({"banned-words", "vague-words"})


def wordings(settings: Settings, today: date) -> Iterator[Finding]:
    """Yield every banned or vague word said in a catalogue or an entry; one good finding where there is none."""
    count, words, found = 0, settings.words.as_rules(), list(_entries(settings, today))
    for file, lang, catalogue in catalogues():
        for key, text in catalogue.items():
            count += 1
            found += [_finding(f"{file}: {key}", one) for one in find_words(text, lang, words)]
    yield from found
    if not found:
        yield Finding(
            check=CHECK,
            level="ok",
            found=Said(
                f"{count} 句系统话术与全部知识条目都没有禁用语和含糊的时间。",
                f"{count} sentences of ours and all entries are free of banned and vague words.",
            ),
        )


def catalogues() -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Yield file, language and sentences of each catalogue that customers read."""
    for lang in LANGUAGES:
        name = lang.replace("-", "_")
        yield f"gateway/texts/{name}.po", lang, load_texts().catalogues[lang]
        yield f"gateway/web/words/{name}.po", lang, wording.sentences(lang)


def _finding(place: str, one: FoundWord) -> Finding:
    return Finding(
        check=CHECK,
        found=Said(f"{place} 说了“{one.phrase}”。", f"{place} says {one.phrase!r}."),
        remedy=Said(
            f"请改为“{one.better}”，或从 words.banned 中去掉它。"
            if one.better
            else "请写明时间（例如 48 小时内），或从 words.vague 中去掉它。",
            f"Say {one.better!r}, or take it out of words.banned."
            if one.better
            else "Say by when (such as within 48 hours), or take it out of words.vague.",
        ),
    )


def _entries(settings: Settings, today: date) -> Iterator[Finding]:
    folder = settings.knowledge.folder
    if not folder.is_dir():
        return
    loaded = load_folder(folder, first_language=settings.house.languages[0])
    house = House(today=today, banned=settings.words.banned, vague=settings.words.vague)
    for one in lint(loaded, house, frozenset(NAMES) - _WORD_RULES):
        place = f"{name_in(folder, one.file)}:{one.line}"
        yield Finding(
            check=CHECK,
            level="bad" if one.level == "error" else "note",
            found=Said(f"{place}: {one.zh}", f"{place}: {one.en}"),
            remedy=Said(one.remedy_zh, one.remedy_en),
        )
