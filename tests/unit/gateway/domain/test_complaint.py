"""The complaint's record: whose word counts, and what it lacks."""

from datetime import UTC, datetime

from gateway.domain.complaint import FIELDS, Filled, is_complaint, missing, record
from gateway.domain.ticket import Anomaly, TicketType

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_complaints_and_every_anomaly_have_a_record_and_nothing_else_has() -> None:
    assert is_complaint(TicketType.COMPLAINT, Anomaly.NONE)
    assert all(is_complaint(TicketType.AFTERSALE, one) for one in Anomaly if one is not Anomaly.NONE)
    assert not is_complaint(TicketType.AFTERSALE, Anomaly.NONE)


def test_a_persons_word_comes_before_the_tickets() -> None:
    filled = record({"content": "灯罩碎了", "wanted": None}, {"content": "转人工", "happened_at": NOW})
    assert tuple(filled) == FIELDS
    assert filled["content"] == Filled(value="灯罩碎了", by_person=True)
    assert filled["happened_at"] == Filled(value=NOW)
    assert filled["wanted"] == Filled(value=None)


def test_an_empty_field_is_missing_and_a_filled_one_is_not() -> None:
    filled = record({"wanted": "退款", "product": ""}, {})
    assert missing(filled, ("wanted", "product", "order")) == ("product", "order")
    assert missing(filled, ()) == ()
