"""Refusals as problem+json (RFC 9457), in the reader's language."""

from collections.abc import Mapping
from typing import Any, ClassVar

from aiohttp import web
from pydantic import ValidationError

from gateway.errors import GatewayError, Refusal, Said, TooMany
from gateway.web.encode import encode

TYPE = "urn:intake-gateway:problem:"

_OF_HTTP: dict[int, tuple[str, Said]] = {
    404: ("not_found", Said("没有找到。", "Not found.")),
    405: ("method", Said("该地址不支持这种请求。", "This address does not take such a request.")),
    413: ("too_large", Said("内容太大，无法接收。", "This is too large.")),
}


class Invalid(Refusal):
    """A body or query that is not what the door asks for; ``problems`` name each field."""

    code: ClassVar[str] = "invalid"
    status: ClassVar[int] = 422
    said = Said("提交的内容有误，请检查后再试。", "What was sent is not right. Please check it.")

    def __init__(self, problems: list[dict[str, str]]) -> None:
        super().__init__("; ".join(f"{one['field']}: {one['problem']}" for one in problems))
        self.shown: Mapping[str, Any] = {"problems": problems}


class BadJson(Refusal):
    """A body that cannot be read at all."""

    code: ClassVar[str] = "bad_json"
    said = Said("请求内容不是有效的 JSON。", "The body is not valid JSON.")


class WrongMedia(Refusal):
    """A body of a kind that is not taken here."""

    code: ClassVar[str] = "media_type"
    status: ClassVar[int] = 415
    said = Said("不支持这种请求格式。", "This kind of body is not taken.")


class TooSlow(Refusal):
    """A body that did not come in time: 408."""

    code: ClassVar[str] = "too_slow"
    status: ClassVar[int] = 408
    said = Said(
        "请求内容发送得太慢，请检查网络后再试。", "The body came too slowly. Please check your network."
    )


class ForeignOrigin(Refusal):
    """A request that another site made, or that lacks the session's own token."""

    code: ClassVar[str] = "csrf"
    status: ClassVar[int] = 403
    said = Said(
        "请求来源不符，请刷新页面后再试。若使用反向代理，请检查 server.public_url 与 server.trusted_proxies。",
        "This request did not come from this desk. Please reload the page. Behind a proxy, check "
        "server.public_url and server.trusted_proxies.",
    )


class NotSecure(Refusal):
    """Signing in over a line that anybody can listen to."""

    code: ClassVar[str] = "not_secure"
    status: ClassVar[int] = 403
    said = Said(
        "请通过 https 访问客服台（或在本机使用 http://localhost）。请设置 server.public_url 或 TLS 证书。",
        "Please use https (or http://localhost on this machine). Set server.public_url or a TLS certificate.",
    )


def language(header: str) -> str:
    """Return ``zh-CN`` or ``en``, whichever an Accept-Language header wants first; Chinese when it says nothing."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight or 1)
        except ValueError:
            quality = 0.0
        if tag:
            wanted.append((-quality, place, tag.lower()))
    for _, _, tag in sorted(wanted):
        if tag.startswith("zh"):
            return "zh-CN"
        if tag.startswith("en"):
            return "en"
    return "en" if wanted and wanted[0][2] != "*" else "zh-CN"


def answer(error: GatewayError, lang: str) -> web.Response:
    """Return the response that says what is wrong and what would do."""
    shown: Mapping[str, Any] = getattr(error, "shown", {})
    body = {
        "type": TYPE + error.kind,
        "title": type(error).said.in_(lang),
        "status": error.status,
        "detail": error.public.in_(lang),
        "code": error.kind,
    }
    field = error.fields.get("field")
    response = _response(error.status, body | ({"field": field} if field else {}) | dict(shown), lang)
    if isinstance(error, TooMany) and error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, int(error.retry_after.total_seconds())))
    if error.status == 503:
        response.headers["Retry-After"] = "5"
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="intake-gateway"'
    return response


def answer_http(error: web.HTTPException, lang: str) -> web.Response:
    """Return the same for what aiohttp itself refuses."""
    code, said = _OF_HTTP.get(error.status, ("refused", Refusal.said))
    response = _response(
        error.status,
        {
            "type": TYPE + code,
            "title": said.in_(lang),
            "status": error.status,
            "detail": said.in_(lang),
            "code": code,
        },
        lang,
    )
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def from_validation(error: ValidationError) -> Invalid:
    """Return pydantic's findings by field; values are left out, they may be a customer's."""
    found = [
        {"field": ".".join(str(part) for part in one["loc"]) or "body", "problem": one["type"]}
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return Invalid(found)


def _response(status: int, body: Mapping[str, Any], lang: str) -> web.Response:
    response = web.Response(status=status, body=encode(body), content_type="application/problem+json")
    response.headers["Content-Language"] = lang
    response.headers["Cache-Control"] = "no-store"
    if status in (408, 413):
        response.force_close()  # the rest of an oversize body is not worth reading
    return response
