"""What people had to answer is found, grouped, counted once a conversation, and shown without anybody's data."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import knowledge
from gateway.editing.gaps import Gap, find_gaps
from gateway.pipeline.answer import UPSET
from gateway.pipeline.ask_for_person import ASKED
from gateway.store.questions import Question
from knowledge.load import load_folder
from tests.building import MORNING

FIVE_MINUTES = timedelta(minutes=5)
SAMPLE = Path(str(knowledge.__file__)).parent / "entries"
KNOWN = [
    text
    for entry in load_folder(SAMPLE).entries
    for wording in entry.wordings.values()
    for text in wording.all_phrasings
]


class Record:
    """Writes down questions in order."""

    def __init__(self) -> None:
        self.questions: list[Question] = []

    def asked(self, text: str, conversation: int = 1, outcome: str = "none", **more: Any) -> None:
        number = len(self.questions) + 1
        usual: dict[str, Any] = {
            "message_id": number,
            "conversation_id": conversation,
            "at": MORNING + timedelta(minutes=number),
            "channel": "web",
            "lang": "zh-CN",
            "text": text,
            "outcome": outcome,
        }
        self.questions.append(Question(**usual | more))

    def gaps(self, **more: Any) -> tuple[Gap, ...]:
        return find_gaps(self.questions, handling=FIVE_MINUTES, known=KNOWN, **more)


def test_questions_that_mean_the_same_are_one_gap_and_the_dearest_comes_first() -> None:
    record = Record()
    record.asked("有没有学生优惠", 1)
    for conversation, text in enumerate(
        ("你们仓库在哪里", "你们的仓库在哪里呀", "请问仓库在哪里", "仓库在哪里？"), start=2
    ):
        record.asked(text, conversation)
    first, second = record.gaps()
    assert (first.times, first.cost, first.kinds) == (4, timedelta(minutes=20), ("unanswered",))
    assert "仓库" in first.question
    assert (second.question, second.times) == ("有没有学生优惠", 1)


def test_the_same_question_twice_in_a_conversation_costs_once() -> None:
    record = Record()
    record.asked("你们仓库在哪里", 1)
    record.asked("你们仓库在哪里？？", 1)
    (gap,) = record.gaps()
    assert gap.times == 1


def test_choices_count_when_none_of_them_was_taken() -> None:
    taken, passed_over = Record(), Record()
    taken.asked("仓库的事情", outcome="choices", entry="地址")
    taken.asked("", outcome="answer", entry="地址", is_choice=True)
    passed_over.asked("仓库的事情", outcome="choices", entry="地址")
    assert taken.gaps() == ()
    (gap,) = passed_over.gaps()
    assert (gap.kinds, gap.entries) == (("unanswered",), ("地址",))


def test_an_answer_that_sent_the_customer_to_a_person_is_a_gap_of_its_entry() -> None:
    record = Record()
    record.asked("怎么退货", outcome="answer", entry="退货政策")
    record.asked("转人工", hand_off=ASKED, reply="您可以寄到杭州仓。")
    (gap,) = record.gaps()
    assert (gap.kinds, gap.question, gap.entries) == (("handed_over",), "怎么退货", ("退货政策",))
    assert gap.reply == "您可以寄到杭州仓。"


def test_a_choice_that_did_not_help_blames_the_question_before_it() -> None:
    record = Record()
    record.asked("衣服大了怎么办", outcome="choices", entry="换货流程")
    record.asked("", outcome="answer", entry="换货流程", is_choice=True)
    record.asked("人工", hand_off=ASKED)
    (gap,) = record.gaps()
    assert (gap.kinds, gap.question) == (("handed_over",), "衣服大了怎么办")


def test_of_several_questions_only_the_unknown_one_is_a_gap() -> None:
    record = Record()
    record.asked("怎么退货？有学生优惠吗", outcome="answer", entry="退货政策", missed=("有学生优惠吗",))
    (gap,) = record.gaps()
    assert (gap.question, gap.entries) == ("有学生优惠吗", ())


def test_an_answer_nobody_complained_of_is_no_gap() -> None:
    record = Record()
    record.asked("怎么退货", outcome="answer", entry="退货政策")
    record.asked("谢谢", small_talk="thanks")
    assert record.gaps() == ()


def test_the_same_reply_three_times_is_a_gap_though_the_bot_was_never_asked() -> None:
    record = Record()
    for conversation, (text, reply) in enumerate(
        (
            ("你们有实体店吗", "我们没有实体店，请在网上下单。"),
            ("有没有实体店呀", "我们没有实体店，请在网上下单哦。"),
            ("请问有实体店吗", "我们没有实体店,请在网上下单。"),
        )
    ):
        record.asked(text, conversation, outcome="", reply=reply)
        assert len(record.gaps()) == (conversation == 2)
    (gap,) = record.gaps()
    assert (gap.kinds, gap.times, gap.reply_times) == (("repeated",), 3, 3)
    assert gap.reply is not None
    assert gap.reply.startswith("我们没有实体店")


def test_complaints_greetings_and_bare_wishes_for_a_person_are_no_gaps() -> None:
    record = Record()
    record.asked("你们太差了我要投诉", hand_off=UPSET)
    record.asked("你好", small_talk="greeting")
    record.asked("转人工", hand_off=ASKED)
    record.asked("？？？")
    assert record.gaps() == ()


def test_nothing_that_says_who_asked_is_carried_along() -> None:
    record = Record()
    private = "13812345678", "wang.fang@example.com", "110101199003074514", "SF1234567890123"
    record.asked(
        f"我是王芳 {' '.join(private)} 包裹到哪个仓库了", reply=f"请查 {private[3]}，致电 {private[0]}"
    )
    (gap,) = record.gaps()
    shown = repr(gap)
    assert not any(each in shown or each[-4:] in shown for each in private)


def test_gaps_are_the_same_each_time_and_no_more_than_asked_for() -> None:
    record = Record()
    for number, thing in enumerate(("发票", "仓库", "图书馆", "停车场", "会员日", "生鲜", "家电")):
        record.asked(f"{thing}的问题", number)
        record.asked(f"请问{thing}的问题怎么办", number + 100)
    assert record.gaps(most=3) == record.gaps()[:3]
    assert record.gaps() == record.gaps()


def test_nothing_asked_is_no_gap() -> None:
    assert Record().gaps() == ()
