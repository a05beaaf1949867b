"""Text at the border: Markdown made safe or plain, long text cut to fit, choices as numbered lines. Pure."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.contract import Choice, Outbound

TAGS = {
    "p", "br", "strong", "em", "a", "ul", "ol", "li", "code", "pre", "blockquote",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}

# A link in running Chinese ends where its ASCII ends: “https://a.cn/x，然后” must not swallow the comma.
_URL_REST = re.compile(r"//[\w\-.~:/?#\[\]@!$&'()*+,;=%]*[\w\-~/#=&%]", re.ASCII)


def _length_of_url(_linkify: Any, text: str, pos: int) -> int:
    match = _URL_REST.match(text, pos)
    return match.end() - pos if match else 0


def _image_as_text(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return html.escape(tokens[index].content)


def markdown() -> MarkdownIt:
    """Return a parser of the Markdown we send: CommonMark without HTML, bare links clickable, lines kept."""
    md = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True}).enable("linkify")
    assert md.linkify is not None
    md.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for schema in ("http:", "https:"):
        md.linkify.add(schema, {"validate": _length_of_url})
    md.add_render_rule("image", _image_as_text)
    return md


_MARKDOWN = markdown()


def parse(source: str) -> list[Token]:
    """Return the block tokens of Markdown ``source``; inline ones are their children."""
    return _MARKDOWN.parse(source)


# Lines of words without any sign that Markdown or HTML could read: most of what is said, and a hundred times cheaper.
# Each begins with a letter, so that none is a list, a heading, a rule or code; none ends in a blank; none holds a link.
_WORDS = r"[^\W\d_](?:[^\x00-\x1f\x7f-\xa0*_`~\[\]<>&!\\\"|:/]|:(?=[ \n]|\Z)|(?<=\d):(?=\d)|/(?!/))*"
_ONLY_WORDS = re.compile(rf"{_WORDS}(?:\n{{1,2}}{_WORDS})*")
_BLANK_AT_END = re.compile(r"[^\S\n](?:\n|$)")


@lru_cache(maxsize=2048)
def to_html(source: str) -> str:
    """Return Markdown as HTML that is safe to show: no script, no style, no image, links without referrer."""
    if _ONLY_WORDS.fullmatch(source) and not _BLANK_AT_END.search(source):
        return (
            "<p>"
            + source.replace("\n\n", "</p>\x00<p>").replace("\n", "<br>\n").replace("\x00", "\n")
            + "</p>"
        )
    return rendered(source)


def rendered(source: str) -> str:
    """Return what ``to_html`` does, by parser and cleaner, whatever the text."""
    return nh3.clean(
        _MARKDOWN.render(source),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()


def escape(text: str) -> str:
    """Return text written by anybody as HTML that shows it literally, line by line."""
    return html.escape(text).replace("\r\n", "\n").replace("\n", "<br>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How lines of text are dressed: plain text dresses nothing, a messenger has marks of its own."""

    inline: Callable[[Sequence[Token]], str]
    heading: Callable[[str], str] = str
    code: Callable[[str], str] = str


@lru_cache(maxsize=2048)
def to_plain(source: str) -> str:
    """Return Markdown as plain text: lists keep their marks, a link shows its address."""
    return to_lines(source, _PLAIN)


def to_lines(source: str, style: Style) -> str:
    """Return Markdown as lines of text, for channels that know no lists and headings of their own."""
    return "".join(_lines(parse(source), style)).strip("\n")


def _lines(tokens: Iterable[Token], style: Style) -> Iterator[str]:
    depth = 0
    mark = ""
    heading = False
    for token in tokens:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif kind in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            if depth == 0:
                yield "\n"
        elif kind == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "- "
        elif kind == "heading_open":
            heading = True
        elif kind == "inline":
            line = style.inline(token.children or ())
            yield "  " * max(depth - 1, 0) + mark + (style.heading(line) if heading else line) + "\n"
            mark, heading = "", False
        elif kind in ("fence", "code_block"):
            yield style.code(token.content.rstrip("\n")) + "\n\n"
        elif kind == "hr":
            yield "---\n\n"
        elif kind in ("paragraph_close", "heading_close") and not token.hidden and depth == 0:
            yield "\n"


def inline_plain(tokens: Sequence[Token]) -> str:
    """Return the inline tokens of one paragraph as plain text."""
    out: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            out.append("\n")
        elif token.type == "link_open":
            links.append((str(token.attrGet("href") or ""), len(out)))
        elif token.type == "link_close":
            href, start = links.pop()
            label = "".join(out[start:])
            if token.markup not in ("linkify", "autolink") and href not in (label, f"mailto:{label}"):
                out.append(f" ({href})")
        else:
            out.append(token.content)
    return "".join(out)


_PLAIN = Style(inline=inline_plain)


def byline(outbound: Outbound) -> str:
    """Return who writes, as ``name · number``; empty when no agent does."""
    return " · ".join(part for part in (outbound.agent_name, outbound.agent_number) if part)


def numbered(choices: Sequence[Choice]) -> str:
    """Return choices as lines ``1. label``, for channels without buttons."""
    return "\n".join(f"{n}. {choice.label}" for n, choice in enumerate(choices, start=1))


def with_choices(text: str, choices: Sequence[Choice]) -> str:
    """Return ``text`` followed by its choices as a numbered list; unchanged when there are none."""
    return "\n\n".join(part for part in (text.rstrip(), numbered(choices)) if part)


def utf16_len(text: str) -> int:
    """Return the number of UTF-16 code units, as messengers count."""
    return len(text) + sum(ch > "\uffff" for ch in text)


# Where to cut, best first: between paragraphs, lines, sentences, words.
_SEAMS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[。！？!?；;])\s*|(?<=[.])\s+"),
    re.compile(r"(?<=[，、,：:])\s*|\s+"),
)


def split(text: str, limit: int, measure: Callable[[str], int] = len) -> list[str]:
    """Return ``text`` in parts of at most ``limit`` by ``measure``, cut at the best seam in each part's last half.

    Nothing is lost but white space at the cuts; a character with its combining marks stays whole.
    """
    parts: list[str] = []
    rest = text.strip()
    while measure(rest) > limit:
        room = _longest_prefix(rest, limit, measure)
        cut = _best_cut(rest, room)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _longest_prefix(text: str, limit: int, measure: Callable[[str], int]) -> int:
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= limit else (low, middle - 1)
    return low


def _best_cut(text: str, room: int) -> int:
    window = text[: room + 1]  # white space just past the room is a seam too
    for seam in _SEAMS:
        ends = [match.end() for match in seam.finditer(window)]
        if cuts := [end for end in ends if end >= max(room // 2, 1) and len(window[:end].rstrip()) <= room]:
            return cuts[-1]
    cut = room
    while cut > room // 2 and _belongs_to_previous(text, cut):
        cut -= 1
    return cut


def _belongs_to_previous(text: str, index: int) -> bool:
    here = text[index]
    return unicodedata.category(here) in ("Mn", "Me", "Cf", "Sk") or text[index - 1] == "\u200d"
