"""Message catalogues for customers (gettext .po, read by Babel), one file a language."""

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from babel.messages.pofile import read_po
from opencc import OpenCC

from gateway.domain.wording import Texts

LANGUAGES = ("zh-CN", "en")


@lru_cache(1)
def load_texts() -> Texts:
    """Return the catalogues that ship with the gateway."""
    return Texts(catalogues={lang: _catalogue(lang) for lang in LANGUAGES}, traditional=_traditional())


def _catalogue(lang: str) -> dict[str, str]:
    source = files(__name__).joinpath(f"{lang.replace('-', '_')}.po")
    with source.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def _traditional() -> Callable[[str], str]:
    converter: list[OpenCC] = []

    @lru_cache(2000)
    def convert(text: str) -> str:
        if not converter:
            converter.append(OpenCC("s2twp"))
        return str(converter[0].convert(text))

    return convert
