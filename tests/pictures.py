"""Real pictures for tests that upload some: what is not one is refused."""

import io

from PIL import Image


def a_png(width: int = 16, height: int = 16) -> bytes:
    """Return a green picture."""
    sink = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(sink, "PNG")
    return sink.getvalue()
