"""What an operator may set for a Telegram bot."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from adapters.spans import Span

_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
_SECRET = re.compile(r"[\w-]{16,256}", re.ASCII)


class TelegramSettings(BaseModel):
    """One bot. ``token`` is what @BotFather gave; the rest has defaults that suit most houses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr | None = None
    """Telegram repeats it with every update; mandatory with ``mode = "webhook"``."""
    allow_groups: bool = False
    poll: Annotated[Span, Field(ge=timedelta(seconds=1), le=timedelta(minutes=10))] = timedelta(seconds=50)
    """How long Telegram may hold an empty answer."""
    timeout: Annotated[Span, Field(gt=timedelta(0))] = timedelta(seconds=10)
    """How long one call may take besides that."""
    proxy: str | None = None
    """``http://host:port``; without it the proxies of the environment are used."""
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"

    @field_validator("token")
    @classmethod
    def _is_a_token(cls, value: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("token must look like 123456:ABC-DEF: copy it from @BotFather")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_a_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("webhook_secret must be 16 to 256 of A-Z a-z 0-9 _ -")
        return value

    @model_validator(mode="after")
    def _webhook_has_a_secret(self) -> "TelegramSettings":
        if self.mode == "webhook" and self.webhook_secret is None:
            raise ValueError('mode = "webhook" needs webhook_secret: set it to 16 or more random characters')
        return self

    @property
    def bot_id(self) -> str:
        """The bot's own number, which a token begins with."""
        return self.token.get_secret_value().partition(":")[0]
