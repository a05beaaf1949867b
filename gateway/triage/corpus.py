"""Cases: sentences somebody might write, each with the answer that is right. The model is trained with them.

One case a line, tab-separated: type, subtype, urgency, anomaly, department, needs_identity (y or n), channel,
text. What a careful supervisor would accept too stands after ``|``, the best first; a mail is ``subject ¦ text``;
``⏎`` is a line break. Empty lines and lines that begin with ``#`` are skipped.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from gateway.triage.evidence import Message
from gateway.triage.fields import FIELDS, IDENTITY

COLUMNS = ("type", "subtype", "urgency", "anomaly", "department", IDENTITY, "channel", "text")
_YES_NO = {"y": "yes", "n": "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A message and what may be said of it: for each field the best value first."""

    message: Message
    labels: Mapping[str, tuple[str, ...]]
    subtype: str | None
    source: str
    """File and line."""


class BadCase(ValueError):
    """A line that is no case."""


def shipped_cases() -> tuple[Case, ...]:
    """Return the cases in the package."""
    folder = files("gateway.triage") / "cases"
    found: list[Case] = []
    for one in sorted(folder.iterdir(), key=lambda file: file.name):
        if one.name.endswith(".tsv"):
            found += read_cases(one.name, one.read_text("utf-8").split("\n"))
    return tuple(found)


def read_cases(name: str, lines: Iterable[str]) -> Iterator[Case]:
    """Yield the cases in ``lines``; ``name`` is what messages call the file.

    Raises:
        BadCase: at the first line that is none, saying why.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            yield _case(f"{name}:{number}", line.rstrip("\r"))


def _case(where: str, line: str) -> Case:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise BadCase(f"{where}: {len(cells)} columns, wanted {len(COLUMNS)}: {', '.join(COLUMNS)}")
    row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
    labels: dict[str, tuple[str, ...]] = {}
    for field, values in FIELDS.items():
        given = tuple(_YES_NO.get(one, one) if field == IDENTITY else one for one in row[field].split("|"))
        for value in given:
            if value not in values:
                raise BadCase(f"{where}: {field} is {value!r}, wanted one of {', '.join(values)}")
        labels[field] = given
    if not row["text"]:
        raise BadCase(f"{where}: no text")
    subject, mark, text = row["text"].partition("¦")
    message = Message(
        text=(text if mark else subject).strip().replace("⏎", "\n"),
        subject=subject.strip() if mark else "",
        channel=row["channel"],
    )
    return Case(message=message, labels=labels, subtype=row["subtype"].split("|")[0] or None, source=where)
