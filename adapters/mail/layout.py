"""Signature and template of a mailbox: what the operator wrote, checked when it is read, filled in for each mail."""

import re
from collections.abc import Mapping
from typing import Annotated, Self

import nh3
from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from adapters.text import escape, to_html, to_plain

NAMES = ("name", "number", "ticket", "address", "house")
"""What may stand in braces: the agent's name and number, the ticket's, our address, the mailbox's name."""
_HOLE = re.compile(r"\{([^{}\n]{0,40})\}")
_TAGS = {
    "a", "b", "blockquote", "br", "center", "code", "div", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"style", "align", "dir", "lang", "title", "class"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "border"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"width", "height", "colspan", "rowspan", "valign", "bgcolor"},
    "th": {"width", "height", "colspan", "rowspan", "valign", "bgcolor"},
    "font": {"color", "face", "size"},
}
_ACTS = re.compile(
    r"<\s*(script|style|iframe|object|embed|form|input|link|meta|base|svg|html|head|body)\b|\son\w+\s*=|javascript:",
    re.IGNORECASE,
)
_LONGEST = 20_000


def harmless(html: str) -> str:
    """Return HTML without anything that acts; what a mail may hold stays, with its styles."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel=None,
    )


def _html(value: str) -> str:
    if match := _ACTS.search(value):
        raise ValueError(
            f"{match.group().strip()!r} has no place in a mail: write what stands inside the body, without scripts or style sheets"
        )
    return _text(value)


def _text(value: str) -> str:
    if len(value) > _LONGEST:
        raise ValueError(f"{len(value)} characters are too many for every mail: {_LONGEST} at most")
    if any(ord(ch) < 32 and ch not in "\n\t" for ch in value):
        raise ValueError("a control character: write plain lines")
    return value.strip("\n")


Words = Annotated[str, AfterValidator(_text)]
Html = Annotated[str, AfterValidator(_html)]


class Layout(BaseModel):
    """The same piece in Chinese and English, as Markdown and, where that is not enough, as HTML."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: Words = ""
    en: Words = ""
    zh_html: Html = ""
    """In place of what is made of ``zh``."""
    en_html: Html = ""
    """In place of what is made of ``en``."""

    @model_validator(mode="after")
    def _both_ways(self) -> Self:
        for lang in ("zh", "en"):
            if getattr(self, f"{lang}_html") and not getattr(self, lang):
                raise ValueError(f"{lang}_html needs {lang} beside it: some read only text")
        return self

    @property
    def written(self) -> Mapping[str, str]:
        """The pieces that are set, by key."""
        return {key: value for key in ("zh", "en", "zh_html", "en_html") if (value := getattr(self, key))}

    def in_(self, lang: str) -> tuple[str, str]:
        """Return text and HTML for a reader of ``lang``, or in the other language; both empty if nothing is set."""
        first, second = ("zh", "en") if lang.lower().startswith("zh") else ("en", "zh")
        found = first if getattr(self, first) else second
        return getattr(self, found), getattr(self, f"{found}_html")


class Signature(Layout):
    """What stands below every mail of a mailbox."""

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        _check_names(self.written, NAMES)
        return self


class Template(Layout):
    """What stands around every mail of a mailbox; ``{body}`` is the mail, ``{signature}`` where that goes."""

    @model_validator(mode="after")
    def _has_body(self) -> Self:
        _check_names(self.written, (*NAMES, "body", "signature"))
        for key, value in self.written.items():
            if value.count("{body}") != 1:
                raise ValueError(f"{key}: write {{body}} once, where the words of the mail go")
        return self


def _check_names(written: Mapping[str, str], known: tuple[str, ...]) -> None:
    for key, value in written.items():
        for name in _HOLE.findall(value):
            if name not in known:
                raise ValueError(
                    f"{key}: {{{name}}} is not known, use one of {', '.join(f'{{{one}}}' for one in known)}"
                )


def signed(signature: Signature, lang: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return a signature as plain text and HTML; a line whose names have no value is left out."""
    source, html = signature.in_(lang)
    source = _without_empty(source, values)
    plain = fill(to_plain(source), values)
    filled = fill(harmless(_without_empty(html, values)) or to_html(source), _escaped(values))
    return plain, filled


def framed(
    template: Template,
    lang: str,
    values: Mapping[str, str],
    plain: Mapping[str, str],
    html: Mapping[str, str],
) -> tuple[str, str]:
    """Return a template as plain text and HTML around ``body`` and ``signature``, given as text and as HTML."""
    source, own = template.in_(lang)
    source, own = (_without_empty(one, {**values, **plain}) for one in (source, own))
    inner = {name: _MARK[name] for name in html}
    outer = fill(harmless(own) or to_html(source), _escaped(values) | inner)
    for name, mark in inner.items():
        # A paragraph of Markdown may not hold blocks: the one around a hole goes.
        outer = outer.replace(f"<p>{mark}</p>", mark).replace(mark, html[name])
    return fill(to_plain(source), {**values, **plain}), outer


_MARK = {"body": "\ue001", "signature": "\ue002"}


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with its holes filled in one pass: what is filled in is never a template itself."""
    return _HOLE.sub(lambda hole: values.get(hole.group(1), hole.group()), text)


def _without_empty(text: str, values: Mapping[str, str]) -> str:
    kept = [line for line in text.split("\n") if all(values.get(name, "") for name in _HOLE.findall(line))]
    return "\n".join(kept).strip("\n")


def _escaped(values: Mapping[str, str]) -> dict[str, str]:
    return {name: escape(value) for name, value in values.items()}
