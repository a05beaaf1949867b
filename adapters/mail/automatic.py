"""Which mails no human wrote, and which must not be answered unasked: two questions, never merged. Pure."""

import re
from dataclasses import dataclass

from adapters.contract import AutomaticKind
from adapters.mail.parts import Part

LOOP_HEADER = "X-Intake-Loop"

# Subjects that autoresponders write; the header that should say so is often missing (QQ, 163, old Exchange).
_REPLY_SUBJECT = re.compile(
    r"""^\s*(\[[^\]]{1,30}\]\s*)?(
        自动回复|自动答复|自動回覆|自動回復|自動答覆|自動返信|自动应答|假期自动|休假自动
      | auto(matic)?[\s-]*(reply|response|answer)\b | autoreply | out[\s-]of[\s-](the[\s-])?office\b
      | automatische\s+(antwort|rückantwort)|abwesenheits(notiz|assistent|meldung)|abwesend\b
      | réponse\s+automatique|respuesta\s+autom[aá]tica|risposta\s+automatica|resposta\s+autom[aá]tica
      | automatisch\s+(antwoord|beantwoorden)|autosvar\b|автоответ|自動応答|부재\s*중
      | vacation\s+(reply|response|notice)\b )""",
    re.IGNORECASE | re.VERBOSE,
)
_REPLY_BODY = re.compile(
    r"^\W*(这是来自.{0,12}邮箱的(假期)?自动(回复|答复)邮件|這是.{0,12}自動(回覆|回復)|此(邮件|信)为(系统)?自动回复"
    r"|(您|你)好[，,!！]?\s*(这|此)(是|为)(一封)?自动回复)"
)
_ROBOT_LOCAL = re.compile(
    r"(mailer-?daemon|postmaster|no-?_?\.?reply|do-?_?not-?_?reply|noreply|donotreply|bounces?|owner-.*|.*-request"
    r"|.*-bounces?|.*-owner|listserv|majordomo|mail-?daemon|root|abuse|auto-?(reply|responder|mailer))(\+.*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail is when no human wrote it, whether it may be answered unasked, and why."""

    kind: AutomaticKind | None
    may_autorespond: bool
    because: str


def judge(root: Part, *, subject: str, sender: str, text: str, is_bounce: bool) -> Verdict:
    """Judge a mail by its headers, its shape and, where headers fail us, its first words."""
    kind, because = _kind(root, subject, text, is_bounce)
    if kind is not None:
        return Verdict(kind, False, because)
    silence = must_be_silent(root, sender)
    return Verdict(None, silence is None, silence or "")


def _kind(root: Part, subject: str, text: str, is_bounce: bool) -> tuple[AutomaticKind | None, str]:
    types = {part.type for part in root.walk()}
    report = root.params.get("report-type", "").lower() if root.type == "multipart/report" else ""
    if report == "feedback-report" or "message/feedback-report" in types or _is_complaint(root, subject):
        return AutomaticKind.COMPLAINT, "feedback report (RFC 5965)"
    if report == "disposition-notification" or "message/disposition-notification" in types:
        return AutomaticKind.RECEIPT, "read receipt (RFC 8098)"
    if is_bounce:
        return AutomaticKind.BOUNCE, "delivery report"
    submitted = _word(root, "auto-submitted")
    if submitted.startswith("auto-replied"):
        return AutomaticKind.AUTO_REPLY, "Auto-Submitted: auto-replied"
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-mail-autoreply", "x-auto-reply-from"):
        if _word(root, name) not in ("", "no", "false"):
            return AutomaticKind.AUTO_REPLY, f"{name} is set"
    if _word(root, "precedence") == "auto_reply" or _word(root, "x-precedence") == "auto_reply":
        return AutomaticKind.AUTO_REPLY, "Precedence: auto_reply"
    if root.first("x-ms-exchange-inbox-rules-loop") and root.first("x-auto-response-suppress"):
        return AutomaticKind.AUTO_REPLY, "sent by a mailbox rule"
    if (
        b"VACATION" in root.first("x-apple-criteria").upper()
        or b"kind=vacation" in root.first("x-apple-action").lower()
    ):
        return AutomaticKind.AUTO_REPLY, "vacation notice"
    if _REPLY_SUBJECT.match(subject) or _REPLY_BODY.match(text[:200]):
        return AutomaticKind.AUTO_REPLY, "worded as an automatic reply"
    if any(
        root.first(name) for name in ("list-id", "list-post", "mailing-list", "x-mailing-list", "x-loop-list")
    ):
        return AutomaticKind.LIST, "came over a mailing list"
    if _word(root, "precedence") in ("list", "bulk", "junk") and root.first("list-unsubscribe"):
        return AutomaticKind.LIST, "bulk mail"
    return None, ""


def _is_complaint(root: Part, subject: str) -> bool:
    """Say whether this is Hotmail's kind of complaint, which has no report type."""
    if not re.match(r"(?i)complaint about message from", subject):
        return False
    return any(part.first("x-hmxmroriginalrecipient") for part in root.walk())


def must_be_silent(root: Part, sender: str) -> str | None:
    """Return why a mail must get no automatic answer (RFC 3834 and its relatives), or None if it may."""
    submitted = _word(root, "auto-submitted")
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted[:40]}"
    if any(value.strip() == b"<>" for value in root.all("return-path")):
        return "empty Return-Path"
    if _word(root, "precedence") in ("bulk", "list", "junk", "auto_reply"):
        return "Precedence says bulk, list or junk"
    if any(name.startswith("list-") for name, _ in root.fields):
        return "it came over a list"
    suppress = _word(root, "x-auto-response-suppress")
    if re.search(r"\b(all|autoreply|oof)\b", suppress):
        return "X-Auto-Response-Suppress asks for none"
    if root.first(LOOP_HEADER.lower()):
        return "it carries our loop mark"
    if root.type == "multipart/report":
        return "it is a report"
    if spam_said(root):
        return "the server takes it for spam"
    if not sender or "@" not in sender:
        return "no address to answer to"
    if _ROBOT_LOCAL.fullmatch(sender.rpartition("@")[0]):
        return f"{sender.rpartition('@')[0]} is no person"
    return None


_SPAM = re.compile(r"(yes|true|spam|1)\b")
_SPAM_FIELDS = ("x-spam-flag", "x-spam-status", "x-spam", "x-barracuda-spam-flag", "x-qq-spam")


def spam_said(root: Part) -> str | None:
    """Return the header by which a receiving server says that it takes a mail for spam; None if none says so.

    Whoever puts such a header into his own mail harms nobody but himself.
    """
    for name in _SPAM_FIELDS:
        if _SPAM.match(_word(root, name)):
            return f"{name}: {_word(root, name)[:60]}"
    if re.search(r"\bsfv:(spm|skb|sks)\b", _word(root, "x-forefront-antispam-report")):
        return "x-forefront-antispam-report: spam"
    level = _word(root, "x-ms-exchange-organization-scl")
    if level.isdecimal() and 5 <= int(level[:3]) <= 9:
        return f"x-ms-exchange-organization-scl: {level[:3]}"
    return None


def _word(root: Part, name: str) -> str:
    return root.first(name).decode("latin-1").strip().lower()
