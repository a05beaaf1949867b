"""One customer message on its way in, the same by HTTP and by socket."""

import math

from adapters.contract import Accepted, Context, Inbound, InboundAttachment
from adapters.webchat.flood import Flood
from adapters.webchat.frames import BadMessage, Said
from adapters.webchat.settings import WebchatSettings

RETRY_NOT_STORED = 5
"""Seconds after which a client may try again when nothing could be stored."""


class TooFast(Exception):
    """The visitor's permits are used up; there is one again in ``retry_after`` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class Talk:
    """Takes checked messages and hands them to the gateway; knows who is sending too fast."""

    def __init__(self, settings: WebchatSettings, context: Context) -> None:
        self._context = context
        self._frames = Flood(settings.flood.frames, settings.flood.window)
        self._uploads = Flood(settings.flood.uploads, settings.flood.uploads_window)

    def pace(self, visitor: str) -> None:
        """Count one frame or request of ``visitor``.

        Raises:
            TooFast: one too many.
        """
        if seconds := self._frames.wait(visitor, self._context.clock.monotonic()):
            raise TooFast(math.ceil(seconds))

    def pace_upload(self, visitor: str) -> None:
        """Count one upload of ``visitor``.

        Raises:
            TooFast: one too many.
        """
        if seconds := self._uploads.wait(visitor, self._context.clock.monotonic()):
            raise TooFast(math.ceil(seconds))

    def forget(self) -> None:
        """Let go of visitors who have been quiet."""
        now = self._context.clock.monotonic()
        self._frames.forget(now)
        self._uploads.forget(now)

    async def take(self, visitor: str, said: Said, lang: str | None) -> Accepted:
        """Store ``said`` and return the gateway's word for it; only then may the client be told.

        Raises:
            BadMessage: an attachment is not this visitor's, or the privacy notice was not agreed to.
            IdTaken: the client used the id for something else.
            NotStored: the client must try again.
        """
        wanted = self._context.consent
        if wanted and said.consent != wanted:
            raise BadMessage(
                "consent", f'agree to the notice and send "consent": "{wanted}" with the message'
            )
        files = await self._attachments(visitor, said.attachments) if said.attachments else ()
        accepted = await self._context.deliver(to_inbound(self._context.channel, visitor, said, files, lang))
        assert accepted is not None, "an Inbound was handed in"
        return accepted

    async def _attachments(self, visitor: str, ids: tuple[str, ...]) -> tuple[InboundAttachment, ...]:
        found: list[InboundAttachment] = []
        for each in ids:
            blob = await self._context.get_blob(visitor, each)
            if blob is None:
                raise BadMessage("bad-message", f"no attachment {each} of this visitor")
            found.append(
                InboundAttachment(name=blob.name, media_type=blob.media_type, blob=each, size=blob.size)
            )
        return tuple(found)


def to_inbound(
    channel: str, visitor: str, said: Said, attachments: tuple[InboundAttachment, ...], lang: str | None
) -> Inbound:
    """Return a checked message as an Inbound: a visitor is both its address and its thread."""
    return Inbound(
        channel=channel,
        external_id=f"{visitor}:{said.id}",
        address=visitor,
        thread=visitor,
        text=said.text,
        choice=said.choice,
        attachments=attachments,
        lang=lang,
        consent=said.consent,
    )
