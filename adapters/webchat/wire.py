"""WebSocket frames from a server, RFC 6455 §5.2: never masked, never fragmented, never compressed. Pure."""

PING = b"\x89\x00"
"""A ping without content; the pong that answers it has none either."""


def text_frame(payload: bytes) -> bytes:
    """Return one text frame carrying UTF-8."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def pong_frame(payload: bytes) -> bytes:
    """Return the answer to a ping; its content is at most 125 bytes, as the ping's was."""
    return bytes((0x8A, len(payload))) + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """Return a close frame; ``reason`` is cut to fit."""
    payload = code.to_bytes(2, "big") + reason.encode()[:120]
    return bytes((0x88, len(payload))) + payload
