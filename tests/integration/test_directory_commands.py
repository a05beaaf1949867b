"""What an operator sees of the customer records: find, doctor, and the sample that init writes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.clock import FakeClock
from gateway.safety.doctor_directory import directory_findings
from gateway.settings import load

runner = CliRunner()
PERSONAL = ("王小明", "19900005678", "样品区第一路", "wang@example.com")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert runner.invoke(app, ["init", str(tmp_path / "shop")]).exit_code == 0
    return tmp_path / "shop"


def find(folder: Path, *words: str) -> tuple[int, str]:
    done = runner.invoke(
        app, ["directory", "find", *words, "--config", str(folder / "config.toml"), "--lang", "en"]
    )
    return done.exit_code, done.output


def test_a_new_folder_has_orders_to_ask_for_and_shows_them_covered(folder: Path) -> None:
    code, said = find(folder, "cg-2026112001", "--json")
    assert code == 0
    told = json.loads(said)
    assert (told["order"], told["status"], told["phone"]) == ("CG2026112001", "已发货", "199****5678")
    assert not any(word in said for word in PERSONAL)
    assert (folder / "orders.csv").stat().st_mode & 0o077 == 0
    assert "orders.csv" in (folder / ".gitignore").read_text()


def test_an_order_that_is_not_there_and_records_that_are_not_end_with_1(folder: Path) -> None:
    assert find(folder, "CG2026119999") == (1, "There is no such order.\n")
    (folder / "orders.csv").unlink()
    code, said = find(folder, "CG2026112001")
    assert (code, "cannot be asked" in said) == (1, True)


async def told(folder: Path) -> dict[str, str]:
    found = await directory_findings(load(folder / "config.toml", environ={}), FakeClock())
    assert all(one.remedy for one in found if one.level != "ok")
    return {one.check: f"{one.level}: {one.found.en}" for one in found}


async def test_doctor_counts_the_orders_and_says_that_they_are_a_sample(folder: Path) -> None:
    assert await told(folder) == {
        "directory": "ok: The file of customer records holds 6 orders.",
        "directory_sample": "note: The sample orders are in use: no real customer's order is found.",
    }


async def test_doctor_warns_of_a_file_that_others_may_read(folder: Path) -> None:
    file = folder / "orders.csv"
    file.write_bytes(file.read_bytes() + b"CG2026112099" + b"," * 14 + b"\n")
    file.chmod(0o644)
    found = await told(folder)
    assert found["directory"] == "ok: The file of customer records holds 7 orders."
    assert "has mode 644" in found["directory_rights"]


async def test_doctor_says_what_is_wrong_with_the_records(folder: Path) -> None:
    (folder / "orders.csv").write_text("nothing")
    assert (await told(folder))["directory"].startswith(
        "bad: The customer records (csv) cannot be asked: columns"
    )
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace('kind = "csv"', 'kind = "none"'), "utf-8")
    assert (await told(folder))["directory"].startswith("ok: No customer records")
