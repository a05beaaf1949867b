"""What an operator sets for a mail channel."""

from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from adapters.mail.addresses import is_address
from adapters.mail.layout import Signature, Template
from adapters.mail.providers import Provider, filled
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


UNFIT_ROLES = frozenset({"\\sent", "\\drafts", "\\trash", "\\all"})
"""Roles of folders from which nothing is ever taken in: all of them hold mail of our own."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OAuthSettings(_Strict):
    """How access tokens are had where the provider takes no password (XOAUTH2)."""

    token_url: str
    """Where a refresh token is exchanged for an access token; the presets know Google's and Microsoft's."""
    client_id: str
    client_secret: SecretStr | None = None
    """Empty for a public client (Microsoft: "mobile and desktop application")."""
    refresh_token: SecretStr
    scope: str = ""
    ca_file: Path | None = None

    @field_validator("token_url")
    @classmethod
    def _private(cls, value: str) -> str:
        url = urlsplit(value)
        if url.scheme != "https" and url.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError(f"{value!r}: the token endpoint must be https")
        return value


class ImapSettings(_Strict):
    """Where mail is fetched."""

    host: str
    port: int = Field(993, ge=1, le=65535)
    login: str
    password: SecretStr | None = None
    oauth2: OAuthSettings | None = None
    """In place of the password."""
    folders: tuple[str, ...] = ("INBOX",)
    """Names as people write them, or a role such as ``\\Junk`` or ``\\Archive`` (RFC 6154); never what we sent."""
    idle: bool = True
    """Whether to let the server tell of new mail where it says it can."""
    send_id: bool = True
    """Whether to introduce ourselves where the server knows ID: 163 and 126 let nobody in who does not."""
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
    reconcile_at: time | None = time(3, 30)
    """When, UTC, the mails of the last days are compared with what is stored, once a day; ``""`` for never."""
    reconcile_days: int = Field(7, ge=1, le=60)

    @field_validator("reconcile_at", mode="before")
    @classmethod
    def _or_never(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("folders")
    @classmethod
    def _not_what_we_sent(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or len({name.casefold() for name in value}) != len(value):
            raise ValueError("name at least one folder, and none twice")
        if unfit := [name for name in value if name.casefold() in UNFIT_ROLES]:
            raise ValueError(
                f"{unfit[0]} holds what we sent ourselves, or what was thrown away: leave it out"
            )
        return value

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.password is None) == (self.oauth2 is None):
            raise ValueError("set password or oauth2, one of them")
        return self


class SmtpSettings(_Strict):
    """Where mail is sent."""

    host: str
    port: int = Field(0, ge=0, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    login: str | None = None
    password: SecretStr | None = None
    oauth2: OAuthSettings | None = None
    """In place of the password."""
    daily_limit: int | None = Field(None, ge=1)
    """Mails a day that the provider lets this account send, as far as it is known."""
    per_minute: int | None = Field(None, ge=1)
    """Mails a minute that it lets this account send."""
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
        if self.password is not None and self.oauth2 is not None:
            raise ValueError("set password or oauth2, not both")
        if (self.login is None) != (self.password is None and self.oauth2 is None):
            raise ValueError("login and password belong together: set both, or neither")
        return self


class MailSettings(_Strict):
    """One mailbox: the address customers write to, and the servers behind it."""

    provider: Provider = "custom"
    """Whose defaults to begin with; every other setting wins over them."""
    address: Address
    name: str = ""
    """The name shown beside the address in what we send."""
    aliases: tuple[Address, ...] = ()
    """Further addresses whose mail lands in this mailbox."""
    login: str | None = None
    """For IMAP and SMTP alike, as are the next two; each table may have its own."""
    password: SecretStr | None = None
    oauth2: OAuthSettings | None = None
    imap: ImapSettings
    smtp: SmtpSettings | None = None
    """Leave it out for a mailbox that only receives."""
    receive_only: bool = False
    """Send nothing, although the provider's SMTP server is known."""
    signature: Signature = Signature()
    """What stands below every mail; the agent's name and number if nothing is set."""
    template: Template = Template()
    """What stands around every mail; nothing if it is not set."""
    bounces_by_copy: bool | None = None
    """Whether bounces of agents' mail come back to support+b-…@, one address a copy: certain, whatever their words.

    Unset, only with a server of one's own and ``plus_addressing``: big providers take no sender but the account.
    """
    domain: str = ""
    """What stands behind the @ in our Message-IDs; the address's own domain if empty."""
    plus_addressing: bool = True
    """Whether the provider delivers support+anything@ to support@ (QQ and 163 do not)."""
    max_size: int = Field(25 * MEBIBYTE, ge=64 * 1024, le=40 * MEBIBYTE)
    """Bytes of a mail beyond which only its beginning is fetched."""
    trusted_authserv_ids: tuple[str, ...] = ()
    """Whose Authentication-Results are believed: the name our own receiving server signs with."""
    parse_deadline: Span = Field("5s", validate_default=True)
    answer_within: Span = Field("3d", validate_default=True)
    """A mail that the server received longer ago than this gets no automatic answer, only a person's."""

    @model_validator(mode="before")
    @classmethod
    def _with_what_is_known(cls, data: Any) -> Any:
        return filled(data) if isinstance(data, dict) else data

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
    def takes_bounces_by_copy(self) -> bool:
        """Whether agents' mail is sent from an address made for each copy."""
        wanted = self.provider == "custom" if self.bounces_by_copy is None else self.bounces_by_copy
        return wanted and self.plus_addressing

    @property
    def ours(self) -> tuple[str, ...]:
        """Every address that is this mailbox, folded for comparison."""
        return tuple(address.lower() for address in (self.address, *self.aliases))
