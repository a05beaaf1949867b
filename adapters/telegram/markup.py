"""From our Markdown to the HTML that Telegram understands: no lists, no headings, six tags. Pure."""

import html
from collections.abc import Sequence
from functools import lru_cache

from markdown_it.token import Token

from adapters.text import Style, to_lines

_TAGS = {
    "strong_open": "<b>", "strong_close": "</b>",
    "em_open": "<i>", "em_close": "</i>",
    "softbreak": "\n", "hardbreak": "\n",
}  # fmt: skip


@lru_cache(maxsize=2048)
def to_telegram_html(source: str) -> str:
    """Return Markdown in Telegram's HTML; what it has no tag for becomes a plain line."""
    return to_lines(source, _STYLE)


def escape(text: str) -> str:
    """Return ``text`` with the three characters escaped that Telegram's parser minds, and quotes."""
    return html.escape(text)


def _inline(tokens: Sequence[Token]) -> str:
    out: list[str] = []
    open_links: list[str] = []
    for token in tokens:
        if token.type in _TAGS:
            out.append(_TAGS[token.type])
        elif token.type == "link_open":
            href = str(token.attrGet("href") or "")
            # Telegram makes links of web addresses only; others are shown beside their label.
            is_web = href.startswith(("http://", "https://"))
            out.append(f'<a href="{escape(href)}">' if is_web else "")
            open_links.append("</a>" if is_web else f" ({escape(href)})")
        elif token.type == "link_close":
            out.append(open_links.pop())
        elif token.type == "code_inline":
            out.append(f"<code>{escape(token.content)}</code>")
        else:
            out.append(escape(token.content))
    return "".join(out)


_STYLE = Style(
    inline=_inline,
    heading=lambda line: f"<b>{line}</b>",
    code=lambda content: f"<pre>{escape(content)}</pre>",
)
