"""What an operator may set for a shop's own app."""

import base64
import binascii
import ipaddress
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from yarl import URL

from adapters.spans import Span

MIN_SECRET_BYTES = 24


class ApiSettings(BaseModel):
    """One app: what it shows to post messages, and where replies go."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr
    """The app sends it as ``Authorization: Bearer``."""
    webhook_url: str
    webhook_secret: SecretStr
    """``whsec_`` and base64, as Standard Webhooks has it: the app checks our signature with it."""
    allow_private: bool = False
    """Whether the webhook may be in a private network, or without TLS."""
    timeout: Annotated[Span, Field(gt=timedelta(0), le=timedelta(seconds=60))] = timedelta(seconds=5)
    max_text: Annotated[int, Field(gt=0, le=100_000)] = 20_000
    max_attachments: Annotated[int, Field(ge=0, le=50)] = 10
    max_attachment_bytes: Annotated[int, Field(ge=0, le=50 * 1024 * 1024)] = 10 * 1024 * 1024

    @field_validator("token")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 24 or not value.get_secret_value().isascii():
            raise ValueError("token must be 24 or more random ASCII characters")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_a_secret(cls, value: SecretStr) -> SecretStr:
        signing_key(value)
        return value

    @model_validator(mode="after")
    def _webhook_is_safe_to_call(self) -> "ApiSettings":
        url = URL(self.webhook_url)
        if url.scheme not in ("http", "https") or not url.host or url.user or url.fragment:
            raise ValueError("webhook_url must be an http(s) address without user name and fragment")
        if self.allow_private or is_loopback(url.host):
            return self
        if url.scheme != "https":
            raise ValueError("webhook_url must begin with https:// (or set allow_private = true)")
        if is_private_literal(url.host):
            raise ValueError("webhook_url is in a private network: set allow_private = true if that is meant")
        return self

    @property
    def may_go_anywhere(self) -> bool:
        """Whether names may lead to private addresses."""
        return self.allow_private or is_loopback(URL(self.webhook_url).host or "")


def signing_key(secret: SecretStr) -> bytes:
    """Return the bytes of a ``whsec_…`` secret.

    Raises:
        ValueError: it is not one, or too short to be safe.
    """
    encoded = secret.get_secret_value().removeprefix("whsec_")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("webhook_secret must be whsec_ and base64") from error
    if len(key) < MIN_SECRET_BYTES:
        raise ValueError(f"webhook_secret must hold {MIN_SECRET_BYTES} bytes or more")
    return key


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, as written."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private_literal(host: str) -> bool:
    """Return whether a host is written as an address that is not of the public internet."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
