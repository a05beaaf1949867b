"""The breaker, the memory of a minute, and what people of the house see."""

from gateway.directory.breaker import FAILURES, REST, Breaker
from gateway.directory.cache import MOST, Cache
from gateway.directory.shown import shown
from gateway.domain.records import Found, NotFound


def test_a_breaker_opens_after_failures_in_a_row_and_lets_one_through_after_a_rest() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.heard(ok=False, now=0)
    breaker.heard(ok=True, now=0)
    for _ in range(FAILURES):
        assert breaker.lets_through(1)
        breaker.heard(ok=False, now=1)
    assert not breaker.lets_through(1 + REST - 0.1)
    assert breaker.lets_through(1 + REST)
    assert not breaker.lets_through(1 + REST)
    breaker.heard(ok=True, now=1 + REST)
    assert breaker.lets_through(1 + REST)


def test_an_answer_is_remembered_for_its_time_and_no_longer() -> None:
    cache, found = Cache(30, b"k"), Found(customer_ref="K", order_ref="A")
    cache.put("A", found, 0)
    cache.put("B", NotFound(), 10)
    assert cache.get("A", 29) is found
    assert cache.get("A", 30) is None
    assert cache.get("B", 30) == NotFound()
    cache.put("C", found, 35)
    assert len(cache._kept) == 2


def test_a_storm_of_numbers_does_not_fill_the_memory() -> None:
    cache = Cache(30, b"k")
    for n in range(MOST + 50):
        cache.put(str(n), NotFound(), 0)
    assert len(cache._kept) == MOST
    assert not any(b"1049" in name for name in cache._kept)


def test_nothing_is_remembered_where_that_is_not_wished() -> None:
    cache = Cache(0, b"k")
    cache.put("A", NotFound(), 0)
    assert cache.get("A", 0) is None


def test_people_see_records_covered() -> None:
    attrs = {
        "status": "x",
        "items": "药",
        "private": "1",
        "name": "王小明",
        "phone": "13800135678",
        "address": "上海市静安区某某路 12 号 3 室",
        "email": "wang@example.com",
    }
    assert shown(Found(customer_ref="K", order_ref="A", attrs=attrs)) == {
        "status": "x",
        "items": "***",
        "name": "王**",
        "phone": "138****5678",
        "address": "上海市静安区***",
        "email": "w***@example.com",
    }
