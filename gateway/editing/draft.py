"""From a gap to the file an editor only has to finish."""

from dataclasses import dataclass
from datetime import date, timedelta

from gateway.editing.draft_file import safe_stem
from gateway.editing.gaps import Gap
from gateway.errors import Said
from knowledge.entry import KnowledgeEntry, Wording
from knowledge.write_page import write_page

REVIEW_AFTER = timedelta(days=30)
MOST_PHRASINGS = 8
_TO_WRITE = Said("TODO：请编辑写出答案。", "TODO: write the answer.")
_TO_CHECK = Said(
    "TODO：这是客服最常用的回复（{times} 次），请核对并改成给所有客户看的答案。",
    "TODO: this is what agents replied most ({times} times). Check it and make it an answer for everybody.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A knowledge file to be: written as ``_<stem>.md``, which the gateway does not read until the ``_`` goes."""

    stem: str
    text: str


def draft_of(gap: Gap, today: date, *, author: str = "") -> Draft:
    """Return the draft that would close ``gap``, without anybody's personal data.

    The answer is the agents' most common reply; a TODO, which ``kb lint`` counts as an error, stands wherever
    somebody still has to think.
    """
    questions = tuple(example.text for example in gap.examples if example.text != gap.question)
    if gap.reply is None:
        answer = _TO_WRITE.in_(gap.lang)
    else:
        answer = f"{gap.reply}\n\n{_TO_CHECK.in_(gap.lang).format(times=gap.reply_times)}"
    wording = Wording(
        lang=gap.lang, question=gap.question, answer=answer, phrasings=questions[:MOST_PHRASINGS]
    )
    entry = KnowledgeEntry(
        id=safe_stem(gap.question),
        wordings={gap.lang: wording},
        author=author,
        created=today,
        review_by=today + REVIEW_AFTER,
    )
    return Draft(stem=entry.id, text=write_page(wording, entry, chinese=gap.lang.startswith("zh")))
