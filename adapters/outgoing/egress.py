"""Where requests may go: hosts of the open network by https, and private ones an operator has named. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from yarl import URL

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_A_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_CLOSED = tuple(
    ip_network(net)
    for net in (
        "::/96",  # an IPv4 address written as an IPv6 one; ::1 and :: are in here too
        "64:ff9b::/96",  # an IPv4 address behind a translator, and so is the next
        "64:ff9b:1::/48",
        "2002::/16",  # 6to4 carries an IPv4 address
        "192.88.99.0/24",
        "fec0::/10",
        "3fff::/20",
        "5f00::/16",
    )
)


def is_open(address: str) -> bool:
    """Say whether an IP address lies in the open network and carries no other address inside.

    Raises:
        ValueError: it is no IP address.
    """
    it: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(it, IPv6Address) and it.ipv4_mapped is not None:
        it = it.ipv4_mapped
    return it.is_global and not it.is_multicast and not any(it in net for net in _CLOSED)


class BadAddress(ValueError):
    """An address that requests may not go to; ``str`` of it says why and what would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Egress:
    """The rule. ``private_hosts`` are names or addresses, each alone (any port) or as ``host:port``."""

    private_hosts: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset({443})
    is_open: Callable[[str], bool] = is_open

    def check(self, address: str) -> URL:
        """Return ``address`` as it will be asked for.

        Raises:
            BadAddress: it may not be asked.
        """
        if any(ord(ch) < 33 or ch == "\\" or ord(ch) == 127 for ch in address):
            raise BadAddress("an address holds no blanks, control characters or backslashes")
        try:
            url = URL(address)
            host, port = (url.raw_host or "").lower(), url.port
        except ValueError as error:
            raise BadAddress("this is no web address") from error
        if url.scheme not in ("http", "https") or not host or port is None:
            raise BadAddress("an address begins with https:// and names a host")
        if url.raw_user is not None or url.raw_password is not None:
            raise BadAddress("an address holds no user name or password")
        self._check_host(url.scheme, host, port)
        return url.with_fragment(None)

    def _check_host(self, scheme: str, host: str, port: int) -> None:
        if self.is_private(host, port):
            return
        if scheme != "https":
            raise BadAddress(f"{host} must be asked by https (or be named in outgoing.private_hosts)")
        if port not in self.ports:
            raise BadAddress(f"port {port} is not one of outgoing.ports")
        try:
            is_closed = not self.is_open(host)
        except ValueError:
            name = host.removesuffix(".")
            # A last part that is a number makes resolvers read the whole as an address: 127.1, 0x7f.1, 2130706433.
            if not _NAME.fullmatch(name) or _A_NUMBER.fullmatch(name.rpartition(".")[2]):
                raise BadAddress("this is no plain host name") from None
            return
        if is_closed:
            raise BadAddress(
                f"{host} is in a private network: name it in outgoing.private_hosts if it is meant"
            )

    def is_private(self, host: str, port: int) -> bool:
        """Say whether the operator has named this host as one of their own."""
        name = host.lower().removesuffix(".")
        shown = f"[{name}]" if ":" in name else name
        return not self.private_hosts.isdisjoint((name, shown, f"{shown}:{port}"))
