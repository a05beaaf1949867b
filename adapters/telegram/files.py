"""Files of a message: which there are, what they are called, and which a bot may fetch. Pure."""

from telegram import Message

from adapters.contract import InboundAttachment

MAX_FETCH_BYTES = 20 * 1024 * 1024
"""What the Bot API lets a bot download."""


def attachments_of(message: Message) -> tuple[InboundAttachment, ...]:
    """Return the file of a message with Telegram's handle in ``ref``, to be fetched later; most have one or none."""
    found = _photo(message) or _named(message) or _spoken(message) or _pictured(message)
    return (found,) if found else ()


def _photo(message: Message) -> InboundAttachment | None:
    if not message.photo:
        return None
    largest = max(message.photo, key=lambda size: size.width * size.height)
    return _file(
        f"photo-{message.message_id}.jpg", "image/jpeg", largest.file_id, largest.file_size, inline=True
    )


def _named(message: Message) -> InboundAttachment | None:
    """Files that carry a name of their own (an animation is also a document; the document is the file)."""
    for it, fallback in (
        (message.document, "document"),
        (message.animation, "animation.mp4"),
        (message.video, "video.mp4"),
        (message.audio, "audio.mp3"),
    ):
        if it is not None:
            kind = it.mime_type or "application/octet-stream"
            return _file(it.file_name or fallback, kind, it.file_id, it.file_size)
    return None


def _spoken(message: Message) -> InboundAttachment | None:
    if voice := message.voice:
        kind = voice.mime_type or "audio/ogg"
        return _file(f"voice-{message.message_id}.ogg", kind, voice.file_id, voice.file_size)
    if note := message.video_note:
        return _file(f"video-{message.message_id}.mp4", "video/mp4", note.file_id, note.file_size)
    return None


def _pictured(message: Message) -> InboundAttachment | None:
    sticker = message.sticker
    if sticker is None:
        return None
    kind, ending = (
        ("video/webm", "webm")
        if sticker.is_video
        else ("application/x-tgsticker", "tgs")
        if sticker.is_animated
        else ("image/webp", "webp")
    )
    name = f"sticker-{sticker.set_name or sticker.file_unique_id}.{ending}"
    return _file(name, kind, sticker.file_id, sticker.file_size, inline=True)


def _file(name: str, kind: str, ref: str, size: int | None, *, inline: bool = False) -> InboundAttachment:
    if size is not None and size > MAX_FETCH_BYTES:
        return InboundAttachment(name=name, media_type=kind, size=size, inline=inline, error=too_big(size))
    return InboundAttachment(name=name, media_type=kind, ref=ref, size=size, inline=inline)


def too_big(size: int | None) -> str:
    """Return why a file cannot be had, for an agent to read."""
    have = f"{size / 1048576:.0f} MB" if size else "?"
    return f"文件 {have}，超过机器人可下载的 20 MB / the file ({have}) is over the 20 MB a bot may download"
