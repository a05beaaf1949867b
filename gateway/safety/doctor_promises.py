"""Whether the published promises were looked at within the year (rulebook P4)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.store.database import Tx
from gateway.store.kept import published_since

YEAR = timedelta(days=365)


def promises_findings(tx: Tx, version: str, now: datetime) -> Iterator[Finding]:
    """Yield a note where the present promises have been published for a year; nothing where they never were."""
    since = published_since(tx, version)
    if since is None:
        return
    if now - since < YEAR:
        zh, en = f"服务承诺自 {since:%Y-%m-%d} 起生效。", f"The promises are in force since {since:%Y-%m-%d}."
        yield Finding(check="promises", level="ok", found=Said(zh, en))
        return
    yield Finding(
        check="promises",
        level="note",
        found=Said(
            f"服务承诺自 {since:%Y-%m-%d} 起未修订，已超过一年。",
            f"The promises have not been revised since {since:%Y-%m-%d}, more than a year.",
        ),
        remedy=Said(
            "请对照 /promises 页面下方的兑现情况复核 [promises] 与 [hours]；仍合适可保持不变。",
            "Look at what was kept of them, below on /promises, and revise [promises] and [hours] where it is due.",
        ),
    )
