"""Whether words ask something of the one they are said to. Pure."""

import re

_ASKS = re.compile(
    r"[?？]|请问|請問|麻烦您?(提供|发|告诉|确认|上传|补充)|麻煩您?(提供|發|告訴|確認|上傳|補充)|"
    r"请(您)?(提供|发送|发来|告知|告诉|确认|上传|补充|回复|选择)|請(您)?(提供|發送|告知|告訴|確認|上傳|補充|回覆|選擇)|"
    r"\b(could|can|would|will) you\b|\bplease (send|tell|confirm|provide|let (me|us) know|upload|reply|check|attach)\b|"
    r"\blet (me|us) know\b",
    re.IGNORECASE,
)
_OFFERS = re.compile(
    r"(还有|還有|有)(什么|什麼|其他|别的|別的)[^?？。]*[?？]|anything else[^?.]*\?|(is|was) (that|this) (clear|helpful)\?",
    re.IGNORECASE,
)


def asks_something(text: str) -> bool:
    """Return whether an agent's words ask the customer for something; "anything else?" does not."""
    return _ASKS.search(_OFFERS.sub("", text)) is not None
