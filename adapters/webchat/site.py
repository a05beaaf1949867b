"""Who the site says its visitor is: a signed token (JWT) that says so for five minutes, once. Pure, told the time.

Only a configured key counts, chosen by ``kid``: what a token brings along (``jwk``, ``jku``, ``x5u``) is never read, and a
shared secret (HS256) is refused, because whoever can check one can forge one.
"""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:  # joserfc is half a megabyte that most houses never load
    from joserfc.jwk import ECKey, OKPKey

LONGEST = 4096
LIFE = timedelta(minutes=5)
SKEW = timedelta(seconds=60)
"""So far may the site's clock be ahead of ours."""
ALGORITHMS = {"OKP": ("EdDSA", "Ed25519"), "EC": ("ES256",)}
_HEADER = frozenset({"alg", "kid", "typ", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"})
_ID = re.compile(r"[\x21-\x7e]{8,128}")
_SUBJECT = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


class NotVouched(Exception):
    """The token proves nothing; the message is for whoever builds the site, never for the visitor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a token that holds says."""

    subject: str
    jti: str
    issued_at: datetime
    expires_at: datetime
    signed_in_at: datetime | None
    """When the visitor last gave password or second factor at the site (``auth_time``)."""


def site_key(text: str) -> "OKPKey | ECKey":
    """Return a public key, PEM or JWK: Ed25519, or P-256.

    Raises:
        ValueError: it is neither, or a private one, which nobody should hand out.
    """
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, OKPKey

    data: Any = orjson.loads(text) if text.lstrip().startswith("{") else text
    for kind in (OKPKey, ECKey):
        try:
            key = kind.import_key(data)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if key.is_private:
            raise ValueError("a private key: the gateway needs the public one only")
        if key.curve_name in ("Ed25519", "P-256"):
            return key
    raise ValueError("a public key of Ed25519 or P-256, as PEM or JWK")


def read_word(
    token: object, keys: Mapping[str, "OKPKey | ECKey"], issuer: str, audience: str, now: datetime
) -> Word:
    """Return what the site says.

    Raises:
        NotVouched: anything at all is not as it must be.
    """
    if (
        not isinstance(token, str)
        or not token.isascii()
        or not 20 <= len(token) <= LONGEST
        or token.count(".") != 2
    ):
        raise NotVouched("not a compact JWT")
    header = _header(token.partition(".")[0])
    if not header.keys() <= _HEADER:
        raise NotVouched("a header parameter that is not known here")
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise NotVouched("typ is not JWT")
    kid, alg = header.get("kid"), header.get("alg")
    key = keys.get(kid) if isinstance(kid, str) else None
    if key is None:
        raise NotVouched("kid names no key of site_keys")
    if alg not in ALGORITHMS[key.key_type]:
        raise NotVouched(f"alg does not fit the key {kid}")
    return _word(_claims(token, key, str(alg), issuer, audience, now), now)


def _header(part: str) -> dict[str, Any]:
    from joserfc.util import urlsafe_b64decode

    try:
        header = orjson.loads(urlsafe_b64decode(part.encode("ascii")))
    except (ValueError, TypeError) as error:
        raise NotVouched("the header cannot be read") from error
    if not isinstance(header, dict):
        raise NotVouched("the header is no object")
    return header


def _claims(
    token: str, key: "OKPKey | ECKey", alg: str, issuer: str, audience: str, now: datetime
) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import JoseError, SecurityWarning

    try:
        with (
            warnings.catch_warnings()
        ):  # RFC 9864 renames EdDSA to Ed25519; sites will say the old name for years
            warnings.simplefilter("ignore", SecurityWarning)
            claims = jwt.decode(token, key, algorithms=[alg]).claims
        # decode checks the signature and nothing else: without this a token would live for ever.
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=0,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            iat={"essential": True},
            exp={"essential": True},
            jti={"essential": True},
        ).validate({**claims, "iat": min(claims.get("iat", 0), int(now.timestamp()))})
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotVouched(f"{type(error).__name__}: {error}"[:120]) from error
    return dict(claims)


def _word(claims: Mapping[str, Any], now: datetime) -> Word:
    issued_at, expires_at = _instant(claims, "iat"), _instant(claims, "exp")
    if not timedelta() < expires_at - issued_at <= LIFE:
        raise NotVouched("exp is more than five minutes after iat")
    if issued_at > now + SKEW or expires_at <= now:
        raise NotVouched("it is of another time")
    subject, jti = claims.get("sub"), claims.get("jti")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject) or not subject.strip():
        raise NotVouched("sub is no name")
    if not isinstance(jti, str) or not _ID.fullmatch(jti):
        raise NotVouched("jti is not 8 to 128 visible characters")
    signed_in_at = _instant(claims, "auth_time") if "auth_time" in claims else None
    if signed_in_at is not None and signed_in_at > now + SKEW:
        raise NotVouched("auth_time is in the future")
    return Word(
        subject=subject, jti=jti, issued_at=issued_at, expires_at=expires_at, signed_in_at=signed_in_at
    )


def _instant(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**33:
        raise NotVouched(f"{name} is no time")
    return datetime.fromtimestamp(value, UTC)
