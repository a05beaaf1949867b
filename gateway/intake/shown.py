"""The HTML of a message, with its images named as the desk can fetch them. Pure."""

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import unquote

from adapters.contract import InboundAttachment

_IMAGE = re.compile(r'(?<=src=")cid:([^"]{1,900})(?=")', re.IGNORECASE)


def with_files(html: str, attachments: Sequence[InboundAttachment]) -> str:
    """Return cleaned HTML in which ``cid:`` is followed by the id of the stored file, wherever that came with it."""
    ids = {one.content_id: one.blob for one in attachments if one.content_id and one.blob}
    if not ids:
        return html
    return _IMAGE.sub(lambda it: f"cid:{ids.get(unquote(unescape(it[1])), it[1])}", html)
