"""What a single sign-on says of somebody, believed only if all of it is right. Pure but for the signature's arithmetic."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from gateway.domain.account_rules import SignOnRules

DRIFT = timedelta(seconds=60)
"""So far may the two clocks be apart."""
OLDEST = timedelta(minutes=10)
LONGEST_TOKEN = 16_384
_KINDS = ("RSA", "EC", "OKP")


class BadToken(Exception):
    """It is not believed; the words are for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is at the single sign-on; ``mail`` only if it was verified there."""

    subject: str
    mail: str | None


def challenge_of(verifier: str) -> str:
    """Return what PKCE sends ahead of the verifier (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def public_keys(document: Any) -> dict[str, Any]:
    """Return a key set without what must not be in it: shared secrets, and keys meant for something else."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list):
        raise BadToken("the key set is none")
    kept = [
        {name: value for name, value in key.items() if name not in ("x5u", "x5c")}
        for key in keys
        if isinstance(key, dict)
        and key.get("kty") in _KINDS
        and key.get("use", "sig") == "sig"
        and "d" not in key
    ]
    if not kept:
        raise BadToken("the key set holds no key for signatures")
    return {"keys": kept}


def claims_of(token: Any, keys: Mapping[str, Any], rules: SignOnRules) -> dict[str, Any]:
    """Return the claims of a token whose signature holds, by a key of ours and an algorithm of ours.

    Raises:
        BadToken: it does not.
    """
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    header = _header(token)
    if header.get("alg") not in rules.algorithms:
        raise BadToken(f"signed with {str(header.get('alg'))[:20]}")
    if "crit" in header or str(header.get("typ", "JWT")).upper() != "JWT":
        raise BadToken("a token of another kind")
    named = [key for key in keys["keys"] if key.get("kid") == header.get("kid")]
    if len(named) != 1:
        raise BadToken("signed with a key that is not in the set")
    if named[0].get("alg", header["alg"]) != header["alg"]:
        raise BadToken("signed with a key for another algorithm")
    try:
        key_set = KeySet.import_key_set({"keys": named})
        # Only the set's own key is used: what a header brings along (jwk, jku, x5u) is not looked at.
        decoded = jwt.decode(token, key_set, algorithms=list(rules.algorithms))
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise BadToken(f"the signature does not hold: {type(error).__name__}") from error
    return dict(decoded.claims)


def believed(claims: Mapping[str, Any], rules: SignOnRules, *, nonce: str, now: datetime) -> Identity:
    """Return who the claims are about.

    Raises:
        BadToken: they are another's, for another, too old, or an answer to another question.
    """
    if claims.get("iss") != rules.issuer:
        raise BadToken("another issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if rules.client_id not in audiences:
        raise BadToken("for somebody else")
    if len(audiences) > 1 and claims.get("azp") != rules.client_id:
        raise BadToken("for several, and not asked for by us")
    if "azp" in claims and claims["azp"] != rules.client_id:
        raise BadToken("asked for by somebody else")
    _timely(claims, now)
    given = claims.get("nonce")
    if not nonce or not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise BadToken("an answer to another question")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise BadToken("about nobody")
    mail = claims.get("email")
    is_verified = claims.get("email_verified") is True
    return Identity(subject=subject, mail=mail if is_verified and isinstance(mail, str) and mail else None)


def _timely(claims: Mapping[str, Any], now: datetime) -> None:
    times = {name: claims.get(name) for name in ("exp", "iat", "nbf")}
    for name, value in times.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number and not (name == "nbf" and value is None):
            raise BadToken(f"without a right {name}")
    at = now.timestamp()
    drift, oldest = DRIFT.total_seconds(), OLDEST.total_seconds()
    if float(times["exp"] or 0) <= at:
        raise BadToken("over")
    if not at - oldest <= float(times["iat"] or 0) <= at + drift:
        raise BadToken("made at another time")
    if times["nbf"] is not None and float(times["nbf"]) > at + drift:
        raise BadToken("not yet")


def _header(token: Any) -> dict[str, Any]:
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise BadToken("no token")
    part = token.partition(".")[0]
    try:
        header = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError as error:
        raise BadToken("a header that cannot be read") from error
    if not isinstance(header, dict):
        raise BadToken("a header that is none")
    return header
