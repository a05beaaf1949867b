"""Links in answers, judged without a network: what is no address, what leads nowhere, what only we could open."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from knowledge.lint.finding import Finding, Level
from knowledge.lint.house import Case, Text, at

# Bounded and without a bracket inside, so that "[[[[" costs no more than its length.
_MARKDOWN = re.compile(
    r"\[[^\[\]\n]{0,300}\]\( ?([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)(?: \"[^\"\n]{0,200}\")? ?\)"
)
_BARE = re.compile(r"\bhttps?:/{0,3}[^\s<>()\[\]（）【】“”「」，。；、！？]{0,2000}", re.IGNORECASE)
_SCHEMES = ("http", "https", "mailto", "tel")


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a text, with where it stands."""

    text: Text
    url: str


def links_in(case: Case) -> Iterator[Link]:
    """Yield every link of every text, one written twice in a text once."""
    for _, text in case.texts():
        found = _MARKDOWN.findall(text.said)
        bare = (url.rstrip(".,;:!?'\"*_") for url in _BARE.findall(_MARKDOWN.sub(" ", text.said)))
        for url in dict.fromkeys((*found, *bare)):
            yield Link(text, url)


def offline(case: Case) -> Iterator[Finding]:
    """``dead-link``: an address that cannot be one, a page that we do not serve, a place only we can reach."""
    ids = {entry.id for entry in case.entries}
    for link in links_in(case):
        if wrong := _wrong(link.url, case.house.pages, ids):
            zh, en, remedy_zh, remedy_en = wrong
            yield dead(case, link, zh=zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en)


def sound(url: str) -> bool:
    """Say whether an address is one for the web that nothing is wrong with at first sight."""
    return url.lower().startswith(("http://", "https://")) and _wrong(url, frozenset(), set()) is None


def dead(
    case: Case,
    link: Link,
    level: Level = "error",
    *,
    zh: str,
    en: str,
    remedy_zh: str,
    remedy_en: str,
) -> Finding:
    """Make the finding for a link that leads nowhere."""
    line = case.line_of(link.text, link.url)
    return at(
        link.text.wording, line, "dead-link", level,
        zh=f"链接“{link.url}”{zh}", en=f"The link {link.url!r} {en}", remedy_zh=remedy_zh, remedy_en=remedy_en,
    )  # fmt: skip


def _wrong(url: str, pages: frozenset[str], ids: set[str]) -> tuple[str, str, str, str] | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return _MALFORMED
    if not parts.scheme and not parts.netloc:
        return _local(parts.path, pages, ids)
    if parts.scheme and parts.scheme.lower() not in _SCHEMES:
        return (
            f"的开头“{parts.scheme}:”客户打不开。", f"begins with {parts.scheme!r}, which no customer can open.",
            "请使用 https:// 开头的网址。", "Use an address that begins with https://.",
        )  # fmt: skip
    if parts.scheme.lower() in ("mailto", "tel"):
        return None if parts.path.strip() else _MALFORMED
    return _host(parts)


def _host(parts: SplitResult) -> tuple[str, str, str, str] | None:
    host = parts.hostname or ""
    if not host or " " in parts.netloc:
        return _MALFORMED
    try:
        private = not ipaddress.ip_address(host).is_global
    except ValueError:
        private = host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan"))
        if not private and ("." not in host.strip(".") or ".." in host):
            return _MALFORMED
    if private:
        return (
            "只有内部网络才打得开。", "opens only inside the house's own network.",
            "请换成客户能打开的网址。", "Use an address that customers can open.",
        )  # fmt: skip
    return None


def _local(path: str, pages: frozenset[str], ids: set[str]) -> tuple[str, str, str, str] | None:
    if path.startswith("/"):
        if path.rstrip("/") in {page.rstrip("/") for page in pages}:
            return None
        shown = ", ".join(sorted(pages))
        return (
            "不是本系统的页面。", "is no page of ours.",
            f"现有页面：{shown}；其他网站请写完整网址。", f"Our pages are {shown}; write other sites in full.",
        )  # fmt: skip
    stem = path.removeprefix("./").removesuffix(".md").removesuffix(".en")
    if stem in ids:
        return (
            "指向一个知识文件，客户打不开。", "names a knowledge file, which customers cannot open.",
            f"请把“{stem}”写进“后续选项”。", f"Name {stem!r} under choices instead.",
        )  # fmt: skip
    return _MALFORMED


_MALFORMED = (
    "不是完整的网址。", "is no complete address.",
    "请从 https:// 写起，并在浏览器里试一次。", "Write it from https:// on, and try it in a browser.",
)  # fmt: skip
