"""The entry point of the mail channel."""

from adapters.contract import AdapterSpec, Capabilities
from adapters.mail.adapter import MailAdapter
from adapters.mail.settings import MailSettings

SPEC = AdapterSpec(
    kind="mail",
    settings=MailSettings,
    create=MailAdapter,
    exclusive=True,
    capabilities=Capabilities(
        max_text=100_000,
        markdown=True,
        media=("*/*",),
        max_media_bytes=20 * 1024 * 1024,
        buttons=0,
        edits=False,
        receipts="sent",
        subject=True,
        typing=False,
        chat_like=False,
    ),
)
