"""Telegram: its Bot API through python-telegram-bot's ``Bot``, under a loop that stores before it confirms."""

from adapters.contract import AdapterSpec, Capabilities
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.parts import MAX_BUTTONS, MAX_FILE_BYTES, MAX_TEXT
from adapters.telegram.settings import TelegramSettings

SPEC = AdapterSpec(
    kind="telegram",
    settings=TelegramSettings,
    create=TelegramAdapter,
    capabilities=Capabilities(
        max_text=MAX_TEXT,
        markdown=True,
        media=("*/*",),
        max_media_bytes=MAX_FILE_BYTES,
        buttons=MAX_BUTTONS,
        edits=True,
        receipts="sent",
        shares_phone=True,
    ),
)
