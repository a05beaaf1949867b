"""The names of the front-matter fields, in English and in Chinese, and the values they allow."""

from __future__ import annotations

from knowledge.entry import Kind

# Fields of one language, then fields the whole entry shares.
WORDING_KEYS = {
    "question": ("question", "title", "标准问法", "标准问题", "标题", "问题"),
    "phrasings": ("phrasings", "similar", "相似问法", "相似问题"),
    "not_for": ("not_for", "not for", "否定关键词", "不适用于"),
    "tests": ("tests", "测试"),
    "channel_answers": ("channel_answers", "渠道答案", "分渠道答案"),
}
SHARED_KEYS = {
    "class": ("class", "kind", "分类", "类别"),
    "applies_to": ("applies_to", "applies to", "适用场景", "适用范围"),
    "owner": ("owner", "负责人", "负责部门"),
    "author": ("author", "作者", "创建人"),
    "created": ("created", "创建日期", "创建时间"),
    "editor": ("editor", "last_editor", "编辑人", "最后编辑", "最后编辑人"),
    "updated": ("updated", "更新日期", "更新时间"),
    "review_by": ("review_by", "review by", "复审日期", "复查日期"),
    "level": ("level", "身份级别", "核验级别", "身份等级"),
    "choices": ("choices", "后续选项", "相关问题"),
    "channels": ("channels", "渠道", "适用渠道"),
    "valid_from": ("valid_from", "生效日期"),
    "valid_until": ("valid_until", "失效日期", "有效期至"),
    "action": ("action", "动作", "操作"),
}
TEST_KEYS = {"must": ("must", "必须", "应答"), "must_not": ("must_not", "must not", "不得", "不应答")}

_ALL = {**WORDING_KEYS, **SHARED_KEYS, **TEST_KEYS}
CANONICAL = {alias: name for name, aliases in _ALL.items() for alias in aliases}
KNOWN_KEYS = frozenset(CANONICAL)

KIND_NAMES: dict[str, Kind] = {
    "product": "product",
    "产品": "product",
    "process": "process",
    "流程": "process",
    "faq": "faq",
    "常见问题": "faq",
}
SCENES = {
    "售前": "presale",
    "售后": "aftersale",
    "投诉": "complaint",
    "信息变更": "change",
    "建议": "suggestion",
}
ACTION_NAMES = {
    "open_ticket": "open_ticket",
    "建工单": "open_ticket",
    "开工单": "open_ticket",
    "run": "run",
    "执行": "run",
    "办理": "run",
}


def canonical(name: str) -> str | None:
    """The field's English name for what an editor wrote, or None where it is none of ours."""
    return CANONICAL.get(name.strip().lower())
