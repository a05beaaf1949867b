"""What goes in and out about who a customer is."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.web.api.models_base import Model


class AwaitedFace(Model):
    """What the customer was asked to prove."""

    level: str
    step: str
    action: str | None
    at: datetime


class AttemptFace(Model):
    """One check; what was typed is nowhere."""

    kind: str
    level: str
    action: str | None
    state: str
    outcome: str | None
    why: str | None
    at: datetime


class ProofFace(Model):
    """One level that was proven, and how it ended."""

    level: str
    method: str
    granted_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    ended_because: str | None


class VerificationFace(Model):
    """The level that holds now, by what and until when; what is waited for; what was tried."""

    level: str
    method: str | None
    granted_at: datetime | None
    expires_at: datetime | None
    """When it is lost if the customer keeps silent."""
    ends_at: datetime | None
    awaited: AwaitedFace | None
    attempts: list[AttemptFace]
    proofs: list[ProofFace]


class AskProof(Model):
    """Which level the customer is asked to prove."""

    level: Literal["L1", "L2"] = "L1"


class ConfirmBody(Model):
    """The one action that two people confirm."""

    action: str = Field(min_length=1, max_length=64)
