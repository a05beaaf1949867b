"""Rules K5 and I6: banned phrases, vague words where a time belongs, promises nobody can keep."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.lint.finding import Finding
from knowledge.lint.house import Case, Text, at
from knowledge.normalize import fold

_CLAUSE = re.compile(r"[。！？!?；;，,、：:\n]|\.(?=\s|$)")
_QUOTED = re.compile(r"“[^”\n]{0,60}”|「[^」\n]{0,60}」|\"[^\"\n]{0,60}\"|`[^`\n]{0,60}`")
# "如果您不知道订单号", "as soon as it arrives": said of the customer, or no time at all.
_OF_THE_CUSTOMER = re.compile(r"(?:(?<!请)[您你]|如果|若|要是|假如|是否|\bif|\byou)[^ ]{0,6} ?$")
_CONJUNCTION = re.compile(r"\bas soon as (?!possible|we can)")
_TAKEN_BACK = re.compile(r"(?:不|无法|难以|未必|没法|请|请您|\bnot|\bcannot|\bcant|\bnever)[^，。]{0,4}$")

_SURE = (
    r"(?:一定(?!要|请|的|时间|期限|数量|金额|条件|程度)|保证(?!金|书|期|人)|肯定|绝对|必定|百分百|百分之百)"
)
_OUTCOME = r"(?:到货|送达|送到|寄到|发货|退款|退钱|赔偿|解决|处理好|修好|成功|有货|通过|到账|没问题|不会坏)"
_PROMISES = (
    re.compile(rf"{_SURE}.{{0,8}}?{_OUTCOME}"),
    re.compile(
        r"\bwe (?:absolutely |fully |hereby )?(?:guarantee|promise)\b|\bwill (?:definitely|certainly|surely|absolutely)\b"
        r"|\bdefinitely (?:arrives?|be|get|works?)\b|\b100 (?:sure|certain|guaranteed)\b|\bguaranteed (?:to|delivery|refund)\b"
    ),
)


def banned(case: Case) -> Iterator[Finding]:
    """``banned-words``: the house's banned phrases, each with the better one."""
    for _, text in case.texts():
        for phrase, better in case.house.banned.get(_near(case.house.banned, text.wording.lang), {}).items():
            for clause in _clauses(text.said):
                if (before := _before(clause, phrase)) is not None and not _OF_THE_CUSTOMER.search(before):
                    yield at(
                        text.wording, _line(case, text, phrase), "banned-words", "error",
                        zh=f"答案里有禁用语“{phrase}”。", en=f"The answer says {phrase!r}, which the house does not.",
                        remedy_zh=f"可以改为“{better}”。", remedy_en=f"Say {better!r} instead.",
                    )  # fmt: skip
                    break


def vague(case: Case) -> Iterator[Finding]:
    """``vague-words``: words such as 尽快 or "soon" where a time belongs; quoted ones are names of buttons."""
    for _, text in case.texts():
        words = case.house.vague.get(_near(case.house.vague, text.wording.lang), ())
        words = sorted(words, key=len, reverse=True)
        seen = set[str]()
        for clause in _clauses(_QUOTED.sub(" ", text.said)):
            clause = _CONJUNCTION.sub("", clause)
            word = next((word for word in words if _before(clause, word) is not None), None)
            if word is not None and word not in seen:
                seen.add(word)
                yield at(
                    text.wording, _line(case, text, word), "vague-words", "warning",
                    zh=f"“{word}”没有说明时间。", en=f"{word!r} names no time.",
                    remedy_zh="请写明多久或到哪一天，例如“48 小时内”“3 个工作日内”。",
                    remedy_en="Say how long or until when, such as 'within 48 hours' or 'within 3 working days'.",
                )  # fmt: skip


def promises(case: Case) -> Iterator[Finding]:
    """``hollow-promise``: a sure outcome that does not lie in the house's hands."""
    for _, text in case.texts():
        told = case.house.banned.get(_near(case.house.banned, text.wording.lang), {})  # by banned-words
        for clause in _clauses(text.said):
            if any(_before(clause, phrase) is not None for phrase in told):
                continue
            said = next(hollow(clause), None)
            if said is not None:
                yield at(
                    text.wording, _line(case, text, said), "hollow-promise", "warning",
                    zh=f"“{said}”是没有人能保证的承诺。", en=f"{said!r} promises what nobody can be sure of.",
                    remedy_zh="请改为“预计……，以……为准”，并写明由谁、在什么时间告知结果。",
                    remedy_en="Say what is expected and what decides it, who tells the result, and by when.",
                )  # fmt: skip
                break


def hollow(text: str) -> Iterator[str]:
    """Yield each sure outcome in a text that does not lie in the house's hands, as it is found (folded)."""
    for clause in _clauses(text):
        found = next(filter(None, (pattern.search(clause) for pattern in _PROMISES)), None)
        if found is not None and not _TAKEN_BACK.search(clause[: found.start()]):
            yield found[0].strip()


def _near(tags: Iterable[str], lang: str) -> str:
    """Return the tag whose words hold for ``lang``: its own, else another of the same language."""
    mine = lang.partition("-")[0]
    near = [tag for tag in tags if tag.partition("-")[0] == mine]
    return lang if lang in near else next(iter(near), "")


def _clauses(text: str) -> Iterator[str]:
    """Yield the folded clauses of a text, so that width, case and script make no difference."""
    for clause in _CLAUSE.split(text):
        if folded := fold(clause):
            yield folded


def _before(clause: str, phrase: str) -> str | None:
    """Return what stands before a phrase in a folded clause, None where it does not stand there; Latin ones as whole words."""
    wanted = fold(phrase)
    if not wanted:
        return None
    if wanted.isascii():
        wanted, clause = f" {wanted} ", f" {clause} "
    else:
        wanted, clause = wanted.replace(" ", ""), clause.replace(" ", "")
    found = clause.find(wanted)
    return clause[:found] if found >= 0 else None


def _line(case: Case, text: Text, phrase: str) -> int:
    """Return the line of a phrase as written; of one written otherwise, the line where the text begins."""
    line = next((line for line in text.said.split("\n") if fold(phrase) in fold(line)), "")
    return case.line_of(text, line)
