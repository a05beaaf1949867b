"""Rows 34, 39 and 40: what is locked is never older than the last known hole, and the gate does bite."""

import re
from pathlib import Path

import pytest

from tests.security.sbom import GOES_WITH_GPL3, document, licences, shipped

ROOT = Path(__file__).parents[2]
FLOORS = {  # the first version without the holes of security-failures.md's rows, or known sound
    "aiohttp": (3, 14, 3), "cryptography": (50,), "joserfc": (1, 7, 3), "pillow": (12,), "nh3": (0, 2, 18),
    "lxml": (5, 3), "argon2-cffi": (23, 1), "sqlalchemy": (2, 0, 38), "alembic": (1, 16), "webauthn": (2, 5),
    "pyotp": (2, 9), "httpx": (0, 27), "pydantic": (2, 10), "orjson": (3, 10), "python-telegram-bot": (22, 1),
    "aioimaplib": (2, 0, 1), "aiosmtplib": (5,), "dnspython": (2, 6), "openpyxl": (3, 1, 5), "asyncpg": (0, 30),
}  # fmt: skip
NEVER = {"authlib", "python-jose", "passlib", "pycrypto", "bleach", "jwt", "pyjwt"}
LOCKS = ("core.txt", "test.txt")


def below(lock: str) -> list[str]:
    """Return what is wrong with a lock: packages below their floor, absent, or not to be used at all."""
    pins = {
        name.lower(): version for name, version in re.findall(r"^([\w.-]+)==([\w.+]+)", lock, re.MULTILINE)
    }
    numbers = {
        name: tuple(map(int, re.findall(r"\d+", version.partition("+")[0]))) for name, version in pins.items()
    }
    low = [
        f"{name} {pins.get(name, 'absent')}"
        for name, floor in FLOORS.items()
        if numbers.get(name, ()) < floor
    ]
    return low + sorted(NEVER & pins.keys())


@pytest.mark.parametrize("name", LOCKS)
def test_row_40_nothing_is_locked_below_its_floor(name: str) -> None:
    assert below((ROOT / "requirements" / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", FLOORS)
def test_row_40_an_older_pin_is_noticed(name: str) -> None:
    text = (ROOT / "requirements" / "core.txt").read_text("utf-8")
    older, count = re.subn(
        rf"^({re.escape(name)})==[\w.+]+", r"\1==0.0.1", text, flags=re.MULTILINE | re.IGNORECASE
    )
    assert count == 1
    assert below(older) == [f"{name} 0.0.1"]
    assert below(re.sub(rf"^{re.escape(name)}==.*$", "", text, flags=re.MULTILINE | re.IGNORECASE)) == [
        f"{name} absent"
    ]


def test_row_40_a_package_that_must_not_come_back_is_noticed() -> None:
    assert below((ROOT / "requirements" / "core.txt").read_text("utf-8") + "\nauthlib==1.6.5\n") == [
        "authlib"
    ]


def test_row_40_pyproject_asks_for_the_same_floors() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for name in ("aiohttp", "cryptography", "joserfc", "pillow"):
        [asked] = re.findall(rf'"{name}>=([\d.]+)"', text)
        assert tuple(map(int, asked.split("."))) >= FLOORS[name]


def test_row_40_the_bill_of_materials_names_every_locked_package() -> None:
    found = document()
    components = found["components"]
    assert isinstance(components, list)
    assert {one["name"].lower() for one in components} >= {name.lower() for name in shipped()}
    assert all(one.get("version") for one in components)


def test_row_40_every_licence_goes_with_ours() -> None:
    told = licences()
    assert len(told) > 30
    assert [one for one in told if not GOES_WITH_GPL3.search(one[2])] == []
