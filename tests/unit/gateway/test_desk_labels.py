"""Every label a message can carry has a word on the desk, in both languages."""

import json
from pathlib import Path

import pytest

from adapters.contract import AutomaticKind, Inbound, SenderCheck
from adapters.mail.protection import ENCRYPTED, SIGNED
from gateway.intake.turns import labels_of
from gateway.pipeline.unsafe import UNSAFE
from gateway.store.finding import Found

CATALOGUE = Path(__file__).resolve().parents[3] / "gateway" / "web" / "ui" / "desk" / "catalogue"
KNOWN = Found(key="thread", channel="mail", because="", pending=True)


def every_label() -> set[str]:
    found = {ENCRYPTED, SIGNED, UNSAFE, "calendar", "forwarded"}
    for kind in (None, *AutomaticKind):
        for aligned in ("pass", "fail", "none"):
            inbound = Inbound(
                channel="mail",
                external_id="1",
                automatic=kind,
                spam="x-spam-flag: yes",
                sender=SenderCheck(aligned=aligned),
            )
            found.update(labels_of(inbound, KNOWN, blocked=True))
    return found


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_label_has_a_word(lang: str) -> None:
    words = json.loads((CATALOGUE / f"{lang}.json").read_text())
    assert [it for it in sorted(every_label()) if not {f"label.{it}", f"automatic.{it}"} & words.keys()] == []
