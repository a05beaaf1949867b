"""One knowledge file's fields become typed values; every doubt is a Problem with line and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from knowledge.entry import LEVELS, Action, Wording
from knowledge.fields import ACTION_NAMES, KIND_NAMES, KNOWN_KEYS, SCENES, SHARED_KEYS, TEST_KEYS, canonical
from knowledge.page import Field, Page
from knowledge.problem import Problem

MAX_PHRASING = 300
ACTION_VALUE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(slots=True, kw_only=True)
class PageReader:
    """Collects what one page says and what is wrong with it."""

    file: Path
    lang: str
    is_first: bool
    problems: list[Problem] = field(default_factory=list)

    def read(self, page: Page) -> tuple[Wording, dict[str, Any]]:
        """Return the wording and the shared values (keyword arguments of ``KnowledgeEntry``)."""
        by_name: dict[str, Field] = {}
        for written, found in page.fields.items():
            name = canonical(written)
            if name is None:
                self._note(
                    found.line, f"{written!r} is not a field.", f"没有“{written}”这个字段。",
                    *_remedy(written),
                )  # fmt: skip
            elif name in by_name:
                self._note(
                    found.line, f"{written!r} stands twice.", f"“{written}”写了两次。",
                    "Keep one of the two.", "请只保留一处。",
                )  # fmt: skip
            else:
                by_name[name] = found
        return self._wording(by_name, page), self._shared(by_name)

    def _wording(self, by_name: dict[str, Field], page: Page) -> Wording:
        question = self._text(by_name, "question")
        if not question:
            self._note(
                1, "The question is missing.", "缺少标准问法。",
                'Add a line "question: …".', "请加一行“标准问法: …”。",
            )  # fmt: skip
        if not page.body:
            self._note(
                page.body_line, "The answer is missing.", "缺少答案正文。",
                "Write the answer below the second '---'.", "请在第二个“---”下面写答案。",
            )  # fmt: skip
        tests = self._named(by_name, "tests")
        self._known_tests(tests)
        return Wording(
            lang=self.lang,
            question=question,
            answer=page.body,
            phrasings=tuple(
                text for text, line in self._list(by_name, "phrasings") if self._short_enough(text, line)
            ),
            not_for=tuple(text for text, _ in self._list(by_name, "not_for")),
            channel_answers=self._channel_answers(by_name),
            must=self._cases(tests, "must"),
            must_not=self._cases(tests, "must_not"),
            source=self.file,
        )

    def _shared(self, by_name: dict[str, Field]) -> dict[str, Any]:
        mine = [name for name in SHARED_KEYS if name in by_name]
        if not self.is_first:
            for name in mine:
                self._note(
                    by_name[name].line, f"{name!r} is shared by all languages and is not read here.", f"“{name}”由各语言共用，这里不读。",
                    "Move it to the entry's first file.", "请移到该条目的主文件里。", fatal=False,
                )  # fmt: skip
            return {}
        shared: dict[str, Any] = {}
        readers: dict[str, Callable[[str, int], Any]] = {
            "created": self._date, "updated": self._date, "review_by": self._date,
            "valid_from": self._date, "valid_until": self._date,
            "class": self._kind, "level": self._level, "action": self._action,
        }  # fmt: skip
        for name in mine:
            line = by_name[name].line
            if name in ("applies_to", "choices", "channels"):
                texts = tuple(text for text, _ in self._list(by_name, name))
                shared[name] = (
                    tuple(SCENES.get(text, text) for text in texts) if name == "applies_to" else texts
                )
            elif text := self._text(by_name, name):
                value = readers[name](text, line) if name in readers else text
                if value is not None:
                    shared["kind" if name == "class" else name] = value
        return shared

    def _text(self, by_name: dict[str, Field], name: str) -> str:
        found = by_name.get(name)
        if found is None:
            return ""
        if isinstance(found.value, str):
            return found.value
        self._note(
            found.line, f"{name!r} takes one text, not a list.", f"“{name}”只能写一段文字，不能写成列表。",
            "Write it on the same line.", "请写在同一行。",
        )  # fmt: skip
        return ""

    def _list(self, by_name: dict[str, Field], name: str) -> tuple[tuple[str, int], ...]:
        found = by_name.get(name)
        if found is None or found.value == "":
            return ()
        if isinstance(found.value, tuple):
            return found.value
        if isinstance(found.value, str):
            parts = found.value.replace("；", ";").replace("、", ";").split(";")
            return tuple((part.strip(), found.line) for part in parts if part.strip())
        self._note(
            found.line, f"{name!r} takes a list.", f"“{name}”应写成列表。",
            'Write each on its own line after "- ".', "请每条一行，行首写“- ”。",
        )  # fmt: skip
        return ()

    def _named(self, by_name: dict[str, Field], name: str) -> dict[str, Field]:
        found = by_name.get(name)
        if found is None or found.value == "":
            return {}
        if isinstance(found.value, dict):
            return found.value
        self._note(
            found.line, f"{name!r} takes named values.", f"“{name}”下面应写带名称的内容。",
            "Indent the names under it.", "请在下一行缩进写名称和内容。",
        )  # fmt: skip
        return {}

    def _channel_answers(self, by_name: dict[str, Field]) -> dict[str, str]:
        answers = self._named(by_name, "channel_answers")
        return {name: text for name in answers if (text := self._text(answers, name).strip())}

    def _known_tests(self, tests: dict[str, Field]) -> None:
        for written, found in tests.items():
            if canonical(written) not in TEST_KEYS:
                self._note(
                    found.line, f"{written!r} is no kind of test.", f"没有“{written}”这种测试。",
                    "Use must or must_not.", "请写“必须”或“不得”。",
                )  # fmt: skip

    def _cases(self, tests: dict[str, Field], name: str) -> tuple[str, ...]:
        by_name = {canonical(written) or written: found for written, found in tests.items()}
        return tuple(text for text, _ in self._list(by_name, name))

    def _date(self, text: str, line: int) -> date | None:
        parts = text.translate(str.maketrans("/.年月", "----", "日 ")).split("-")
        try:
            year, month, day = (int(part) for part in parts)
            return date(year, month, day)
        except ValueError:
            self._note(
                line, f"{text!r} is not a date.", f"“{text}”不是日期。",
                "Write it like 2026-11-30.", "请写成 2026-11-30 这样。",
            )  # fmt: skip
            return None

    def _kind(self, text: str, line: int) -> str | None:
        return self._one_of(
            text.lower(), line, dict(KIND_NAMES), "product, process, faq", "产品、流程、常见问题"
        )

    def _level(self, text: str, line: int) -> str | None:
        return self._one_of(text.upper(), line, {level: level for level in LEVELS}, "L0 to L4", "L0 至 L4")

    def _action(self, text: str, line: int) -> Action | None:
        verb, _, value = text.partition(" ")
        name = self._one_of(
            verb, line, ACTION_NAMES, "open_ticket TYPE or run NAME", "建工单 类型，或 执行 动作名"
        )
        if name is None:
            return None
        value = SCENES.get(value.strip(), value.strip())
        if name == "run" and not ACTION_VALUE.fullmatch(value):
            self._note(
                line, f"{value!r} is not the name of an action.", f"“{value}”不是动作的名称。",
                "Write it as in config.toml: run order_status.", "请照 config.toml 里的名称写：执行 order_status。",
            )  # fmt: skip
            return None
        if name == "open_ticket" and value not in ("", *SCENES.values()):
            self._note(
                line, f"{value!r} is no type of ticket.", f"“{value}”不是工单类型。",
                f"Use {', '.join(SCENES.values())}.", f"请写{'、'.join(SCENES)}。",
            )  # fmt: skip
            return None
        return Action(kind=name, value=value)

    def _one_of(self, text: str, line: int, known: dict[str, Any], en: str, zh: str) -> str | None:
        if text in known:
            return str(known[text])
        self._note(
            line, f"{text!r} is not allowed here.", f"这里不能写“{text}”。", f"Use {en}.", f"请写{zh}。"
        )
        return None

    def _short_enough(self, text: str, line: int) -> bool:
        if len(text) <= MAX_PHRASING:
            return True
        self._note(
            line, f"A phrasing of {len(text)} characters is a story.", f"这条相似问法有 {len(text)} 字，太长了。",
            f"Keep it under {MAX_PHRASING}.", f"请控制在 {MAX_PHRASING} 字以内。",
        )  # fmt: skip
        return False

    def _note(
        self, line: int, en: str, zh: str, remedy_en: str, remedy_zh: str, *, fatal: bool = True
    ) -> None:
        self.problems.append(
            Problem(
                file=self.file, line=line, en=en, zh=zh, remedy_en=remedy_en, remedy_zh=remedy_zh, fatal=fatal
            )
        )


def _remedy(written: str) -> tuple[str, str]:
    """Return which name was probably meant, in English and in Chinese."""
    near = get_close_matches(written.strip().lower(), sorted(KNOWN_KEYS), n=1)
    en, zh = (f"Did you mean {near[0]!r}? ", f"是不是“{near[0]}”？") if near else ("", "")
    page = "docs/reference/knowledge-files.md"
    return f"{en}All names: {page}.", f"{zh}全部字段名见 {page}。"
