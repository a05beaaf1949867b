"""What a message gives for a check: an order, a telephone's tail, a name, a code; and the message without them. Pure."""

import re
from dataclasses import dataclass

from gateway.domain.entities import EntityRules, find_entities
from gateway.domain.sensitive_text import narrow
from gateway.domain.verification_names import Span, bare_name, said_name

LONGEST = 300
"""Whoever writes more than this tells a story, and gives nothing unless it is labelled."""

_TAIL_WORD = (
    r"(?:手机|手機|电话|電話|号码|號碼|phone|mobile|tel)?(?:号|號)?(?:码|碼)?(?:的)?"
    r"(?:尾号|尾號|尾数|尾數|最?[后後末](?:四|4)(?:位|码|碼)(?:数字|數字|号码|號碼|数|數)?|"
    r"last (?:four|4)(?: (?:digits|numbers))?(?: of (?:my|the) (?:phone|mobile|cell)(?: number)?)?|\bending(?: in| with)?|\btail)"
)
_GAP = r"[^0-9A-Za-z]{0,4}(?:是|为|為|is|are|of)?[^0-9A-Za-z]{0,3}(?P<it>[0-9]{4})(?![0-9])"
_TAIL = re.compile(rf"(?:{_TAIL_WORD}){_GAP}", re.I)
_ENDS = re.compile(
    r"(?:\b(?:my )?(?:phone|mobile|cell|it|which|that|(?<!order )(?<!card )number)(?: number)?|(?:^|[,;.!?，。；！？])) ?(?:ends|ending) (?:in|with)"
    + _GAP,
    re.I,
)
"""Looser than ``_TAIL``: a sale ends in 2026 as well."""
_BARE_TAIL = re.compile(r"(?<![0-9A-Za-z-])(?P<it>[0-9]{4})(?![0-9A-Za-z-])")
_BARE_CODE = re.compile(r"(?<![0-9A-Za-z])(?P<it>[0-9]{3}[ -]?[0-9]{3})(?![0-9A-Za-z])")
_BARE_ORDER = re.compile(
    r"(?<![0-9A-Za-z-])(?P<it>(?=[0-9A-Z-]*[0-9]{4})[0-9A-Z][0-9A-Z-]{6,22}[0-9A-Z])(?![0-9A-Za-z-])", re.I
)
_PHONE = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?(?P<it>[0-9]{4})(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a message gives; ``words`` are its text without what nobody is to read again."""

    order: str | None = None
    tail: str | None = None
    name: str | None = None
    code: str | None = None
    words: str = ""
    question: str = ""
    """The words without what was given and without what said it ("my name is"): what the message is about."""

    @property
    def detail(self) -> bool:
        """Whether it gives anything to compare with an order."""
        return self.tail is not None or self.name is not None

    @property
    def is_secret(self) -> bool:
        """Whether something in it must not stand in the transcript."""
        return self.detail or self.code is not None


def read_given(text: str, step: str | None, rules: EntityRules) -> Given:
    """Return what ``text`` gives; ``step`` is what was asked for (``Awaited.step``), None where nothing was.

    Unasked, only what bears its label counts: a bare number of four digits is anything.
    """
    folded = narrow(text[: 20 * LONGEST])
    hidden: list[Span] = []
    asked = step is not None and len(folded) <= LONGEST
    order, order_at = _order(folded, rules, bare=asked and step != "code")
    is_near = asked or order is not None
    told: list[Span] = []
    code = _first(_BARE_CODE, folded, hidden, told) if asked and step == "code" else None
    if code is not None:
        digits = re.sub(r"\D", "", code)
        return Given(code=digits, words=_without(text, hidden), question=_blank(text, *told), order=order)
    tail = _first(_TAIL, folded, hidden, told)
    if tail is None and is_near:
        tail = _first(_ENDS, _blank(folded, order_at), hidden, told)
    if tail is None and asked and step == "order":
        rest = _blank(folded, order_at)
        tail = _first(_PHONE, rest, hidden, told, whole=True) or _first(_BARE_TAIL, rest, hidden, told)
    alone = asked and step == "order" and tail is None
    rest = _blank(folded, *told)
    named = said_name(rest, near=is_near)
    bare = bare_name(_blank(rest, order_at)) if named is None and alone else None
    name_at, said_at = named or (bare, bare)
    if name_at is not None and said_at is not None:
        hidden.append(name_at)
        told.append(said_at)
    if not hidden:
        return Given(order=order, words=text)
    name = re.sub(r" +", " ", text[slice(*name_at)].strip()) if name_at else None
    return Given(
        order=order, tail=tail, name=name, words=_without(text, hidden), question=_blank(text, *told)
    )


def _order(text: str, rules: EntityRules, *, bare: bool) -> tuple[str | None, Span]:
    for one in find_entities(text, rules):
        if one.kind == "order":
            return one.value, (one.start, one.end)
    if bare:
        for found in _BARE_ORDER.finditer(text):
            if not _PHONE.fullmatch(found["it"]):
                return found["it"], found.span("it")
    return None, (0, 0)


def _first(
    pattern: re.Pattern[str], text: str, hidden: list[Span], told: list[Span], *, whole: bool = False
) -> str | None:
    found = pattern.search(text)
    if found is None:
        return None
    hidden.append(found.span() if whole else found.span("it"))
    told.append(found.span())
    return found["it"]


def _blank(text: str, *spans: Span) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _without(text: str, hidden: list[Span]) -> str:
    """Return ``text`` with stars for what is hidden; the number of stars tells nothing."""
    for start, end in sorted(hidden, reverse=True):
        text = f"{text[:start]}****{text[end:]}"
    return text
