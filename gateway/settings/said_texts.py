"""Every text in the settings that a customer may be told, held to the house's own words (K5, I6)."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from gateway.domain.policy import Localized
from gateway.domain.wording_rules import find_words
from gateway.settings.fields import ANY_LANGUAGE
from gateway.settings.mistakes import Key, Mistake, written
from gateway.settings.model import Settings

A_TIME = "a time, such as {at}, “48 小时内” or “within 48 hours”"
_AROUND_MAIL = ("signature", "template")
_NOT_SAID = ("words", "channels")


def wording_mistakes(settings: Settings) -> Iterator[Mistake]:
    """Yield each word that the house forbids and a setting says all the same."""
    words = settings.words.as_rules()
    languages = settings.house.languages
    for key, lang, text in texts_of(settings):
        tags = languages if lang == ANY_LANGUAGE else (lang,)
        found = {one.phrase: one for tag in tags for one in find_words(text, tag, words)}
        for one in found.values():
            wanted = f"words such as {written(one.better)}" if one.better else A_TIME
            yield Mistake(key=key, found=written(one.phrase), wanted=wanted)


def texts_of(settings: Settings) -> Iterator[tuple[Key, str, str]]:
    """Yield key, language and words of every text for people, wherever in the settings it stands."""
    for name in type(settings).model_fields:
        if name not in _NOT_SAID:
            yield from _texts((name,), getattr(settings, name))
    for channel in settings.channels.values():
        for part in _AROUND_MAIL:
            pieces: Mapping[str, str] = getattr(getattr(channel.settings, part, None), "written", {})
            for name, text in pieces.items():
                # zh_html and en are parts of a mail: the language comes first.
                yield ("channels", channel.name, part, name), name.partition("_")[0], text


def _texts(key: Key, value: object) -> Iterator[tuple[Key, str, str]]:
    if isinstance(value, Localized):
        for lang, text in value.texts.items():
            yield (key if lang == ANY_LANGUAGE else (*key, lang)), lang, text
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts((*key, name), getattr(value, name))
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts((*key, str(name)), each)
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from _texts((*key, str(place)), each)
