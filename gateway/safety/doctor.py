"""Try everything the configuration names, and say in plain sentences what to do about what will not work."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from gateway.clock import SystemClock
from gateway.errors import ConfigError, Said
from gateway.safety import doctor_data, doctor_machine, doctor_web
from gateway.safety.doctor_channels import channel_findings
from gateway.safety.doctor_directory import directory_findings
from gateway.safety.doctor_hours import hours_findings
from gateway.safety.doctor_keys import root_findings
from gateway.safety.finding import Finding
from gateway.settings import Settings, load


async def examine_machine() -> list[Finding]:
    """Return what can be said without a configuration."""
    return await asyncio.to_thread(lambda: list(doctor_machine.machine_findings()))


async def doctor(config: Path, clock: SystemClock) -> list[Finding]:
    """Return every finding, good ones too; whatever fails hurts only itself."""
    findings = await examine_machine()
    try:
        settings = await asyncio.to_thread(load, config)
    except ConfigError as error:
        return [*findings, *_configuration(error)]
    findings.append(
        Finding(
            check="configuration",
            level="ok",
            found=Said(
                f"{config} 正确，所有密钥可读，{len(settings.channels)} 个通道。",
                f"{config} is correct, every secret in it can be read, {len(settings.channels)} channels.",
            ),
        )
    )
    for check in (doctor_data.folder, doctor_data.key, doctor_data.knowledge, *doctor_web.CHECKS):
        findings += await asyncio.to_thread(_tried, check, settings)
    findings += await asyncio.to_thread(_tried, partial(root_findings, now=clock.now()), settings)
    findings += hours_findings(settings, clock.now())
    findings += await doctor_data.database(settings, clock.now())
    findings += await directory_findings(settings, clock)
    findings += await channel_findings(settings, clock)
    return findings


Check = Callable[[Settings], Iterable[Finding]]


def _tried(check: Check, settings: Settings) -> list[Finding]:
    try:
        return list(check(settings))
    except OSError as error:
        name = getattr(check, "__name__", "check")
        return [
            Finding(
                check=name,
                found=Said(f"无法检查：{error}", f"It could not be looked at: {error}"),
                remedy=Said("请检查路径与权限。", "Check path and rights."),
            )
        ]


def _configuration(error: ConfigError) -> list[Finding]:
    """Everything else needs the configuration, so this is where it ends."""
    return [
        Finding(
            check="configuration",
            found=Said(
                f"{one.file} 的 {one.key} 有误：现为 {one.found}，应为 {one.wanted}。",
                f"{one.file}: {one.key}: found {one.found}, wanted {one.wanted}.",
            ),
            remedy=Said(
                one.remedy or "修改后再运行 gateway doctor。",
                one.remedy or "Correct it, then run gateway doctor again.",
            ),
            where={"file": one.file, "key": one.key},
        )
        for one in error.problems
    ]
