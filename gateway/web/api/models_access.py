"""What goes in and out about coming in: factors, proofs, one's own account, other people's, and programs' tokens."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from gateway.desk.rights import Action, Role
from gateway.settings.rules_alarms import checked_addresses
from gateway.web.api.models import Me, Name, StaffNumber
from gateway.web.api.models_base import Model

Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Code = Annotated[str, StringConstraints(max_length=64)]
Token = Annotated[str, StringConstraints(max_length=200)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


def a_mail(mail: str) -> str:
    """Return an address that may stand on an envelope; empty for none.

    Raises:
        ValueError: it may not.
    """
    return checked_addresses((mail,))[0] if mail else ""


Mail = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(a_mail)]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
Credential = Annotated[dict[str, Any], Field(max_length=12)]
"""What a browser's ``PublicKeyCredential`` says of itself; the library that checks it knows its fields."""


class Ways(Model):
    """By what one may come in here; for the page that asks."""

    password: bool
    passkey: bool
    """Whether this address can have passkeys: a name over https, or localhost."""
    sign_on: str | None
    """What the button of the single sign-on says."""
    second_factor: Literal["required", "optional"]
    mail: bool
    """Whether the house can send a link to who forgot their password."""


class SecondStep(Model):
    """A code of an app, a recovery code, or a passkey with its flow."""

    code: Code = ""
    flow: Token = ""
    credential: Credential | None = None


class Proof(SecondStep):
    """The same, or the password of somebody who has no second factor."""

    password: Annotated[str, StringConstraints(max_length=1024)] = ""


class PasskeyAnswer(Model):
    """A passkey's answer."""

    flow: Token
    credential: Credential


class Asked(Model):
    """What to hand to ``navigator.credentials``, and the flow to bring back."""

    flow: str
    options: dict[str, Any]


class Proved(Model):
    """When the last proof was, and until when it counts as fresh."""

    csrf: str
    proved_at: datetime
    fresh_until: datetime


class NamedFactor(Model):
    """What to call an authenticator or a passkey."""

    name: Label = "1"


class TotpBegun(Model):
    """An authenticator to be: scan the picture (one SVG path, so many modules wide) or type the secret."""

    id: int
    secret: str
    address: str
    width: int
    path: str


class TotpCode(Model):
    """The first code of an authenticator."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]


class NewPasskey(PasskeyAnswer):
    """A passkey that was made."""

    name: Label


class FactorMade(Model):
    """It holds. ``codes`` are shown this once; ``me`` is there where the sign-in went on by it."""

    codes: list[str]
    me: Me | None


class Codes(Model):
    """New recovery codes, shown this once."""

    codes: list[str]


class FactorFace(Model):
    """One of one's second factors."""

    id: int
    kind: Literal["totp", "passkey"]
    name: str
    created_at: datetime
    used_at: datetime | None
    is_synced: bool | None
    """Whether the passkey is kept by its maker's cloud."""


class SessionFace(Model):
    """A browser one is signed in with."""

    id: str
    browser: str
    address: str
    """Masked."""
    factor: str | None
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this: bool


class PasswordFace(Model):
    """One's password: whether there is one, how old it is in days, and what follows."""

    is_set: bool
    age_days: int | None
    is_due: bool
    max_age_days: int | None


class Account(Model):
    """One's own account."""

    login: str
    name: str
    number: str
    roles: list[str]
    mail: str | None
    password: PasswordFace
    factors: list[FactorFace]
    factor_required: bool
    recovery_codes: int
    sessions: list[SessionFace]
    sign_on: bool
    """Whether one comes in by the single sign-on."""
    fresh_until: datetime | None


class PasswordChange(Model):
    """The present password and the new one."""

    present: Password
    wanted: Password


class Forgotten(Model):
    """Whose password is forgotten."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=128)]


class LinkPassword(Model):
    """A link's token, what it is for, and the password to set."""

    token: Token
    purpose: Literal["invite", "reset"]
    password: Password


class LinkAsked(Model):
    """A link's token and what it is for."""

    token: Token
    purpose: Literal["invite", "reset"]


class LinkFace(Model):
    """Whose link it is."""

    login: str
    name: str


class Ended(Model):
    """How many sessions ended."""

    ended: int


class AccountFace(Model):
    """One account, as administrators see it."""

    number: str
    login: str
    name: str
    roles: list[str]
    mail: str | None
    disabled_at: datetime | None
    factors: list[str]
    has_password: bool
    password_age_days: int | None
    sign_on: bool
    sessions: int
    seen_at: datetime | None
    reset_asked: bool
    """Whether a reset of the second factors waits for a second administrator."""


class ResetFace(Model):
    """A reset of second factors that one administrator asked for and another decides about."""

    id: int
    number: str
    name: str
    reason: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    is_mine: bool
    """Asked for by whoever looks: somebody else must decide."""


class Accounts(Model):
    """Every account."""

    accounts: list[AccountFace]
    resets: list[ResetFace]
    roles: list[str]
    mail: bool
    """Whether links can be sent."""


class NewAccount(Model):
    """Somebody new; an invitation goes to ``mail``, or the login if it is an address."""

    login: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=128)]
    number: StaffNumber
    name: Name
    roles: Roles
    mail: Mail | None = None


class AccountChange(Model):
    """What to change; what is left out stays."""

    roles: Roles | None = None
    mail: Mail | None = None


class WithReason(Model):
    """Why."""

    reason: Reason


class Decision(Model):
    """Whether a second administrator agrees."""

    approve: bool


class TokenFace(Model):
    """A program's token; never the text that opens the door."""

    id: str
    name: str
    role: str
    actions: list[str] | None
    made_by: str | None
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


class Tokens(Model):
    """Every token, and what the acts of each role are called."""

    tokens: list[TokenFace]
    actions: dict[str, list[str]]


class NewToken(Model):
    """What a token is for; ``actions`` null means whatever its role may; ``days`` 0 means for ever."""

    name: Label
    role: Role
    actions: Annotated[list[Action], Field(min_length=1, max_length=len(Action))] | None = None
    days: Annotated[int, Field(ge=0, le=3650)] = 90


class TokenMade(Model):
    """A new token; ``token`` is shown this once."""

    token: str
    made: TokenFace
