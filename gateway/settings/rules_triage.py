"""The settings of triage: the house's own rules, and which trained model decides."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from gateway.settings.fields import Place
from gateway.settings.mistakes import Mistake
from gateway.settings.rules_entities import NamedThings
from gateway.triage.model import BadModel, model_in, shipped_model
from gateway.triage.read_rules import BadRules, RuleFile, read, shipped, shipped_files
from gateway.triage.triage import Triager

MODELS = Path("triage")
"""The folder of the house's own models, below ``data.dir``."""
_VERSION = re.compile(r"shipped|none|[0-9a-f]{12}")


def checked_model(name: str) -> str:
    """Return the name of a model.

    Raises:
        ValueError: it is neither "shipped", "none" nor a version that triage-train printed.
    """
    if not _VERSION.fullmatch(name):
        raise ValueError('"shipped", "none", or a version that gateway triage-train printed')
    return name


class TriageRules(NamedThings):
    """``[triage]``."""

    rules: Place | None = None
    model: Annotated[str, AfterValidator(checked_model)] = "shipped"
    routes: bool = True


def model_file(data: Path, version: str) -> Path:
    """Return where the house's own model of a version is kept."""
    return data / MODELS / f"model-{version}.npz"


def triager_of(triage: TriageRules, data: Path) -> Triager:
    """Return what decides with these settings; made once for the same files.

    Raises:
        BadRules, BadModel, OSError: a file is wrong; ``mistakes_of_triage`` says so in words.
    """
    stamp = triage.rules.stat().st_mtime_ns if triage.rules else 0
    return _triager(triage.rules, stamp, triage.model, data)


@lru_cache(maxsize=8)
def _triager(rules: Path | None, stamp: int, model: str, data: Path) -> Triager:
    lexicon = shipped() if rules is None else read((*shipped_files(), house_file(rules)))
    if model == "none":
        return Triager(lexicon)
    return Triager(lexicon, shipped_model() if model == "shipped" else model_in(model_file(data, model)))


def house_file(rules: Path) -> RuleFile:
    """Return the house's own file of rules."""
    return RuleFile(name=rules.name, text=rules.read_text("utf-8"))


def mistakes_of_triage(triage: TriageRules, data: Path) -> Iterator[Mistake]:
    """Yield what is wrong with the files that ``[triage]`` names: each mistake with its file and line."""
    key = ("triage", "rules")
    wanted = "rules as told in docs/reference/triage.md"
    try:
        triager_of(triage, data)
    except BadRules as error:
        for one in error.mistakes:
            yield Mistake(key=key, found=f"{one.where}: {one.en} ({one.zh})", wanted=wanted)
    except BadModel as error:
        yield Mistake(
            key=("triage", "model"), found=str(error), wanted="a file written by gateway triage-train"
        )
    except (OSError, UnicodeDecodeError) as error:
        is_rules = isinstance(error, UnicodeDecodeError) or str(triage.rules) == str(error.filename)
        where = key if is_rules else ("triage", "model")
        yield Mistake(key=where, found=str(error), wanted="a file that can be read")
