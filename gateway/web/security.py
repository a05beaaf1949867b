"""Where a request really comes from, who is behind it, and the headers every answer carries."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from adapters.outgoing.egress import is_open
from gateway.desk.accounts import same
from gateway.desk.accounts_errors import FactorWanted, NotSignedIn
from gateway.desk.accounts_stage import Browser, named_browser
from gateway.desk.rights import Stage, Who
from gateway.web.problems import ForeignOrigin, NotSecure
from gateway.web.world import PARTS, World

SECURE_COOKIE, LOCAL_COOKIE = "__Host-sid", "sid"
DEVICE_COOKIE, FLOW_COOKIE = "device", "sign-on"
CSRF = "X-CSRF-Token"
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
FILE_POLICY = "sandbox; default-src 'none'"
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How the client sees us, and the address it comes from, proxies we trust taken into account."""

    scheme: str
    host: str
    address: str
    is_direct: bool
    """Nobody stands between, as far as the headers say."""

    @property
    def text(self) -> str:
        """As browsers write it in ``Origin``."""
        return f"{self.scheme}://{self.host}"

    @property
    def is_local(self) -> bool:
        """Whether the browser runs on the machine it talks to, so that nobody can listen."""
        return (urlsplit(f"//{self.host}").hostname or "") in _LOCAL_NAMES


def origin_of(request: web.Request, world: World) -> Origin:
    """Return scheme, host and client address; forwarded headers count only from trusted proxies."""
    headers, peer = request.headers, request.remote or ""
    scheme, host, address = request.scheme, request.host, peer
    is_forwarded = "X-Forwarded-For" in headers or "Forwarded" in headers
    if is_forwarded and _is_trusted(peer, world):
        hops = [hop.strip() for hop in headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        # From the right: what stands left of the first stranger was written by that stranger.
        address = next((hop for hop in reversed(hops) if not _is_trusted(hop, world)), peer)
        scheme = headers.get("X-Forwarded-Proto", scheme).split(",")[-1].strip()
        host = headers.get("X-Forwarded-Host", host).split(",")[-1].strip()
    public = urlsplit(world.public_url)
    if public.scheme == "https" and public.netloc == host:
        scheme = "https"
    return Origin(scheme=scheme, host=host, address=address, is_direct=not is_forwarded)


def is_loopback(address: str) -> bool:
    """Return whether this is an address of this very machine."""
    found = _parsed(address)
    return found is not None and found.is_loopback


def is_public(address: str) -> bool:
    """Return whether this is an address of the open network."""
    return _parsed(address) is not None and is_open(address)


def is_ip(host: str) -> bool:
    """Return whether a host is an address in figures rather than a name."""
    return _parsed(host) is not None


def cookie_name(origin: Origin) -> str:
    """Return under which name the session's cookie travels.

    Raises:
        NotSecure: neither https nor this very machine.
    """
    if origin.scheme == "https":
        return SECURE_COOKIE
    if origin.is_local:
        return LOCAL_COOKIE
    raise NotSecure(f"signing in over {origin.scheme} at {origin.host}")


def set_cookie(response: web.StreamResponse, origin: Origin, token: str) -> None:
    """Hand the session to the browser; it ends with the browser or with the session, whichever comes first."""
    name = cookie_name(origin)
    response.set_cookie(name, token, path="/", httponly=True, samesite="Lax", secure=name == SECURE_COOKIE)


def set_named_cookie(
    response: web.StreamResponse, origin: Origin, name: str, value: str, max_age: int
) -> None:
    """Hand the browser a value of its own beside the session: which device it is, which sign-on it began."""
    is_secure = cookie_name(origin) == SECURE_COOKIE
    full = f"__Host-{name}" if is_secure else name
    response.set_cookie(
        full, value, path="/", httponly=True, samesite="Lax", secure=is_secure, max_age=max_age
    )


def named_cookie(request: web.Request, origin: Origin, name: str) -> str:
    """Return such a value; empty if there is none, or one that could not be ours."""
    found = request.cookies.get(f"__Host-{name}" if origin.scheme == "https" else name, "")
    return found if len(found) == 64 and found.isascii() else ""


def browser_of(request: web.Request, origin: Origin) -> Browser:
    """Return what asks to come in."""
    return Browser(
        address=origin.address,
        name=named_browser(request.headers.get(hdrs.USER_AGENT, "")[:500]),
        device=named_cookie(request, origin, DEVICE_COOKIE),
        is_here=origin.is_direct and origin.is_local and is_loopback(origin.address),
    )


def drop_cookie(response: web.StreamResponse, origin: Origin) -> None:
    """Make the browser forget the session."""
    is_secure = origin.scheme == "https"
    name = SECURE_COOKIE if is_secure else LOCAL_COOKIE
    response.del_cookie(name, path="/", secure=is_secure, httponly=True, samesite="Lax")


async def identify(
    request: web.Request, origin: Origin, *, is_active: bool, stages: frozenset[Stage] = frozenset()
) -> Who:
    """Return who asks, by bearer token or by cookie; a cookie's unsafe request must be the desk's own.

    A session that is not whole yet is let through only where ``stages`` names how far it has come.

    Raises:
        NotSignedIn: neither holds. ForeignOrigin: another site made the request. FactorWanted: not whole.
    """
    accounts = request.app[PARTS].accounts
    scheme, _, bearer = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() == "bearer" and bearer.strip():
        who = await accounts.by_token(bearer.strip())
        if who is None:
            raise NotSignedIn("a token that does not hold")
        return who
    is_secure = origin.scheme == "https"
    cookie = request.cookies.get(SECURE_COOKIE if is_secure else LOCAL_COOKIE, "")
    if not cookie or not (is_secure or origin.is_local):
        raise NotSignedIn("no session")
    who = await accounts.by_cookie(cookie, is_active=is_active)
    if who is None:
        raise NotSignedIn("a session that is over")
    if request.method not in _SAFE:
        check_origin(request, origin)
        if not same(request.headers.get(CSRF, ""), who.csrf):
            raise ForeignOrigin("the session's token is missing or wrong")
    if who.stage is not Stage.IN and who.stage not in stages:
        raise FactorWanted(f"a session that has come as far as {who.stage}", stage=str(who.stage))
    return who


def check_origin(request: web.Request, origin: Origin) -> None:
    """Return if the request was made by our own page, or by no page at all.

    Raises:
        ForeignOrigin: a browser says that another site made it.
    """
    said = request.headers.get(hdrs.ORIGIN)
    ours = {origin.text, request.app[PARTS].world.public_url} - {""}
    if said is not None and said not in ours:
        raise ForeignOrigin(f"a request from {said}", origin=said)
    if said is None and request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise ForeignOrigin("a request from another site")


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on an answer that it does not carry already; runs as it is being prepared."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    if "Server" in headers:
        del headers["Server"]
    headers["Server"] = "intake-gateway"
    world = request.app[PARTS].world
    if origin_of(request, world).scheme == "https":
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if response.status == web.HTTPNotModified.status_code:
        return  # a browser lays these headers over the page it keeps: a policy for data would forbid it everything
    # Adapters speak to other people's pages and set their own.
    if request.path.startswith(("/chat/", "/widget.js")):
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
        return
    is_page = response.content_type == "text/html"
    headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else DATA_POLICY)
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
    headers.setdefault("Cache-Control", "no-store")


def _is_trusted(address: str, world: World) -> bool:
    found = _parsed(address)
    return found is not None and any(found in network for network in world.trusted_proxies)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
