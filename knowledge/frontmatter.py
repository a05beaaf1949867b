"""A knowledge file's bytes become its fields, each with its line, and the answer below them."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.fields import KNOWN_KEYS
from knowledge.page import Page
from knowledge.plain_front import read_plain
from knowledge.problem import FileRefused, Problem

MAX_BYTES = 256 * 1024

# An editor's keyboard set to Chinese writes "标准问法：怎么退货"; a hurried one "question:How". Both are meant as keys.
_KEY = re.compile(r"^([ \u3000]*)([^\s:：][^:：]{0,29}?)[ \u3000]*[:：](.*)$")
_WIDE_DASH = re.compile(r"^([ \u3000]*)[－–—•·][ \u3000]*")
_FENCE = re.compile(r"^(-{3,}|－{3,}|—{2,})\s*$")


def decode(raw: bytes, file: Path) -> str:
    """Read UTF-8 (with or without mark), UTF-16 with mark, or GB18030; line ends become ``\\n``."""
    if len(raw) > MAX_BYTES:
        raise FileRefused(
            Problem(
                file=file,
                line=1,
                en=f"The file has {len(raw)} bytes; an answer this long is not read in a chat.",
                zh=f"文件有 {len(raw)} 字节，这么长的答案没有人会在聊天里读。",
                remedy_en=f"Keep it under {MAX_BYTES} bytes.",
                remedy_zh=f"请控制在 {MAX_BYTES} 字节以内。",
            )
        )
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and (encoding != "gb18030" or _reads_as_chinese(text)):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise FileRefused(
        Problem(
            file=file,
            line=1,
            en="The file is neither UTF-8 nor GB18030 text.",
            zh="文件既不是 UTF-8 也不是 GB18030 文本。",
            remedy_en='Save it again as "UTF-8".',
            remedy_zh="请另存为“UTF-8”编码。",
        )
    )


def _reads_as_chinese(text: str) -> bool:
    """Tell Chinese in GB18030 from damaged UTF-8, which decodes too, into characters nobody uses."""
    signs = [c for c in text if c > "\u2e7f"]
    common = sum(1 for c in signs if c.encode("gb2312", "ignore"))
    return bool(signs) and common >= 0.9 * len(signs)


def split_page(text: str, file: Path) -> Page:
    """Separate the front matter between two ``---`` lines from the answer below."""
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not lines or not _FENCE.match(lines[first]):
        raise FileRefused(_no_fence(file, first + 1, opening=True))
    last = next((n for n in range(first + 1, len(lines)) if _FENCE.match(lines[n])), None)
    if last is None:
        raise FileRefused(_no_fence(file, first + 1, opening=False))
    head = "\n".join(_straighten(line) for line in lines[first + 1 : last])
    fields = read_plain(head, first + 2)
    if fields is None:
        from knowledge.yaml_front import (
            read_yaml,
        )  # half a megabyte of reader, for the few files that need it

        fields = read_yaml(head, first + 2, file)
    return Page(fields=fields, body="\n".join(lines[last + 1 :]).strip(), body_line=last + 2)


def _straighten(line: str) -> str:
    """Turn full-width dashes, colons and spaces into the ones YAML knows, where they stand for structure."""
    line = _WIDE_DASH.sub(lambda m: m[1].replace("\u3000", "  ") + "- ", line)
    found = _KEY.match(line)
    if found is None or found[2].strip().lower() not in KNOWN_KEYS:
        return line
    indent = found[1].replace("\u3000", "  ")
    return f"{indent}{found[2].strip()}: {found[3].strip()}"


def _no_fence(file: Path, line: int, *, opening: bool) -> Problem:
    return Problem(
        file=file,
        line=line,
        en="The front matter does not begin with a line of '---'."
        if opening
        else "The front matter has no closing '---'.",
        zh="文件开头缺少“---”一行。" if opening else "文件头部没有用“---”结束。",
        remedy_en="Put a line of three hyphens before and after the fields.",
        remedy_zh="请在字段的前后各写一行三个短横线“---”。",
    )
