"""Whether the customer records can be asked, how many orders there are, and who else may read the file."""

import asyncio
import stat
from pathlib import Path

from adapters.outgoing import Outgoing
from gateway.clock import SystemClock
from gateway.directory.contract import Trouble
from gateway.directory.csv_source import CsvSource
from gateway.directory.opening import source_of
from gateway.directory.records import DEADLINE
from gateway.errors import Said
from gateway.metrics import Metrics
from gateway.safety.finding import Finding
from gateway.settings import Settings

CHECK = "directory"
SAMPLE = Path(__file__).parents[1] / "sample" / "orders.csv"
READ_WITHIN = 60.0
"""A large file is read once, at start, and without anybody waiting."""


async def directory_findings(settings: Settings, clock: SystemClock) -> list[Finding]:
    """Return what asking the configured records came to."""
    chosen = settings.directory
    if chosen.kind == "none":
        found = Said(
            "未配置客户资料目录：由人工核实身份。",
            "No customer records are configured: people verify customers.",
        )
        return [Finding(check=CHECK, level="ok", found=found)]
    outgoing = Outgoing(settings.outgoing.egress())
    try:
        source = source_of(chosen, clock, Metrics(), outgoing)
        assert source is not None
        try:
            within = READ_WITHIN if source.is_near else DEADLINE.total_seconds()
            count = await asyncio.wait_for(source.count(), within)
        finally:
            await source.close()
            await outgoing.close()
    except (Trouble, TimeoutError) as error:
        return [_unavailable(str(error) or "no answer in time", chosen.kind), *_rights(settings)]
    return [_works(chosen.kind, count), *_rights(settings), *_sample(source)]


def _works(kind: str, count: int | None) -> Finding:
    if count is None:
        said = Said(f"客户资料（{kind}）可以查询。", f"The customer records ({kind}) answer.")
    else:
        said = Said(
            f"客户资料文件中有 {count} 个订单。", f"The file of customer records holds {count} orders."
        )
    return Finding(check=CHECK, level="ok", found=said)


def _unavailable(because: str, kind: str) -> Finding:
    return Finding(
        check=CHECK,
        found=Said(
            f"客户资料（{kind}）无法查询：{because}。客户身份只能由人工核实。",
            f"The customer records ({kind}) cannot be asked: {because}. Until then only people verify customers.",
        ),
        remedy=Said(
            "请按 docs/howto/customer-directory.md 检查 [directory]。",
            "Check [directory] as told in docs/howto/customer-directory.md.",
        ),
    )


def _rights(settings: Settings) -> list[Finding]:
    file = settings.directory.csv.file
    if settings.directory.kind != "csv" or file is None or not file.exists() or _is_sample(file):
        return []
    mode = stat.S_IMODE(file.stat().st_mode)
    if not mode & 0o077:
        return []
    remedy = f"chmod 600 {file}"
    return [
        Finding(
            check="directory_rights",
            level="note",
            found=Said(
                f"{file} 的权限是 {mode:o}：本机其他账户可以读取客户资料。",
                f"{file} has mode {mode:o}: other accounts of this machine may read customers' data.",
            ),
            remedy=Said(remedy, remedy),
        )
    ]


def _sample(source: object) -> list[Finding]:
    if not isinstance(source, CsvSource) or not _is_sample(source.file):
        return []
    return [
        Finding(
            check="directory_sample",
            level="note",
            found=Said(
                "正在使用示例订单：真实客户的订单都查不到。",
                "The sample orders are in use: no real customer's order is found.",
            ),
            remedy=Said(
                '请把 directory 指向您自己的资料，或设 kind = "none"。',
                'Point [directory] to your own records, or set kind = "none".',
            ),
        )
    ]


def _is_sample(file: Path) -> bool:
    """Whether it is the file that ships, also as ``gateway init`` copied it."""
    try:
        return SAMPLE.exists() and file.read_bytes() == SAMPLE.read_bytes()
    except OSError:
        return False
