"""Passkeys (WebAuthn): what a browser is asked, and whether what it answers holds. Nothing is stored here."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from gateway.store.factors import PasskeyRow

HOUSE = "Intake Gateway"
TIMEOUT_MS = 120_000
ANSWER_WITHIN = timedelta(milliseconds=TIMEOUT_MS)
Asked = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The desk as a browser sees it: passkeys are bound to its name, answers to its origin."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """A passkey that proved to be one; everything as text for the table."""

    credential: str
    public_key: str
    sign_count: int
    is_synced: bool


def handle_of(agent_id: int) -> bytes:
    """Return the name under which an authenticator keeps a person: it tells nothing about them."""
    return hashlib.sha256(f"passkey holder {agent_id}".encode()).digest()


def ask_to_make(
    site: Site, agent_id: int, login: str, name: str, challenge: bytes, known: Sequence[PasskeyRow]
) -> Asked:
    """Return the options for ``navigator.credentials.create``."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.name,
        rp_name=HOUSE,
        user_id=handle_of(agent_id),
        user_name=login,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in known
        ],
    )
    return dict(orjson.loads(options_to_json(options)))


def ask_to_show(site: Site, challenge: bytes) -> Asked:
    """Return the options for ``navigator.credentials.get``: any passkey of this desk will do."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(orjson.loads(options_to_json(options)))


def made(site: Site, credential: Asked, challenge: bytes) -> NewPasskey | None:
    """Return the passkey that was made for this challenge; None if anything about it is not right."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return NewPasskey(
        credential=bytes_to_base64url(found.credential_id),
        public_key=bytes_to_base64url(found.credential_public_key),
        sign_count=found.sign_count,
        is_synced=found.credential_backed_up,
    )


def credential_id(credential: Asked) -> str:
    """Return which passkey a browser says it used, as it is stored."""
    given = credential.get("rawId") or credential.get("id")
    return given.rstrip("=") if isinstance(given, str) else ""


def shown(site: Site, credential: Asked, challenge: bytes, passkey: PasskeyRow) -> int | None:
    """Return how often the passkey says it was used, if its answer to this challenge holds; else None."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        holder = (credential.get("response") or {}).get("userHandle")
        if holder and base64url_to_bytes(holder) != handle_of(passkey.agent_id):
            return None
        return verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        ).new_sign_count
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        return None
