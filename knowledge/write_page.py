"""The loader's way back: a wording, and the fields all languages share, become a knowledge file's text.

What is written is read back as the same entry, whatever signs are in it. Defaults that an editor should see
(class, level) are written; other empty fields are not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from knowledge.entry import KnowledgeEntry, Wording
from knowledge.fields import ACTION_NAMES, KIND_NAMES, SCENES, SHARED_KEYS, TEST_KEYS, WORDING_KEYS

CHINESE = {
    name: next(alias for alias in aliases if not alias.isascii())
    for name, aliases in {**WORDING_KEYS, **SHARED_KEYS, **TEST_KEYS}.items()
} | {"editor": "最后编辑"}
"""How this writer calls the fields in Chinese; the loader knows more names."""
_CHINESE_VALUES: Mapping[str, Mapping[str, str]] = {
    "class": {kind: name for name, kind in KIND_NAMES.items()},
    "applies_to": {scene: name for name, scene in SCENES.items()},
    "action": {kind: name for name, kind in reversed(ACTION_NAMES.items()) if not name.isascii()},
}

# A plain YAML scalar in its narrowest sense: it begins with a letter and holds nothing that could be structure.
_PLAIN = re.compile(
    r"[^\W_](?:[\w .+%/?!…，。！？；、（）《》“”‘’·￥-]*[\w.+%/?!…，。！？；、（）《》“”‘’·￥-])?"
)


def write_page(wording: Wording, entry: KnowledgeEntry | None = None, *, chinese: bool = True) -> str:
    """Return the text of a file; ``entry`` gives the shared fields, and only an entry's first file has them."""
    called: Callable[[str], str] = CHINESE.__getitem__ if chinese else str
    lines = [f"{called('question')}: {_scalar(wording.question)}"]
    lines += _block(called("phrasings"), wording.phrasings)
    lines += _block(called("not_for"), wording.not_for)
    if wording.must or wording.must_not:
        lines.append(f"{called('tests')}:")
        lines += _block(called("must"), wording.must, indent="  ")
        lines += _block(called("must_not"), wording.must_not, indent="  ")
    if wording.channel_answers:
        lines.append(f"{called('channel_answers')}:")
        lines += [f"  {_scalar(name)}: {_scalar(text)}" for name, text in wording.channel_answers.items()]
    if entry is not None:
        lines += [f"{called(name)}: {value}" for name, value in _shared(entry, chinese)]
    return "\n".join(("---", *lines, "---", "", wording.answer, ""))


def shared_texts(entry: KnowledgeEntry, *, chinese: bool = True) -> dict[str, str | tuple[str, ...]]:
    """Return the shared fields that are set, by their English names, as an editor would write their values."""

    def said(name: str, value: str) -> str:
        return _CHINESE_VALUES[name].get(value, value) if chinese else value

    action = entry.action
    values: Mapping[str, str | tuple[str, ...] | date | None] = {
        "class": said("class", entry.kind),
        "applies_to": tuple(said("applies_to", scene) for scene in entry.applies_to),
        "owner": entry.owner,
        "author": entry.author,
        "created": entry.created,
        "editor": entry.editor,
        "updated": entry.updated,
        "review_by": entry.review_by,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
        "level": entry.level,
        "channels": entry.channels,
        "choices": entry.choices,
        "action": f"{said('action', action.kind)} {said('applies_to', action.value)}".strip()
        if action
        else "",
    }
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value
    }


def _shared(entry: KnowledgeEntry, chinese: bool) -> Iterator[tuple[str, str]]:
    for name, value in shared_texts(entry, chinese=chinese).items():
        yield name, _scalar(value) if isinstance(value, str) else f"[{', '.join(map(_scalar, value))}]"


def _block(name: str, items: Sequence[str], *, indent: str = "") -> list[str]:
    return [f"{indent}{name}:", *(f"{indent}  - {_scalar(item)}" for item in items)] if items else []


def _scalar(text: str) -> str:
    """Return a text as YAML: plain where it is harmless, else in double quotes with every odd sign escaped."""
    if _PLAIN.fullmatch(text) and text.isprintable():
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in quoted)


def _escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"
