"""Gaps on the desk: found in the record, and a draft one click away, in git where the folder is a repository."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.domain.conversation import State
from gateway.editing.draft_commit import author, commit_file
from gateway.pipeline.plan import MoveConversation, Plan, Reply, StartConversation
from gateway.store import tables as t
from gateway.web.api import knowledge_models as m
from knowledge.load import load_folder
from knowledge.match import Outcome
from tests.servers.desk import DeskRig, Seat, running_desk

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git: apt-get install git")

QUESTION = "可以用花呗分期吗"
NOBODY_KNEW = Plan(
    lang="zh-CN", outcome=Outcome(kind="none", because="0.10 together < 0.50", lang="zh-CN")
).then(
    StartConversation(lang="zh-CN", because="first"),
    Reply(text="您能说得具体些吗？", lang="zh-CN", because="guide"),
    MoveConversation(to=State.QUEUED, because="not in the knowledge base"),
)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as running:
        for n, text in enumerate((QUESTION, "花呗可以分期吗", QUESTION)):
            await running.writes(text, thread=f"visitor-{n}", plan=NOBODY_KNEW)
        yield running


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def a_repository(folder: Path) -> None:
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "user.name", "somebody")
    git(folder, "config", "user.email", "somebody@example.org")
    git(folder, "config", "commit.gpgsign", "false")


async def the_gap(seat: Seat) -> dict[str, Any]:
    answer = await seat.get("/knowledge/gaps")
    page = await answer.json()
    m.Gaps.model_validate(page)
    assert len(page["gaps"]) == 1
    found: dict[str, Any] = page["gaps"][0]
    return found


async def drafted(seat: Seat) -> dict[str, Any]:
    gap = await the_gap(seat)
    answer = await seat.post(f"/knowledge/gaps/{gap['id']}/draft", {})
    assert answer.status == 201, await answer.text()
    made: dict[str, Any] = await answer.json()
    m.Written.model_validate(made)
    return made


async def test_what_nobody_could_answer_is_a_gap_with_what_it_costs(rig: DeskRig) -> None:
    gap = await the_gap(await rig.seat("supervisor"))
    assert (gap["question"], gap["times"], gap["kinds"]) == (QUESTION, 3, ["unanswered"])
    assert gap["minutes"] > 0
    assert {one["channel"] for one in gap["examples"]} == {"web"}
    assert gap["draft"] is None


async def test_a_draft_is_a_file_the_gateway_reads_once_the_underscore_is_gone(rig: DeskRig) -> None:
    made = await drafted(await rig.seat("editor"))
    folder = rig.library.folder
    file = folder / made["file"]
    assert (made["state"], file.name) == ("no_repository", f"_{QUESTION}.md")
    assert QUESTION not in {entry.id for entry in load_folder(folder).entries}
    file.rename(folder / f"{QUESTION}.md")
    assert QUESTION in {entry.id for entry in load_folder(folder).entries}


async def test_a_second_draft_of_the_same_gap_is_refused_and_the_first_is_shown_to_all(rig: DeskRig) -> None:
    seat = await rig.seat("editor")
    made = await drafted(seat)
    gap = await the_gap(await rig.seat("editor", "1002"))
    assert gap["draft"] == made["file"]
    answer = await seat.post(f"/knowledge/gaps/{gap['id']}/draft", {})
    assert (answer.status, (await answer.json())["code"]) == (409, "drafted")


async def test_a_draft_leaves_a_line_in_the_audit_trail(rig: DeskRig) -> None:
    made = await drafted(await rig.seat("editor", "1007"))
    lines = select(t.event).where(t.event.c.kind == "knowledge")
    (line,) = await rig.database.read(lambda tx: tx.execute(lines).all())
    assert (line.actor, line.because) == ("agent:1007", "agent 1007 drafted an entry")
    assert line.data == {"what": "drafted", "file": made["file"], "kept": "no_repository", "commit": ""}


async def test_agents_and_programs_write_no_drafts(rig: DeskRig) -> None:
    gap = await the_gap(await rig.seat("supervisor"))
    path = f"/knowledge/gaps/{gap['id']}/draft"
    assert (await (await rig.seat("agent", "2004")).get("/knowledge/gaps")).status == 403
    for role, number in (("agent", "2001"), ("supervisor", "2002"), ("auditor", "2003")):
        seat = await rig.seat(role, number)
        assert (await seat.post(path, {})).status == 403
    headers = {"Authorization": f"Bearer {await rig.token('editor')}"}
    program = await rig.client.post(f"/api/v1{path}", json={}, headers=headers)
    assert program.status == 403
    assert [file.name for file in rig.library.folder.glob("_*")] == []


async def test_a_gap_that_is_not_there_has_no_draft(rig: DeskRig) -> None:
    seat = await rig.seat("editor")
    assert (await seat.post("/knowledge/gaps/none/draft", {})).status == 404


async def test_in_a_repository_the_draft_alone_is_committed_by_the_editors_name(rig: DeskRig) -> None:
    folder = rig.library.folder
    a_repository(folder)
    (folder / "staged.txt").write_text("somebody else's work")
    git(folder, "add", "staged.txt")
    made = await drafted(await rig.seat("editor", "1007"))
    assert (made["state"], made["why"]) == ("committed", "")
    assert git(
        folder, "-c", "core.quotepath=off", "show", "--name-only", "--format=%an|%cn|%s", "HEAD"
    ).split("\n") == [f"客服1007|Intake Gateway|knowledge: Draft {made['file']}.", "", made["file"]]
    assert git(folder, "rev-parse", "--short", "HEAD") == made["commit"]
    assert "staged.txt" in git(folder, "diff", "--cached", "--name-only")


async def test_a_hook_that_refuses_leaves_the_file_and_its_words(rig: DeskRig) -> None:
    folder = rig.library.folder
    a_repository(folder)
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'please ask Wang first' >&2\nexit 1\n")
    hook.chmod(0o755)
    made = await drafted(await rig.seat("editor"))
    assert (made["state"], made["commit"], made["why"]) == ("failed", "", "please ask Wang first")
    assert (folder / made["file"]).exists()


async def test_a_hook_that_never_ends_is_ended(tmp_path: Path) -> None:
    a_repository(tmp_path)
    hook = tmp_path / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nsleep 600\n")
    hook.chmod(0o755)
    file = tmp_path / "_q.md"
    file.write_text("text")
    kept = await commit_file(file, name="李梅", message="m", deadline=timedelta(seconds=0.5))
    assert (kept.state, kept.why) == ("failed", "git took longer than 0.5 s")
    assert file.exists()


@pytest.mark.parametrize(
    ("name", "written"), [("李梅", "李梅 <>"), ("a <b@c>\nd", "a b@c d <>"), ("<>", "editor <>")]
)
def test_no_name_becomes_anything_but_a_name(name: str, written: str) -> None:
    assert author(name) == written
