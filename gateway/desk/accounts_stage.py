"""How far a sign-in has come, and what a browser shows of itself at the door. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address

from gateway.desk.rights import Stage
from gateway.domain.account_rules import AccountRules

LATER = "later"
SIGN_ON = "sign_on"
RECOVERY = "recovery"

SECOND_WITHIN = timedelta(minutes=10)
"""How long a password alone keeps the door ajar for the second factor."""
ENROL_WITHIN = timedelta(minutes=30)

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """What asks to come in."""

    address: str
    name: str = ""
    """Such as ``Chrome, Linux``; its full description of itself is kept nowhere."""
    device: str = ""
    """The cookie of a browser that was here before."""
    is_here: bool = False
    """It runs on the gateway's own machine, and nobody stands between."""


def next_stage(
    rules: AccountRules,
    *,
    factors: frozenset[str],
    shown: str | None,
    by_password: bool,
    password_at: datetime | None,
    now: datetime,
) -> Stage:
    """Return what is still owed of somebody who has ``factors`` and has ``shown`` one of them (or ``later``)."""
    if factors and (shown is None or shown == LATER):
        return Stage.SECOND
    if not factors and shown is None and rules.second_factor:
        return Stage.ENROL
    too_old = rules.password_max_age is not None and (
        password_at is None or now - password_at >= rules.password_max_age
    )
    return Stage.PASSWORD if by_password and too_old else Stage.IN


def lasts(rules: AccountRules, stage: Stage) -> timedelta:
    """Return how long a session of this stage may live."""
    return {Stage.SECOND: SECOND_WITHIN, Stage.IN: rules.longest}.get(stage, ENROL_WITHIN)


def named_browser(agent_string: str) -> str:
    """Return what a person recognises of a browser's description of itself."""
    browser = next((name for word, name in _BROWSERS if word in agent_string), "")
    system = next((name for word, name in _SYSTEMS if word in agent_string), "")
    return ", ".join(filter(None, (browser, system)))


def masked_address(address: str) -> str:
    """Return an address without the part that names one connection."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return address
    if isinstance(found, IPv4Address):
        return ".".join([*address.split(".")[:2], "*", "*"])
    return ":".join([*found.exploded.split(":")[:3], "*"])
