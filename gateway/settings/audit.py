"""The settings of the audit: where its checkpoints go, and how often."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from gateway.settings.fields import Place, Span
from gateway.settings.rules import Strict


def checked_syslog(address: str) -> str:
    """Return where a syslog listens: a socket's path, or ``host:port`` (UDP).

    Raises:
        ValueError: it is neither.
    """
    host, _, port = address.rpartition(":")
    if address and not address.startswith("/") and not (host and port.isdecimal()):
        raise ValueError('a socket such as "/dev/log", or "host:port"')
    return address


class AuditRules(Strict):
    """Where the audit is witnessed outside the database, so that its end cannot be cut off unseen."""

    checkpoints: Place | None = None
    every: Span = timedelta(minutes=5)
    rows: Annotated[int, Field(ge=1)] = 1000
    syslog: Annotated[str, AfterValidator(checked_syslog)] = ""
