"""What an edit changes is found by asking both versions, and what is lost comes first."""

from datetime import date

from gateway.editing.differences import differences, edits, questions_of
from knowledge.entry import KnowledgeEntry, Wording
from knowledge.match import Matcher

TODAY = date(2026, 11, 23)


def an_entry(
    key: str, question: str, *phrasings: str, answer: str = "好的。", must: tuple[str, ...] = ()
) -> KnowledgeEntry:
    wording = Wording(lang="zh-CN", question=question, answer=answer, phrasings=phrasings, must=must)
    return KnowledgeEntry(id=key, wordings={"zh-CN": wording})


RETURNS = an_entry("退货", "怎么退货", "我要退货")
HOURS = an_entry("营业时间", "几点开门", "营业时间")
INVOICE = an_entry("发票", "怎么开发票", "要发票")


def test_the_same_version_twice_changes_nothing() -> None:
    entries = [RETURNS, HOURS]
    asked = questions_of([entries, entries], ["几点关门呀"])
    assert differences(Matcher(entries), Matcher(entries), asked, TODAY) == []


def test_an_entry_taken_away_loses_its_questions() -> None:
    before, after = [RETURNS, HOURS, INVOICE], [RETURNS, HOURS]
    found = differences(Matcher(before), Matcher(after), questions_of([before, after]), TODAY)
    assert {(one.turn, one.text) for one in found} == {("lost", "怎么开发票"), ("lost", "要发票")}
    assert found[0].before.entries == ("发票",)
    assert edits(before, after).removed == ("发票",)


def test_a_new_entry_answers_what_customers_asked_before() -> None:
    before, after = [RETURNS, HOURS], [RETURNS, HOURS, INVOICE]
    found = differences(Matcher(before), Matcher(after), questions_of([before], ["要发票", "要发票"]), TODAY)
    (one,) = [one for one in found if one.text == "要发票"]
    assert (one.turn, one.asked_by, one.after.entries) == ("gained", ("past",), ("发票",))


def test_a_question_that_moved_to_another_entry_is_told_with_both() -> None:
    thief = an_entry("营业时间", "几点开门", "营业时间", "我要退货")
    robbed = an_entry("退货", "怎么退货")
    found = differences(
        Matcher([RETURNS, HOURS]), Matcher([robbed, thief]), {"我要退货": ("phrasing 退货",)}, TODAY
    )
    (one,) = found
    assert (one.turn, one.before.entries, one.after.entries) == ("other", ("退货",), ("营业时间",))


def test_tests_come_before_past_questions() -> None:
    before, after = [RETURNS, HOURS, an_entry("发票", "怎么开发票", must=("怎么开发票呢",))], [RETURNS, HOURS]
    asked = questions_of([before], ["怎么开发票啊"])
    found = differences(Matcher(before), Matcher(after), asked, TODAY)
    assert [one.asked_by[0].split(" ")[0] for one in found] == ["must", "phrasing", "past"]


def test_an_answer_that_reads_differently_is_told_of_its_entry() -> None:
    longer = an_entry("退货", "怎么退货", "我要退货", answer="十五天内。")
    told = edits([RETURNS, HOURS], [longer, HOURS])
    assert (told.added, told.removed, told.answers) == ((), (), ("退货",))
