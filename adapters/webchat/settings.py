"""What an operator may set for a web chat, and the remedy for what is set wrong."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from adapters.webchat.site import site_key
from adapters.webchat.uploads import KINDS

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d+)\s*([smhdw])")


def span(value: Any) -> Any:
    """Return ``"25s"``, ``"15m"``, ``"30d"`` as a timedelta; anything else is left to pydantic."""
    if isinstance(value, str) and (match := _SPAN.fullmatch(value.strip())):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    if isinstance(value, timedelta):
        return value
    raise ValueError("write a span as a number and a unit: 25s, 15m, 2h, 30d")


def origin(value: str) -> str:
    """Return an origin in the form browsers send it: ``scheme://host[:port]``, lower case."""
    if value == "*":
        return value
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise ValueError('write an origin as "https://shop.example" without a path, or "*" for any page')
    return f"{parts.scheme}://{parts.netloc}".lower()


def known_type(value: str) -> str:
    """Return a file extension that the signature check knows."""
    if value not in KINDS:
        raise ValueError(f"{value!r} is not a file type that can be checked: use some of {', '.join(KINDS)}")
    return value


Span = Annotated[timedelta, BeforeValidator(span), Field(gt=timedelta())]
Origin = Annotated[str, AfterValidator(origin)]
FileType = Annotated[str, AfterValidator(known_type)]


class AttachmentSettings(BaseModel):
    """Files that customers may send; ``max_files = 0`` takes none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_files: int = Field(default=5, ge=0, le=20)
    max_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)
    types: tuple[FileType, ...] = tuple(ending for ending in KINDS if ending != "heic")
    """HEIC is left out unless asked for: it cannot be drawn anew, and tells where it was taken."""


class FloodSettings(BaseModel):
    """How much one visitor may send: ``frames`` in each ``window``, ``uploads`` in each ``uploads_window``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    frames: int = Field(default=20, ge=1)
    window: Span = timedelta(seconds=10)
    uploads: int = Field(default=20, ge=1)
    uploads_window: Span = timedelta(minutes=10)


class WebchatSettings(BaseModel):
    """One web chat. ``origins`` are the pages that may talk to it beside those of this very host."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origins: tuple[Origin, ...] = ()
    max_text: int = Field(default=4000, ge=100, le=20_000)
    visitor_ttl: Span = timedelta(days=30)
    idle: Span = timedelta(hours=1)
    heartbeat: Span = timedelta(seconds=25)
    hello_within: Span = timedelta(seconds=10)
    max_sockets: int = Field(default=20_000, ge=1)
    sockets_per_visitor: int = Field(default=3, ge=1)
    backlog_frames: int = Field(default=256, ge=8)
    attachments: AttachmentSettings = AttachmentSettings()
    flood: FloodSettings = FloodSettings()
    require_identity: bool = False
    site_issuer: str = ""
    site_audience: str = ""
    site_keys: Mapping[str, str] = Field(default_factory=dict)

    @field_validator("site_keys")
    @classmethod
    def are_public_keys(cls, keys: Mapping[str, str]) -> Mapping[str, str]:
        """Refuse at the start what could never check a signature."""
        for kid, text in keys.items():
            if not 0 < len(kid) <= 64:
                raise ValueError("write each key's id (kid) with 1 to 64 characters")
            try:
                site_key(text)
            except ValueError as error:
                raise ValueError(f"{kid}: {error}") from error
        return keys

    @model_validator(mode="after")
    def says_for_whom(self) -> Self:
        """A token must be from somebody and for us; a house that requires one needs a key to check it."""
        if self.site_keys and not (self.site_issuer and self.site_audience):
            raise ValueError(
                "site_issuer and site_audience beside site_keys: what tokens hold as iss and aud"
            )
        if self.require_identity and not self.site_keys:
            raise ValueError("site_keys beside require_identity: nobody could get in")
        return self

    @property
    def max_frame(self) -> int:
        """The most bytes of one frame or message body: 16 KiB, or what ``max_text`` needs in UTF-8."""
        return max(16 * 1024, 3 * self.max_text + 2048)
