"""``kb stats``: what the folder is made of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

import typer

from gateway.commands.common import DEFAULT, AsJson, Config, Lang, speaking
from gateway.commands.kb.common import Folder, read, show, today
from gateway.errors import Said
from knowledge.stats import Spread, Stats, count


def register(kb: typer.Typer) -> None:
    """Add the command."""
    kb.command("stats")(stats)


def stats(folder: Folder = None, as_json: AsJson = False, lang: Lang = "", config: Config = DEFAULT) -> None:
    """Count entries, languages, phrasings, tests, owners, and what is due for review."""
    chosen, loaded = read(folder, config, lang)
    counted = count(loaded.entries, today())
    broken = sum(problem.fatal for problem in loaded.problems)
    told = {"folder": str(chosen), "problems": len(loaded.problems)} | asdict(counted)
    show(_lines(counted, broken, speaking(lang)), told, as_json)


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


def _names(ids: Iterable[str], most: int = 12) -> str:
    names = list(ids)
    shown = ", ".join(names[:most])
    return f"{len(names)}" + (f" ({shown}{', …' if len(names) > most else ''})" if names else "")
