"""Two machines that answer each other are stopped, also where one of them changes its address; and somebody is told."""

from datetime import timedelta

from gateway.domain.notices import Notices
from gateway.domain.policy import Limit
from gateway.intake.breaker import Breaker
from tests.building import MORNING, a_policy

HOUR = timedelta(hours=1)
POLICY = a_policy(
    automatic_to_domain=Limit(count=3, within=HOUR), automatic_in_all=Limit(count=5, within=HOUR)
)


def sent(*addresses: str) -> Breaker:
    breaker = Breaker(POLICY, Notices())
    for address in addresses:
        breaker.count(address, MORNING)
    return breaker


def test_a_domain_is_stopped_whatever_stands_before_the_at() -> None:
    breaker = sent("bounce-1@Loop.example", "bounce-2@loop.example", "bounce-3@loop.EXAMPLE")
    assert breaker.stops("bounce-4@loop.example", MORNING) == (
        "already 3 automatic mails to @loop.example within 1:00:00"
    )
    assert breaker.stops("li@cust.example", MORNING) is None


def test_everybody_is_stopped_when_all_together_got_too_many() -> None:
    breaker = sent(*(f"a@d{n}.example" for n in range(5)))
    assert breaker.stops("li@cust.example", MORNING) == (
        "already 5 automatic mails to all senders together within 1:00:00"
    )


def test_after_the_span_it_goes_on() -> None:
    breaker = sent(*["a@loop.example"] * 3)
    assert breaker.stops("a@loop.example", MORNING + HOUR) is None


def test_the_desks_are_told_once_an_hour() -> None:
    notices = Notices()
    breaker = Breaker(POLICY, notices)
    assert breaker.alarm("mail", "a@loop.example", MORNING)
    assert not breaker.alarm("mail", "a@loop.example", MORNING + HOUR / 2)
    notice = notices.of("mail", MORNING)
    assert notice is not None
    assert "@loop.example" in notice.found.en
    assert notices.of("mail", MORNING + HOUR) is None
    assert breaker.alarm("mail", "a@loop.example", MORNING + HOUR)
