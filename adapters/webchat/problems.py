"""Refusals over HTTP, as problem+json (RFC 9457) in the reader's language."""

from typing import Any

import orjson
from aiohttp import web

from adapters.webchat.words import language, preferred, title

STATUS = {
    "bad-identity": 401,
    "bad-json": 400,
    "bad-message": 422,
    "bad-picture": 415,
    "bad-since": 400,
    "bad-token": 401,
    "bad-upload": 400,
    "consent": 403,
    "encoded": 415,
    "file-too-big": 413,
    "file-type": 415,
    "flood": 429,
    "id-taken": 409,
    "identity-required": 401,
    "infected": 415,
    "no-such-file": 404,
    "not-stored": 503,
    "origin": 403,
    "stopping": 503,
    "too-big": 413,
    "too-many-sockets": 503,
    "too-slow": 408,
    "upload-budget": 429,
}


class Problem(Exception):
    """A request that is refused; ``code`` is one of ``words.TITLES``."""

    def __init__(self, code: str, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


def answer(request: web.Request, problem: Problem) -> web.Response:
    """Return the response that says no, why, and when to come again."""
    status = STATUS[problem.code]
    lang = language(preferred(request.headers.get("Accept-Language", "")))
    body: dict[str, Any] = {
        "type": f"urn:intake-gateway:problem:{problem.code}",
        "title": title(problem.code, lang),
        "status": status,
        "code": problem.code,
    }
    if problem.detail:
        body["detail"] = problem.detail
    response = web.Response(
        status=status, body=orjson.dumps(body), content_type="application/problem+json", charset="utf-8"
    )
    response.headers["Content-Language"] = lang
    response.headers["Cache-Control"] = "no-store"
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in (408, 413):
        response.force_close()  # the rest of an oversize body is not worth reading
    return response
