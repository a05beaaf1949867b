"""What may be said of an agent: the checks of attributes, wherever they come from. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from gateway.errors import Refusal, Said

KINDS = ("chat", "social", "mail")
LINES = (1, 2)
MOST = 1000


def checked_attributes(changes: Mapping[str, Any], departments: Collection[str]) -> dict[str, Any]:
    """Return the changes as they are kept; what is set back to the house's own becomes None.

    Raises:
        Refusal: a department that is not there, a kind of channel or a line that is none.
    """
    kept = dict(changes)
    for name in ("departments", "supervises"):
        unknown = [one for one in kept.get(name) or () if one not in departments]
        if unknown:
            raise _refused(
                name,
                Said(
                    f"没有部门 {unknown[0]}；可选：{'、'.join(departments)}。",
                    f"There is no department {unknown[0]}: use one of {', '.join(departments)}.",
                ),
            )
    if "line" in kept and kept["line"] not in LINES:
        raise _refused("line", Said("线别只能是 1 或 2。", "The line is 1 or 2."))
    capacity: Mapping[str, int] = kept.get("capacity") or {}
    if any(kind not in KINDS or not 0 <= count <= MOST for kind, count in capacity.items()):
        said = Said(
            "容量按渠道类别填写：chat、social、mail，各为 0 到 1000。",
            "Capacity goes by kind of channel (chat, social, mail), each between 0 and 1000.",
        )
        raise _refused("capacity", said)
    for name in ("departments", "supervises", "skills", "languages"):
        if name in kept:
            kept[name] = unique(kept[name] or ()) or None
    for name in ("capacity", "hours"):
        if name in kept:
            kept[name] = kept[name] or None
    return kept


def unique(words: Sequence[str]) -> list[str]:
    """Return the words without blanks, each once, in the order written."""
    return list(dict.fromkeys(filter(None, (word.strip() for word in words))))


def _refused(field: str, said: Said) -> Refusal:
    return Refusal(f"{field}: {said.en}", public=said, code="invalid", field=field)
