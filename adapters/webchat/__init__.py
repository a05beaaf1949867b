"""Web chat: HTTP and WebSocket for the widget and for anyone's own client."""

from adapters.contract import AdapterSpec, Capabilities
from adapters.webchat.adapter import create
from adapters.webchat.settings import AttachmentSettings, WebchatSettings
from adapters.webchat.uploads import KINDS

SPEC = AdapterSpec(
    kind="webchat",
    settings=WebchatSettings,
    create=create,
    capabilities=Capabilities(
        max_text=20_000,
        markdown=True,
        media=tuple(sorted({kind.media_type for kind in KINDS.values()})),
        max_media_bytes=AttachmentSettings().max_bytes,
        buttons=10,
        receipts="delivered",
        served=True,
        typing=True,
    ),
)
