"""An authenticator of our own: makes passkeys and answers with them as a browser would, right or wrong on purpose."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    """Return base64url as WebAuthn writes it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _cbor_head(major: int, n: int) -> bytes:
    if n < 24:
        return bytes([major << 5 | n])
    if n < 256:
        return bytes([major << 5 | 24, n])
    return bytes([major << 5 | 25]) + n.to_bytes(2, "big")


def cbor(value: Any) -> bytes:
    """Encode the little of CBOR that an authenticator says."""
    if isinstance(value, int):
        return _cbor_head(0, value) if value >= 0 else _cbor_head(1, -1 - value)
    if isinstance(value, bytes):
        return _cbor_head(2, len(value)) + value
    if isinstance(value, str):
        return _cbor_head(3, len(value.encode())) + value.encode()
    assert isinstance(value, dict)
    return _cbor_head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


@dataclass(kw_only=True)
class Authenticator:
    """One passkey; ``flags`` can be made to lack the finger."""

    origin: str
    id: bytes = b"a-passkey-of-the-tests-0001"
    count: int = 0
    flags: int = PRESENT | VERIFIED
    user: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer ``navigator.credentials.create``."""
        self.user = base64.urlsafe_b64decode(options["user"]["id"] + "==")
        point = self.key.public_key().public_numbers()
        cose = cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        about = self._about(options["rp"]["id"], self.flags | ATTESTED)
        about += bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        data = self._client("webauthn.create", options["challenge"])
        said = {"fmt": "none", "attStmt": {}, "authData": about}
        response = {
            "clientDataJSON": b64(data),
            "attestationObject": b64(cbor(said)),
            "transports": ["internal"],
        }
        return self._credential(response)

    def show(self, options: dict[str, Any], site: str = "") -> dict[str, Any]:
        """Answer ``navigator.credentials.get``."""
        self.count += 1
        about = self._about(site or options["rpId"], self.flags)
        data = self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(about + hashlib.sha256(data).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": b64(data), "authenticatorData": b64(about),
            "signature": b64(signature), "userHandle": b64(self.user),
        }  # fmt: skip
        return self._credential(response)

    def _about(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = b64(self.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
