"""What an operator sets for a mail channel."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from adapters.mail.addresses import is_address
from adapters.spans import Span

MEBIBYTE = 1024 * 1024


def checked_address(value: str) -> str:
    """Return a mail address with its domain in lower case.

    Raises:
        ValueError: it is not one plain address.
    """
    if not is_address(value):
        raise ValueError(f"{value!r} is not a mail address: write it plainly, as in support@shop.example")
    local, _, domain = value.rpartition("@")
    return f"{local}@{domain.lower()}"


Address = Annotated[str, AfterValidator(checked_address)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ImapSettings(_Strict):
    """Where mail is fetched."""

    host: str
    port: int = Field(993, ge=1, le=65535)
    login: str
    password: SecretStr
    folder: str = "INBOX"
    tls: bool = True
    ca_file: Path | None = None
    poll: Span = Field("10s", validate_default=True)
    """How often to look for mail where the server has no IDLE."""
    poll_with_idle: Span = Field("20s", validate_default=True)
    """How often to look although the server promised to tell: promises of this kind get lost."""
    timeout: Span = Field("30s", validate_default=True)
    """How long the server may be silent within one command before the connection is given up."""
    start: Literal["new", "all"] = "new"
    """What of the mail that is already there when the channel first runs is taken in."""
    mark: Literal["none", "seen"] = "none"


class SmtpSettings(_Strict):
    """Where mail is sent."""

    host: str
    port: int = Field(0, ge=0, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    login: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
    timeout: Span = Field("30s", validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _usual_port(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.get("port"):
            usual = {"tls": 465, "starttls": 587, "none": 25}
            return {**data, "port": usual.get(str(data.get("security", "tls")), 465)}
        return data

    @model_validator(mode="after")
    def _login_whole(self) -> Self:
        if (self.login is None) != (self.password is None):
            raise ValueError("login and password belong together: set both, or neither")
        return self


class MailSettings(_Strict):
    """One mailbox: the address customers write to, and the servers behind it."""

    address: Address
    name: str = ""
    """The name shown beside the address in what we send."""
    aliases: tuple[Address, ...] = ()
    """Further addresses whose mail lands in this mailbox."""
    imap: ImapSettings
    smtp: SmtpSettings | None = None
    """Leave it out for a mailbox that only receives."""
    domain: str = ""
    """What stands behind the @ in our Message-IDs; the address's own domain if empty."""
    plus_addressing: bool = True
    """Whether the provider delivers support+anything@ to support@ (QQ and 163 do not)."""
    max_size: int = Field(25 * MEBIBYTE, ge=64 * 1024, le=40 * MEBIBYTE)
    """Bytes of a mail beyond which only its beginning is fetched."""
    trusted_authserv_ids: tuple[str, ...] = ()
    """Whose Authentication-Results are believed: the name our own receiving server signs with."""
    parse_deadline: Span = Field("5s", validate_default=True)

    @field_validator("name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if any(ord(ch) < 32 for ch in value):
            raise ValueError("the name must be one line of text")
        return value

    @field_validator("domain")
    @classmethod
    def _plain_domain(cls, value: str) -> str:
        if value and not is_address(f"x@{value}"):
            raise ValueError(f"{value!r} is not a domain: write it as in shop.example")
        return value.lower()

    @property
    def id_domain(self) -> str:
        """The domain of our Message-IDs, lower case."""
        return self.domain or self.address.rpartition("@")[2]

    @property
    def ours(self) -> tuple[str, ...]:
        """Every address that is this mailbox, folded for comparison."""
        return tuple(address.lower() for address in (self.address, *self.aliases))
