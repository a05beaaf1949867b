"""The one way out over HTTP: webhooks, directories, SMS and sign-in providers are all asked through ``Outgoing``.

It lies with the leaves because adapters post webhooks too, and imports nothing of ours.
"""

from adapters.outgoing.client import (
    Answer,
    NotAllowed,
    Outgoing,
    OutgoingFailed,
    Silent,
    TooMuch,
    Unreachable,
)
from adapters.outgoing.egress import Egress

__all__ = [
    "Answer",
    "Egress",
    "NotAllowed",
    "Outgoing",
    "OutgoingFailed",
    "Silent",
    "TooMuch",
    "Unreachable",
]
