"""What may stand in the audit, and what becomes a mark."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.audit_details import safe_details, safe_reference


def mark(words: str) -> str:
    return "~mark"


@pytest.mark.parametrize(
    "value",
    [
        "ticket:T20261122-0001",
        "contact:C20261123001",
        "agent:1001",
        "system",
        "field:phone",
        "v1.0",
        "a=b",
        "0" * 31 + "f",
    ],
)
def test_references_and_words_of_ours_stay(value: str) -> None:
    assert safe_reference(value, mark) == value
    assert safe_details({"it": value}, mark) == {"it": value}


@pytest.mark.parametrize(
    "value",
    [
        "13812345678",
        "王芳",
        "a@b.example",
        "two words",
        "110101199003074514",
        "6222021234567890123",
        "",
        "x" * 129,
    ],
)
def test_whatever_else_becomes_a_mark(value: str) -> None:
    assert safe_reference(value, mark) == "~mark"
    assert safe_details({"it": [value], "deep": {"in": value}}, mark) == {
        "it": ["~mark"],
        "deep": {"in": "~mark"},
    }


def test_a_reference_to_what_is_personal_keeps_its_kind() -> None:
    assert safe_reference("address:wang@shop.example", mark) == "address:~mark"


def test_numbers_instants_and_spans_are_told_plainly_and_nothing_is_left_out() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    given = {"n": 3, "big": 13812345678, "at": at, "span": timedelta(minutes=2), "share": 0.25, "yes": True}
    told = {"n": 3, "big": "~mark", "at": at.isoformat(), "span": 120.0, "share": 0.25, "yes": True}
    assert safe_details(given | {"no": None, "set": {"b", "a"}}, mark) == told | {"set": ["a", "b"]}
    assert safe_details({"odd": object()}, mark) == {"odd": "~mark"}
