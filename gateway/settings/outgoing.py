"""The settings of requests that leave: which private hosts and which ports they may go to."""

import re
from typing import Annotated

from pydantic import AfterValidator

from adapters.outgoing import Egress
from gateway.settings.fields import Port
from gateway.settings.rules import Strict

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?|[0-9a-f]*:[0-9a-f:.]+")


def checked_host(value: str) -> str:
    """Return a host, perhaps with a port, as requests name it.

    Raises:
        ValueError: it is none; whole addresses and patterns are not meant.
    """
    host = value.lower()
    if not _HOST.fullmatch(host):
        raise ValueError('a host such as "crm.lan", "crm.lan:8443" or "10.0.0.7"')
    return host


class OutgoingRules(Strict):
    """Where the gateway's own requests may go beyond https in the open network."""

    private_hosts: tuple[Annotated[str, AfterValidator(checked_host)], ...] = ()
    ports: tuple[Port, ...] = (443,)

    def egress(self) -> Egress:
        """Return the rule that the outgoing client holds to."""
        return Egress(private_hosts=frozenset(self.private_hosts), ports=frozenset(self.ports))
