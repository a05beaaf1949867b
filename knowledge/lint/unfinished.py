"""What a draft leaves for its editor to do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.lint.finding import Finding
from knowledge.lint.house import Case, at

_TO_DO = re.compile(r"\bTODO\b|(?:待|请)补充(?:答案|内容)", re.IGNORECASE)


def unfinished(case: Case) -> Iterator[Finding]:
    """``unfinished``: a TODO, which no customer should read."""
    for _, text in case.texts():
        if found := _TO_DO.search(text.said):
            yield at(
                text.wording, case.line_of(text, found[0]), "unfinished", "error",
                zh=f"答案里还有“{found[0]}”。", en=f"The answer still says {found[0]!r}.",
                remedy_zh="请写完答案，再删去这一句。", remedy_en="Finish the answer and take that sentence away.",
            )  # fmt: skip
