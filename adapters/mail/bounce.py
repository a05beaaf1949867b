"""Delivery reports: the standard ones (RFC 3464) and the many that only a mail server's author could love. Pure."""

import re
from collections.abc import Iterable, Iterator

from adapters.contract import Bounced
from adapters.mail.charsets import guess
from adapters.mail.headers import split_fields
from adapters.mail.parts import Part
from adapters.mail.reasons import concluded, is_passing, reason_in, unknown

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]|\d)")
_CODE = re.compile(r"(?<![\d.\-])([45][0-5]\d)(?![\d.])")
_ADDRESS = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]+\.)+[\w-]{2,}|[\w.+-]{1,64}@[\w.-]{2,}", re.ASCII
)
_DAEMON = re.compile(
    r"mailer-?_?daemon|mail\.?delivery\.?(system|subsystem|service)|postmaster|mail-?daemon|mdaemon",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"""undeliver|deliver(y|ed)?\s+(status|has\s+failed|failure|failed|problem|report|notification|error|incomplete)
      | (mail|message|email)\s+(delivery|system)\b.*(fail|error|delay|problem) | returned\s+(mail|to\s+sender)
      | failure\s+(notice|delivery) | (mail|message)\s+failed | failed\s+(mail|delivery) | non[\s-]?deliver
      | not\s+deliver|could\s*n[o']t\s+be\s+delivered|delivery\s+failure | returning\s+message\s+to\s+sender
      | warning:\s+(could\s+not\s+send|message) | 退信|系统退信|无法投递|投递失败|退件|投遞|無法傳遞|未送达|发送失败|配信
      | unzustellbar|nicht\s+zustellbar|zustell(ung|fehler) | error\s+(sending|in)\s | mail\s+error | 配送
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BODY = re.compile(
    r"""(could|can|was|were|did|has|have)\s*n[o']?t\s+(be\s+)?(been\s+)?(able\s+to\s+)?(deliver|reach|send)
      | undeliverable | unable\s+to\s+deliver | deliver\w*\s+(\w+\s+){0,4}fail | permanent\s+(fatal\s+)?error
      | failed\s+to\s+deliver | delivery\s+(errors?|failed|failure|attempt) | transcript\s+of\s+session
      | user\s+unknown | mailbox\s+(is\s+)?full | no\s+such\s+user | 无法(投递|送达|发送)|退信|退回
      | error\s+(occurred\s+)?while\s+(trying\s+to\s+)?deliver | there\s+was\s+an\s+error\s+delivering
      | trouble\s+delivering | not\s+delivered | message\s+log\s+follows | returned\s+(to\s+you|mail)
      | did\s+not\s+reach | failed\s+recipient | rejected""",
    re.IGNORECASE | re.VERBOSE,
)

# Amazon's notifications are JSON, quoted once or twice.
_NOTIFICATION = re.compile(r"notificationType\\*\"\s*:\s*\\*\"Bounce")
_PLAIN_WORDS = re.compile(r"could\s+not\s+be\s+delivered\s+to:?\s*<|mailbox\s+is\s+full", re.IGNORECASE)


def is_bounce(root: Part, subject: str, sender: str, text: str) -> bool:
    """Say whether a mail reports that another could not be delivered, or not yet."""
    if any(part.type == "message/feedback-report" for part in root.walk()):
        return False
    status = list(status_parts(root))
    if status:
        return any(_fields_of(block).get("action", "") not in ("delivered", "relayed", "expanded")
                   for part in status for block in blocks(part)[1:] or blocks(part))  # fmt: skip
    from_daemon = bool(_DAEMON.search(sender)) or any(v.strip() == b"<>" for v in root.all("return-path"))
    named = bool(_SUBJECT.search(subject))
    if root.first("x-failed-recipients") or _NOTIFICATION.search(text[:20_000]):
        return True
    told = bool(_BODY.search(text[:20_000]))
    if from_daemon and named:
        return told or reason_in(_own_words(text)[:2000]) or _gives_back(root)
    if (from_daemon or named) and _has_daemon_from(root):
        return told
    return from_daemon and bool(_PLAIN_WORDS.search(text[:1000]))


def _gives_back(root: Part) -> bool:
    """Say whether a mail comes with another one, or with an empty sender, as only a server sends."""
    types = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
    return any(part.type in types for part in root.walk()) or any(
        value.strip() == b"<>" for value in root.all("return-path")
    )


def _has_daemon_from(root: Part) -> bool:
    value = guess(b" ".join((root.first("from"), root.first("return-path"), root.first("sender"))))
    return bool(_DAEMON.search(value))


def status_parts(root: Part) -> Iterator[Part]:
    """Give the machine-readable parts of a report."""
    for part in root.walk():
        if part.type in ("message/delivery-status", "message/global-delivery-status"):
            yield part


def blocks(part: Part) -> list[dict[str, str]]:
    """Return the groups of fields in a delivery-status part: the first is about the whole message."""
    content = part.content().replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip(b"\n")
    out: list[dict[str, str]] = []
    for group in re.split(rb"\n[ \t]*\n", content):
        fields, _ = split_fields(group)
        if fields:
            out.append({name: guess(value) for name, value in reversed(fields)})
    return out


def _fields_of(block: dict[str, str]) -> dict[str, str]:
    return {name: value.strip().lower() for name, value in block.items()}


def recipients(root: Part, text: str) -> tuple[Bounced, ...]:
    """Return whom a bounce speaks of, from its machine-readable part or, failing that, from its words."""
    found = [
        bounced
        for part in status_parts(root)
        for block in blocks(part)
        if (bounced := _from_block(block, text))
    ]
    return tuple(found) or tuple(_from_words(root, text))


def _from_block(block: dict[str, str], text: str) -> Bounced | None:
    who = block.get("final-recipient") or block.get("original-recipient")
    if not who:
        return None
    action = block.get("action", "").strip().lower()
    if action in ("delivered", "relayed", "expanded"):
        return None
    address = _plain(who)
    detail = block.get("diagnostic-code", "")
    status = best_status(block.get("status", ""), detail, _own_words(text))
    return Bounced(
        address=address, status=status, hard=status.startswith("5") or action == "failed", detail=detail[:500]
    )


def _plain(who: str) -> str:
    value = who.partition(";")[2] or who
    match = _ADDRESS.search(value)
    return (match.group() if match else value.strip().strip("<>")).lower()


def best_status(stated: str, detail: str, words: str) -> str:
    """Return the most telling x.y.z: a diagnosis before a general ``5.0.0``, the cause before “expired”."""
    told = [match.group() for match in _STATUS.finditer(detail) if match.group(1) != "2"]
    match = _STATUS.search(stated)
    own = match.group() if match else ""
    if not told and (not own or _is_general(own)):
        told = [match.group() for match in _STATUS.finditer(words) if match.group(1) != "2"]
    elif own.endswith(".4.7") or any(it.endswith(".4.7") for it in told):
        told += re.findall(r"(?<![\d.])[45]\.4\.[1-6](?![\d.])", words)
    candidates = [*told, own] if own else told
    exact = [it for it in candidates if not it.endswith(".4.7") and not it.endswith(".0")]
    named = [it for it in candidates if not _is_general(it)]
    if exact or named or own or told:
        return (exact or named or [own or told[0]])[0]
    code = _CODE.search(detail) or _CODE.search(words)
    return concluded(detail if reason_in(detail) else words, code.group(1) if code else "")


def _is_general(status: str) -> bool:
    return status.endswith(".0.0")


_COPY = re.compile(
    r"(?im)^\W*(original message|message headers?|headers of the|below this line|this is a copy|unsent message"
    r"|message text follows|returned message|received:|return-path:|the following is the original)"
)


def _own_words(text: str) -> str:
    """Return what the reporting server says, without the mail it returns."""
    match = _COPY.search(text)
    return text[: match.start()] if match and match.start() > 40 else text


def _from_words(root: Part, text: str) -> Iterator[Bounced]:
    words = _own_words(text)
    named = _ADDRESS.findall(guess(root.first("x-failed-recipients")))
    addresses = _unique(named or _likely(words, root))[:20]
    for address in addresses or [""]:
        about = _lines_about(address, words) if len(addresses) > 1 else words
        status = best_status("", about, words)
        if address.lower().endswith("@googlegroups.com") and status == unknown():
            status = unknown(
                918
            )  # Google's notice comes in the reader's language; the address tells what it says
        is_hard = status.startswith("5") and not is_passing(words)
        yield Bounced(address=address.lower(), status=status, hard=is_hard, detail=about.strip()[:500])


def _lines_about(address: str, words: str) -> str:
    """Return the lines that name an address, with the one after each."""
    lines = words.splitlines()
    return "\n".join("\n".join(lines[i : i + 2]) for i, line in enumerate(lines) if address in line)


def _likely(words: str, root: Part) -> list[str]:
    """Return addresses in the words that are not the reporting server's own."""
    head = guess(b" ".join((root.first("from"), root.first("to"), root.first("delivered-to")))).lower()
    return [a for a in _ADDRESS.findall(words) if a.lower() not in head and not _DAEMON.search(a)]


def _unique(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(a.rstrip(".") for a in addresses))


def returned_ids(root: Part) -> tuple[bytes, ...]:
    """Return the Message-IDs of the mails a report gives back, whole or headers only."""
    found: list[bytes] = []
    for part in root.walk():
        if part is root:
            continue
        found.extend(part.all("message-id"))
        if part.type == "message/disposition-notification":
            fields, _ = split_fields(part.content()[:65536])
            found.extend(value for name, value in fields if name == "original-message-id")
        if part.type in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
            fields, _ = split_fields(part.content()[:65536])
            found.extend(value for name, value in fields if name == "message-id")
    return tuple(found)
