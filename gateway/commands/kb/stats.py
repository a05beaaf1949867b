"""``kb stats``: what the folder is made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gateway.clock import SystemClock
from gateway.commands.common import DEFAULT, AsJson, Config, Lang, speaking
from gateway.commands.kb.common import Folder, read, show, today
from gateway.commands.kb.record import read_record
from gateway.errors import Said
from gateway.store.usage import LOOK_BACK, usage
from knowledge.stats import Spread, Stats, count

MOST_SHOWN = 12


def register(kb: typer.Typer) -> None:
    """Add the command."""
    kb.command("stats")(stats)


def stats(
    folder: Folder = None,
    with_usage: Annotated[
        bool,
        typer.Option("--usage", help="Also how often each was the answer, from the configured database."),
    ] = False,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Count entries, languages, phrasings, tests, owners, and what is due for review."""
    chosen, loaded = read(folder, config, lang)
    used = _used(config, lang, [entry.id for entry in loaded.entries]) if with_usage else None
    counted = count(loaded.entries, today())
    broken = sum(problem.fatal for problem in loaded.problems)
    told = {"folder": str(chosen), "problems": len(loaded.problems)} | asdict(counted)
    lines = list(_lines(counted, broken, speaking(lang)))
    if used is not None:
        told["used"] = used
        lines += _usage(used, speaking(lang))
    show(lines, told, as_json)


def _used(config: Path, lang: str, ids: Sequence[str]) -> dict[str, int]:
    """Return how often each entry was the answer in the last three months, the most used first."""
    since = SystemClock().now() - LOOK_BACK
    found = read_record(config, lang, lambda tx: usage(tx, since=since))
    times = {name: found[name].times if name in found else 0 for name in ids}
    return dict(sorted(times.items(), key=lambda one: -one[1]))


def _usage(used: Mapping[str, int], lang: str) -> Iterator[str]:
    most = ", ".join(f"{name} {times}" for name, times in list(used.items())[:MOST_SHOWN] if times)
    unused = [name for name, times in used.items() if not times]
    yield Said(f"近三个月作答：{most or '-'}", f"answers in three months: {most or '-'}").in_(lang)
    yield Said("近三个月没有用到：", "unused in three months: ").in_(lang) + _names(unused)


def _lines(counted: Stats, broken: int, lang: str) -> Iterator[str]:
    def line(zh: str, en: str, value: str) -> str:
        return f"{Said(zh + '：', en + ': ').in_(lang)}{value}"

    yield line("条目", "entries", str(counted.entries))
    if broken:
        yield Said(
            f"另有 {broken} 个错误使文件无法读取：请运行 gateway kb lint。",
            f"{broken} mistakes keep files from being read: run gateway kb lint.",
        ).in_(lang)
    yield line("分类", "class", _each(counted.kinds))
    yield line("语言", "languages", _each(counted.languages))
    for name, spread in counted.phrasings.items():
        yield line(f"每条问法数（{name}）", f"phrasings an entry ({name})", _range(spread, lang))
        if spread.wanting:
            yield line("  少于五种", "  fewer than five", _names(spread.wanting))
    for name, spread in counted.tests.items():
        yield line(f"每条测试数（{name}）", f"tests an entry ({name})", _range(spread, lang))
        if spread.wanting:
            yield line("  没有测试", "  without tests", _names(spread.wanting))
    yield line("身份级别", "level", _each(counted.levels))
    yield line("负责人", "owners", _each(counted.owners))
    yield line("复审已到期", "overdue for review", _names(counted.overdue))
    yield line("没有复审日期", "without a review date", _names(counted.unreviewed))
    yield line("已失效", "expired", _names(counted.expired))


def _each(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{name or '-'} {number}" for name, number in numbers.items()) or "-"


def _range(spread: Spread, lang: str) -> str:
    words = Said(
        f"最少 {spread.least}，中位 {spread.middle:g}，最多 {spread.most}",
        f"least {spread.least}, median {spread.middle:g}, most {spread.most}",
    )
    return words.in_(lang)


def _names(ids: Iterable[str], most: int = MOST_SHOWN) -> str:
    names = list(ids)
    shown = ", ".join(names[:most])
    return f"{len(names)}" + (f" ({shown}{', …' if len(names) > most else ''})" if names else "")
