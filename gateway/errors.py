"""Every error we raise on purpose, drawn as a tree.

``str(error)`` and ``error.fields`` are for the operator's log; ``error.public`` is for the stranger at the
other end and tells them nothing of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence for people, in the two languages every text of ours has."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """Return the sentence in ``lang``: Chinese for anything that begins with ``zh``, else English."""
        return self.zh if lang.lower().startswith("zh") else self.en


class GatewayError(Exception):
    """Root of what the gateway raises on purpose.

    ``code`` is stable and machine-readable, ``status`` the HTTP status a client gets, ``fields`` what a log
    line needs besides the sentence (never a customer's words).
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    said: ClassVar[Said] = Said("出了点问题，请再试一次。", "Something went wrong. Please try again.")

    def __init__(
        self, message: str = "", *, public: Said | None = None, code: str | None = None, **fields: object
    ) -> None:
        super().__init__(message or (public or self.said).en)
        self.public = public or self.said
        self.fields = fields
        self.kind = code or self.code
        """``code``, or the narrower one this very error was raised with (``bad_login``, ``stale`` …)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in the configuration: which file and key, what is there, and what would do."""

    file: str
    key: str
    found: str
    wanted: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.file}: {self.key}: found {self.found}, wanted {self.wanted}{remedy}"


class ConfigError(GatewayError):
    """A file must change before we can start: exit 78 (EX_CONFIG). Holds every problem, not just the first."""

    code = "config"
    exit_code: ClassVar[int] = 78
    said = Said("配置有误，服务没有启动。", "The configuration is wrong; the service did not start.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Refusal(GatewayError):
    """You may not do this: the asker must change something, trying again will not help."""

    code = "refused"
    status = 400
    said = Said("这个请求无法处理，请检查后再试。", "This request cannot be handled as it is.")


class NotFound(Refusal):
    """It is not there, or not there for you: both look the same from outside."""

    code = "not_found"
    status = 404
    said = Said("没有找到。", "Not found.")


class Forbidden(Refusal):
    """Known, but not allowed: a right is missing."""

    code = "forbidden"
    status = 403
    said = Said(
        "您没有权限进行此操作，请联系管理员。", "You are not allowed to do this. Please ask an administrator."
    )


class Conflict(Refusal):
    """The thing has changed since the asker looked, or the id is taken."""

    code = "conflict"
    status = 409
    said = Said("内容已有变化，请刷新后再试。", "It has changed meanwhile. Please reload and try again.")


class TooMany(Refusal):
    """Too much at once; ``retry_after`` says when it will do again."""

    code = "too_many"
    status = 429
    said = Said("操作过于频繁，请稍等片刻再试。", "Too many requests. Please wait a moment and try again.")

    def __init__(
        self, message: str = "", *, retry_after: timedelta | None = None, public: Said | None = None
    ) -> None:
        super().__init__(message, public=public)
        self.retry_after = retry_after


class OutsideFailure(GatewayError):
    """Something we lean on failed us (database, disk, provider): nothing was done, it is safe to try again."""

    code = "unavailable"
    status = 503
    said = Said(
        "服务暂时不可用，您的内容没有丢失，请再次发送。",
        "The service is unavailable at the moment. Nothing was lost; please send it again.",
    )
