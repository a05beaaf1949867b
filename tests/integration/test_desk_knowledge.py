"""The knowledge page's interface: entries with their use, and why a question gets its answer."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from adapters.contract import Outbound, Rendered
from adapters.text import to_html
from gateway.store import tables as t
from gateway.store.usage import LOOK_BACK
from gateway.web.api import knowledge_models as m
from gateway.web.world import ChannelState
from tests.servers.desk import DeskRig, running_desk

MORE = {
    "运费.md": "---\n标准问法: 运费怎么算？\n分类: 产品\n负责人: 物流部\n更新日期: 2026-11-20\n---\n**满 99 元**包邮。\n",
    "坏.md": "---\n没有这个字段: x\n标准问法: 坏\n---\n答案\n",
}


def rendered(channel: str, outbound: Outbound) -> tuple[Rendered, ...]:
    return (
        Rendered(
            form="html", content=to_html(outbound.text), buttons=tuple(c.label for c in outbound.choices)
        ),
    )


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    (tmp_path / "entries").mkdir()
    for name, text in MORE.items():
        (tmp_path / "entries" / name).write_text(text, "utf-8")
    async with running_desk(tmp_path, render=rendered) as running:
        running.channels.append(ChannelState(name="support", kind="mail", state="up"))
        yield running


async def used(rig: DeskRig, entry: str, *ages: timedelta) -> None:
    now = rig.clock.now()
    rows = [{"at": now - age, "message_id": n, "entry": entry} for n, age in enumerate(ages)]
    await rig.database.write(lambda tx: (tx.execute(insert(t.knowledge_use), rows), None)[1])


async def asked(rig: DeskRig, path: str, role: str = "editor") -> Any:
    seat = await rig.seat(role)
    answer = await seat.get(path)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_entries_are_listed_with_their_use_the_most_used_first(rig: DeskRig) -> None:
    await used(rig, "退货政策", timedelta(days=1), timedelta(days=2), LOOK_BACK + timedelta(days=1))
    page = await asked(rig, "/knowledge/entries")
    m.Entries.model_validate(page)
    assert [(one["id"], one["used"]) for one in page["entries"]] == [("退货政策", 2), ("运费", 0)]
    assert page["entries"][0]["languages"] == ["zh-CN", "en"]
    assert page["entries"][1]["class"] == "product"
    assert page["totals"] == {"all": 2, "overdue": 1, "problem": 1, "unused": 1, "invalid": 0}
    assert page["owners"] == ["物流部"]


async def test_a_file_that_cannot_be_served_is_named_with_line_and_remedy_but_not_where_it_lies(
    rig: DeskRig,
) -> None:
    (problem,) = (await asked(rig, "/knowledge/entries"))["problems"]
    assert (problem["file"], problem["line"], problem["fatal"]) == ("坏.md", 2, True)
    assert problem["remedy"]


async def test_a_search_finds_what_is_meant_and_what_has_the_words(rig: DeskRig) -> None:
    by_meaning = await asked(rig, "/knowledge/entries?q=我想把东西退了，退货流程")
    assert by_meaning["entries"][0]["id"] == "退货政策"
    assert by_meaning["entries"][0]["score"] > 0.1
    seat = rig.clients[0]
    page = await (await seat.get("/api/v1/knowledge/entries?q=99&class=product&owner=物流部")).json()
    assert [(one["id"], one["has_words"]) for one in page["entries"]] == [("运费", True)]


async def test_long_lists_come_in_pages(rig: DeskRig) -> None:
    first = await asked(rig, "/knowledge/entries?limit=1")
    seat = rig.clients[0]
    second = await (await seat.get(f"/api/v1/knowledge/entries?limit=1&cursor={first['next']}")).json()
    assert [first["found"], second["next"]] == [2, None]
    assert first["entries"][0]["id"] != second["entries"][0]["id"]


async def test_one_entry_shows_its_wordings_and_its_answer_on_every_channel(rig: DeskRig) -> None:
    page = await asked(rig, "/knowledge/entries/退货政策?lang=en")
    m.EntryPage.model_validate(page)
    assert [(one["lang"], one["file"]) for one in page["wordings"]] == [
        ("zh-CN", "退货政策.md"),
        ("en", "退货政策.en.md"),
    ]
    assert [(one["channel"], one["text"]) for one in page["previews"]] == [
        ("web", "Send them back within seven days."),
        ("support", "Send them back within seven days."),
    ]
    assert (await rig.clients[0].get("/api/v1/knowledge/entries/没有")).status == 404


async def test_an_entry_shows_what_lint_finds_in_it_alone(rig: DeskRig) -> None:
    file = rig.library.folder / "到货.md"
    file.write_text("---\n标准问法: 什么时候到货？\n---\n我们会尽快发货。\n", "utf-8")
    (rig.library.folder / "坏.md").unlink()
    assert (await rig.library.reload()).outcome == "swapped"
    problems = (await asked(rig, "/knowledge/entries/到货"))["file_problems"]
    assert ("到货.md", 4) in {(one["file"], one["line"]) for one in problems}
    assert any("尽快" in one["text"] and one["remedy"] for one in problems)


@pytest.mark.parametrize("dates", ["生效日期: 2027-01-01", "失效日期: 2026-11-01"])
async def test_an_entry_that_is_not_in_force_today_is_previewed_as_on_a_day_it_is(
    rig: DeskRig, dates: str
) -> None:
    file = rig.library.folder / "活动.md"
    file.write_text(f"---\n标准问法: 双十一打几折？\n{dates}\n---\n全场八折。\n", "utf-8")
    (rig.library.folder / "坏.md").unlink()
    assert (await rig.library.reload()).outcome == "swapped"
    page = await asked(rig, "/knowledge/entries/活动")
    assert page["is_valid"] is False
    assert {one["text"] for one in page["previews"]} == {"全场八折。"}
    seat = await rig.seat("editor", "1002")
    verdict = await (await seat.post("/knowledge/try", {"text": "双十一打几折"})).json()
    assert verdict["kind"] != "answer"


async def test_a_tried_question_shows_outcome_evidence_thresholds_and_previews(rig: DeskRig) -> None:
    seat = await rig.seat("agent")
    answer = await seat.post("/knowledge/try", {"text": "运费怎么算"})
    verdict = await answer.json()
    m.Verdict.model_validate(verdict)
    assert (verdict["kind"], verdict["because"]) == ("answer", "exact phrasing")
    assert 0 < verdict["thresholds"]["offer"] < verdict["thresholds"]["answer"] < 1
    (match,) = verdict["matches"]
    assert (match["id"], match["score"], match["because"]) == ("运费", 1.0, ["exact phrasing"])
    web = verdict["previews"][0]
    strong = {"tag": "strong", "href": None, "children": ["满 99 元"]}
    assert web["pieces"][0]["nodes"] == [{"tag": "p", "href": None, "children": [strong, "包邮。"]}]


async def test_several_questions_in_one_message_have_a_verdict_each(rig: DeskRig) -> None:
    seat = await rig.seat("agent")
    verdict = await (await seat.post("/knowledge/try", {"text": "运费怎么算？另外怎么退货？"})).json()
    m.Verdict.model_validate(verdict)
    parts = [(part["asked"], part["kind"], part["matches"][0]["id"]) for part in verdict["parts"]]
    assert parts == [("运费怎么算", "answer", "运费"), ("另外怎么退货", "answer", "退货政策")]
    assert verdict["more"] == {"notes": []}
    assert "满 99 元" in verdict["previews"][0]["text"]
    assert "七天内" in verdict["previews"][0]["text"]


async def test_what_nothing_fits_gets_a_guiding_question_in_chat_and_a_person_by_mail(rig: DeskRig) -> None:
    seat = await rig.seat("supervisor")
    verdict = await (await seat.post("/knowledge/try", {"text": "宇宙飞船什么时候起飞"})).json()
    assert verdict["kind"] == "none"
    chat, mail = verdict["previews"]
    assert chat["text"]
    assert (mail["text"], mail["hand_off"]) == ("", "not in the knowledge base")


async def test_a_question_may_be_tried_for_one_channel_and_not_for_one_there_is_not(rig: DeskRig) -> None:
    seat = await rig.seat("supervisor")
    verdict = await (await seat.post("/knowledge/try", {"text": "运费怎么算", "channel": "support"})).json()
    assert [one["channel"] for one in verdict["previews"]] == ["support"]
    assert (await seat.post("/knowledge/try", {"text": "x", "channel": "gone"})).status == 422
    assert (await seat.post("/knowledge/try", {"text": ""})).status == 422


async def test_an_auditor_reads_and_does_not_try(rig: DeskRig) -> None:
    seat = await rig.seat("auditor")
    assert (await seat.get("/knowledge/entries")).status == 200
    assert (await seat.post("/knowledge/try", {"text": "x"})).status == 403


async def test_counting_uses_is_done_once_a_minute(rig: DeskRig) -> None:
    seat = await rig.seat("editor")
    first = await (await seat.get("/knowledge/entries")).json()
    await used(rig, "运费", timedelta(hours=1))
    second = await (await seat.get("/knowledge/entries")).json()
    await rig.clock.advance(timedelta(minutes=2))
    third = await (await seat.get("/knowledge/entries")).json()
    assert [page["entries"][0]["used"] for page in (first, second, third)] == [0, 0, 1]
