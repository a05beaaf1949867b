"""HTML of mails: as plain text, without what it quotes, and cleaned of all that could act. Pure."""

import re

import lxml.etree
import lxml.html
import nh3
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

MAX_CHARS = 2_000_000
REMOTE = "remote:"
_TAGS = {
    "a", "abbr", "address", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup",
    "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd",
    "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_DROPPED_WHOLE = {
    "script",
    "style",
    "head",
    "title",
    "noscript",
    "template",
    "object",
    "iframe",
    "svg",
    "math",
}
_QUOTES = (
    "//blockquote[@type='cite']",
    "//*[contains(concat(' ', @class, ' '), ' gmail_quote ')]",
    "//*[contains(concat(' ', @class, ' '), ' gmail_extra ')]",
    "//*[contains(concat(' ', @class, ' '), ' yahoo_quoted ')]",
    "//*[contains(concat(' ', @class, ' '), ' protonmail_quote ')]",
    "//*[contains(concat(' ', @class, ' '), ' zmail_extra ')]",
    "//*[contains(concat(' ', @class, ' '), ' moz-cite-prefix ')]",
    "//*[contains(concat(' ', @class, ' '), ' ntes-mailmaster-quote ')]",
    "//*[@id='isReplyContent']",
    "//*[@id='OLK_SRC_BODY_SECTION']",
    "//*[local-name()='includetail']",
)
# What stands before the old mail without holding it: everything after goes too.
_HEADS = ("//*[@id='divRplyFwdMsg']", "//*[@id='appendonsend']", "//*[@id='x_divRplyFwdMsg']")
_FORWARD = re.compile(r"(?i)forwarded message|转发|轉寄|weitergeleitet|transféré|reenviado|inoltrato")
_CONFIG = ParserConfig(css=CSS_PROFILES["strict"], display_links=False)


def to_text(source: str) -> str:
    """Return HTML as plain text; markup that no parser can bear is stripped by hand."""
    source = _parseable(source)
    if not source.strip():
        return ""
    try:
        text = get_text(source, _CONFIG)
    except (
        lxml.etree.LxmlError,
        RecursionError,
        ValueError,
        AssertionError,
        IndexError,
        KeyError,
        TypeError,
    ):
        text = re.sub(r"(?s)<[^>]*>", "", re.sub(r"(?i)<br\s*/?>|</(p|div|tr|li)>", "\n", source))
    return tidy(text)


def tidy(text: str) -> str:
    """Return text with plain spaces, no trailing ones, and never more than one empty line on end."""
    lines = [line.rstrip() for line in text.replace("\xa0", " ").replace("\u200b", "").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def sanitised(source: str) -> str:
    """Return HTML that can be shown to an agent: nothing that runs, nothing that is fetched from elsewhere."""
    return nh3.clean(
        source[:MAX_CHARS],
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filtered,
        clean_content_tags=_DROPPED_WHOLE,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
    )


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return _image(value.strip())
    if tag == "a" and attribute == "href":
        return value if re.match(r"(?i)\s*(https?|mailto|tel):", value) else None
    return value


def _image(address: str) -> str | None:
    """Return where an image is, so that no browser fetches it by itself: ``remote:`` is a scheme that none knows."""
    if re.match(r"(?i)https?://[^\s/]", address):
        return f"{REMOTE}{address}"
    return address if address.lower().startswith("cid:") else None


def without_quotes(source: str) -> str | None:
    """Return the HTML a person wrote, without the mail it answers; None if nothing is marked as quoted."""
    try:
        root = lxml.html.document_fromstring(_parseable(source))
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return None
    if _FORWARD.search((root.text_content() or "")[:4000]):
        return None
    cut = False
    for path in _HEADS:
        for element in root.xpath(path)[:1]:
            _drop_from_here(element)
            cut = True
    for path in _QUOTES:
        for element in root.xpath(path):
            if element.getparent() is not None and not _is_interleaved(element):
                element.drop_tree()
                cut = True
    return lxml.html.tostring(root, encoding="unicode") if cut else None


def _is_interleaved(element: lxml.html.HtmlElement) -> bool:
    """Say whether the person's own words follow the quoted ones: then the quotes are needed to understand."""
    if element.get("class", "") == "moz-cite-prefix":
        return False
    after = element.tail or ""
    for sibling in element.itersiblings():
        after += str(sibling.text_content() if isinstance(sibling.tag, str) else "") + (sibling.tail or "")
    return (
        False if not after.strip() else element.tag == "blockquote" and len(element.xpath("//blockquote")) > 1
    )


def _drop_from_here(element: lxml.html.HtmlElement) -> None:
    here: lxml.html.HtmlElement | None = element
    while here is not None and here.tag not in ("body", "html"):
        for sibling in list(here.itersiblings()):
            sibling.getparent().remove(sibling)
        here = here.getparent()
    element.drop_tree()


def _parseable(source: str) -> str:
    """Return what lxml accepts: no NUL, no XML declaration with an encoding of its own."""
    source = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", source[:MAX_CHARS])
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
