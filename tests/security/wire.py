"""Speaking HTTP by hand to a running gateway, as nobody's client library would."""

import asyncio
import re

from tests.servers.gateway import Gateway


async def said_to(gateway: Gateway, raw: bytes, *, within: float = 5.0, ends: bool = False) -> bytes:
    """Send bytes on a line of their own; return all that came back before the line was closed or it grew silent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(raw)
    heard = bytearray()
    try:
        await writer.drain()
        if ends:
            writer.write_eof()
        async with asyncio.timeout(within):
            while chunk := await reader.read(65536):
                heard += chunk
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return bytes(heard)


def statuses(heard: bytes) -> list[int]:
    """Return the status of every response in what was heard."""
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3}) ", heard)]
