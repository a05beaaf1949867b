"""What every ``kb`` command needs: which folder, which day, and one way to print."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.clock import SystemClock
from gateway.commands.common import entries_folder, fail, first_language, semantic_wish, speaking
from gateway.errors import Said
from knowledge.calibration import read_calibration
from knowledge.entry import KnowledgeEntry
from knowledge.load import Loaded, load_folder
from knowledge.match import Matcher
from knowledge.memo_encoder import MemoEncoder
from knowledge.problem import Problem
from knowledge.semantic import Encoder, load_encoder

Folder = Annotated[
    Path | None,
    typer.Option("--folder", "-f", help="The knowledge files; by default the configured folder."),
]


def read(folder: Path | None, config: Path, lang: str) -> tuple[Path, Loaded]:
    """Return the folder asked for and what is in it; end with exit code 2 if there is no such folder."""
    chosen = folder or entries_folder(config)
    if not chosen.is_dir():
        fail(Said(f"没有文件夹 {chosen}。", f"There is no folder {chosen}.").in_(speaking(lang)), code=2)
    return chosen, load_folder(chosen, first_language=first_language(config))


def encoder_of(config: Path) -> Encoder | None:
    """Return the encoder that the gateway would use; it remembers, since evidence takes many builds."""
    encoder = load_encoder(semantic_wish(config))
    return MemoEncoder(encoder) if encoder else None


def builder(loaded: Loaded, encoder: Encoder | None = None) -> Callable[[Sequence[KnowledgeEntry]], Matcher]:
    """Return how a matcher is built here: with the folder's own synonyms."""
    return lambda entries: Matcher(entries, lexicon=loaded.synonyms.lexicon, encoder=encoder)


def matcher_of(folder: Path, loaded: Loaded, encoder: Encoder | None) -> tuple[Matcher, Problem | None]:
    """Return the matcher as the gateway would use it, calibrated, and what is wrong with the calibration."""
    calibration, problem = read_calibration(folder, encoder)
    thresholds = calibration.thresholds if calibration else None
    lexicon = loaded.synonyms.lexicon
    return Matcher(loaded.entries, thresholds=thresholds, lexicon=lexicon, encoder=encoder), problem


def today() -> date:
    """Return the day it is, as ``gateway ask`` sees it."""
    return SystemClock().now().astimezone(UTC).date()


def show(lines: Iterable[str], value: Any, as_json: bool) -> None:
    """Print for people, or one JSON document for programs."""
    if as_json:
        print(json.dumps(value, ensure_ascii=False))
        return
    for line in lines:
        print(line)
