"""What must be sent for one Outbound: texts that fit, buttons under the last, then the files. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from adapters.contract import SHARE_PHONE, Choice, Outbound, OutboundAttachment, Rendered
from adapters.telegram.markup import escape, to_telegram_html
from adapters.text import byline, split, to_plain, utf16_len, with_choices

MAX_TEXT = 4096
"""UTF-16 units of one message, counted after markup is taken away."""
MAX_BUTTONS = 100
MAX_BUTTON_BYTES = 64
"""Bytes of the data a button gives back."""
MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_PHOTO_BYTES = 10 * 1024 * 1024


Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """One text message in two dresses; ``plain`` is sent where Telegram cannot read the other."""

    html: str
    plain: str
    keyboard: Keyboard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """One file; pictures small enough are shown as photos, ``audio/ogg`` is played as a voice message."""

    file: OutboundAttachment
    keyboard: Keyboard | None = None

    @property
    def is_photo(self) -> bool:
        """Whether Telegram would show it as a photo."""
        return self.file.media_type in ("image/jpeg", "image/png") and self.file.size <= MAX_PHOTO_BYTES

    @property
    def is_voice(self) -> bool:
        """Whether Telegram would play it as a voice message."""
        return self.file.media_type == "audio/ogg"


Part = TextPart | FilePart


def parts_of(outbound: Outbound) -> tuple[Part, ...]:
    """Return the provider calls one Outbound needs, in order: the same parts on every try."""
    keyboard = keyboard_of(outbound.choices)
    text = outbound.text if keyboard else with_choices(outbound.text, outbound.choices)
    head = byline(outbound)
    room = MAX_TEXT - (utf16_len(head) + 1 if head else 0)
    texts = [it for it in split(text, room, utf16_len) if it]
    files = outbound.attachments
    parts: list[Part] = [
        TextPart(
            html=_headed(f"<b>{escape(head)}</b>" if head and not n else "", to_telegram_html(source)),
            plain=_headed(head if not n else "", to_plain(source)),
            keyboard=keyboard if n == len(texts) - 1 else None,
        )
        for n, source in enumerate(texts)
    ]
    for n, file in enumerate(files):
        parts.append(FilePart(file=file, keyboard=keyboard if not texts and n == len(files) - 1 else None))
    return tuple(parts)


def _headed(head: str, text: str) -> str:
    return f"{head}\n{text}" if head else text


def rendered(part: TextPart) -> Rendered:
    """Return one part as an editor's preview shows it."""
    keyboard = part.keyboard
    rows: Sequence[Sequence[InlineKeyboardButton | KeyboardButton]] = ()
    if keyboard is not None:
        rows = keyboard.inline_keyboard if isinstance(keyboard, InlineKeyboardMarkup) else keyboard.keyboard
    return Rendered(form="html", content=part.html, buttons=tuple(key.text for row in rows for key in row))


def keyboard_of(choices: Sequence[Choice]) -> Keyboard | None:
    """Return one button a row; None when there is no choice or an id that no button can carry.

    Only a keyboard in place of the customer's own can ask for their telephone; its other buttons write their label.
    """
    if not choices or len(choices) > MAX_BUTTONS:
        return None
    if any(len(choice.id.encode()) > MAX_BUTTON_BYTES for choice in choices):
        return None
    if any(choice.id == SHARE_PHONE for choice in choices):
        rows = [[KeyboardButton(one.label, request_contact=one.id == SHARE_PHONE)] for one in choices]
        return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(choice.label, callback_data=choice.id)] for choice in choices]
    )
