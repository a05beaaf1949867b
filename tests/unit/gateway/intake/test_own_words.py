"""Our own text goes, whatever the customer's program calls it; the customer's never does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.own_words import Sent, without_ours

OURS = "您好，您的退款已于今天上午提交给银行，预计三个工作日内到账。\n\n如有疑问，请直接回复本邮件，并写明订单号。\n\n晨光小店"
ANNA = Sent(text=OURS, signed=("王芳", "1001"))
US = "support@shop.example"
ENGLISH = Sent(
    text="Hello, your parcel left our warehouse this morning and will arrive within three days.\n\n"
    "Please reply to this mail if anything is missing."
)


def quoted(front: str = "") -> str:
    return "\n".join(front + line for line in (*OURS.splitlines(), "王芳（工号 1001）"))


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "---- Na 2026-11-24 10:00 skribis support@shop.example ----",
        "Sendinto: support@shop.example\nDato: 2026-11-24 10:00\nTemo: Re: 退款 [T20261124-0001]",
        "-- 请在此行上方回复 / Please reply above this line --",
        "Je 2026-11-24 support@shop.example sciigis:",
    ],
)
def test_what_we_sent_goes_with_the_lines_that_announce_it(heading: str) -> None:
    assert (
        without_ours(f"还没有收到，订单号：A123。\n\n{heading}\n{quoted()}", [ANNA], [US])
        == "还没有收到，订单号：A123。"
    )


@pytest.mark.parametrize("front", ["", "> ", "| ", "　"])
def test_it_is_known_however_it_is_set_off(front: str) -> None:
    assert without_ours(f"好的\n{quoted(front)}", [ANNA]) == "好的"


def test_an_answer_below_it_stays() -> None:
    assert without_ours(f"{quoted()}\n\n还是没有到账，请再查一下。", [ANNA]) == "还是没有到账，请再查一下。"


def test_an_answer_between_our_lines_stays_whole() -> None:
    first, _, second, *_ = OURS.splitlines()
    text = f"{first}\n没有到账。\n{second}\n订单号 A123"
    assert without_ours(text, [ANNA]) == text


def test_a_wrapped_or_slightly_changed_line_is_still_ours() -> None:
    wrapped = (
        "Nothing came.\n\nHello, your parcel left our warehouse this morning and\nwill arrive within three days.\n"
        "Please reply to this mail if anything is missing ."
    )
    assert without_ours(wrapped, [ENGLISH]) == "Nothing came."


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        "晨光小店\n你们好",
        "你们说“预计三个工作日内到账”，\n可是没有。",
        "一行",
        "谢谢\n晨光小店",
    ],
)
def test_in_doubt_everything_stays(text: str) -> None:
    assert without_ours(text, [ANNA]) == text


def test_where_nothing_of_ours_is_known_nothing_is_cut() -> None:
    assert without_ours(f"好的\n{quoted()}", []) == f"好的\n{quoted()}"


def test_what_the_customer_tells_above_our_text_is_no_heading() -> None:
    told = "邮箱：a@cust.example\n下单时间：2026-11-20 10:00\n订单号：A123"
    assert without_ours(f"{told}\n\n{quoted()}", [ANNA], [US]) == told
    assert without_ours(f"{told}\n{quoted()}\n请查一下", [ANNA], [US]) == f"{told}\n{quoted()}\n请查一下"


WORDS = st.text("退款还没收到请查 abcdefg，。\n", min_size=1, max_size=80)


@given(WORDS, st.sampled_from(["", "> ", "   "]))
def test_no_word_of_the_customers_is_ever_lost(words: str, front: str) -> None:
    left = without_ours(f"{words}\n\n{quoted(front)}", [ANNA])
    assert [line for line in words.splitlines() if line.strip()] == [
        line for line in left.splitlines() if line.strip() and line.strip() in words
    ][: len([line for line in words.splitlines() if line.strip()])]
    assert without_ours(words, [ANNA]).split() == words.split()
