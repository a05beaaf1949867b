"""One text in several languages, and which of them a reader gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True)
class Localized:
    """One text in several languages, the house's first language first."""

    texts: Mapping[str, str]

    def in_(self, lang: str) -> str:
        """Return the text in ``lang``, else in a sister of it, else in the house's first language.

        zh-TW falls back to zh-CN: whoever writes to the customer converts the characters.
        """
        return self.texts[choose_language(lang, tuple(self.texts))]

    @property
    def zh(self) -> str:
        """The Chinese text, or the nearest there is."""
        return self.in_("zh-CN")

    @property
    def en(self) -> str:
        """The English text, or the nearest there is."""
        return self.in_("en")


def choose_language(wanted: str, offered: tuple[str, ...]) -> str:
    """Return the language of ``offered`` that a reader of ``wanted`` gets.

    The very one, else one of the same family (``zh-Hant`` takes ``zh-CN``, ``en-GB`` takes ``en``), else
    English, else the first; an unknown reader (empty) gets the first. ``offered`` must not be empty.
    """
    if not wanted:
        return offered[0]
    family = _family(wanted)
    exact = (lang for lang in offered if lang.lower() == wanted.lower())
    sisters = (lang for lang in offered if _family(lang) == family)
    english = (lang for lang in offered if _family(lang) == "en")
    return next(chain(exact, sisters, english), offered[0])


def _family(lang: str) -> str:
    return lang.partition("-")[0].lower()
