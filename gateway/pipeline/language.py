"""Which language a message is in, by its script: no model, no guess on a word beside a number."""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
# A word, not a piece of an order number, an address or a link.
_LATIN = re.compile(r"(?<![A-Za-z0-9@._/:#-])[A-Za-z]{2,}(?![A-Za-z0-9@_/:#]|[.-][A-Za-z0-9])")
_ONE_WORD = re.compile(r"\W*[A-Za-z]{4,}\W*")
# Common characters that are written otherwise in simplified script; any one of them decides.
_TRADITIONAL = re.compile(
    "[們這個嗎麼為國說會請問點謝訂單貨還沒對發開關錢買賣應該幾時間電話號碼務讓過來覺見壞書車長樣貴後種運費換聽體員歡兩從處價郵給錯實無]"
)


def detect(text: str, default: str) -> str:
    """Return ``zh-CN``, ``zh-TW`` or ``en``; ``default`` where the text does not say (digits, emoji, "ok")."""
    han = len(_HAN.findall(text))
    if han:
        words = len(_LATIN.findall(text))
        if words > 3 * han:
            return "en"
        return "zh-TW" if _TRADITIONAL.search(text) else "zh-CN"
    sure = len(_LATIN.findall(text)) >= 2 or _ONE_WORD.fullmatch(text)
    return "en" if sure else default
