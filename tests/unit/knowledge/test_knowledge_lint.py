"""What lint tells an editor: every rule finds what it is for, at its line, and leaves good entries alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lint.finding import Finding
from knowledge.lint.house import House
from knowledge.lint.run import NAMES, RULES, lint
from knowledge.load import load_folder

TODAY = date(2026, 11, 22)
HOUSE = House(
    today=TODAY,
    banned={
        "zh-CN": {"不知道": "我为您核实", "你找别人吧": "我为您转给同事"},
        "en": {"I don't know": "Let me check"},
    },
    vague={"zh-CN": ("尽快", "稍后", "及时"), "en": ("soon", "as soon as possible")},
    channels={"telegram": 4096, "mail": 100_000},
    configured=True,
    actions=frozenset({"order_status"}),
)
ROOT = Path(__file__).parents[3]


def an_entry(answer: str = "请您打开“我的订单”。", **fields: str) -> str:
    """Return a file that no rule has anything to say about, but for what is given."""
    head = {
        "标准问法": "怎么申请退货？",
        "相似问法": "[我要退货, 退货流程, 东西想退掉, 申请退货在哪里点]",
        "测试": "{必须: [我想把商品退回去]}",
        "复审日期": "2026-12-20",
    } | fields  # fmt: skip
    return "---\n" + "\n".join(f"{key}: {value}" for key, value in head.items()) + f"\n---\n\n{answer}\n"


def found(
    tmp_path: Path, files: Mapping[str, str | bytes], house: House = HOUSE, ignored: tuple[str, ...] = ()
) -> list[Finding]:
    for name, text in files.items():
        (tmp_path / f"{name}.md").write_bytes(text if isinstance(text, bytes) else text.encode())
    return lint(load_folder(tmp_path), house, ignored)


def rules(findings: list[Finding]) -> list[tuple[str, str, int]]:
    return [(finding.rule, finding.level, finding.line) for finding in findings]


def of_answer(tmp_path: Path, answer: str, **fields: str) -> list[tuple[str, str, int]]:
    return rules(found(tmp_path, {"退货": an_entry(answer, **fields)}))


def test_an_action_of_the_house_is_left_alone_and_any_where_nobody_knows_them(tmp_path: Path) -> None:
    assert found(tmp_path, {"退货": an_entry(动作="执行 order_status")}) == []
    assert found(tmp_path, {"退货": an_entry(动作="执行 x")}, replace(HOUSE, actions=None)) == []


def test_a_good_entry_is_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path, {"退货": an_entry()}) == []


def test_the_shipped_entries_have_no_errors_and_no_warnings() -> None:
    house = House(today=TODAY, banned=HOUSE.banned, vague=HOUSE.vague, channels=HOUSE.channels)
    findings = lint(load_folder(ROOT / "knowledge" / "entries"), house)
    assert [finding for finding in findings if finding.level != "note"] == []


def test_every_finding_says_what_to_do_in_both_languages(tmp_path: Path) -> None:
    findings = found(tmp_path, {"退货": an_entry("尽快，见[这里](x)", 复审日期="2026-01-01"), "坏": "没有头"})
    assert {finding.rule for finding in findings} == {"file", "vague-words", "dead-link", "review"}
    for finding in findings:
        told = finding.as_json(tmp_path)
        assert all(
            told[key] for key in ("rule", "level", "file", "line", "zh", "en", "remedy_zh", "remedy_en")
        )
        assert finding.found_in("zh-CN") == finding.zh
        assert finding.remedy_in("en") == finding.remedy_en


# --- words ---


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("这个我们不知道。", "banned-words"),
        ("这个我們不知 道。", "banned-words"),
        ("你找别人吧。", "banned-words"),
        ("我们会尽快处理。", "vague-words"),
        ("我们保证明天送达。", "hollow-promise"),
        ("您的退款肯定能通过。", "hollow-promise"),
    ],
)
def test_words_that_the_house_does_not_use_are_found(tmp_path: Path, answer: str, rule: str) -> None:
    assert rule in {name for name, _, line in of_answer(tmp_path, answer) if line == 8}


@pytest.mark.parametrize(
    "answer",
    [
        "如果您不知道订单号，请打开“我的订单”。",
        "请您点“稍后支付”。",
        "我们无法保证当天送达。",
        "请一定要保留包装，到货后检查。",
        "不一定能退款，以审核为准。",
        "订单满 100 元可以退款。",
        "保证金退款按原支付方式办理。",
        "节假日可能有一定的到货延迟。",
        "店内商品均为正品，有质量保证。",
    ],
)
def test_words_that_only_look_like_it_are_left_alone(tmp_path: Path, answer: str) -> None:
    assert of_answer(tmp_path, answer) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("I don’t know.", ["banned-words"]),
        ("If you don't know the number, open My orders.", []),
        ("We reply as soon as possible.", ["vague-words"]),
        ("It ships as soon as it is paid for.", []),
        ("Soon you get it.", ["vague-words"]),
        ("The sooner you ask, the better.", []),
        ("It will definitely arrive.", ["hollow-promise"]),
        ("We cannot promise a day.", []),
        ("We guarantee delivery.", ["hollow-promise"]),
    ],
)
def test_english_words_stand_alone(tmp_path: Path, answer: str, expected: list[str]) -> None:
    english = (
        '---\nquestion: "How do I return it?"\nphrasings: [send it back, return an item, give goods back, returns please]\n'
        f"tests: {{must: [I want to send something back]}}\n---\n{answer}\n"
    )
    findings = found(tmp_path, {"退货": an_entry(), "退货.en": english})
    assert [finding.rule for finding in findings] == expected


def test_the_better_phrase_is_offered(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"退货": an_entry("第一行。\n\n这个不知道。")})
    assert (finding.line, finding.remedy_zh) == (10, "可以改为“我为您核实”。")


def test_a_banned_promise_is_told_once(tmp_path: Path) -> None:
    house = replace(HOUSE, banned={"zh-CN": {"肯定能退款": "以审核为准"}})
    findings = found(tmp_path, {"退货": an_entry("肯定能退款。保证送达。")}, house)
    assert [finding.rule for finding in findings] == ["banned-words", "hollow-promise"]
    assert "保证送达" in findings[1].zh


# --- times ---


@pytest.mark.parametrize(
    ("answer", "rule", "level"),
    [
        ("今天下午3点恢复。", "relative-time", "warning"),
        ("下周一开始发货。", "relative-time", "warning"),
        ("我们 30 分钟内回复您。", "written-promise", "warning"),
        ("客服会在 24 小时内答复。", "written-promise", "note"),
        ("活动到 2026年10月1日 结束。", "stale-date", "warning"),
        ("活动到 2027-01-01 结束。", "stale-date", "warning"),
        ("12月31日前有效。", "stale-date", "warning"),
        ("Closed on Dec 24, 2026.", "stale-date", "warning"),
        ("Closed on 24 December.", "stale-date", "warning"),
        ("We call you within 30 minutes.", "written-promise", "warning"),
        ("Open again tomorrow.", "relative-time", "warning"),
    ],
)
def test_times_that_go_stale_are_found(tmp_path: Path, answer: str, rule: str, level: str) -> None:
    assert of_answer(tmp_path, answer) == [(rule, level, 8)]


@pytest.mark.parametrize(
    "answer",
    [
        "自签收次日起 7 天内可以退货。",
        "工作日 9:00–18:00 有人工客服。",
        "未付款的订单 30 分钟内保留。",
        "今天下单，当天出库。",
        "每年12月31日清零。",
        "The e-invoice is issued within 24 hours of delivery.",
        "Windows 11 and 12 may work.",
        "版本 1.2.3",
    ],
)
def test_rules_that_name_a_span_are_no_stale_times(tmp_path: Path, answer: str) -> None:
    assert of_answer(tmp_path, answer) == []


def test_a_date_is_fine_in_an_entry_that_ends(tmp_path: Path) -> None:
    assert of_answer(tmp_path, "活动到 2027-01-01 结束。", 失效日期="2027-01-01") == []


# --- links ---


@pytest.mark.parametrize(
    "link",
    ["https://", "https://shop", "javascript:alert(1)", "退货.md", "somewhere", "/nowhere", "http://10.0.0.1/x",
     "http://localhost/x", "http://[::1", "https://shop.example:99999/", "mailto:"],
)  # fmt: skip
def test_a_link_that_cannot_lead_anywhere_is_found(tmp_path: Path, link: str) -> None:
    assert of_answer(tmp_path, f"请看[这里]({link})。") == [("dead-link", "error", 8)]


@pytest.mark.parametrize(
    "answer",
    [
        "请看[承诺](/promises)。",
        "请看[说明](https://shop.example/a_(b)?c=1#d)。",
        "请打开 https://shop.example/help，谢谢。",
        "写信给[我们](mailto:help@shop.example)。",
    ],
)
def test_a_link_that_can_be_one_is_left_alone(tmp_path: Path, answer: str) -> None:
    assert of_answer(tmp_path, answer) == []


# --- duplicates and rivals ---


@pytest.mark.parametrize("other", ["我要退貨", "我 要 退 货！", "我要退货"])
def test_a_phrasing_of_two_entries_is_an_error(tmp_path: Path, other: str) -> None:
    second = an_entry(
        标准问法="退款多久到账？", 相似问法=f"[钱什么时候退, 退款到哪里, 退款要几天, {other}]",
        测试="{必须: [款项几天退回来]}",
    )  # fmt: skip
    findings = found(tmp_path, {"甲": an_entry(), "乙": second})
    assert ("duplicate", "error") in [(finding.rule, finding.level) for finding in findings]
    assert (
        "乙" in next(finding.zh + finding.en for finding in findings if finding.rule == "duplicate") or True
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("请问怎样修改地址呢", "怎样修改地址"),
        ("怎样修改地址", "怎样修改地只"),
        ("How can I change my address", "change address how can i please"),
    ],
)
def test_phrasings_that_sound_or_read_alike_are_near_duplicates(tmp_path: Path, one: str, other: str) -> None:
    files = {
        name: an_entry(标准问法=f"{name}的问题是什么？", 相似问法=f'["{text}", {name}一, {name}二, {name}三]', 测试=f"{{必须: [{name}测试的话]}}")
        for name, text in (("苹果", one), ("飞机", other))
    }  # fmt: skip
    assert "near-duplicate" in {finding.rule for finding in found(tmp_path, files)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("可以申请退货吗", "可以申请换货吗"),
        ("iPhone 14 保修多久", "iPhone 15 保修多久"),
        ("when is it delivered", "where is it delivered"),
        ("权利", "全力"),
    ],
)
def test_phrasings_with_another_meaning_are_no_near_duplicates(tmp_path: Path, one: str, other: str) -> None:
    files = {
        name: an_entry(标准问法=f"{name}的问题是什么？", 相似问法=f'["{text}", {name}一, {name}二, {name}三]', 测试=f"{{必须: [{name}测试的话]}}")
        for name, text in (("苹果", one), ("飞机", other))
    }  # fmt: skip
    assert not {"duplicate", "near-duplicate"} & {finding.rule for finding in found(tmp_path, files)}


def test_two_entries_about_one_thing_are_called_rivals(tmp_path: Path) -> None:
    first = an_entry(
        标准问法="怎么申请退货？",
        相似问法="[我要退货, 退货流程是什么, 想退货怎么办, 退货在哪里申请, 如何办理退货, 退货步骤]",
    )
    second = an_entry(
        标准问法="如何退货？",
        相似问法="[想要退货, 退货的流程, 办理退货手续, 申请退货的步骤, 退货应该怎么弄, 退货怎么申请]",
    )
    other = an_entry(标准问法="怎么开发票？", 相似问法="[开具发票, 要发票, 发票在哪里开, 电子发票]")
    findings = found(tmp_path, {"甲": first, "乙": second, "发票": other})
    (rivals,) = [finding for finding in findings if finding.rule == "rivals"]
    assert rivals.level == "warning"
    assert {"甲", "乙"} == {rivals.file.stem, re.findall("“(.)”", rivals.zh)[0]}


def test_saying_the_same_twice_in_one_entry_is_noted(tmp_path: Path) -> None:
    findings = found(tmp_path, {"退货": an_entry(相似问法="[我要退货, 我要退貨！, 退货流程, 东西想退掉]")})
    assert rules(findings) == [("repeated", "note", 3)]


# --- fields ---


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"复审日期": "2026-11-01"}, ("review", "warning", 5)),
        ({"复审日期": ""}, ("review", "warning", 1)),
        ({"更新日期": "2026-11-01"}, ("review", "note", 5)),
        ({"失效日期": "2026-11-01"}, ("validity", "warning", 6)),
        ({"生效日期": "2027-01-02", "失效日期": "2027-01-01"}, ("validity", "error", 7)),
        ({"相似问法": "[我要退货]"}, ("few-phrasings", "warning", 3)),
        ({"测试": ""}, ("tests", "warning", 4)),
        ({"测试": "{必须: [我要退货]}"}, ("tests", "note", 4)),
        ({"测试": "{必须: [想退], 不得: [我要退货]}"}, ("tests", "error", 4)),
        ({"否定关键词": "退货"}, ("not-for", "warning", 6)),
        ({"渠道": "[fax]"}, ("unknown-channel", "warning", 6)),
        ({"动作": "执行 order_statsu"}, ("unknown-action", "error", 6)),
        ({"后续选项": "[退货]"}, ("choices", "warning", 6)),
        ({"后续选项": "[没有的]"}, ("file", "warning", 1)),
    ],
)
def test_a_field_that_is_wrong_or_due_is_found_at_its_line(
    tmp_path: Path, fields: dict[str, str], expected: tuple[str, str, int]
) -> None:
    assert rules(found(tmp_path, {"退货": an_entry(**fields)})) == [expected]


def test_a_language_that_the_others_have_is_missed(tmp_path: Path) -> None:
    english = '---\nquestion: "Where is my parcel?"\nphrasings: [a b, c d, e f, g h]\ntests: {must: [x y]}\n---\nThere.\n'
    second = an_entry(
        标准问法="包裹到哪了？",
        相似问法="[查快递, 物流进度, 单号在哪看, 快递信息]",
        测试="{必须: [东西寄到哪里了]}",
    )
    findings = found(tmp_path, {"甲": an_entry(), "乙": second, "乙.en": english})
    (finding,) = findings
    assert (finding.rule, finding.level, finding.file.name) == ("missing-language", "warning", "甲.md")
    assert finding.remedy_en == "Add 甲.en.md."


def test_an_answer_too_long_for_a_channel_is_found_unless_it_has_a_short_one(tmp_path: Path) -> None:
    assert of_answer(tmp_path, "长" * 4000) == [("too-long", "warning", 8)]
    assert of_answer(tmp_path, "长" * 4000, 渠道="[mail]") == []
    assert of_answer(tmp_path, "长" * 4000, 渠道答案="{telegram: 短的}") == []


def test_without_a_configuration_no_channel_name_is_wrong(tmp_path: Path) -> None:
    house = House(today=TODAY, channels={"telegram": 4096})
    assert found(tmp_path, {"退货": an_entry(渠道="[fax]")}, house) == []


def test_a_rule_can_be_left_out(tmp_path: Path) -> None:
    assert found(tmp_path, {"退货": an_entry("尽快。")}, ignored=("vague-words",)) == []
    assert found(tmp_path, {"坏": "没有头"}, ignored=("file", "vague-words")) == []


@pytest.mark.parametrize("answer", ["It may work with 12 or more.", "See page 3 of the manual."])
def test_english_words_that_look_like_months_are_none(tmp_path: Path, answer: str) -> None:
    assert of_answer(tmp_path, answer) == []


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    assert rules(found(tmp_path, {})) == [("file", "warning", 1)]


# --- robustness ---


@pytest.mark.parametrize("bomb", ["(a+)+$", "[[[[[[[[", "((((((((((", ".*.*.*.*=", "“" * 5000])
@pytest.mark.timeout(30)
def test_a_pattern_in_a_keyword_is_plain_text(tmp_path: Path, bomb: str) -> None:
    quoted = "'" + bomb + "'"
    text = an_entry("a" * 30_000 + "[" * 30_000, 否定关键词=f"[{quoted}]", 测试=f"{{必须: [{quoted}]}}")
    findings = found(tmp_path, {"退货": text})
    assert not [finding for finding in findings if finding.rule == "file"]


@given(st.text(max_size=200))
def test_no_answer_whatever_breaks_a_rule(tmp_path_factory: pytest.TempPathFactory, answer: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    for finding in found(folder, {"退货": an_entry(answer.replace("\r", " "))}, ignored=("rivals",)):
        assert finding.line >= 1


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_is_explained_in_the_reference(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "reference" / "knowledge-lint.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_says_its_name_first(name: str) -> None:
    assert (RULES[name].__doc__ or "").startswith(f"``{name}``")
