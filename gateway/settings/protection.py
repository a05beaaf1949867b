"""How personal data is kept from those who see the disk and not the desk."""

from pydantic import SecretStr, field_validator

from gateway.sealing.roots import parse_roots
from gateway.settings.rules import Strict


class Protection(Strict):
    """Sealing of personal data. Without ``root_key`` the keys are in ``data.dir/keys/root.key``, made at the first start."""

    root_key: SecretStr | None = None

    @field_validator("root_key")
    @classmethod
    def keys_made_by_chance(cls, value: SecretStr | None) -> SecretStr | None:
        """Refuse what is no root key, without showing it."""
        if value is not None:
            parse_roots(value.get_secret_value())
        return value
