"""Which language a message is in, by its script: no model, no guess on a single word."""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
# Common characters that are written otherwise in simplified script; any one of them decides.
_TRADITIONAL = re.compile(
    "[們這個嗎麼為國說會請問點謝訂單貨還沒對發開關錢買賣應該幾時間電話號碼務讓過來覺見]"
)


def detect(text: str, default: str) -> str:
    """Return ``zh-CN``, ``zh-TW`` or ``en``; ``default`` where the text does not say (digits, emoji, "ok")."""
    han = len(_HAN.findall(text))
    if han:
        words = len(_LATIN.findall(text))
        if words > 3 * han:
            return "en"
        return "zh-TW" if _TRADITIONAL.search(text) else "zh-CN"
    return (
        "en" if len(_LATIN.findall(text)) >= 2 or (len(text.strip()) > 3 and _LATIN.search(text)) else default
    )
