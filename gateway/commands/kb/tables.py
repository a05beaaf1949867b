"""``kb export`` and ``kb import``: the knowledge files as a table for a spreadsheet, and back."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.commands.common import (
    DEFAULT,
    AsJson,
    Config,
    Lang,
    entries_folder,
    fail,
    first_language,
    speaking,
)
from gateway.commands.kb.common import Folder, read, show
from gateway.editing.csv_table import ENCODINGS, read_csv, write_csv
from gateway.editing.exported import WIDE, rows_of
from gateway.editing.imported import Import, plan_import
from gateway.editing.table import MOST_BYTES, NoTable, Table
from gateway.editing.write_files import write_files
from gateway.errors import GatewayError, Said
from knowledge.load import load_folder

STATES = {
    "new": Said("新增", "new"),
    "changed": Said("修改", "changed"),
    "unchanged": Said("不变", "unchanged"),
}
_SHOWN = 20


def register(kb: typer.Typer) -> None:
    """Add the commands."""
    kb.command("export")(export)
    kb.command("import")(import_)


def export(
    file: Annotated[Path, typer.Argument(help="Ends in .csv or .xlsx; - prints CSV.")],
    folder: Folder = None,
    encoding: Annotated[
        str, typer.Option("--encoding", help="Of a CSV: utf-8, gb18030 or utf-16.")
    ] = "utf-8",
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Write all entries into a table: one row an entry and language, headings in the language of --lang."""
    speaks = speaking(lang)
    kind = _kind(file, speaks)
    if encoding not in ENCODINGS:
        known = ", ".join(ENCODINGS)
        fail(Said(f"没有编码 {encoding}：现有 {known}。", f"There is no encoding {encoding!r}: use one of {known}.").in_(speaks), code=2)  # fmt: skip
    _, loaded = read(folder, config, lang)
    if wrong := [problem for problem in loaded.problems if problem.fatal]:
        fail("\n".join((*(problem.text(speaks) for problem in wrong), Said("没有导出：请先修好以上文件。", "Nothing was exported: mend these files first.").in_(speaks))))  # fmt: skip
    rows = list(rows_of(loaded.entries, chinese=speaks.startswith("zh")))
    try:
        if kind == "xlsx":
            from gateway.editing.xlsx_table import write_xlsx  # a third of a second that CSV never needs

            made = write_xlsx(rows, WIDE)
        else:
            made = write_csv(rows, encoding)
    except NoTable as error:
        fail(error.public.in_(speaks))
    if str(file) == "-":
        sys.stdout.buffer.write(made)
        return
    try:
        with file.open("wb" if force else "xb") as target:
            target.write(made)
    except FileExistsError:
        fail(Said(f"{file} 已存在：加 --force 覆盖。", f"{file} is there already: --force overwrites it.").in_(speaks))  # fmt: skip
    except OSError as error:
        fail(Said(f"无法写入 {file}：{error.strerror}。", f"Cannot write {file}: {error.strerror}.").in_(speaks))  # fmt: skip
    print(Said(f"已导出 {len(loaded.entries)} 个条目（{len(rows) - 1} 行）到 {file}。", f"Wrote {len(loaded.entries)} entries ({len(rows) - 1} rows) to {file}.").in_(speaks))  # fmt: skip


def import_(
    file: Annotated[Path, typer.Argument(help="A table: CSV, tab-separated text, or XLSX.")],
    folder: Folder = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    update: Annotated[bool, typer.Option("--update", help="Change entries that are there already.")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Leave out bad rows and take the rest.")] = False,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Of a CSV, where it is not found out.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = "",
    config: Config = DEFAULT,
) -> None:
    """Make knowledge files of a table's rows; what is there already is changed only with --update."""
    speaks = speaking(lang)
    if folder is None and not config.exists():
        fail(Said(f"没有 {config}：请用 --folder 指定知识文件夹。", f"There is no {config}: name the knowledge files with --folder.").in_(speaks), code=2)  # fmt: skip
    target, first = folder or entries_folder(config), first_language(config)
    try:
        loaded = load_folder(target, first_language=first)
        planned = plan_import(_table(file, encoding, speaks), target, loaded, first_language=first)
    except NoTable as error:
        fail(error.public.in_(speaks))
    refused = bool(planned.problems) and not partial
    taken = [one for one in planned.changes if one.state == "new" or (one.state == "changed" and update)]
    if not (dry_run or refused):
        try:
            write_files({path: text for one in taken for path, text in one.files.items()})
        except GatewayError as error:
            fail(error.public.in_(speaks))
    written = [] if dry_run or refused else taken
    show(_lines(planned, written, dry_run, update, refused, speaks), _as_json(planned, written), as_json)
    if planned.problems:
        raise typer.Exit(1)


def _kind(file: Path, lang: str) -> str:
    kind = file.suffix.lower().removeprefix(".")
    if str(file) != "-" and kind not in ("csv", "xlsx"):
        fail(Said("文件名请以 .csv 或 .xlsx 结尾。", "Let the file's name end in .csv or .xlsx.").in_(lang), code=2)  # fmt: skip
    return kind


def _table(file: Path, encoding: str | None, lang: str) -> Table:
    try:
        if file.stat().st_size > MOST_BYTES:
            fail(Said(f"{file} 超过 {MOST_BYTES // 1_000_000} MB：请分成几个文件。", f"{file} has more than {MOST_BYTES // 1_000_000} MB: make several files of it.").in_(lang))  # fmt: skip
        raw = file.read_bytes()
    except OSError as error:
        fail(Said(f"读不出 {file}：{error.strerror}。", f"Cannot read {file}: {error.strerror}.").in_(lang), code=2)  # fmt: skip
    if raw.startswith(b"PK"):
        from gateway.editing.xlsx_table import read_xlsx

        return read_xlsx(raw)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise NoTable("这是旧格式 .xls 或加密的表格：请另存为 .xlsx。", "This is an old .xls or an encrypted workbook: save it as .xlsx.")  # fmt: skip
    return read_csv(raw, encoding)


def _as_json(planned: Import, written: list[Any]) -> dict[str, Any]:
    return {
        "form": planned.form,
        **{state: [one.id for one in planned.changes if one.state == state] for state in STATES},
        "written": [one.id for one in written],
        "files": [str(path) for one in written for path in one.files],
        "ignored": list(planned.ignored),
        "problems": [
            {"row": one.row, "zh": one.said.zh, "en": one.said.en, "remedy_zh": one.remedy.zh, "remedy_en": one.remedy.en}
            for one in planned.problems
        ],
    }  # fmt: skip


def _lines(
    planned: Import, written: list[Any], dry_run: bool, update: bool, refused: bool, lang: str
) -> Iterator[str]:
    between = Said("、", ", ").in_(lang)
    yield Said(f"文件格式：{planned.form}", f"read as {planned.form}").in_(lang)
    if planned.ignored:
        names = between.join(planned.ignored)
        yield Said(f"不认识的列，未导入：{names}", f"columns not known, left out: {names}").in_(lang)
    for problem in planned.problems:
        yield problem.in_(lang)
    changed = 0
    for state, said in STATES.items():
        ids = [one.id for one in planned.changes if one.state == state]
        changed += state == "changed" and len(ids)
        if ids:
            names = between.join(ids[:_SHOWN]) + ("…" if len(ids) > _SHOWN else "")
            yield f"{said.in_(lang)} {len(ids)}" + ("" if state == "unchanged" else f": {names}")
    if refused:
        yield Said(
            "有错误的行，什么都没有写入：请改好后再导入，或加 --partial 只导入其余的行。",
            "Some rows are wrong, so nothing was written: mend them, or take the others with --partial.",
        ).in_(lang)
        return
    if changed and not update:
        yield Said(
            "已有的条目没有改动：加 --update 才会修改。",
            "Entries that are there already stay as they are: --update changes them.",
        ).in_(lang)
    if dry_run:
        yield Said("只是试运行，没有写入。", "This was a trial, nothing was written.").in_(lang)
    else:
        files = sum(len(one.files) for one in written)
        yield Said(
            f"已写入 {len(written)} 个条目（{files} 个文件）。",
            f"Wrote {len(written)} entries ({files} files).",
        ).in_(lang)
