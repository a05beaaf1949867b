"""``calibration.json`` in the knowledge folder: the thresholds its entries were found to need, and for which matcher."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.calibrate import Chosen
from knowledge.entry import KnowledgeEntry, Wording
from knowledge.match import Matcher
from knowledge.outcome import Thresholds
from knowledge.problem import Problem
from knowledge.semantic import Encoder

NAME = "calibration.json"
FORMAT = 1
ALIKE = 0.02
"""By how much a probe's probability may differ: more, and thresholds learnt from the one matcher mislead the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The thresholds in the file, the day they were made, and a digest of the questions they were made from."""

    thresholds: Thresholds
    made: date
    entries: str


def write_calibration(
    folder: Path,
    chosen: Chosen,
    entries: Sequence[KnowledgeEntry],
    made: date,
    encoder: Encoder | None = None,
) -> Path:
    """Write the file whole or not at all; return its path."""
    at = chosen.thresholds
    figures = {name: value for name, value in asdict(chosen).items() if name != "thresholds"}
    told = {
        "format": FORMAT,
        "answer": at.answer,
        "offer": at.offer,
        "made": made.isoformat(),
        "entries": digest_of(entries),
        "matcher": list(probe(encoder)),
        "figures": figures,
    }
    file, new = folder / NAME, folder / f".{NAME}.new"
    new.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    new.replace(file)
    return file


def read_calibration(
    folder: Path, encoder: Encoder | None = None
) -> tuple[Calibration | None, Problem | None]:
    """Return what the file says; None where there is none, or with the reason where it cannot be used."""
    file = folder / NAME
    try:
        told = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None, None
    except (OSError, ValueError, RecursionError):
        return None, _unreadable(file)
    found = _checked(told)
    if found is None:
        return None, _unreadable(file)
    if not _alike(told.get("matcher"), encoder):
        return None, _problem(
            file, "The thresholds were made for another version of the matcher and are not used.", "阈值是为另一版本的匹配器计算的，没有采用。"
        )  # fmt: skip
    return found, None


def digest_of(entries: Sequence[KnowledgeEntry]) -> str:
    """Return a digest of all that decides which question finds which entry; answers do not."""
    digest = hashlib.blake2b(digest_size=16)
    for entry in sorted(entries, key=lambda entry: entry.id):
        for lang, wording in sorted(entry.wordings.items()):
            parts = (entry.id, lang, *wording.all_phrasings, "", *wording.not_for, "", *wording.must)
            digest.update("\0".join(parts).encode("utf-8", "surrogatepass") + b"\1")
    return digest.hexdigest()


def probe(encoder: Encoder | None = None) -> tuple[float, ...]:
    """Return what this matcher makes of a few fixed questions: another matcher gives other probabilities."""
    name = encoder.name if encoder else ""
    if name not in _probed:
        _probed[name] = _probe(encoder)
    return _probed[name]


def _probe(encoder: Encoder | None) -> tuple[float, ...]:
    entries = [
        KnowledgeEntry(
            id=questions[0],
            wordings={lang: Wording(lang=lang, question=questions[0], phrasings=questions[1:], answer="-")},
        )
        for lang, questions in _KNOWN
    ]
    matcher = Matcher(entries, encoder=encoder)
    return tuple(
        round(matcher.search(text, 1)[0][1], 4) if matcher.search(text, 1) else 0.0 for text in _ASKED
    )


_probed: dict[str, tuple[float, ...]] = {}
_KNOWN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("zh-CN", ("怎么退货", "我要退货", "退货流程是什么", "东西不想要了可以退吗")),
    ("zh-CN", ("快递到哪里了", "查询物流", "我的包裹什么时候到", "物流信息在哪看")),
    ("zh-CN", ("怎么开发票", "可以开电子发票吗", "发票抬头写错了", "申请发票")),
    ("en", ("How do I return an item", "I want to send it back", "return policy", "can I give it back")),
    ("en", ("Where is my parcel", "track my order", "when will the package arrive", "delivery status")),
    ("en", ("Can I get an invoice", "I need a receipt for tax", "send me the bill", "invoice request")),
)  # fmt: skip
_ASKED = (
    "退货要怎么办理", "我的快递还没有到", "开票", "不想要了", "能不能给我发票", "今天天气好",
    "how to retrun a thing", "parcel not arrived", "I need an invoice for my company", "give back", "what is the weather",
)  # fmt: skip


def _alike(values: object, encoder: Encoder | None) -> bool:
    mine = probe(encoder)
    return (
        isinstance(values, list)
        and len(values) == len(mine)
        and all(
            isinstance(value, float | int) and abs(value - own) <= ALIKE
            for value, own in zip(values, mine, strict=True)
        )
    )


def _checked(told: object) -> Calibration | None:
    if not isinstance(told, Mapping) or told.get("format") != FORMAT:
        return None
    answer, offer = _share(told.get("answer")), _share(told.get("offer"))
    if answer is None or offer is None or offer > answer:
        return None
    try:
        made = date.fromisoformat(str(told.get("made")))
    except ValueError:
        return None
    thresholds = Thresholds(answer=answer, offer=offer)
    return Calibration(thresholds=thresholds, made=made, entries=str(told.get("entries", "")))


def _share(value: Any) -> float | None:
    is_number = isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number and 0 < value < 1 else None


def _unreadable(file: Path) -> Problem:
    return _problem(
        file, "The thresholds in it cannot be read and are not used.", "其中的阈值读不出来，没有采用。"
    )


def _problem(file: Path, en: str, zh: str) -> Problem:
    return Problem(
        file=file, line=1, en=en, zh=zh,
        remedy_en="Run gateway kb calibrate, or delete the file.", remedy_zh="请运行 gateway kb calibrate，或删除这个文件。", fatal=False,
    )  # fmt: skip
