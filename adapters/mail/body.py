"""The body of a mail: which parts are its text, which its files. Pure."""

import re
from dataclasses import dataclass, field
from itertools import count

from adapters.mail import charsets, hypertext
from adapters.mail.headers import decode_words
from adapters.mail.letter import File
from adapters.mail.names import extension, safe_name
from adapters.mail.parts import Part, uu_files

MAX_TEXT = 1_000_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a mail says: as text (the whole), as HTML (unclean), and the files with it."""

    text: str
    html: str | None
    is_from_html: bool
    files: tuple[File, ...]
    defects: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    hint: str | None
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    def name_for(self, given: str, media_type: str) -> str:
        """Return a safe name for a file; those without one of their own are told apart by a number."""
        used = {file.name for file in self.files}
        first = safe_name(given, media_type, 1)
        if first not in used or safe_name(given, media_type, 2) == first:
            return first
        return next(name for n in count(2) if (name := safe_name(given, media_type, n)) not in used)

    def decode(self, part: Part) -> str:
        """Return a text part as text, remembering what was wrong with its charset."""
        label = part.params.get("charset")
        content = part.content()
        if label is None and part.type == "text/html":
            label = _charset_in_html(content)
        text, defect = charsets.decode(content, label, self.hint)
        if defect and defect not in self.defects:
            self.defects.append(defect)
        return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))


def compose(root: Part, hint: str | None) -> Body:
    """Return the body of a mail: plain text wherever its sender wrote some, else made from the HTML."""
    draft = _Draft(hint)
    _take(root, draft)
    text = "\n".join(piece for piece in (hypertext.tidy(it) for it in draft.texts) if piece.strip())
    html = "\n".join(draft.htmls) or None
    if html and len(html) > hypertext.MAX_CHARS:
        draft.defects.append("the HTML is cut")
    from_html = bool(html) and (not text.strip() or _is_excuse(text))
    if from_html:
        text = hypertext.to_text(html or "") or text
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        draft.defects.append(f"the text is cut at {MAX_TEXT} characters")
    return Body(
        text=text, html=html, is_from_html=from_html, files=tuple(draft.files), defects=tuple(draft.defects)
    )


_EXCUSE = re.compile(
    r"(?i)(html|mime)[\w\s,'’-]{0,60}(mail|reader|client|viewer|browser|compatible)|(reader|client|program|viewer)[\w\s,'’-]{0,60}\bhtml|不支持\s*html|请使用.{0,10}html"
    r"|view (this|the) (e-?mail|message|mail) (in|as|with)"
)


def _is_excuse(text: str) -> bool:
    """Say whether the plain part only asks for a program that shows HTML."""
    return len(text) < 300 and bool(_EXCUSE.search(text))


def _take(part: Part, draft: _Draft) -> None:
    if part.type == "multipart/alternative":
        _take_alternative(part, draft)
    elif part.type.startswith("multipart/") and part.children:
        for child in part.children:
            _take(child, draft)
    elif part.type in ("message/rfc822", "message/global"):
        _attach_mail(part, draft)
    elif _is_text(part):
        _take_text(part, draft)
    else:
        _attach(part, draft)


def _is_text(part: Part) -> bool:
    if part.type not in (
        "text/plain",
        "text/html",
        "text/enriched",
        "text/richtext",
        "text/markdown",
        "text/x-markdown",
    ):
        return False
    if part.disposition == "attachment":
        return False
    named = part.params.get("name") or part.disposition_params.get("filename")
    return not named or (part.type == "text/html" and part.disposition == "" and _is_body_name(named))


def _is_body_name(name: str) -> bool:
    return bool(re.fullmatch(r"(?i)(message|body|untitled|mail|part|att\d*)[\w.-]*\.html?", name))


def _take_text(part: Part, draft: _Draft) -> None:
    text = draft.decode(part)
    if part.type == "text/html":
        draft.htmls.append(text)
        if draft.texts:  # a text part came before: what only this one says must not get lost
            draft.texts.append(hypertext.to_text(text))
        return
    if part.type in ("text/enriched", "text/richtext"):
        text = re.sub(r"</?\w[^>]{0,200}>", "", text)
    if part.params.get("format", "").lower() == "flowed":
        text = unflowed(text, delsp=part.params.get("delsp", "").lower() == "yes")
    if "begin " in text and "\nend" in text:
        text = _without_uu(part, text, draft)
    draft.texts.append(text)


def _without_uu(part: Part, text: str, draft: _Draft) -> str:
    rest, files = uu_files(part.content())
    for name, content in files:
        shown = draft.name_for(decode_words(name, draft.hint), "application/octet-stream")
        draft.files.append(File(name=shown, media_type="application/octet-stream", content=content))
    if not files:
        return text
    return charsets.decode(rest, part.params.get("charset"), draft.hint)[0].replace("\r\n", "\n")


def _take_alternative(part: Part, draft: _Draft) -> None:
    """Take one plain and one HTML form of the same words; whatever else is in there is a file."""
    plain = next((child for child in part.children if child.type == "text/plain" and _is_text(child)), None)
    before = len(draft.texts)
    if plain is not None:
        _take_text(plain, draft)
    had_text = any(text.strip() for text in draft.texts[before:])
    for child in part.children:
        if child is plain:
            continue
        if child.type == "text/html" and _is_text(child):
            draft.htmls.append(draft.decode(child))
        elif child.children and child.type.startswith("multipart/"):
            _take_nested(child, draft, had_text)
        else:
            _take(child, draft)


def _take_nested(child: Part, draft: _Draft, had_text: bool) -> None:
    inner = _Draft(draft.hint)
    _take(child, inner)
    draft.htmls.extend(inner.htmls)
    draft.files.extend(inner.files)
    draft.defects.extend(inner.defects)
    if not had_text:
        draft.texts.extend(inner.texts)


def _file_name(part: Part) -> str:
    return part.disposition_params.get("filename") or part.params.get("name") or ""


def _attach(part: Part, draft: _Draft) -> None:
    content = part.content()
    if not content and not _file_name(part):
        return
    given = _file_name(part)
    if not given and part.first("content-description"):
        described = decode_words(part.first("content-description"), draft.hint)
        given = described if "." in described[-6:] else ""
    content_id = part.first("content-id").decode("latin-1").strip().strip("<>") or None
    draft.files.append(
        File(
            name=draft.name_for(given, part.type),
            media_type=part.type,
            content=content,
            inline=part.disposition == "inline"
            or (content_id is not None and part.disposition != "attachment"),
            content_id=content_id,
        )
    )


def _attach_mail(part: Part, draft: _Draft) -> None:
    given = _file_name(part)
    if not given:
        subject = decode_words(part.children[0].first("subject"), draft.hint) if part.children else ""
        given = f"{subject}.eml" if subject else ""
    elif "." not in given[-6:]:
        given += extension(part.type)
    name = draft.name_for(given.replace("/", "_").replace("\\", "_"), "message/rfc822")
    draft.files.append(File(name=name, media_type="message/rfc822", content=part.content()))


def _charset_in_html(content: bytes) -> str | None:
    match = re.search(
        rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", content[:4096], re.IGNORECASE
    )
    return match.group(1).decode("ascii") if match else None


def unflowed(text: str, *, delsp: bool) -> str:
    """Return ``format=flowed`` text with its soft line ends undone (RFC 3676)."""
    out: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:]
        words = words[1:] if words.startswith(" ") else words
        is_soft = words.endswith(" ") and words != "-- "
        if open_depth == depth and words != "-- ":
            out[-1] += words
        else:
            out.append((">" * depth + " " if depth else "") + words)
        if is_soft and delsp:
            out[-1] = out[-1][:-1]
        open_depth = depth if is_soft else None
    return "\n".join(out)
