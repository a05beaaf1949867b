"""What an update says: from the Bot API's JSON to an Inbound. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from telegram import CallbackQuery, Chat, Message, Update, User

from adapters.contract import Inbound
from adapters.telegram.files import attachments_of

ALLOWED_UPDATES = ("message", "edited_message", "callback_query")
MAX_TEXT = 20_000
"""Characters of text kept of one update; Telegram itself allows 4,096."""

# Said by Telegram about the chat, not by the person in it.
_SERVICE = frozenset({
    "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
    "group_chat_created", "supergroup_chat_created", "channel_chat_created", "migrate_to_chat_id",
    "migrate_from_chat_id", "pinned_message", "message_auto_delete_timer_changed", "connected_website",
    "write_access_allowed", "proximity_alert_triggered", "chat_background_set", "boost_added",
    "forum_topic_created", "forum_topic_closed", "forum_topic_reopened", "forum_topic_edited",
    "general_forum_topic_hidden", "general_forum_topic_unhidden", "video_chat_started",
    "video_chat_ended", "video_chat_participants_invited", "video_chat_scheduled",
})  # fmt: skip
# What has no words of its own here, but must not vanish: an agent is told what came.
_WORDLESS = (
    "story", "game", "invoice", "successful_payment", "passport_data", "giveaway", "giveaway_winners",
    "paid_media", "checklist", "gift", "unique_gift", "users_shared", "chat_shared", "web_app_data",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """An update that is no customer's message, and why."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where updates come in: the channel, its bot, and whether groups are served."""

    channel: str
    bot_id: str
    allow_groups: bool = False


def to_inbound(place: Place, update: Mapping[str, Any]) -> Inbound | Ignored:
    """Return what one update says.

    ``external_id`` is made of the bot's number and the update's. An update that cannot be read becomes an
    Inbound of kind ``raw``, so that an agent sees it and the next one is not held up.
    """
    raw, update = _storable(update)
    external_id = f"{place.bot_id}:{update['update_id']}"
    try:
        read = _read(place, external_id, Update.de_json(dict(update), None))
    except Exception as error:  # whatever python-telegram-bot makes of what Telegram never documented
        chat = _chat_id(update)
        return Inbound(
            channel=place.channel, external_id=external_id, kind="raw", address=chat or "", thread=chat,
            raw=raw, defects=(f"update could not be read: {type(error).__name__}",),
        )  # fmt: skip
    return read if isinstance(read, Ignored) else read.with_(raw=raw)


def _storable(update: Mapping[str, Any]) -> tuple[bytes, Mapping[str, Any]]:
    """Return an update's bytes, and itself without what no database takes: NUL and half surrogate pairs."""
    try:
        raw = orjson.dumps(update)
    except TypeError:  # half a surrogate pair, or a number beyond 64 bits
        raw = json.dumps(update).encode()
    return raw, _cleaned(update) if b"\\u" in raw else update


def _cleaned(it: Any) -> Any:
    if isinstance(it, str):
        return it.replace("\x00", "?").encode("utf-8", "replace").decode()
    if isinstance(it, Mapping):
        return {_cleaned(key): _cleaned(value) for key, value in it.items()}
    return [_cleaned(one) for one in it] if isinstance(it, list) else it


def _chat_id(update: Mapping[str, Any]) -> str | None:
    for kind in ALLOWED_UPDATES:
        part = update.get(kind)
        chat = part.get("chat") if isinstance(part, Mapping) else None
        if isinstance(chat, Mapping) and isinstance(chat.get("id"), int):
            return str(chat["id"])
    return None


def _read(place: Place, external_id: str, update: Update) -> Inbound | Ignored:
    if query := update.callback_query:
        return _from_choice(place, external_id, query)
    message = update.message or update.edited_message
    if message is None:
        return Ignored(because="neither a message, an edit nor a choice")
    if reason := _why_not(place, message.chat, message.from_user) or _why_not_this(message):
        return Ignored(because=reason)
    inbound = _from_message(place, external_id, message)
    if update.edited_message is None:
        return inbound
    if message.location is not None:
        return Ignored(because="a live location moving")
    # The edit keeps the message's id: an answer to it refers to the first version.
    return inbound.with_(kind="edit", edits=inbound.own_id, own_id=None, sent_at=message.edit_date)


def _why_not(place: Place, chat: Chat, user: User | None) -> str | None:
    if chat.type == Chat.CHANNEL:
        return "a channel post"
    if chat.type != Chat.PRIVATE and not place.allow_groups:
        return "a group chat; set allow_groups to serve them"
    if user is None or user.is_bot:
        return "no person wrote it"
    return None


def _why_not_this(message: Message) -> str | None:
    service = [key for key in _SERVICE if getattr(message, key, None)]
    return f"a service message: {service[0]}" if service else None


def _from_choice(place: Place, external_id: str, query: CallbackQuery) -> Inbound | Ignored:
    message = query.message
    if message is None or query.data is None:
        return Ignored(because="a button of a message that is not ours")
    if reason := _why_not(place, message.chat, query.from_user):
        return Ignored(because=reason)
    return Inbound(
        channel=place.channel,
        external_id=external_id,
        address=str(query.from_user.id),
        thread=str(message.chat.id),
        choice=query.data,
        name=query.from_user.full_name,
        lang=query.from_user.language_code,
        refs=(public_id(message.chat.id, message.message_id),),
    )


def _from_message(place: Place, external_id: str, message: Message) -> Inbound:
    user = message.from_user
    assert user is not None
    text = _words(message)
    attachments = attachments_of(message)
    shared = _own_phone(message)
    defects = tuple(f"cannot be shown here: {key}" for key in _WORDLESS if getattr(message, key, None))
    if not (text or attachments or defects):
        defects = (f"cannot be shown here: {_unknown(message)}",)
    if len(text) > MAX_TEXT:
        text, defects = text[:MAX_TEXT], (*defects, f"text of {len(text)} characters was cut")
    answered = message.reply_to_message
    return Inbound(
        channel=place.channel,
        external_id=external_id,
        address=str(user.id),
        thread=str(message.chat.id),
        kind="contact_share" if shared else "message",
        text=text,
        attachments=attachments,
        name=user.full_name,
        lang=user.language_code,
        sent_at=message.date,
        own_id=public_id(message.chat.id, message.message_id),
        refs=(public_id(answered.chat.id, answered.message_id),) if answered else (),
        phone=shared,
        defects=defects,
    )


def _words(message: Message) -> str:
    """Return what can be read of a message; places as RFC 5870 and numbers as RFC 3966 have them."""
    if message.text or message.caption:
        return message.text or message.caption or ""
    if venue := message.venue:
        return f"{venue.title}, {venue.address} geo:{venue.location.latitude},{venue.location.longitude}"
    if place := message.location:
        return f"geo:{place.latitude},{place.longitude}"
    if contact := message.contact:
        name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
        return f"{name} tel:{_international(contact.phone_number)}"
    if poll := message.poll:
        return "\n".join([poll.question, *(f"- {option.text}" for option in poll.options)])
    if dice := message.dice:
        return f"{dice.emoji} {dice.value}"
    return (message.sticker.emoji or "") if message.sticker else ""


def _own_phone(message: Message) -> str | None:
    """Return the sender's own number, if Telegram vouches for it.

    The server fills ``contact.user_id``; only in a private chat and unforwarded is it the sender's word.
    """
    contact, user = message.contact, message.from_user
    if contact is None or user is None or contact.user_id != user.id:
        return None
    if message.chat.type != Chat.PRIVATE or message.forward_origin is not None:
        return None
    return _international(contact.phone_number)


def _international(number: str) -> str:
    digits = "".join(filter(str.isdigit, number))
    return f"+{digits}"


_ALWAYS_THERE = frozenset({
    "message_id", "date", "chat", "from", "reply_to_message", "edit_date", "media_group_id",
    "author_signature", "has_protected_content", "effect_id",
})  # fmt: skip


def _unknown(message: Message) -> str:
    names = [name for name, it in message.to_dict().items() if it and name not in _ALWAYS_THERE]
    return ", ".join(sorted(names)) or "an empty message"


def public_id(chat_id: int, message_id: int) -> str:
    """Return a message's id as the gateway keeps it: ``<chat>/<message>``."""
    return f"{chat_id}/{message_id}"
