"""The sentences a client may show when something is refused: Chinese, in either script, and English. Pure."""

from functools import lru_cache
from typing import Literal

Language = Literal["zh-CN", "zh-TW", "en"]
_COLUMNS: tuple[Language, ...] = ("zh-CN", "zh-TW", "en")
_TRADITIONAL = ("tw", "hk", "mo", "hant")

TITLES: dict[str, tuple[str, str, str]] = {
    "bad-identity": ("登录信息无法确认，请刷新页面后再试。", "登入資訊無法確認，請重新整理頁面後再試。", "Your sign-in could not be confirmed. Please reload the page and try again."),
    "bad-json": ("请求不是有效的 JSON 对象。", "請求不是有效的 JSON 物件。", "The request is not a JSON object."),
    "bad-message": ("消息格式不正确。", "訊息格式不正確。", "The message is not well formed."),
    "bad-picture": ("图片无法读取，或超过 2500 万像素。请换一张或缩小后再发。", "圖片無法讀取，或超過 2500 萬像素。請換一張或縮小後再傳。", "This picture cannot be read, or is over 25 megapixels. Please send another or a smaller one."),
    "bad-since": ("参数 since 必须是不小于 0 的整数。", "參數 since 必須是不小於 0 的整數。", "The parameter since must be a whole number, 0 or more."),
    "bad-token": ("会话已失效，请刷新页面后重新开始。", "對話已失效，請重新整理頁面後再開始。", "This chat has expired. Please reload the page to start again."),
    "bad-type": ("无法识别的消息类型。", "無法識別的訊息類型。", "This type of frame is not known."),
    "bad-upload": ("请用 multipart/form-data 上传一个文件，字段名为 file。", "請用 multipart/form-data 上傳一個檔案，欄位名為 file。", "Send one file as multipart/form-data in a field called file."),
    "consent": ("请先阅读并同意隐私说明。", "請先閱讀並同意隱私說明。", "Please read the privacy notice and agree to it first."),
    "encoded": ("不接受压缩的请求内容。", "不接受壓縮的請求內容。", "Compressed request bodies are not accepted."),
    "file-too-big": ("文件太大。", "檔案太大。", "The file is too big."),
    "file-type": ("不支持这种文件，或文件内容与扩展名不符。", "不支援這種檔案，或檔案內容與副檔名不符。", "This kind of file is not accepted, or its content does not fit its name."),
    "flood": ("发送得太快了，请等几秒再发。", "傳送得太快了，請等幾秒再發。", "That was too fast. Please wait a few seconds and send it again."),
    "hello-first": ("请先发送 hello。", "請先發送 hello。", "Send hello first."),
    "hello-again": ("已经发送过 hello。", "已經發送過 hello。", "Hello was sent already."),
    "id-taken": ("这个消息编号已用于另一条消息。", "這個訊息編號已用於另一條訊息。", "This message id was used for another message."),
    "identity-required": ("请先登录网站，再使用在线客服。", "請先登入網站，再使用線上客服。", "Please sign in to the site first, then use the chat."),
    "infected": ("安全扫描发现问题，文件没有保存。", "安全掃描發現問題，檔案沒有儲存。", "A security scan found something in this file. It was not kept."),
    "no-such-file": ("没有找到这个附件。", "沒有找到這個附件。", "There is no such attachment."),
    "not-stored": ("消息没有保存，也没有送达。请过 5 秒再发一次。", "訊息沒有儲存，也沒有送達。請過 5 秒再發一次。", "The message could not be saved and was not sent. Please send it again in 5 seconds."),
    "origin": ("不允许从此网站使用在线客服。", "不允許從此網站使用線上客服。", "This website may not use the chat."),
    "stopping": ("服务正在重启。请过 5 秒再试。", "服務正在重啟。請過 5 秒再試。", "The service is restarting. Please try again in 5 seconds."),
    "too-big": ("内容太长。", "內容太長。", "This is too long."),
    "upload-budget": ("24 小时内上传的文件已达上限，请明天再发。", "24 小時內上傳的檔案已達上限，請明天再傳。", "You have sent as many files as 24 hours allow. Please send the rest tomorrow."),
    "too-many-sockets": ("连接数已满。请过 30 秒再试。", "連線數已滿。請過 30 秒再試。", "There are too many connections. Please try again in 30 seconds."),
    "too-slow": ("发送得太慢，请检查网络后再试。", "傳送得太慢，請檢查網路後再試。", "This came too slowly. Please check your network and try again."),
}  # fmt: skip


def title(code: str, lang: Language) -> str:
    """Return the sentence for ``code``."""
    return TITLES[code][_COLUMNS.index(lang)]


@lru_cache(maxsize=512)
def preferred(accept: str) -> str | None:
    """Return the first language tag by weight of an ``Accept-Language`` header, or None when it names none."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept[:200].split(",")):
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if weight > 0 and tag and tag != "*" and _is_tag(tag):
            ranked.append((-weight, place, tag.strip()))
    return min(ranked)[2] if ranked else None


def _is_tag(tag: str) -> bool:
    return len(tag) <= 35 and all(part.isalnum() and part.isascii() for part in tag.strip().split("-"))


def language(tag: str | None) -> Language:
    """Return the language of ours nearest to a language tag; Chinese when it names none."""
    if not tag:
        return "zh-CN"
    first, *rest = tag.lower().split("-")
    if first != "zh":
        return "en"
    return "zh-TW" if any(part in _TRADITIONAL for part in rest) else "zh-CN"
