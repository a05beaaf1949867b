"""How the people of the house come in, as plain values; the settings build them."""

from dataclasses import dataclass, field
from datetime import timedelta

STRONG = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that a single sign-on may be asked for: no secret shared with us can make one, and ``none`` is not among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnRules:
    """The house's single sign-on (OpenID Connect); without an issuer there is none."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    label: str = ""
    algorithms: tuple[str, ...] = ("RS256",)
    scopes: tuple[str, ...] = ("openid", "email")
    trusts_second_factor: bool = False
    """Whether who comes from there has shown a second factor there already."""

    @property
    def is_on(self) -> bool:
        """Whether there is one."""
        return bool(self.issuer)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRules:
    """Second factors, passwords and how long a session lasts."""

    second_factor: bool = True
    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)
    fresh: timedelta = timedelta(minutes=5)
    """How long after a proof the acts that ask for a fresh one are open."""
    password_reminder: timedelta | None = timedelta(days=90)
    password_max_age: timedelta | None = None
    argon_memory: int = 19
    """MiB."""
    argon_passes: int = 2
    argon_lanes: int = 1
    local_sign_in: bool = True
    break_glass: str = ""
    """The login that may come in by password where nobody else may."""
    sign_on: SignOnRules = field(default_factory=SignOnRules)

    def may_use_password(self, login: str) -> bool:
        """Return whether this login may come in by password."""
        return self.local_sign_in or (bool(self.break_glass) and login == self.break_glass)
