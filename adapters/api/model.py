"""What an app may post, checked at the door, and what it becomes. Pure."""

import base64
import binascii
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from adapters.contract import Inbound, InboundAttachment


def _without_nul(value: object) -> object:
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("must not contain the character NUL")
    return value


def _from_base64(value: object) -> bytes:
    if not isinstance(value, str):
        raise ValueError("must be base64 text")
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(f"must be base64: {error}") from error


Text = Annotated[str, BeforeValidator(_without_nul)]
Id = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Name = Annotated[Text, StringConstraints(max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sender(_Strict):
    """Who writes, as the app knows them."""

    id: Id
    name: Name | None = None
    lang: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{2,35}$")] | None = None


class PostedFile(_Strict):
    """A file in the message itself."""

    name: Annotated[Text, StringConstraints(min_length=1, max_length=255)]
    media_type: Annotated[str, StringConstraints(pattern=r"^[\w.+-]+/[\w.+-]+$")] = "application/octet-stream"
    content: Annotated[bytes, BeforeValidator(_from_base64)]


class Posted(_Strict):
    """One message of a customer: ``text`` or the id of a choice, files besides."""

    id: Id
    thread: Id
    sender: Annotated[Sender, Field(alias="from")]
    text: Text = ""
    choice: Annotated[Text, StringConstraints(min_length=1, max_length=200)] | None = None
    attachments: tuple[PostedFile, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _lists_become_tuples(cls, value: Any) -> Any:
        # Strict models take no list for a tuple, and JSON has nothing else.
        if isinstance(value, dict) and isinstance(value.get("attachments"), list):
            return value | {"attachments": tuple(value["attachments"])}
        return value

    @model_validator(mode="after")
    def _says_something(self) -> "Posted":
        if self.choice is not None and self.text:
            raise ValueError("give text or choice, not both")
        if self.choice is None and not self.text.strip() and not self.attachments:
            raise ValueError("give text, choice or attachments")
        return self


def to_inbound(channel: str, posted: Posted) -> Inbound:
    """Return a posted message as an Inbound; its id is the app's, so that posting again changes nothing."""
    return Inbound(
        channel=channel,
        external_id=posted.id,
        own_id=posted.id,
        address=posted.sender.id,
        thread=posted.thread,
        text=posted.text,
        choice=posted.choice,
        name=posted.sender.name,
        lang=posted.sender.lang,
        attachments=tuple(
            InboundAttachment(
                name=it.name, media_type=it.media_type, content=it.content, size=len(it.content)
            )
            for it in posted.attachments
        ),
    )
