"""The marks by which mail programs set off the mail they answer, in the languages customers write. Pure."""

import re
from collections.abc import Sequence

MARKER = "请在此行上方回复 / Please reply above this line"
_MARKER = re.compile(r"请在此行上方回复|請在此行上方回覆|Please reply above this line", re.IGNORECASE)

# “Rob wrote:” — the verb stands last, before the colon.
_VERB = (
    r"wrote|writes|said|says|schrieb|geschrieben|geschreven|a\s+écrit|a\s+ecrit|écrit|escribió|escribio|va\s+escriure|ha\s+scritto|scrive|escreveu"
    r"|schreef|napisał(?:\(a\)|a)?|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|skrev|skrifaði|skribis|เขียนว่า|เขียน|ha\s+scris|rakstīja|kirjutas|rašo|je\s+napisal|kirjoitti|написал(?:\(а\)|а)?"
    r"|пише|пишет|написав|írta|yazdı|şunu\s+yazdı|viết|έγραψε|a\s+scris|je\s+napisao|rašė|написа|menulis|đã\s+viết|ezt\s+írta|napisao|pisze|a\s+scris\s+următoarele"
    r"|写道|寫道|写到|寫到|写的|撰写|さんは書きました|のメール|작성|님이\s*작성"
)
_ENDS_WITH_VERB = re.compile(rf"(?:{_VERB})\s*[:：]\s*$", re.IGNORECASE)
_HAS_VERB = re.compile(rf"(?:{_VERB})", re.IGNORECASE)
_QUOTING = re.compile(
    r"^\s*(quoting|zitat\s+von|citando\s+a?|citát|selon|в\s+цитате)\b.{0,200}[:：]\s*$", re.IGNORECASE
)
_DASHED_WROTE = re.compile(r"^\s*-{2,}\s*.{2,200}\bwrote\s*-{2,}\s*$", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_DATE = re.compile(
    r"\b(19|20)\d{2}\b|\d{4}\s*年|\d{1,2}[:.：]\d{2}|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}月\d{1,2}日",
    re.ASCII,
)
_INTRO = re.compile(
    r"^\s*[>*]*\s*(on|at|le|am|el|il|op|den|dne|dnia|w\s+dniu|em|no\s+dia|a|на|в|um|pe|在|于|於|[12]\d{3}[-/年.]"
    r"|\d{1,2}[:.]\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|(mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim)\b)",
    re.IGNORECASE,
)

_FROM = r"from|von|de|da|från|fra|van|от|від|od|lähettäjä|kimden|feladó|odesílatel|发件人|寄件者|寄件人|发送人|發件人|差出人|보낸\s*사람|发自"
_SENT = (
    r"sent|date|sent\s+at|gesendet|datum|envoyé(?:\s+le)?|enviado(?:\s+el|\s+em)?|fecha|data|inviato|skickat|sendt|dato"
    r"|verzonden|отправлено|дата|wysłano|lähetetty|elküldve|dátum|gönderildi|tarih|odesláno|发送时间|发送日期|发信时间|日期|时间|寄件日期|發送時間"
    r"|傳送時間|送信日時|日時|보낸\s*날짜|날짜"
)
_TO = r"to|an|à|a|para|per|till|til|aan|кому|do|vastaanottaja|címzett|kime|komu|收件人|收件者|收信人|抄送人?|副本|宛先|받는\s*사람|cc|kopie|copie"
_SUBJECT = r"subject|betreff|objet|asunto|oggetto|ämne|emne|onderwerp|тема|temat|assunto|aihe|konu|předmět|tárgy|主\s*[题題旨]|件名|제목"
_REPLY_TO = r"reply-to|risposta|antwort\s+an|答复|回复"
_HEADER = re.compile(
    rf"^[\s>|*_]*(?:(?P<sender>{_FROM})|(?P<date>{_SENT})|(?P<to>{_TO})|(?P<subject>{_SUBJECT})|(?P<reply>{_REPLY_TO}))"
    rf"\s*[*_]*\s*(?:[:：][*_]*|\|)\s*(?P<value>.*)$",
    re.IGNORECASE,
)

_OLD = (
    r"original\s+(?:message|appointment|mail|e-?mail)|original|reply\s+message|原始邮件|原始郵件|原邮件|原郵件|回复的原邮件|回覆的原郵件"
    r"|邮件原件|邮件原文|原件|原始信息|原始消息|回复邮件信息|oprindelig\s+(?:besked|meddelelse)|message\s+d['’]origine|message\s+original"
    r"|mensaje\s+original|mensagem\s+original|messaggio\s+originale|messaggio\s+originario|ursprüngliche\s+nachricht|originalnachricht"
    r"|oorspronkelijk\s+bericht|origineel\s+bericht|ursprungligt\s+meddelande|originalmeddelande|opprinnelig\s+melding"
    r"|alkuperäinen\s+viesti|wiadomość\s+oryginalna|oryginalna\s+wiadomość|исходное\s+сообщение|původní\s+zpráva|eredeti\s+üzenet"
    r"|özgün\s+i̇?leti|orijinal\s+mesaj|元のメッセージ|원본\s*메일|원본\s*메시지"
)
_SEPARATOR = re.compile(rf"^[\s>|]*[-_=*─—－]{{2,}}\s*(?:{_OLD})\s*[-_=*─—－]{{2,}}", re.IGNORECASE)
_INLINE_SEPARATOR = re.compile(
    r"(?<![-－─])[-－─]{3,60}\s{0,5}(?:回复的原邮件|原始邮件|原始郵件|原邮件)\s{0,5}[-－─]{3,60}",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"""^[\s|]*(?:[-_=*─—－]{2,}\s*(?:.{0,12}(?:forwarded?|fwd)\b.{0,20}|.{0,8}(?:转发|轉寄|轉發).{0,10}|weitergeleitete.{0,20}
      |message\s+transf.{0,10}|mensaje\s+reenviado|mensagem\s+encaminhada|messaggio\s+inoltrato|doorgestuurd.{0,12}
      |vidarebefordra.{0,20}|videresend.{0,20}|пересыла.{0,30})\s*[-_=*─—－]{2,}
      |begin\s+forwarded\s+message\s*[:：]|anfang\s+der\s+weitergeleiteten.{0,20}:|début\s+du\s+message\s+(?:réexpédié|transféré).{0,5}:
      |开始转发.{0,6}[:：]|以下是转发.{0,6}[:：]|inizio\s+messaggio\s+inoltrato:)""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_RULE = re.compile(r"^\s*[-_=*#+~─—－.•·]{2,}\s*$|^\s*ᐧ\s*$|^\s*[|]\s*[|]?\s*$")
_DELIMITER = re.compile(r"^\s*(--|—|- -|__)\s*$")
_MOBILE = re.compile(
    r"""^\s*[<(\[>*_]*\s*(?:
        sent\s+(?:from|via|with|by|using|on)\b | from\s+my\s+(?:i?phone|ipad|mobile|android|samsung|blackberry|galaxy)
      | .{0,30}\bfrom\s+mobile$ | get\s+\[?outlook\s+for | (?:my\s+)?(?:i?phone|mobile)\s+(?:message|mail)$
      | envoyé\s+(?:depuis|de|à\s+partir|avec) | gesendet\s+(?:von|mit|über|aus) | von\s+meinem\s.{2,40}gesendet
      | diese\s+nachricht\s+wurde\s+von\s | enviado\s+(?:desde|do|de|a\s+partir|pelo) | inviato\s+(?:da|dal|con)
      | verzonden\s+(?:met|vanaf|van|via) | sendt\s+fra | skickat\s+från | lähetetty\s | wysłan[eo]\s+z | отправлено\s+(?:с|из)
      | odesláno\s+z | iphone['’]?(?:umdan|dan)\s+gönderildi | trimis\s+de\s+pe | outlook\s+for\s+(?:ios|android)
      | 从.{1,24}发送$ | 從.{1,24}傳送$ | 来自\s?windows.{0,12}邮件(?:应用)?$ | 来自\s?mail\s.{0,20}$ | 发自|發自|发送自|傳送自|来自我?的?.{0,16}(?:手机|邮箱|iphone)|從我的.{0,20}傳送|从我的.{0,20}发送|我的.{0,12}(?:iphone|手机)
      | 签名由|簽名由|获取\s*outlook|取得\s*outlook|使用.{0,12}(?:手机|邮箱).{0,6}发送|由.{0,16}(?:手机|邮箱大师).{0,6}(?:发送|定制)
      | iphoneから送信|나의\s*iphone|내\s*iphone
    ).{0,120}$""",
    re.IGNORECASE | re.VERBOSE,
)


def is_marker(line: str) -> bool:
    """Say whether this is the line we put above every mail we send."""
    return bool(_MARKER.search(line))


def is_quoted(line: str) -> bool:
    """Say whether a line is set off by ``>``."""
    text = line.strip()
    return text.startswith((">", "＞")) and text not in (">:", "> :")  # the end of a wrapped “<a@b.example>:”


def is_separator(line: str) -> bool:
    """Say whether everything below this line is the mail answered."""
    return bool(_SEPARATOR.match(line)) or (len(line) < 300 and bool(_DASHED_WROTE.match(line)))


def inline_separator(line: str) -> int | None:
    """Return where in a line a flattened separator begins, as 163's clients write it."""
    match = _INLINE_SEPARATOR.search(line)
    return match.start() if match and match.start() > 0 else None


def is_forward(line: str) -> bool:
    """Say whether a forwarded mail begins here."""
    return len(line) < 160 and bool(_FORWARD.match(line))


def forwarded_sender(lines: Sequence[str]) -> str | None:
    """Return what stands after “From:” in the first forwarded mail; None where nothing is forwarded."""
    for i, line in enumerate(lines):
        if is_forward(line):
            below = (_HEADER.match(it) for it in lines[i + 1 : i + 12])
            return next((it["value"].strip() for it in below if it and it["sender"]), None)
    return None


def is_rule(line: str) -> bool:
    """Say whether a line only draws a line."""
    return bool(_RULE.match(line))


def is_delimiter(line: str) -> bool:
    """Say whether a signature begins below this line (RFC 3676 §4.3, and how people write it)."""
    return bool(_DELIMITER.match(line))


def is_mobile_signature(line: str) -> bool:
    """Say whether a program wrote this line about itself: “Sent from my iPhone”, “发自我的华为手机”."""
    return len(line) < 160 and bool(_MOBILE.match(line))


def is_table_signature(line: str) -> bool:
    """Say whether a line ends the table in which 网易邮箱大师 puts its user's card."""
    return "邮箱大师" in line


def is_bare_address(line: str) -> bool:
    """Say whether a line is nothing but an address, as Foxmail signs."""
    return bool(re.fullmatch(r"\s*<?[^\s<>@]+@[^\s<>@]+>?\s*", line))


def attribution(lines: Sequence[str], end: int) -> int | None:
    """Return where an attribution (“On … Rob wrote:”) that ends with line ``end`` begins; None if there is none."""
    last = lines[end].rstrip()
    if len(last) > 300:
        return None
    if not last.endswith((":", "：")):
        return end if _is_bare_attribution(last) and _next_is_quoted(lines, end) else None
    followed = _next_is_quoted(lines, end)
    for start in range(end, max(end - 4, -1), -1):
        if not lines[start].strip() or is_quoted(lines[start]):
            return None
        joined = " ".join(line.strip() for line in lines[start : end + 1])
        if len(joined) > 400:
            return None
        if _is_attribution(joined, followed) and not _is_continued_above(lines, start, joined):
            return start
    return None


def is_broken_link(line: str) -> bool:
    """Say whether a line is nothing but a link that some program broke out of its quoted line."""
    return bool(re.fullmatch(r"\s*[(<\[]{0,2}https?://\S{1,900}[)>\]]{0,2}[\s>]*", line))


def _is_bare_attribution(line: str) -> bool:
    """Say whether a line names when and who, and no verb: “2026/11/24 Rob <rob@x.example>”."""
    return bool(re.match(r"\s*\d{1,4}[-/.年]", line) and re.search(r"<[^<>\s@]+@[^<>\s]+>\s*$", line))


def _is_attribution(text: str, followed: bool) -> bool:
    has_date, has_address = bool(_DATE.search(text)), bool(_ADDRESS.search(text))
    if _QUOTING.match(text):
        return has_address
    if _ENDS_WITH_VERB.search(text):
        return has_date or has_address or (followed and len(text) < 80)
    if has_date and (has_address or "<" in text):
        return len(text) < 250 and (bool(_HAS_VERB.search(text)) or bool(re.search(r">\s*[:：]$", text)))
    return has_date and bool(_HAS_VERB.search(text)) and (followed or bool(_INTRO.match(text)))


def _is_continued_above(lines: Sequence[str], start: int, joined: str) -> bool:
    """Say whether the attribution must have begun on the line above: a bracket is open, or no date has come yet."""
    if start == 0 or not lines[start - 1].strip() or is_quoted(lines[start - 1]):
        return False
    if joined.count(">") > joined.count("<"):
        return True
    above = lines[start - 1]
    if not _ADDRESS.search(joined) and len(above) < 160 and re.search(r"<[^<>\s@]+@[^<>\s]+>", above):
        return True
    if above.rstrip().endswith((".", "。", "!", "！", "?", "？", ":", "：")) or not _DATE.search(above):
        return False
    return bool(_INTRO.match(above)) or (not _DATE.search(joined) and len(above) < 100)


def _next_is_quoted(lines: Sequence[str], end: int) -> bool:
    following = next((line for line in lines[end + 1 : end + 4] if line.strip()), "")
    return is_quoted(following)


def is_header_block(lines: Sequence[str], start: int) -> bool:
    """Say whether the header of an older mail begins here: “发件人： … 发送时间： …”, “From: … Sent: …”."""
    first = _HEADER.match(lines[start])
    if not first or first.group("subject") or first.group("reply"):
        return False
    kinds: set[str] = set()
    values: list[str] = []
    misses = 0
    for line in lines[start : start + 14]:
        match = _HEADER.match(line)
        if match:
            kinds.update(name for name in ("sender", "date", "to", "subject") if match.group(name))
            values.append(match.group("value"))
            misses = 0
        elif not line.strip() or misses == 2:
            break
        else:
            values.append(line)
            misses += 1
    text = " ".join(values)
    if len(kinds) >= 4:
        return True
    return len(kinds) >= 2 and ("sender" in kinds or "date" in kinds) and bool(_ADDRESS.search(text))
