"""Thresholds come from the entries' own evidence, never trust a little of it, and are only used where they hold."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calibrate import Chosen, calibrate, choose, far_questions
from knowledge.calibration import NAME, digest_of, probe, read_calibration, write_calibration
from knowledge.entry import KnowledgeEntry, Wording
from knowledge.evidence import Asked, Kind, held_out, left_out
from knowledge.lint.house import House
from knowledge.lint.run import lint
from knowledge.load import load_folder
from knowledge.outcome import Thresholds
from knowledge.weighing import interval, judge, weighed

SAMPLE = Path(__file__).parents[3] / "knowledge" / "entries"
DAY = date(2026, 11, 22)


def asked(found: dict[str, float], entry: str = "a", kind: Kind = "must", text: str = "?") -> Asked:
    return Asked(kind=kind, entry=entry, lang="en", text=text, found=tuple(found.items()))


def entries(count: int = 7) -> list[KnowledgeEntry]:
    words = ("refund", "invoice", "parcel", "coupon", "repair", "colour", "size", "voucher", "address")
    return [
        KnowledgeEntry(
            id=word,
            wordings={
                "en": Wording(
                    lang="en", question=f"where is my {word}", answer="there",
                    phrasings=(f"the {word} please", f"tell me about a {word}", f"{word} question"), must=(f"my {word} is late",),
                )
            },
        )
        for word in words[:count]
    ]  # fmt: skip


@lru_cache(maxsize=1)
def chosen() -> Chosen:
    return calibrate(entries(), 0.95, folds=4)


# --- evidence ---


def test_a_phrasing_is_asked_while_it_is_not_written_down() -> None:
    found = {one.text: one for one in held_out(entries(), folds=4)}
    assert len(found) == 7 * 4
    assert all(one.best[1] < 1 for one in found.values()), "an exact phrasing would be found with certainty"
    assert found["where is my refund"].best[0] == "refund"


def test_a_wording_of_one_phrasing_is_not_asked() -> None:
    alone = KnowledgeEntry(id="x", wordings={"en": Wording(lang="en", question="who are you", answer="me")})
    assert {one.entry for one in held_out([*entries(2), alone])} == {"refund", "invoice"}


def test_an_entry_left_out_is_never_found_by_its_own_questions() -> None:
    found = list(left_out(entries()))
    assert len(found) == 7 * 5
    assert all(one.entry not in dict(one.found) for one in found)


def test_the_questions_from_elsewhere_are_of_both_languages() -> None:
    assert len(far_questions()) > 40
    assert {text.isascii() for text in far_questions()} == {True, False}


# --- choosing ---


def test_much_evidence_of_sure_answers_lowers_the_threshold() -> None:
    sure = [asked({"a": 0.6 + n / 10_000}, text=str(n)) for n in range(3000)]
    found = choose(sure, [], [asked({"a": 0.3}, "b", "left out")], [asked({}, "", "elsewhere")], 0.95)
    assert found.evident.answer == pytest.approx(0.6)
    assert 0.6 < found.thresholds.answer < 0.67
    assert found.reached.precision == 1.0


def test_wrong_answers_raise_the_threshold_above_them() -> None:
    right = [asked({"a": 0.97}, text=str(n)) for n in range(2000)]
    wrong = [asked({"b": 0.92}, text=str(n)) for n in range(1000)]
    found = choose([*right, *wrong], [], [], [], 0.95)
    assert 0.92 < found.thresholds.answer <= 0.97
    assert found.reached.precision == 1.0
    assert found.shipped.precision == pytest.approx(2 / 3, abs=0.01)


def test_little_evidence_hardly_moves_the_shipped_thresholds() -> None:
    wrong = [asked({"b": 0.95}, text=str(n)) for n in range(3)]
    found = choose([asked({"a": 0.99}), *wrong], [], [], [], 0.95)
    assert found.weight < 0.02
    assert found.thresholds.answer == pytest.approx(Thresholds().answer, abs=0.01)
    assert found.thresholds.offer == pytest.approx(Thresholds().offer, abs=0.01)


def test_without_any_evidence_the_shipped_thresholds_stay() -> None:
    found = choose([], [], [], [], 0.95)
    assert (found.thresholds, found.attainable) == (Thresholds(), False)


def test_a_precision_that_no_threshold_reaches_is_said_to_be_out_of_reach() -> None:
    both = [asked({"a" if n % 2 else "b": 0.95}, text=str(n)) for n in range(1000)]
    found = choose(both, [], [], [], 0.95)
    assert not found.attainable
    assert found.thresholds.answer > 0.95


def test_choices_are_offered_where_they_rather_hold_the_right_entry() -> None:
    helpful = [asked({"b": 0.2, "a": 0.15}, text=f"h{n}") for n in range(1000)]
    useless = [asked({"b": 0.2, "c": 0.1}, text=f"u{n}") for n in range(1500)]
    found = choose([*helpful, *useless], [], [], [], 0.95)
    assert found.evident.offer == pytest.approx(0.35)
    assert 0.35 < found.thresholds.offer < 0.5


def test_phrasings_of_one_wording_count_as_one_case() -> None:
    many = [asked({"a": 0.9}, kind="phrasing", text=str(n)) for n in range(8)]
    assert choose([], many, [], [], 0.95).cases == 1
    assert choose([asked({"a": 0.9})], many, [], [], 0.95).cases == 2


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40), st.floats(0.5, 0.99))
def test_whatever_the_evidence_the_thresholds_are_usable(
    found: list[tuple[float, bool]], wanted: float
) -> None:
    tests = [asked({"a" if right else "b": p}, text=str(n)) for n, (p, right) in enumerate(found)]
    at = choose(tests, [], [], [], wanted).thresholds
    assert 0 < at.offer <= at.answer < 1


def test_the_interval_narrows_with_the_cases() -> None:
    few, many = interval(0.95, 20), interval(0.95, 2000)
    assert few[0] < many[0] < 0.95 < many[1] < few[1]


def test_the_sample_entries_are_calibrated_with_all_their_evidence() -> None:
    found = chosen()
    assert (found.tests, found.phrasings, found.left_out) == (7, 28, 35)
    assert found.cases == 14
    assert found.reached.low <= found.reached.precision <= found.reached.high


def test_what_is_out_of_scope_counts_as_a_fifth_of_the_traffic() -> None:
    cases = weighed([asked({"a": 0.95})], [asked({"a": 0.95}, "b", "left out")], [asked({}, "", "elsewhere")])
    reached = judge(cases, Thresholds())
    assert reached.precision == pytest.approx(0.8 / 0.9, abs=0.001)
    assert (reached.near_answered, reached.far_answered) == (1.0, 0.0)


# --- the file ---


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write_calibration(tmp_path, chosen(), entries(), DAY)
    found, problem = read_calibration(tmp_path)
    assert problem is None
    assert found is not None
    assert (found.thresholds, found.made, found.entries) == (chosen().thresholds, DAY, digest_of(entries()))
    assert [file.name for file in tmp_path.iterdir()] == [NAME]
    assert load_folder(tmp_path).entries == (), "it is no entry"


def test_a_folder_without_the_file_is_as_shipped(tmp_path: Path) -> None:
    assert read_calibration(tmp_path) == (None, None)


@pytest.mark.parametrize(
    "change",
    [{"answer": 1.5}, {"answer": True}, {"answer": "0.9"}, {"offer": 0.99}, {"offer": None}, {"made": "soon"}, {"format": 2}],
)  # fmt: skip
def test_a_file_with_a_senseless_value_is_not_used(tmp_path: Path, change: dict[str, object]) -> None:
    file = write_calibration(tmp_path, chosen(), entries(), DAY)
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | change), encoding="utf-8")
    found, problem = read_calibration(tmp_path)
    assert found is None
    assert problem is not None
    assert "gateway kb calibrate" in problem.text("zh-CN")


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"answer": NaN}'])
def test_a_damaged_file_is_not_used(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / NAME).write_bytes(raw)
    found, problem = read_calibration(tmp_path)
    assert found is None
    assert problem is not None
    assert not problem.fatal


@pytest.mark.parametrize("matcher", [[0.1] * 11, [], None, "x", ["a"] * 11])
def test_thresholds_of_another_matcher_are_not_used(tmp_path: Path, matcher: object) -> None:
    file = write_calibration(tmp_path, chosen(), entries(), DAY)
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"matcher": matcher}), encoding="utf-8")
    found, problem = read_calibration(tmp_path)
    assert found is None
    assert problem is not None
    assert "another version of the matcher" in problem.en


def test_the_probe_tells_matchers_apart_by_unsure_questions() -> None:
    assert sum(0.05 < value < 0.995 for value in probe()) >= 6


def test_the_digest_follows_questions_and_not_answers() -> None:
    first, *rest = entries()
    wording = first.wordings["en"]
    other = Wording(
        lang="en", question=wording.question, phrasings=wording.phrasings, must=wording.must, answer="new"
    )
    same = KnowledgeEntry(id=first.id, wordings={"en": other}, owner="somebody")
    assert digest_of([same, *rest]) == digest_of(list(reversed(entries())))
    assert digest_of(rest) != digest_of(entries())


def test_lint_says_when_a_calibration_is_old_or_useless(tmp_path: Path) -> None:
    write_calibration(tmp_path, chosen(), entries(), DAY)
    (finding,) = [
        one for one in lint(load_folder(tmp_path), House(today=DAY), (), tmp_path) if one.rule != "file"
    ]
    assert (finding.rule, finding.level) == ("calibration", "note")
    (tmp_path / NAME).write_text("{")
    (finding,) = [
        one for one in lint(load_folder(tmp_path), House(today=DAY), (), tmp_path) if one.rule != "file"
    ]
    assert (finding.rule, finding.level) == ("calibration", "warning")
