"""The columns of a table of entries: their order, their headings, and by which others they are known."""

import re
import unicodedata

from knowledge.fields import CANONICAL
from knowledge.write_page import CHINESE

COLUMNS = (
    "id", "lang", "question", "phrasings", "not_for", "must", "must_not", "answer", "channel_answers",
    "class", "applies_to", "level", "channels", "valid_from", "valid_until", "owner", "author", "created",
    "editor", "updated", "review_by", "choices", "action",
)  # fmt: skip
LISTS = frozenset({"phrasings", "not_for", "must", "must_not", "applies_to", "channels", "choices"})
"""Columns of which a cell holds several values, one a line."""
OF_A_LANGUAGE = frozenset(COLUMNS[1:9])
NEEDED = ("question", "answer")

_OURS = {"id": "编号", "lang": "语言", "answer": "答案"}
_ALSO = {
    "id": ("id", "编号", "条目", "条目编号", "序号id", "entry", "key", "标识", "文件名", "file"),
    "lang": ("lang", "language", "语言", "语种"),
    "question": ("question", "标准问", "标准问句", "问句", "问法", "用户问题", "常见问题", "faq", "q", "standard question"),
    "phrasings": ("相似问", "相似问句", "扩展问", "扩展问法", "同义问", "其他问法", "similar questions", "variants", "alternatives"),
    "answer": ("answer", "答案", "回答", "内容", "答复", "回复", "正文", "标准答案", "content", "reply", "response", "a"),
    "not_for": ("否定词", "排除词", "negative keywords"),
    "must": ("必须答上", "正例"),
    "must_not": ("不得答上", "反例"),
    "class": ("category",),
    "applies_to": ("场景", "scene", "scenes"),
    "channels": ("channel",),
    "valid_until": ("有效期", "截止日期", "expires"),
    "review_by": ("复核日期", "复核", "下次复审"),
    "owner": ("责任人",),
    "created": ("创建",),
    "editor": ("编辑",),
    "updated": ("更新", "修改日期"),
    "choices": ("后续问题", "follow-ups"),
}  # fmt: skip
_SPACES = re.compile(r"[\s_]+")


def heading(column: str, *, chinese: bool) -> str:
    """Return what stands above a column."""
    if not chinese:
        return column
    return _OURS.get(column) or CHINESE[column]


def column_of(heading: str) -> str | None:
    """Return the column a heading means, None where it means none of ours."""
    return _KNOWN.get(_plain(heading))


def _plain(text: str) -> str:
    """Fold width, case, spaces, and the notes editors add: ``标准问法（必填）*``."""
    text = unicodedata.normalize("NFKC", text).strip().lower().rstrip("*:").strip()
    text = re.sub(r"\([^)]*\)$", "", text)
    return _SPACES.sub(" ", text).strip()


_KNOWN = (
    {_plain(alias): name for alias, name in CANONICAL.items() if name in COLUMNS}
    | {_plain(alias): name for name, aliases in _ALSO.items() for alias in aliases}
    | {_plain(heading(name, chinese=False)): name for name in COLUMNS}
)
