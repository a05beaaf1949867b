"""What an operator may set for a shop's own app."""

import ipaddress
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator, model_validator
from yarl import URL

from adapters.outgoing.egress import is_open
from adapters.spans import Span
from adapters.webhook_signing import PREFIX, key_of

MIN_SECRET_BYTES = 24


class ApiSettings(BaseModel):
    """One app: what it shows to post messages, and where replies go."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr
    """The app sends it as ``Authorization: Bearer``."""
    webhook_url: str
    webhook_secret: SecretStr
    """``whsec_`` and base64, as Standard Webhooks has it: the app checks our signature with it."""
    webhook_second_secret: SecretStr | None = None
    """The old one or the next, while the app changes from one to the other: both sign."""
    post_secret: SecretStr | None = None
    """The app's own signature on what it posts is asked for, beside the token."""
    post_second_secret: SecretStr | None = None
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

    @field_validator("webhook_secret", "webhook_second_secret", "post_secret", "post_second_secret")
    @classmethod
    def _is_a_secret(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is not None:
            signing_key(value, str(info.field_name))
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
    def webhook_keys(self) -> tuple[bytes, ...]:
        """Those that sign what we post, the first secret's first."""
        return _keys(self.webhook_secret, self.webhook_second_secret)

    @property
    def post_keys(self) -> tuple[bytes, ...]:
        """Those one of which must have signed what the app posts; none where no signature is asked for."""
        return _keys(self.post_secret, self.post_second_secret)

    @property
    def may_go_anywhere(self) -> bool:
        """Whether names may lead to private addresses."""
        return self.allow_private or is_loopback(URL(self.webhook_url).host or "")


def _keys(*secrets: SecretStr | None) -> tuple[bytes, ...]:
    return tuple(signing_key(secret) for secret in secrets if secret is not None)


def signing_key(secret: SecretStr, field: str = "webhook_secret") -> bytes:
    """Return the bytes of a ``whsec_…`` secret.

    Raises:
        ValueError: it is not one, or too short to be safe.
    """
    try:
        key = key_of(PREFIX + secret.get_secret_value().removeprefix(PREFIX))
    except ValueError as error:
        raise ValueError(f"{field} must be whsec_ and base64") from error
    if len(key) < MIN_SECRET_BYTES:
        raise ValueError(f"{field} must hold {MIN_SECRET_BYTES} bytes or more")
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
        return not is_open(host)
    except ValueError:
        return False
