"""What customers asked and what became of it can be read from the record, on both databases."""

from datetime import timedelta
from functools import partial

from gateway.house import House
from gateway.pipeline.ask_for_person import ASKED
from gateway.store.questions import Question, read_asked, read_questions
from tests.building import MORNING
from tests.writing import Street, replying


async def questions(house: House, since: timedelta = timedelta(days=90)) -> tuple[Question, ...]:
    return await house.database.read(partial(read_questions, since=house.clock.now() - since))


async def test_a_question_nobody_knew_comes_with_the_agents_longest_reply(
    street: Street, house: House
) -> None:
    agent = await street.agent()
    await street.say("你们的仓库在哪个城市呀")
    await street.say("转人工")
    await street.act(agent, "T20261123-0001", replying("您好", "r1"))
    await street.act(agent, "T20261123-0001", replying("我们的仓库在杭州市余杭区。", "r2"))
    asked, wish = await questions(house)
    assert (asked.text, asked.outcome) == ("你们的仓库在哪个城市呀", "none")
    assert wish.hand_off == ASKED
    assert asked.reply == wish.reply == "我们的仓库在杭州市余杭区。"
    assert asked.conversation_id == wish.conversation_id


async def test_an_answer_followed_by_a_wish_for_a_person_names_its_entry(
    street: Street, house: House
) -> None:
    await street.say("怎么退货？")
    await street.say("转人工")
    answered, wish = await questions(house)
    assert (answered.outcome, answered.entry, answered.hand_off) == ("answer", "退货政策", "")
    assert (wish.outcome, wish.hand_off) == ("none", ASKED)


async def test_conversations_the_bot_settled_alone_are_left_out(street: Street, house: House) -> None:
    await street.say("怎么退货？")
    await street.say("你好")
    assert await questions(house) == ()


async def test_what_is_written_while_an_agent_has_the_floor_has_no_outcome(
    street: Street, house: House
) -> None:
    agent = await street.agent()
    await street.say("转人工")
    await street.act(agent, "T20261123-0001", replying("请讲", "r1"))
    await street.say("你们有实体店吗")
    await street.act(agent, "T20261123-0001", replying("没有实体店。", "r2"))
    _, later = await questions(house)
    assert (later.text, later.outcome, later.reply) == ("你们有实体店吗", "", "没有实体店。")


async def test_older_questions_are_not_read(street: Street, house: House) -> None:
    await street.say("你们的仓库在哪个城市呀")
    street.later(timedelta(days=91))
    await street.say("有没有图书馆借书卡", who="li")
    (only,) = await questions(house)
    assert only.text == "有没有图书馆借书卡"


async def test_past_questions_are_read_newest_first_up_to_a_number_and_none_twice(
    street: Street, house: House
) -> None:
    for text in ("一", "二", "三", "三"):
        await street.say(text)
    read = partial(read_asked, since=MORNING - timedelta(days=1), most=3)
    assert await house.database.read(read) == ("二", "三")
