"""Our own HTML as a tree that a page can build nodes from: its policy lets no string become markup. Pure."""

from html.parser import HTMLParser
from typing import Any

KNOWN = {
    "p", "br", "strong", "b", "em", "i", "a", "ul", "ol", "li", "code", "pre", "blockquote", "div",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr",
}  # fmt: skip
_VOID = {"br", "hr"}
_LINKS = ("http://", "https://", "mailto:", "tel:")

Node = dict[str, Any] | str
"""Text, or ``tag``, ``href`` (of links) and ``children``."""


def tree_of(html: str) -> list[Node]:
    """Return the nodes of ``html``; unknown elements are left out, what is in them stays."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Node] = []
        self._open: list[tuple[str, list[Node]]] = []

    @property
    def _inside(self) -> list[Node]:
        return self._open[-1][1] if self._open else self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in KNOWN:
            return
        href = (
            next((value for name, value in attrs if name == "href" and value), None) if tag == "a" else None
        )
        children: list[Node] = []
        self._inside.append(
            {"tag": tag, "href": href if href and href.startswith(_LINKS) else None, "children": children}
        )
        if tag not in _VOID:
            self._open.append((tag, children))

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data:
            self._inside.append(data)
