"""What customers write: each of these is answered once by the chaos run's own five entries, or asks for a person."""

from random import Random

QUESTIONS = ("怎么退货？", "我的快递到哪里了？", "怎么开发票？", "会员等级有哪些？", "可以用什么方式付款？")
PERSON = "转人工"


def next_words(rng: Random) -> str:
    """Return a text; now and then somebody wants a person, and goes on asking while they wait."""
    return PERSON if rng.random() < 0.08 else rng.choice(QUESTIONS)
