"""A single sign-on of our own: as honest as any by default, and able to lie in every way a test asks for."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

CLIENT, SECRET = "intake-gateway", "a secret that only the two of us know"
Lie = Callable[[dict[str, Any], dict[str, Any]], None]
"""Changes the token's header and claims."""


def _plain(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    """A token put together by hand."""

    def part(value: Any) -> str:
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    return f"{part(header)}.{part(claims)}.{part(signature)}"


@dataclass(kw_only=True)
class Provider:
    """Its keys, whom it would name, and what is wrong with it this time."""

    now: Callable[[], datetime]
    issuer: str = ""
    subject: str = "subject-1001"
    mail: str = "li@shop.example"
    lie: Lie = lambda header, claims: None
    describe: Callable[[dict[str, Any]], None] = lambda description: None
    forge: Callable[["Provider", dict[str, Any]], str] | None = None
    token_status: int = 200
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    other: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    elliptic: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "ec"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    exchanged: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> web.Application:
        """The provider's three addresses besides the one that people see."""
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._description)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/token", self._token)
        return app

    def agree(self, address: str) -> dict[str, str]:
        """Be somebody who is sent here and signs in; return the query they go back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def sign(self, claims: dict[str, Any], header: dict[str, Any] | None = None, key: Any = None) -> str:
        """Sign a token, with any algorithm."""
        header = {"alg": "RS256", "kid": "one"} | (header or {})
        registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
        return jwt.encode(header, claims, key or self.key, algorithms=[header["alg"]], registry=registry)

    def as_secret(self) -> OctKey:
        """The public key's own text, used as a shared secret."""
        return OctKey.import_key(self.key.as_pem(private=False))

    async def _description(self, request: web.Request) -> web.Response:
        description: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        self.describe(description)
        return web.json_response(description)

    async def _keys(self, request: web.Request) -> web.Response:
        return web.json_response(KeySet([self.key, self.elliptic]).as_dict(private=False))

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.exchanged.append(form)
        asked = self.codes.pop(form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        pair = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '%20')}".encode()).decode()
        is_ours = request.headers.get("Authorization") == f"Basic {pair}"
        if asked is None or proof.decode().rstrip("=") != asked["code_challenge"] or not is_ours:
            return web.json_response({"error": "invalid_grant"}, status=400)
        if form["redirect_uri"] != asked["redirect_uri"] or self.token_status != 200:
            return web.json_response({"error": "invalid_grant"}, status=self.token_status)
        at = int(self.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT, "exp": at + 300, "iat": at,
            "nonce": asked["nonce"], "email": self.mail, "email_verified": True,
        }  # fmt: skip
        header: dict[str, Any] = {}
        self.lie(header, claims)
        token = self.forge(self, claims) if self.forge else self.sign(claims, header)
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": token})


def unsigned(provider: Provider, claims: dict[str, Any]) -> str:
    """``alg: none``."""
    return _plain({"alg": "none", "kid": "one"}, claims)


def by_hand(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"x" * 256) -> str:
    """Any header with a signature of no key."""
    return _plain(header, claims, signature)
