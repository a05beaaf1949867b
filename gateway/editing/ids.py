"""An entry's id is a file's stem: which are safe on every system, and which language a cell names."""

import re
import unicodedata

from gateway.editing.draft_file import MOST_NAME_BYTES

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_AS_LANGUAGE = re.compile(r"\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)$")
_LANGUAGE = re.compile(r"(?i)([a-z]{2,3})(?:[-_]([a-z]{2,4}))?")
_NAMES = {
    "中文": "zh-CN", "简体": "zh-CN", "简体中文": "zh-CN", "汉语": "zh-CN", "zh": "zh-CN", "cn": "zh-CN", "chinese": "zh-CN",
    "繁体": "zh-TW", "繁體": "zh-TW", "繁体中文": "zh-TW", "繁體中文": "zh-TW",
    "英文": "en", "英语": "en", "english": "en", "日文": "ja", "日语": "ja", "韩文": "ko", "韩语": "ko",
}  # fmt: skip


def is_safe(id: str) -> bool:
    """Say whether a file may be named so on any system, and would be read back as this very id."""
    return (
        id == unicodedata.normalize("NFC", id).strip()
        and bool(id)
        and id.isprintable()
        and not _UNSAFE.search(id)
        and not _RESERVED.fullmatch(id)
        and not id.startswith((".", "_", "~"))
        and not id.endswith(".")
        and not _AS_LANGUAGE.search(id)
        and id.lower() != "readme"
        and len(id.encode()) <= MOST_NAME_BYTES
    )


def language(text: str) -> str | None:
    """Return the tag of the language a cell names (``EN``, ``zh_cn``, 英文), None where it names none."""
    text = text.strip()
    if named := _NAMES.get(text.lower()):
        return named
    found = _LANGUAGE.fullmatch(text)
    if found is None:
        return None
    region = found[2] or ""
    return found[1].lower() + (f"-{region.upper() if len(region) < 4 else region.title()}" if region else "")
