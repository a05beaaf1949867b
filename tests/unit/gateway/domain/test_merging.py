"""What makes two tickets look like one matter."""

from gateway.domain.merging import ALIKE, keys_of, likeness


def test_orders_parcels_phones_and_addresses_are_what_tickets_are_found_by() -> None:
    entities = [
        {"kind": "order", "value": "DD2026112300"},
        {"kind": "phone", "value": "+86 138 1234 5678"},
        {"kind": "amount", "value": "99元"},
    ]
    found = keys_of(entities, ["Fang@Shop.Example", "visitor-7", "13912345678"])
    assert found == {
        "order:dd2026112300",
        "phone:13812345678",
        "email:fang@shop.example",
        "phone:13912345678",
    }


def test_nearly_the_same_words_are_alike_and_short_ones_never_are() -> None:
    assert likeness("灯罩到货就碎了，我要换货！", "灯罩到货就碎了,我要换货") >= ALIKE
    assert likeness("灯罩到货就碎了，我要换货", "发票什么时候可以寄到") < ALIKE
    assert likeness("你好", "你好") == 0
