"""Ask each channel's adapter whether its provider can be reached, all at once, none for longer than a deadline."""

import asyncio
from collections.abc import Sequence

from adapters.contract import AdapterError, CanProbe
from gateway.clock import SystemClock
from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.safety.lent import LentContext
from gateway.settings import Channel, Settings

DEADLINE = 15.0


async def channel_findings(
    settings: Settings, clock: SystemClock, deadline: float = DEADLINE
) -> list[Finding]:
    """Return what each channel's adapter found; one that hangs or breaks hurts only itself."""
    if not settings.channels:
        return [
            Finding(
                check="channels",
                found=Said(
                    "没有配置任何通道：客户无法联系您。",
                    "No channel is configured: no customer can reach you.",
                ),
                remedy=Said(
                    '例如加入 [channels.web] kind = "webchat"。',
                    'Add one, such as [channels.web] kind = "webchat".',
                ),
            )
        ]
    each = (_channel(one, settings, clock, deadline) for one in settings.channels.values())
    return [finding for findings in await asyncio.gather(*each) for finding in findings]


async def _channel(
    channel: Channel, settings: Settings, clock: SystemClock, deadline: float
) -> list[Finding]:
    adapter = channel.spec.create(channel.settings, LentContext(channel.name, settings, clock))
    name = f"channels.{channel.name}"
    try:
        if not isinstance(adapter, CanProbe):
            found = Said(
                f"{channel.kind} 通道无需外部服务。", f"A {channel.kind} channel leans on no outside service."
            )
            return [Finding(check=name, level="ok", found=found)]
        return _told(name, await asyncio.wait_for(adapter.probe(), deadline))
    except TimeoutError:
        return [
            Finding(
                check=name,
                found=Said(f"{deadline:g} 秒内没有回应。", f"No answer within {deadline:g} s."),
                remedy=Said("请检查主机名、端口、防火墙与代理。", "Check host, port, firewall and proxy."),
            )
        ]
    except (AdapterError, OSError) as error:
        return _told(name, [str(error)])
    finally:
        await adapter.close()


def _told(name: str, sentences: Sequence[str]) -> list[Finding]:
    if not sentences:
        return [Finding(check=name, level="ok", found=Said("可以连接。", "It can be reached."))]
    remedy = Said("请按上面的提示修改该通道的配置。", "Change the channel's configuration as it says.")
    return [Finding(check=name, found=Said(one, one), remedy=remedy) for one in sentences]
