"""A trained model: weights in one small file, added to what the rules say."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gateway.triage.evidence import Evidence, Message
from gateway.triage.fields import WIDTH, Scores, place
from gateway.triage.vectors import BUCKETS, pieces_by_bucket, vector

SHIPPED = "model.npz"
FORMAT = 1
CLEAR = 0.12
"""How much a piece of text must say for a type to be named as a reason."""


class BadModel(ValueError):
    """A file that is no model of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearModel:
    """Weights by name for what rules find, and by bucket for pieces of text (eighths of a byte's scale a value)."""

    version: str
    names: Mapping[str, int]
    named: NDArray[np.float32]
    pieces: NDArray[np.int8]
    scale: NDArray[np.float32]
    """What one step of ``pieces`` is worth, for each value of each field."""
    trained: Mapping[str, str]
    """With what it was trained, for people."""

    def scores(self, message: Message, evidence: Evidence) -> Scores:
        """Return what was learned about a message like this, to be added to what the rules say."""
        seen = vector(message, evidence)
        found: Scores = (self.pieces[seen.buckets].sum(axis=0, dtype=np.int64) * self.scale).astype(
            np.float64
        ) * seen.each
        for name, value in seen.named.items():
            at = self.names.get(name)
            if at is not None:
                found += value * self.named[at]
        return found

    def telling(self, evidence: Evidence, type_: str, most: int = 2) -> Iterator[str]:
        """Yield the pieces of text that speak most for a type, strongest first."""
        column = place("type", type_)
        all_types = slice(0, place("type", "human") + 1)
        pieces = pieces_by_bucket(evidence.folded)
        where = np.fromiter(pieces, dtype=np.int64, count=len(pieces))
        weights = self.pieces[where][:, all_types].astype(np.float64) * self.scale[all_types]
        lead = (weights[:, column] - weights.mean(axis=1)) / max(1.0, np.sqrt(len(where)))
        for at in np.argsort(-lead, kind="stable")[:most]:
            if lead[at] >= CLEAR:
                yield pieces[int(where[at])]


def packed(names: tuple[str, ...], named: Scores, pieces: Scores, trained: Mapping[str, str]) -> bytes:
    """Return weights as the bytes of a model file; the same weights give the same bytes."""
    scale = np.maximum(np.abs(pieces).max(axis=0), 1e-9) / 127
    about = {"format": FORMAT, "names": names, "trained": dict(trained)}
    file = io.BytesIO()
    np.savez_compressed(
        file,
        about=np.frombuffer(json.dumps(about, ensure_ascii=False, sort_keys=True).encode(), dtype=np.uint8),
        named=named.astype(np.float16),
        pieces=np.rint(pieces / scale).astype(np.int8),
        scale=scale.astype(np.float32),
    )
    return file.getvalue()


def unpacked(content: bytes) -> LinearModel:
    """Return the model in a file's bytes.

    Raises:
        BadModel: they are none, or of another format.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            about = json.loads(kept["about"].tobytes())
            named, pieces, scale = kept["named"], kept["pieces"], kept["scale"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise BadModel(f"no model of triage: {error}") from error
    if (
        about.get("format") != FORMAT
        or pieces.shape != (BUCKETS, WIDTH)
        or named.shape != (len(about["names"]), WIDTH)
    ):
        raise BadModel("a model of triage in another format: train it anew")
    return LinearModel(
        version=hashlib.sha256(content).hexdigest()[:12],
        names={name: at for at, name in enumerate(about["names"])},
        named=named.astype(np.float32),
        pieces=pieces,
        scale=scale,
        trained=about["trained"],
    )


@lru_cache(maxsize=1)
def shipped_model() -> LinearModel | None:
    """Return the model in the package; None where it was left out."""
    file = files("gateway.triage") / SHIPPED
    return unpacked(file.read_bytes()) if file.is_file() else None


def model_in(file: Path) -> LinearModel:
    """Return the model in ``file``.

    Raises:
        BadModel: it is none.
        OSError: it cannot be read.
    """
    return unpacked(file.read_bytes())
