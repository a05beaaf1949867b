from datetime import timedelta

from adapters.webchat.flood import Flood


def test_a_visitor_may_send_the_whole_amount_at_once_and_then_waits() -> None:
    flood = Flood(20, timedelta(seconds=10))
    assert [flood.wait("v", 100.0) for _ in range(20)] == [0.0] * 20
    assert flood.wait("v", 100.0) == 0.5
    assert flood.wait("v", 100.5) == 0.0


def test_visitors_do_not_wait_for_each_other() -> None:
    flood = Flood(1, timedelta(seconds=10))
    assert flood.wait("a", 0.0) == 0.0
    assert flood.wait("b", 0.0) == 0.0
    assert flood.wait("a", 0.0) > 0.0


def test_the_quiet_are_forgotten_and_the_busy_are_not() -> None:
    flood = Flood(2, timedelta(seconds=10))
    flood.wait("quiet", 0.0)
    flood.wait("busy", 8.0)
    flood.forget(11.0)
    assert len(flood) == 1
