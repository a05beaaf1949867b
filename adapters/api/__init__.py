"""The generic channel, for a shop's own app: messages are posted in, replies go to a signed webhook."""

from adapters.api.adapter import ApiAdapter
from adapters.api.settings import ApiSettings
from adapters.contract import AdapterSpec, Capabilities

SPEC = AdapterSpec(
    kind="api",
    settings=ApiSettings,
    create=ApiAdapter,
    capabilities=Capabilities(
        max_text=20_000,
        markdown=True,
        media=("*/*",),
        max_media_bytes=10 * 1024 * 1024,
        buttons=20,
        edits=True,
        receipts="sent",
    ),
)
