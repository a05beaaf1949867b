"""A mail's cleaned HTML as a page for a frame of the desk: its own files as images, nobody else's unless asked. Pure."""

import re
from html import escape
from urllib.parse import quote

import nh3

PAGE_HEAD = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>mail</title><style>"
    "html{color-scheme:light;background:#fff;color:#1a2230;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "body{margin:12px}img{max-width:100%;height:auto}table{max-width:100%}"
    "img:not([src]){display:inline-block;min-width:24px;min-height:24px;padding:2px 6px;border:1px dashed #8b96a6;"
    "border-radius:4px;color:#566176;font-size:12px}"
    "blockquote{margin:8px 0;padding-left:10px;border-left:3px solid #b9c2cf;color:#566176}pre{white-space:pre-wrap}"
    "</style></head><body>"
)
PAGE_TAIL = "</body></html>"
_TAGS = {
    "a", "abbr", "address", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup",
    "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd",
    "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "target"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
MOST_CHARS = 500_000
"""So much of it is shown: cleaning takes a tenth of a second then, and nobody else is served meanwhile."""
DEEPEST = 300
"""Cleaning takes a time that grows with the square of the depth: 20,000 elements in each other would cost seconds."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = {"br", "col", "hr", "img", "wbr"}
_FILE = re.compile(r"cid:([0-9A-Za-z_-]{1,64})")
_REMOTE = re.compile(r"remote:(https?://\S+)", re.IGNORECASE)


def is_too_deep(html: str) -> bool:
    """Say whether elements lie in each other deeper than any mail written by a person has them."""
    depth = 0
    for found in _TAG.finditer(html):
        if found[2].lower() not in _VOID:
            depth = max(0, depth - 1) if found[1] else depth + 1
        if depth > DEEPEST:
            return True
    return False


def page_of(html: str, *, text: str = "", files: str, show_remote: bool) -> str:
    """Return a whole page of a mail's HTML, or of its ``text`` where the HTML is nested too deeply to be cleaned in time.

    It is cleaned once more, whatever has cleaned it before. ``cid:<id>`` becomes a file below ``files``,
    ``remote:<address>`` the address if ``show_remote``; any other image goes without a source.
    """

    def shown(tag: str, attribute: str, value: str) -> str | None:
        if tag == "img" and attribute == "src":
            return _source(value.strip(), files, show_remote)
        if tag == "a" and attribute == "target":
            return "_blank"
        return value

    if is_too_deep(html):
        return f"{PAGE_HEAD}<pre>{escape(text)}</pre>{PAGE_TAIL}"
    body = nh3.clean(
        html[:MOST_CHARS],
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=shown,
        clean_content_tags={
            "script",
            "style",
            "head",
            "title",
            "svg",
            "math",
            "iframe",
            "object",
            "template",
        },
        url_schemes={"http", "https", "mailto", "tel", "cid", "remote"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return f"{PAGE_HEAD}{body}{PAGE_TAIL}"


def page_policy(*, show_remote: bool) -> str:
    """Return the page's Content-Security-Policy: no script, no form, no frame, and images as agreed.

    It keeps our origin, or the images among its own files would be asked for without the session; without scripts
    that gives it nothing.
    """
    images = "img-src 'self' data: https: http:" if show_remote else "img-src 'self' data:"
    sandbox = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    return (
        f"{sandbox}; default-src 'none'; style-src 'unsafe-inline'; {images}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    )


def _source(value: str, files: str, show_remote: bool) -> str | None:
    if found := _FILE.fullmatch(value):
        return files + quote(found[1], safe="")
    found = _REMOTE.fullmatch(value)
    return found[1] if found and show_remote else None
