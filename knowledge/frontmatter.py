"""A knowledge file's bytes become its fields, each with its line, and the answer below them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from knowledge.fields import KNOWN_KEYS
from knowledge.problem import FileRefused, Problem

MAX_BYTES = 256 * 1024

# An editor's keyboard set to Chinese writes "标准问法：怎么退货"; a hurried one "question:How". Both are meant as keys.
_KEY = re.compile(r"^([ \u3000]*)([^\s:：][^:：]{0,29}?)[ \u3000]*[:：](.*)$")
_WIDE_DASH = re.compile(r"^([ \u3000]*)[－–—•·][ \u3000]*")
_FENCE = re.compile(r"^(-{3,}|－{3,}|—{2,})\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One front-matter value: text, a list of texts, or named values, with the line it stands on."""

    line: int
    value: str | tuple[tuple[str, int], ...] | dict[str, Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A file taken apart: fields by the name the editor wrote, and the answer."""

    fields: dict[str, Field]
    body: str
    body_line: int


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
    return Page(
        fields=_fields(head, first + 2, file), body="\n".join(lines[last + 1 :]).strip(), body_line=last + 2
    )


def _straighten(line: str) -> str:
    """Turn full-width dashes, colons and spaces into the ones YAML knows, where they stand for structure."""
    line = _WIDE_DASH.sub(lambda m: m[1].replace("\u3000", "  ") + "- ", line)
    found = _KEY.match(line)
    if found is None or found[2].strip().lower() not in KNOWN_KEYS:
        return line
    indent = found[1].replace("\u3000", "  ")
    return f"{indent}{found[2].strip()}: {found[3].strip()}"


def _fields(head: str, first_line: int, file: Path) -> dict[str, Field]:
    reader = YAML(typ="safe", pure=True)
    try:
        node = reader.compose(StringIO(head))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise FileRefused(
            _bad_yaml(file, first_line + (mark.line if mark else 0), error.problem or "")
        ) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise FileRefused(_bad_yaml(file, first_line, str(error).split("\n")[0])) from error
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        raise FileRefused(_bad_yaml(file, first_line, "no names with values"))
    return _mapping(node, first_line, file)


def _mapping(node: MappingNode, first_line: int, file: Path) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for key_node, value_node in node.value:
        line = first_line + key_node.start_mark.line
        name = str(key_node.value).strip() if isinstance(key_node, ScalarNode) else ""
        if not name or name in fields:
            raise FileRefused(
                _bad_yaml(file, line, f"{name!r} stands twice" if name else "a name is missing")
            )
        fields[name] = _field(value_node, line, first_line, file)
    return fields


def _field(node: Node, line: int, first_line: int, file: Path) -> Field:
    if isinstance(node, ScalarNode):
        return Field(line=line, value=str(node.value).strip())
    if isinstance(node, SequenceNode):
        items: list[tuple[str, int]] = []
        for item in node.value:
            at = first_line + item.start_mark.line
            if not isinstance(item, ScalarNode):
                raise FileRefused(_bad_yaml(file, at, "a colon inside a list item"))
            items.append((str(item.value).strip(), at))
        return Field(line=line, value=tuple(item for item in items if item[0]))
    if isinstance(node, MappingNode) and line >= first_line:
        return Field(line=line, value=_mapping(node, first_line, file))
    raise FileRefused(_bad_yaml(file, line, "unknown structure"))


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


def _bad_yaml(file: Path, line: int, found: str) -> Problem:
    return Problem(
        file=file,
        line=line,
        en=f"The front matter cannot be read here: {found}.",
        zh=f"文件头部从这一行起读不懂：{found}。",
        remedy_en='Write "name: value"; put a value with a colon or a special first sign into double quotes; indent with spaces.',
        remedy_zh="请写成“名称: 内容”；内容里有冒号或以特殊符号开头时加英文双引号；缩进用空格。",
    )
