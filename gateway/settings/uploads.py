"""The settings of files that people upload."""

from typing import Annotated

from pydantic import AfterValidator, Field

from gateway.settings.rules import Strict
from gateway.uploads import Scanner, Uploads


def checked_scanner(where: str) -> str:
    """Return where clamd listens.

    Raises:
        ValueError: it is neither ``host:port`` nor the path of a socket.
    """
    host, _, port = where.rpartition(":")
    if where and not where.startswith("/") and not (host and port.isascii() and port.isdigit()):
        raise ValueError('clamd as "127.0.0.1:3310" or "/run/clamav/clamd.ctl"')
    return where


class UploadRules(Strict):
    """How much one sender may upload in 24 hours, and who scans it."""

    per_day_bytes: Annotated[int, Field(ge=1024 * 1024)] = 200 * 1024 * 1024
    clamd: Annotated[str, AfterValidator(checked_scanner)] = ""

    def gate(self) -> Uploads:
        """Return the gate that every upload passes."""
        return Uploads(scanner=Scanner(self.clamd) if self.clamd else None, per_day=self.per_day_bytes)
