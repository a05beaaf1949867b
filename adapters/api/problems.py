"""Refusals as problem+json (RFC 9457) in the reader's language. Pure but for aiohttp's response."""

from typing import Any

import orjson
from aiohttp import web

PROBLEMS: dict[str, tuple[int, str, str]] = {
    "bad-json": (400, "请求不是有效的 JSON 对象。", "The request is not a JSON object."),
    "bad-message": (422, "消息格式不正确。", "The message is not well formed."),
    "bad-since": (400, "参数 thread 必填，since 必须是不小于 0 的整数。", "thread is required, and since is a whole number, 0 or more."),
    "bad-signature": (401, "签名缺失、不正确或已过期，或 webhook-id 与消息 id 不一致。", "The signature is missing, wrong or too old, or webhook-id is not the id of the message."),
    "bad-token": (401, "令牌缺失或不正确。", "The bearer token is missing or wrong."),
    "encoded": (415, "不接受压缩的请求内容。", "Compressed request bodies are not taken."),
    "id-taken": (409, "这个 id 已用于内容不同的另一条消息。", "This id was used before for another message."),
    "media-type": (415, "请使用 Content-Type: application/json。", "Use Content-Type: application/json."),
    "not-stored": (503, "暂时无法保存，请稍后用同一个 id 重发。", "It could not be stored. Send it again later, with the same id."),
    "too-big": (413, "请求内容过大。", "The request is too big."),
    "too-slow": (408, "请求内容发送得太慢。", "The body came too slowly."),
}  # fmt: skip


class Problem(Exception):
    """A request that is refused; ``code`` is a key of ``PROBLEMS``."""

    def __init__(self, code: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.errors = errors or []


def answer(request: web.Request, problem: Problem) -> web.Response:
    """Return the response that says no, and why."""
    status, zh, en = PROBLEMS[problem.code]
    lang = language(request.headers.get("Accept-Language", ""))
    body: dict[str, Any] = {
        "type": f"urn:intake-gateway:problem:{problem.code}",
        "title": en if lang == "en" else zh,
        "status": status,
        "code": problem.code,
    }
    if problem.errors:
        body["errors"] = problem.errors
    headers = {"Content-Language": lang, "Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        headers["Retry-After"] = "5"
    response = web.Response(
        status=status, body=orjson.dumps(body), content_type="application/problem+json", headers=headers
    )
    if status in (408, 413):
        response.force_close()  # what is left of the body is not worth reading
    return response


def language(accepted: str) -> str:
    """Return ``zh-CN`` or ``en``, whichever an ``Accept-Language`` header likes better; Chinese in doubt."""
    best, lang = 0.0, "zh-CN"
    for part in accepted[:200].split(","):
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            continue
        primary = tag.lower().partition("-")[0]
        if primary in ("zh", "en") and weight > best:
            best, lang = weight, "en" if primary == "en" else "zh-CN"
    return lang
