"""What every kind of records answers, whatever is behind it: the same cases for all."""

import pytest

from gateway.domain.records import Claims, Found, Match, NoMatch, NotFound
from tests.contract.directory.conftest import Shop

A, B, C, D, E, F = (f"CG202611200{n}" for n in range(1, 7))
TAIL, NAME = "phone_tail", "name"

MATCHES = [
    (A, {TAIL: "5678"}),
    (A, {NAME: "王小明"}),
    (A, {TAIL: "5678", NAME: "王小明"}),
    (" cg-2026-112001 ", {TAIL: "５６７８"}),
    ("#" + A, {NAME: "王 小 明"}),
    ("ＣＧ２０２６１１２００１", {TAIL: "5678"}),
    (A, {"phone": "13800135678"}),
    (A, {"phone": "+86 138 0013 5678"}),
    (A, {"phone": "008613800135678"}),
    (A, {"email": "wang@example.COM"}),
    (B, {TAIL: "5678"}),
    (B, {"phone": "13800135678"}),
    (C, {NAME: "anne-marie o'neill"}),
    (C, {TAIL: "0123", "email": "a.b+c@example.co.uk"}),
    (D, {TAIL: "4321"}),
    (D, {NAME: "阿依古丽买买提"}),
    ("CG2026-112004", {NAME: "阿依古丽 · 买买提"}),
    (F, {NAME: "张伟"}),
    (F, {TAIL: "5678"}),
]
MISSES = [
    (A, {}),
    (A, {TAIL: "5679"}),
    (A, {TAIL: "567"}),
    (A, {TAIL: "15678"}),
    (A, {TAIL: ""}),
    (A, {TAIL: "%"}),
    (A, {NAME: "王"}),
    (A, {NAME: "王小"}),
    (A, {NAME: "王晓明"}),
    (A, {NAME: "Wang Xiaoming"}),
    (A, {NAME: "' OR '1'='1"}),
    (A, {TAIL: "5678", NAME: "李四"}),
    (A, {TAIL: "0000", NAME: "王小明"}),
    (A, {"phone": "13800135679"}),
    (A, {"phone": "5678"}),
    (A, {"email": "wang@example.org"}),
    (D, {"phone": "13800004321"}),
    (D, {"email": "a@b.example"}),
    (E, {NAME: "张*"}),
    (E, {NAME: "张"}),
    (E, {TAIL: "0000"}),
    (E, {"email": "not an address"}),
    ("CG2026112099", {TAIL: "5678"}),
    ("CG2026112099", {NAME: "王小明"}),
    ("CG20", {TAIL: "5678"}),
    ("", {TAIL: "5678"}),
    ("%", {TAIL: "5678"}),
    ("' OR 1=1 --", {TAIL: "5678"}),
    (A + "'; DROP TABLE orders; --", {TAIL: "5678"}),
    ("9" * 5000, {TAIL: "5678"}),
    (A + "\x00", {TAIL: "5679"}),
]  # fmt: skip


@pytest.mark.parametrize(("order", "claims"), MATCHES)
async def test_what_is_so_matches(shop: Shop, order: str, claims: dict[str, str]) -> None:
    found = await shop.directory.verify(order, Claims(**claims))
    assert isinstance(found, Match)
    assert found.order_ref


@pytest.mark.parametrize(("order", "claims"), MISSES)
async def test_what_is_not_so_does_not_match(shop: Shop, order: str, claims: dict[str, str]) -> None:
    assert await shop.directory.verify(order, Claims(**claims)) == NoMatch()


async def test_an_order_is_found_with_the_configured_fields_and_no_others(shop: Shop) -> None:
    found = await shop.directory.find(A.lower())
    assert isinstance(found, Found)
    assert (found.customer_ref, found.order_ref) == ("K1", A)
    assert found.attrs == {
        "status": "已发货", "date": "2026-11-20", "carrier": "晨光快递", "items": "围巾", "amount": "128.00",
        "name": "王小明", "phone": "13800135678", "address": "上海市某路1号", "email": "Wang@Example.com",
    }  # fmt: skip


async def test_two_orders_of_one_customer_have_one_owner_and_a_nameless_one_is_alone(shop: Shop) -> None:
    refs = [
        found.customer_ref
        for each in (A, B, D)
        if isinstance(found := await shop.directory.find(each), Found)
    ]
    assert refs == ["K1", "K1", f"order {D}"]


async def test_difficult_values_come_whole(shop: Shop) -> None:
    found = await shop.directory.find(C)
    assert isinstance(found, Found)
    assert found.attrs["carrier"] == 'A, "B" & C'
    assert found.attrs["address"] == "22 Some Street\nFlat 2"
    assert found.attrs["private"] == "1"


async def test_no_is_no_mark_of_privacy(shop: Shop) -> None:
    found = await shop.directory.find(B)
    assert isinstance(found, Found)
    assert "private" not in found.attrs


@pytest.mark.parametrize("order", ["CG2026112099", "", "%", "CG_2026112001_", "' OR 1=1 --", "订单"])
async def test_what_is_not_on_file_is_not_found(shop: Shop, order: str) -> None:
    if order.startswith("CG_"):
        order = "CG202611200_"
    assert await shop.directory.find(order) == NotFound()


async def test_personal_data_are_in_no_repr(shop: Shop) -> None:
    assert "13800135678" not in repr(await shop.directory.find(A))
    assert "5678" not in repr(Claims(phone_tail="5678", name="王小明"))
