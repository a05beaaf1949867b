"""The settings of alarms: where supervisors are told besides the desk."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr, model_validator

from adapters.webhook_signing import key_of
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


def checked_secret(secret: SecretStr | None) -> SecretStr | None:
    """Return a secret that a key can be made of.

    Raises:
        ValueError: ``whsec_`` without base64 behind it.
    """
    if secret is not None:
        key_of(secret.get_secret_value())
    return secret


class Alarms(Strict):
    """Supervisors are told at the desk always; by mail and to a webhook where that is set."""

    mail: Annotated[tuple[str, ...], AfterValidator(checked_addresses)] = ()
    mail_channel: str = ""
    webhook: Annotated[str, AfterValidator(checked_hook)] = ""
    webhook_secret: Annotated[SecretStr | None, AfterValidator(checked_secret)] = None
    webhook_second_secret: Annotated[SecretStr | None, AfterValidator(checked_secret)] = None

    @model_validator(mode="after")
    def signed(self) -> "Alarms":
        """A webhook that is not signed could be told anything by anybody."""
        if self.webhook and self.webhook_secret is None:
            raise ValueError('webhook_secret beside webhook, such as {env = "ALARM_SECRET"}')
        return self

    def keys(self) -> tuple[bytes, ...]:
        """Return the keys that sign what is posted: two while the receiver changes from one to the other."""
        secrets = (self.webhook_secret, self.webhook_second_secret)
        return tuple(key_of(one.get_secret_value()) for one in secrets if one is not None)
