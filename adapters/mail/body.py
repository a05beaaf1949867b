"""The body of a mail: which parts are its text, which its files. Pure."""

import mimetypes
import re
from dataclasses import dataclass, field, replace
from itertools import count
from urllib.parse import unquote

from adapters.contract import Meeting
from adapters.mail import calendar, charsets, hypertext, protection, tnef
from adapters.mail.headers import decode_words
from adapters.mail.letter import File
from adapters.mail.names import extension, safe_name
from adapters.mail.parts import Budget, Part, take_apart, uu_files

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
    meetings: tuple[Meeting, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    hint: str | None
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)

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
    labels = protection.labels(root, text)
    text, sealed = protection.without_armour(text)
    text = text.strip("\n")
    for block in sealed:
        name = draft.name_for("message.asc", "application/pgp-encrypted")
        draft.files.append(File(name=name, media_type="application/pgp-encrypted", content=block.encode()))
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
        text=text,
        html=html,
        is_from_html=from_html,
        files=tuple(_placed(file, _images_in(html or "")) for file in draft.files),
        defects=tuple(draft.defects),
        meetings=tuple(dict.fromkeys(draft.meetings))[: calendar.MAX_EVENTS],
        labels=(*labels, *(("calendar",) if draft.meetings else ())),
    )


def _images_in(html: str) -> frozenset[str]:
    """Return the content ids that the HTML shows."""
    found = re.findall(r"(?i)\bcid:([^\s\"'<>)]{1,300})", html[: hypertext.MAX_CHARS])
    return frozenset(unquote(it) for it in found)


def _placed(file: File, shown: frozenset[str]) -> File:
    """Mark a file as part of the text if the text shows it, and a signature as nothing to open.

    Whatever calls itself inline and is shown nowhere would be seen by nobody: it is listed like any other file.
    """
    is_inline = file.content_id in shown or file.media_type in protection.SIGNATURE_TYPES
    return replace(file, inline=is_inline)


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
    elif part.type in calendar.TYPES:
        draft.meetings.extend(calendar.meetings(draft.decode(part)))
        _attach(part, draft)
    elif part.type in tnef.TYPES or _file_name(part).lower() == "winmail.dat":
        _take_winmail(part, draft)
    elif part.type.endswith("pkcs7-mime") and protection.smime_kind(part) == protection.SIGNED:
        _take_signed(part, draft)
    elif _is_text(part):
        _take_text(part, draft)
    else:
        _attach(part, draft)


def _take_winmail(part: Part, draft: _Draft) -> None:
    """Take out what Outlook wrapped up; the wrapping is kept with it."""
    _attach(part, draft)
    try:
        found = tnef.opened(part.content())
    except tnef.NotTnef:
        return
    if not found.whole:
        draft.defects.append("winmail.dat is broken: what comes after the break is in the original only")
    if found.html and not draft.htmls:
        draft.htmls.append(found.html)
    if found.text and not any(text.strip() for text in draft.texts):
        draft.texts.append(found.text.replace("\r\n", "\n"))
    for one in found.files:
        media_type = one.media_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", one.media_type) else ""
        kind = media_type or mimetypes.guess_type(one.name)[0] or "application/octet-stream"
        name = draft.name_for(one.name, kind)
        draft.files.append(File(name=name, media_type=kind, content=one.content, content_id=one.content_id))


def _take_signed(part: Part, draft: _Draft) -> None:
    """Take the mail out of its S/MIME signature; the signature is kept with it, and is not verified."""
    _attach(part, draft)
    inner = protection.signed_content(part.content())
    if inner is None:
        return
    budget = Budget(parts=50)
    if draft.files:
        draft.files[-1] = replace(draft.files[-1], media_type=protection.SIGNATURE_TYPES[1])
    _take(take_apart(inner, budget), draft)
    draft.defects.extend(budget.defects)


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
    draft.meetings.extend(inner.meetings)
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
