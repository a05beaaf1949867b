"""Whose promise a Chinese clause is: ours, nobody's of ours (asked, past, denied, a third party's), or open."""

import re
from collections.abc import Iterator

from gateway.domain.promised import Clause, Stance

_CLAUSE = re.compile(r"[^，,：:…]+")
_QUESTION = re.compile(
    r"[?？]\s*$|[吗呢么]\s*[。!！]?\s*$|请问|(?:是不是|能不能|可不可以|方不方便)|几点|哪天|什么时候|何时"
)
_DENIED = re.compile(
    r"不能|无法|没法|没办法|没有办法|不会|不可|不确定|未必|不一定|不保证|难以|不了|不完|来不及|赶不上|不方便|不上班|不营业|"
    r"没说|没有说|没答应|没承诺|能否|是否|会不会|暂时?不|不能?够"
)
_PAST = re.compile(
    r"已(?:经|为|给|将|于|在|帮|按)|过您|过了|昨[天日]|前天|上个?(?:周|星期|月)|刚刚|刚才|之前(?:给|为|已)"
)
_ASKED = re.compile(
    r"请(?:您|你)?(?!.{0,4}(?:等|放心|稍|耐心|谅解|理解|允许|给))|麻烦(?:您|你)(?!了)|需要(?:您|你)|要求(?:您|你)|希望(?:您|你)"
    r"|(?:如果|若|要是|假如|倘若|只要|除非|一旦)"
)
_WAIT = re.compile(r"请(?:您|你)?(?:先|再|耐心|稍|多)*(?:等|候)|让我|给我们?(?=[\d一二两三半几])")
_THEIRS = re.compile(
    r"^\s*(?:那么?|所以|因为|其实|但)?(?:您|你)(?!好|放心|等|将|会收|会得|就会收|的(?:退款|订单|问题|包裹|发票|申请|情况))"
)
_OTHERS = re.compile(
    r"快递|物流|优惠券|有效期|营业时间|上班时间|工作时间|到货|下的单|客户|顾客|买家|对方|银行(?!.{0,6}我们)|保质期|退货需|活动|显示|预售"
)
_US = re.compile(
    r"(?:我们?|咱们?|本店|小店|我司|敝司|我方|客服|同事|专员|专人|工程师|技术(?:人员|部|同事|团队)?|财务|仓库|主管|经理|师傅|售后|团队|有人|负责人|小编|店长)"
)
_DOES = re.compile(
    r"会|将|给|为您|帮您|替您|回复|答复|回电|回访|联系|通知|告诉|告知|打给|打电话|电话|反馈|处理|解决|办理|办好|安排|退款|退还|补发|换货|"
    r"发货|寄|赔付|赔偿|跟进|核实|查|发布|发给|发您|发送|发邮件|修复|完成|给出|提供|上门|更新|确认"
)
_FOR_YOU = re.compile(
    r"(?:给|为|帮|替|向|跟|与|和|予|对)(?:您|你)|(?:回复|答复|联系|通知|告诉|告知|回访|打给|发给?|寄给?|反馈给?|退给|拨打|提醒|转告|补给|赔给)(?:您|你)|"
    r"回电|答复|回复|反馈结果|回您"
)


def clauses_zh(sentence: str, offset: int) -> Iterator[Clause]:
    """Yield the clauses of one simplified sentence, each with whose promise it could be."""
    is_asked = _QUESTION.search(sentence) is not None
    was_ours = False
    for match in _CLAUSE.finditer(sentence):
        stance = Stance.OTHER if is_asked else _stance(match[0], was_ours)
        was_ours = stance is Stance.OURS
        yield Clause(start=offset + match.start(), end=offset + match.end(), stance=stance)


def _stance(clause: str, was_ours: bool) -> Stance:
    waits = _WAIT.search(clause) is not None
    if _DENIED.search(clause) or _PAST.search(clause):
        return Stance.OTHER
    if waits:
        return Stance.OURS
    if _ASKED.search(clause) or _THEIRS.search(clause):
        return Stance.OTHER
    acts = _DOES.search(clause) is not None
    if (_US.search(clause) and acts) or _FOR_YOU.search(clause):
        return Stance.OURS
    if _OTHERS.search(clause):
        return Stance.OTHER
    return Stance.OURS if acts and was_ours else Stance.OPEN
