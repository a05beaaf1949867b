"""What takes a word back: "我不是要投诉", "not a complaint", "nobody was hurt"; and what only looks like it."""

import re

REACH = 40
"""How many letters before a word are looked at."""

# 不得不, 能不能, 是不是 and the like take nothing back; nor do 不仅 / 不只 (not only), 差不多, 没想到.
_ZH = re.compile(
    r"(?<!差)(?<!是)(?<!能)(?<!要)(?<!会)(?<!有)(?<!好)(?<!可)(?<!得)(?<!行)(?<!特)(?<!动)"
    r"(?:不是|不想|不会|不要|不用|不需要|不必|不打算|不准备|不算|不至于|不|没有人|没人|没有|没|无意|无|并非|别|未|勿|唔系|唔想|唔使|唔|冇|莫)"
    r"(?:是|要|想|来|去|需要|打算|真的|真|故意|特意|专门|为了|在|再|被|有|人|受|谁|什么|任何|很|太|怎么|那么|这么|啥|算)*$"
)
_EN = re.compile(
    r"(?:\b(?:not|no|never|without|nobody|none|neither|nor|hardly|isnt|arent|wasnt|werent|dont|doesnt|didnt|havent|hasnt|wont|wouldnt|"
    r"aint|rather than|instead of|no one|no need to)\b)(?!\s+(?:only|just|to mention))"
    r"(?:\s+(?:a|an|the|any|my|this|that|it|its|is|was|been|be|being|to|want|wanting|wanna|going|gonna|trying|looking|here|"
    r"meant|mean|intended|really|actually|yet|got|get|about|for|in|of|at all|exactly|super|very|that|making|make|as|"
    r"sort|kind|necessarily|planning|threatening|i|im|need|needing|filing|lodging|formal|even|seriously|feel|feeling)\b){0,6}\s*$"
)
_AFTER_ZH = re.compile(
    r"^(?:什么的)?(?:就|倒|也|都|那)?(?:不用了|不必了|算了|倒不至于|谈不上|说不上|没有的?事)"
)


def is_taken_back(folded: str, start: int, end: int) -> bool:
    """Return whether the words ``folded[start:end]`` of a folded text are said not to be so."""
    before = folded[max(0, start - REACH) : start]
    if _EN.search(before) or _ZH.search(before):
        return True
    return _AFTER_ZH.match(folded[end : end + 10]) is not None
