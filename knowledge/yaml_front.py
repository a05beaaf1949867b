"""Front matter that uses more of YAML than names and lists, read by a reader that knows all of it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from knowledge.page import Field
from knowledge.problem import FileRefused, Problem


def read_yaml(head: str, first_line: int, file: Path) -> dict[str, Field]:
    """Return the fields; ``first_line`` is the number of the head's first line.

    Raises:
        FileRefused: this is not YAML, or not names with values.
    """
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


def _bad_yaml(file: Path, line: int, found: str) -> Problem:
    return Problem(
        file=file,
        line=line,
        en=f"The front matter cannot be read here: {found}.",
        zh=f"文件头部从这一行起读不懂{_in_chinese(found)}。",
        remedy_en='Write "name: value"; put a value with a colon or a special first sign into double quotes; indent with spaces.',
        remedy_zh="请写成“名称: 内容”；内容里有冒号或以特殊符号开头时加英文双引号；缩进用空格。",
    )


# What YAML's own reader says most often; the rest stays out of a Chinese sentence.
_SAID = {
    "mapping values are not allowed": "内容里有冒号",
    "cannot start any token": "以特殊符号或制表符开头",
    "stands twice": "同一个字段写了两次",
    "a name is missing": "缺少字段名",
    "no names with values": "没有“名称: 内容”",
    "a colon inside a list item": "列表项里有冒号",
    "could not find expected": "缺少冒号",
    "while scanning a quoted": "引号没有成对",
    "found unexpected end of stream": "引号没有成对",
}


def _in_chinese(found: str) -> str:
    said = next((chinese for english, chinese in _SAID.items() if english in found), "")
    return f"（{said}）" if said else ""
