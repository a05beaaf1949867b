"""Why a mail bounced, where no server gives a code of its own: read from its words. Pure.

RFC 3463 leaves ``x.0.y`` to the undefined. Bounce readers have long used ``x.0.9yy`` there for codes that
the *reader* concluded (Sisimai's numbers are the customary ones), so that nobody takes them for a server's word.
"""

import re

_REASONS: tuple[tuple[int, str], ...] = (
    (922, r"(mailbox|account|inbox|user|recipient)[^.\n]{0,40}\b(is\s+)?(full|over\s*-?quota|out\s+of\s+(storage|space)|exceed)"
          r"|over\s*-?quota|quota\s+(is\s+)?(exceeded|full)|exceed(s|ed)?\s[^.\n]{0,40}(quota|storage|allowed\s+size)|disk\s+quota|mailbox\s+full"
          r"|not\s+enough\s+(storage|space)|insufficient\s+(system\s+)?(storage|space)|邮箱(空间)?已满|信箱已滿|空间不足|容量"),
    (934, r"(message|mail|e-?mail|size|attachment)[^.\n]{0,30}(too\s+(big|large|long))|line\s+(limit|length|size)\s+(exceeded|limit)|line\s+too\s+long|(exceeds?|larger\s+than|over)\s[^.\n]{0,50}(message|mail|file)?\s*size"
          r"|size\s+(limit|exceeds)|邮件(过大|太大)|大小超"),
    (980, r"spam|junk\s*mail|unsolicited|black\s?listed\s+(url|link)|content\s+rejected|垃圾邮件"),
    (973, r"reverse\s+dns|\bptr\b|\brdns\b|reverse\s+(lookup|hostname|mapping)|fcrdns|reverse-?dns|cannot\s+(find|resolve)\s+your\s+(reverse\s+)?(host|address|ip)"),
    (971, r"block\s*-?list|black\s*-?list|\bblocked\b|\brbl\b|\bdnsbl\b|spamhaus|spamcop|sorbs|poor\s+reputation|banned|bad\s+reputation|refused\s+to\s+talk"),
    (932, r"no\s+mx\s+record|null\s*mx|does\s+not\s+accept\s+(any\s+)?mail|accepts\s+no\s+mail|does\s+not\s+receive"),
    (912, r"host\s+(is\s+)?(unknown|not\s+found)|unknown\s+(host|domain)|unrout(e)?able|no\s+such\s+(domain|host)|domain[^.\n]{0,30}(not\s+found|does\s+not\s+exist|unknown)"
          r"|host\s+or\s+domain\s+name\s+not\s+found|name\s+or\s+service\s+not\s+known|nxdomain|(?<![@\w.-])([\w-]+\.)+[a-z]{2,}\s+does\s+not\s+exist|(cannot|can't)\s+resolve|no\s+valid\s+(hosts|mx)|域名不存在"),
    (911, r"user\s+(is\s+)?(unknown|not\s+(found|listed|exist|known))|unknown\s+(user|recipient|local|address|mailbox)|no\s+such\s+(user|mailbox|recipient|person|address|account)"
          r"|(recipient|address|account|mailbox|user)[^.\n]{0,40}(does\s*n[o']t\s+exist|not\s+(be\s+)?(found|exist|recogni[sz]ed|valid)|unavailable|disabled|inactive|rejected)"
          r"|user\s+not\s+listed|not\s+listed\s+in|no\s+mailbox|invalid\s+(recipient|mailbox|address|user)|not\s+a\s+(valid|known)\s+(user|mailbox|address)"
          r"|does\s*n[o']t\s+have\s+an?\s.{0,60}account|(用户|收件人|地址|账号|帐号|邮箱)[^，。\n]{0,60}不存在|无此用户|あて先"),
    (947, r"expired|retry\s+time\s*-?out|timed?\s*-?\s?out|giv(ing|en)\s+up|for\s+the\s+last\s+\d+|too\s+long|did\s+not\s+accept\s+our\s+requests|not\s+reachable|unreachable"
          r"|connection\s+(was\s+)?(refused|reset|timed)|failed\s+\d+\s+attempts|cannot\s+send\s+message\s+for|multiple\s+retries|too\s+many\s+(attempts|retries|hops)|aborted\s+after|超时"),
    (944, r"network\s+error|no\s+route\s+to|network\s+is"),
    (939, r"pipe\s+to\s|command\s+(died|failed)|mailer\s+(error|died)|exit\s+(status|code)|local\s+delivery\s+failed"),
    (918, r"permission\s+to\s+post|not\s+(allowed|authori[sz]ed|permitted)\s+to\s+(send|post)|sender\s[^.\n]{0,30}(rejected|denied|refused)|may\s+not\s+exist,\s+or"),
    (910, r"filter|rejected\s+by\s+(a|the)\s+(remote|recipient)|policy|access\s+denied|被(拒绝|过滤)"),
    (930, r"\btls\b|internal\s+(server\s+)?error|system\s+error|local\s+error|configuration\s+error|loops?\s+back"),
)  # fmt: skip
_COMPILED = tuple((number, re.compile(pattern, re.IGNORECASE)) for number, pattern in _REASONS)
UNKNOWN = 901

_PASSING = re.compile(
    r"warning\s+message\s+only|has\s+been\s+delayed|is\s+delayed|(will|being)\s+(be\s+)?(retried|continue|keep\s+trying)|temporary\s+(failure|error|problem)"
    r"|still\s+(be\s+)?trying|will\s+be\s+retried|not\s+yet\s+been\s+delivered|do\s+not\s+need\s+to\s+re-?send|继续尝试|稍后重试|deferred",
    re.IGNORECASE,
)


def reason_in(words: str) -> bool:
    """Say whether the words tell why."""
    return any(pattern.search(words) for _, pattern in _COMPILED)


def concluded(words: str, code: str = "") -> str:
    """Return ``x.0.9yy`` for what a server says in words; ``code`` is its three-digit reply, if it gave one."""
    number = next((number for number, pattern in _COMPILED if pattern.search(words)), UNKNOWN)
    first = code[:1] if code[:1] in ("4", "5") else "4" if is_passing(words) else "5"
    return f"{first}.0.{number}"


def unknown(number: int = UNKNOWN) -> str:
    """Return the code of a permanent failure whose reason no words tell; ``number`` where something else does."""
    return f"5.0.{number}"


def is_passing(words: str) -> bool:
    """Say whether a report only tells of a delay."""
    return bool(_PASSING.search(words))
