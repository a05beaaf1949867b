"""Words of courtesy around a question, which change nothing about what is asked."""

from __future__ import annotations

import re

# Applied to folded text: no punctuation, lower case, simplified.
_BEFORE = re.compile(
    r"^(?:(?:你好|您好|在吗|亲|请问一下|请问下|请问|想问一下|想问下|我想问一下|我想问|问一下|问下|咨询一下|咨询下|我想咨询一下|我想咨询|麻烦问一下|麻烦|劳驾|打扰一下|打扰了|不好意思|客服) ?)+"
    r"|^(?:(?:hi|hello|hey|good morning|good afternoon|good evening|please|excuse me|sorry|there|"
    r"(?:could|can|would) you (?:please )?tell me|id like to (?:know|ask)|i would like to (?:know|ask)|"
    r"i want to know|just wondering|i was wondering|quick question) )+"
)
_AFTER = re.compile(
    r"(?: ?(?:谢谢您|谢谢你|谢谢了|谢谢啦|谢谢|多谢|感谢|麻烦您了|麻烦了|呢|啊|呀|吖|哦|噢|哈|亲))+$"
    r"|(?: (?:please|pls|thanks|thank you|thx|cheers|many thanks|thank you very much))+$"
)


def without_courtesy(folded: str) -> str:
    """Return the folded text without greeting before and thanks after it."""
    return _AFTER.sub("", _BEFORE.sub("", folded)).strip()
