"""The settings of alarms: where supervisors are told besides the desk."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr, model_validator

from gateway.domain.recipients import recipients
from gateway.settings.rules import Strict


def checked_hook(url: str) -> str:
    """Return a webhook's address.

    Raises:
        ValueError: it is no plain http(s) address.
    """
    parts = urlsplit(url)
    if url and not (parts.scheme in ("http", "https") and parts.netloc and not parts.username):
        raise ValueError('an address such as "https://chat.shop.example/hook"')
    return url


def checked_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Return mail addresses.

    Raises:
        ValueError: one is none.
    """
    try:
        recipients(addresses, (), ())
    except ValueError as error:
        raise ValueError('plain mail addresses such as "lead@shop.example"') from error
    return addresses


class Alarms(Strict):
    """Supervisors are told at the desk always; by mail and to a webhook where that is set."""

    mail: Annotated[tuple[str, ...], AfterValidator(checked_addresses)] = ()
    mail_channel: str = ""
    webhook: Annotated[str, AfterValidator(checked_hook)] = ""
    webhook_secret: SecretStr | None = None

    @model_validator(mode="after")
    def signed(self) -> "Alarms":
        """A webhook that is not signed could be told anything by anybody."""
        if self.webhook and self.webhook_secret is None:
            raise ValueError('webhook_secret beside webhook, such as {env = "ALARM_SECRET"}')
        return self
