"""How personal data is kept: covered on arrival, sealed from those who see the disk, shown to few and not often."""

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from gateway.domain.covering import KINDS, CoverRules
from gateway.domain.revealing import RevealRules
from gateway.domain.sensitive_text import Kind
from gateway.sealing.roots import parse_roots
from gateway.settings.fields import Span
from gateway.settings.rules import Strict


class Reveals(Strict):
    """Showing covered values."""

    alarm_after: Annotated[int, Field(ge=1)] = RevealRules().alarm_after
    stop_after: Annotated[int, Field(ge=1)] = RevealRules().stop_after
    shown_for: Span = RevealRules().shown_for

    @model_validator(mode="after")
    def alarm_first(self) -> Self:
        """Nobody is stopped before somebody was told."""
        if self.alarm_after > self.stop_after:
            raise ValueError("alarm_after no greater than stop_after")
        return self


class Protection(Strict):
    """What becomes of personal data. Without ``root_key`` the keys are in ``data.dir/keys/root.key``, made at the first start."""

    root_key: SecretStr | None = None
    mask: tuple[Kind, ...] = KINDS
    originals: Literal["sealed", "dropped"] = "sealed"
    unencrypted: tuple[Literal["chat", "social", "mail"], ...] = ("mail",)
    reveals: Reveals = Reveals()

    @field_validator("root_key")
    @classmethod
    def keys_made_by_chance(cls, value: SecretStr | None) -> SecretStr | None:
        """Refuse what is no root key, without showing it."""
        if value is not None:
            parse_roots(value.get_secret_value())
        return value

    def cover_rules(self) -> CoverRules:
        """Return what is covered."""
        return CoverRules(
            kinds=frozenset(self.mask),
            keeps_originals=self.originals == "sealed",
            unencrypted=frozenset(self.unencrypted),
        )

    def reveal_rules(self) -> RevealRules:
        """Return how often covered values are shown."""
        reveals = self.reveals
        return RevealRules(
            alarm_after=reveals.alarm_after, stop_after=reveals.stop_after, shown_for=reveals.shown_for
        )
