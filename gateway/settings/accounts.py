"""How the people of the house sign in."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from gateway.domain.account_rules import STRONG, AccountRules, SignOnRules
from gateway.settings.fields import Span, SpanOrNever
from gateway.settings.rules import Strict

_LOCAL = ("localhost", "127.0.0.1", "::1")
_MANY_TENANTS = ("/common", "/organizations", "/consumers", "{tenant")


def checked_issuer(issuer: str) -> str:
    """Return an issuer that is one house's own, reached safely.

    Raises:
        ValueError: plain http, more than an address, or an issuer that signs for everybody's tenants.
    """
    if not issuer:
        return issuer
    parts = urlsplit(issuer)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
    if not is_safe or not parts.netloc or parts.query or parts.fragment:
        raise ValueError('an https address such as "https://login.shop.example"')
    if any(word in issuer for word in _MANY_TENANTS):
        raise ValueError("an issuer of one tenant: the one that holds your house's own id")
    return issuer


class SignOn(Strict):
    """The house's single sign-on, by OpenID Connect."""

    issuer: Annotated[str, AfterValidator(checked_issuer)] = ""
    client_id: str = ""
    client_secret: SecretStr | None = None
    label: str = "SSO"
    algorithms: Annotated[tuple[Literal[STRONG], ...], Field(min_length=1)] = ("RS256",)  # type: ignore[valid-type] # one list for both
    scopes: Annotated[tuple[str, ...], Field(min_length=1)] = ("openid", "email")
    trusts_second_factor: bool = False

    @model_validator(mode="after")
    def whole(self) -> Self:
        """An issuer without a client id signs nobody in."""
        if self.issuer and not self.client_id:
            raise ValueError("client_id too, as the single sign-on knows this gateway")
        return self


class Accounts(Strict):
    """How agents sign in, and for how long."""

    second_factor: Literal["required", "optional"] = "required"
    idle: Span = Field("30m", validate_default=True)
    longest: Span = Field("12h", validate_default=True)
    password_reminder: SpanOrNever = Field("90d", validate_default=True)
    password_max_age: SpanOrNever = Field("off", validate_default=True)
    argon_memory: Annotated[int, Field(ge=19, le=1024)] = 19
    argon_passes: Annotated[int, Field(ge=2, le=20)] = 2
    argon_lanes: Annotated[int, Field(ge=1, le=8)] = 1
    local_sign_in: bool = True
    break_glass: str = ""
    sign_on: SignOn = SignOn()

    @model_validator(mode="after")
    def somebody_comes_in(self) -> Self:
        """Without passwords there must be a single sign-on, and one account for the day it is down."""
        if not self.local_sign_in and not (self.sign_on.issuer and self.break_glass):
            raise ValueError("sign_on and break_glass too, where local_sign_in is false")
        return self

    def rules(self) -> AccountRules:
        """Return them as plain values."""
        sign_on, secret = self.sign_on, self.sign_on.client_secret
        return AccountRules(
            second_factor=self.second_factor == "required",
            idle=self.idle,
            longest=self.longest,
            password_reminder=self.password_reminder,
            password_max_age=self.password_max_age,
            argon_memory=self.argon_memory,
            argon_passes=self.argon_passes,
            argon_lanes=self.argon_lanes,
            local_sign_in=self.local_sign_in,
            break_glass=self.break_glass.strip().casefold(),
            sign_on=SignOnRules(
                issuer=sign_on.issuer,
                client_id=sign_on.client_id,
                client_secret=secret.get_secret_value() if secret is not None else "",
                label=sign_on.label,
                algorithms=sign_on.algorithms,
                scopes=sign_on.scopes,
                trusts_second_factor=sign_on.trusts_second_factor,
            ),
        )
