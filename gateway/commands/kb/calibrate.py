"""``kb calibrate``: the thresholds that this folder's own evidence asks for."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.common import DEFAULT, AsJson, Config, Lang, fail, settings_of, speaking
from gateway.commands.kb.common import Folder, builder, encoder_of, read, show, today
from gateway.errors import Said
from gateway.settings.model import KnowledgeChoice
from knowledge.calibrate import Chosen
from knowledge.calibrate import calibrate as choose
from knowledge.calibration import write_calibration
from knowledge.weighing import Reached

FEWEST_ENTRIES = 2


def register(kb: typer.Typer) -> None:
    """Add the command."""
    kb.command("calibrate")(calibrate)


def calibrate(
    folder: Folder = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be written.")] = False,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Choose from which probability on to answer and to offer choices, and write calibration.json into the folder."""
    chosen_folder, loaded = read(folder, config, lang)
    if len(loaded.entries) < FEWEST_ENTRIES:
        said = Said(
            "条目太少，无法校准：至少要有两个。", "Too few entries to calibrate: there must be two at least."
        )
        fail(said.in_(speaking(lang)))
    encoder = encoder_of(config)
    knowledge = settings_of(config).knowledge if config.exists() else KnowledgeChoice()
    in_use = [entry for entry in loaded.entries if entry.is_valid(today())]
    chosen = choose(in_use, knowledge.precision, builder(loaded, encoder))
    file: Path | None = None
    if not dry_run:
        try:
            file = write_calibration(chosen_folder, chosen, loaded.entries, today(), encoder)
        except OSError as error:
            said = Said(
                f"无法写入 {chosen_folder}：{error.strerror}。",
                f"Cannot write into {chosen_folder}: {error.strerror}.",
            )
            fail(said.in_(speaking(lang)))
    told = asdict(chosen) | {"file": str(file) if file else None}
    show(_lines(chosen, file, speaking(lang)), told, as_json)


def _lines(chosen: Chosen, file: Path | None, lang: str) -> Iterator[str]:
    at, evident, now, before = chosen.thresholds, chosen.evident, chosen.reached, chosen.shipped
    yield Said(
        f"依据：{chosen.tests} 条“必须”测试、{chosen.phrasings} 条逐一抽出再问的问法、{chosen.left_out} 条整条移走后再问的问题；合计算作 {chosen.cases:g} 例。",
        f"evidence: {chosen.tests} must tests, {chosen.phrasings} phrasings asked as if not written down, "
        f"{chosen.left_out} questions of entries left out; counted as {chosen.cases:g} cases",
    ).in_(lang)
    yield Said(
        f"仅凭这些依据：{evident.answer:.3f} 起回答，{evident.offer:.3f} 起给出选项；在出厂阈值与依据之间，依据占 {chosen.weight:.0%}。",
        f"by the evidence alone: answer from {evident.answer:.3f}, offer from {evident.offer:.3f}; "
        f"it weighs {chosen.weight:.0%} against the shipped thresholds",
    ).in_(lang)
    yield Said(
        f"选定：{at.answer:.3f} 起回答，{at.offer:.3f} 起给出选项",
        f"chosen: answer from {at.answer:.3f}, offer from {at.offer:.3f}",
    ).in_(lang)
    yield _reached(Said("  选定阈值", "  chosen"), now, chosen.wanted).in_(lang)
    yield _reached(Said("  出厂阈值", "  shipped"), before, chosen.wanted).in_(lang)
    if not chosen.attainable:
        yield Said(
            "没有哪个阈值能达到目标：请先看 gateway kb lint --notes 的 rivals，并补充问法。",
            "No threshold reaches the wanted precision: see rivals in gateway kb lint --notes, and add phrasings.",
        ).in_(lang)
    yield (
        Said(
            f"已写入 {file}，运行中的网关会自动采用。", f"wrote {file}; a running gateway takes it by itself"
        )
        if file
        else Said("没有写入文件。", "nothing was written")
    ).in_(lang)


def _reached(name: Said, one: Reached, wanted: float) -> Said:
    if not one.answered and not one.precision:
        return Said(
            f"{name.zh}：什么也不回答，选项里有 {one.offered:.1%}",
            f"{name.en}: answers nothing; ours offered {one.offered:.1%}",
        )
    return Said(
        f"{name.zh}：答对率 {one.precision:.1%}（95% 区间 {one.low:.1%} 至 {one.high:.1%}，目标 {wanted:.1%}）；"
        f"自己的问题直接答对 {one.answered:.1%}，选项里有 {one.offered:.1%}；"
        f"邻近的外部问题误答 {one.near_answered:.1%}，无关问题误答 {one.far_answered:.1%}",
        f"{name.en}: precision {one.precision:.1%} (95 % interval {one.low:.1%} to {one.high:.1%}, wanted {wanted:.1%}); "
        f"ours answered {one.answered:.1%}, offered {one.offered:.1%}; "
        f"near out of scope answered {one.near_answered:.1%}, far {one.far_answered:.1%}",
    )
