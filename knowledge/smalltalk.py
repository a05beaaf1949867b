"""Greetings, thanks and goodbyes: kind words that ask nothing, so nothing is looked up for them."""

from __future__ import annotations

from collections.abc import Iterable

_CHINESE = {
    "greeting": "你好 您好 你们好 大家好 哈喽 哈啰 嗨 嘿 在吗 在么 在不在 在不 有人吗 有人在吗 有人么 亲 亲在吗 早 早上好 上午好 中午好 下午好 晚上好 客服你好 客服您好 你好在吗 您好在吗",
    "thanks": "谢谢 谢谢您 谢谢你 多谢 感谢 非常感谢 十分感谢 谢 好的谢谢 好的谢谢您 麻烦 麻烦您 辛苦 辛苦您 好的 好 行 嗯 嗯嗯 哦 哦哦 知道 明白 收到 了解 可以 没事 不用 没有 没 解决 好滴 好哒",
    "bye": "再见 拜拜 拜 回头见 下次再聊 祝好 此致 此致敬礼 晚安",
}
_ENGLISH = {
    "greeting": "hi|hello|hey|hiya|hi there|hello there|hey there|good morning|good afternoon|good evening|good day|greetings|"
    "anyone there|is anyone there|anybody there|are you there|is anybody there|is someone there|morning|howdy|"
    "dear sir or madam|dear team|dear all",
    "thanks": "thanks|thank you|thank you very much|thanks a lot|many thanks|thx|ty|thank you so much|cheers|ok|okay|ok thanks|"
    "ok thank you|great|great thanks|perfect|got it|i see|alright|fine|cool|all good|no thanks|no thank you|that is all|thats all|"
    "nothing else|much appreciated|thanks in advance",
    "bye": "bye|goodbye|good bye|bye bye|see you|see ya|have a nice day|have a good day|kind regards|best regards|regards|"
    "yours sincerely|take care|good night",
}
_ENDINGS = "啊呀吧呢哦噢喔哈啦了嘛哟亲~"


_KINDS = {
    word: kind
    for said, mark in ((_CHINESE, " "), (_ENGLISH, "|"))
    for kind, words in said.items()
    for word in words.split(mark)
}


def small_talk(parts: Iterable[str]) -> str:
    """Name what folded ``parts`` of a message say when all are small talk: greeting, thanks or bye; else ``""``."""
    kinds: set[str] = set()
    for part in parts:
        kind = _kind(part)
        if not kind:
            return ""
        kinds.add(kind)
    return next((kind for kind in ("thanks", "bye", "greeting") if kind in kinds), "")


def _kind(part: str) -> str:
    return _KINDS.get(part) or _KINDS.get(part.rstrip(_ENDINGS), "")
