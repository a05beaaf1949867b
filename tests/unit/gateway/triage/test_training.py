"""Cases become a model: the same one each time, small, and better than no model."""

from dataclasses import replace

import numpy as np
import pytest

from gateway.triage.build import packed_from
from gateway.triage.corpus import BadCase, Case, read_cases
from gateway.triage.evidence import Message, gather
from gateway.triage.figures import figures, interval
from gateway.triage.learn import minimise, rows_of
from gateway.triage.model import BadModel, unpacked
from gateway.triage.read_rules import shipped
from gateway.triage.train import How, Seen, see, train
from gateway.triage.triage import Triager
from gateway.triage.validate import answers, cross_validated
from gateway.triage.vectors import BUCKETS, buckets, pieces_by_bucket

FRUIT = ("苹果", "香蕉", "橙子", "葡萄", "西瓜", "桃子", "梨", "李子", "杏", "柿子")


def lines() -> list[str]:
    """Two kinds of message that no shipped rule knows: somebody asks for a thing's colour, or wants it dyed."""
    asks = [f"presale\tproduct\tnormal\tnone\tsupport\tn\tapp\t{fruit}有蓝色款吗" for fruit in FRUIT]
    wants = [
        f"change\torder\tnormal\tnone\taftersales|logistics\ty\tapp\t给{fruit}染成绿色" for fruit in FRUIT
    ]
    return asks + wants


def cases() -> list[Case]:
    return list(read_cases("own.tsv", lines()))


@pytest.fixture(scope="module")
def seen() -> list[Seen]:
    return see(cases(), shipped())


def test_the_same_cases_make_the_same_model(seen: list[Seen]) -> None:
    assert packed_from(seen, shipped(), {}) == packed_from(list(seen), shipped(), {})


def test_what_was_learned_decides_where_no_rule_knows(seen: list[Seen]) -> None:
    model = unpacked(packed_from(seen, shipped(), {"by": "a test"}))
    found = Triager(shipped(), model).triage(Message(text="给榴莲染成绿色", channel="app"))
    assert found.type == "change"
    assert found.department == "aftersales"
    assert any("sounds like change" in reason and "染成" in reason for reason in found.because)
    assert model.trained["by"] == "a test"
    assert found.version.endswith(model.version)


def test_cases_not_seen_are_judged_too(seen: list[Seen]) -> None:
    rules_alone = figures(cases(), answers(None, seen))
    learned = cross_validated(seen, How(), folds=4)
    assert learned.cases == len(cases())
    assert learned.strict["type"] > rules_alone.strict["type"]
    assert learned.lenient["department"] >= learned.strict["department"]


def test_a_case_that_counts_more_is_learned_more(seen: list[Seen]) -> None:
    contrary = replace(seen[0], case=replace(seen[0].case, labels=seen[-1].case.labels))
    lightly = answers(train([*seen, contrary], How()), [contrary])[0]
    heavily = answers(train([*seen, contrary], How(), counts=[1.0] * len(seen) + [50.0]), [contrary])[0]
    assert (lightly.type, heavily.type) == ("presale", "change")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY"])
def test_a_file_that_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(BadModel):
        unpacked(content)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("presale\tx", "2 columns"),
        ("presales\tx\tnormal\tnone\tsupport\tn\tapp\t你好", "presales"),
        ("presale\tx\tnormal\tnone\tsupport\tmaybe\tapp\t你好", "maybe"),
        ("presale\tx\tnormal\tnone\tsupport\tn\tapp\t", "no text"),
    ],
)
def test_a_line_that_is_no_case_is_named(line: str, word: str) -> None:
    with pytest.raises(BadCase, match=rf"own\.tsv:2: .*{word}"):
        list(read_cases("own.tsv", ["# a comment", line]))


def test_a_mail_has_its_subject_and_breaks() -> None:
    case = next(read_cases("x", ["none\t\tnormal\tnone\tsupport\tn\temail\tHi ¦ one⏎two"]))
    assert case.message == Message(text="one\ntwo", subject="Hi", channel="email")
    assert case.subtype is None


def test_pieces_shown_to_people_are_pieces_that_were_weighed() -> None:
    folded = gather(Message(text="我的快递 has not come yet"), shipped()).folded
    weighed = set(buckets(folded).tolist())
    assert {"快递", "come", "has not"} <= set(pieces_by_bucket(folded).values())
    assert set(pieces_by_bucket(folded)) <= weighed
    assert max(weighed) < BUCKETS


def test_the_least_of_a_bowl_is_found() -> None:
    bowl = np.array([1.0, 4.0, 0.25])

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        return float((bowl * (at - 3) ** 2).sum()), 2 * bowl * (at - 3)

    assert np.allclose(minimise(loss, np.zeros(3), 100, enough=1e-14), 3, atol=1e-3)


def test_sparse_rows_multiply_as_full_ones_do() -> None:
    rows = rows_of([([0, 2], [1.0, 2.0]), ([2], [3.0])], 4)
    full = np.array([[1.0, 0, 2, 0], [0, 0, 3, 0]])
    weights = np.arange(8.0).reshape(4, 2)
    assert np.allclose(rows.times(weights), full @ weights)
    assert np.allclose(rows.turned().times(np.ones((2, 1))), full.sum(axis=0)[rows.filled][:, None])


def test_an_interval_holds_its_share() -> None:
    low, high = interval(0.9, 272)
    assert 0.85 < low < 0.9 < high < 0.94
    assert np.isnan(interval(0.5, 0)[0])
