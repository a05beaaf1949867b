"""``ask`` and ``mail``: what the gateway would make of a question or a mail; no server, no database."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.clock import SystemClock
from gateway.commands.common import (
    DEFAULT,
    Config,
    entries_folder,
    fail,
    first_language,
    semantic_wish,
    settings_of,
)
from gateway.library import Library
from knowledge.match import Outcome

mail = typer.Typer(help="Read mails as the mail channel would.", no_args_is_help=True)
JsonLines = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line in, one out, same order.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(ask)
    app.add_typer(mail, name="mail")


def ask(
    text: Annotated[str | None, typer.Argument(help="What a customer might write.")] = None,
    jsonl: JsonLines = False,
    config: Config = DEFAULT,
) -> None:
    """Say what the knowledge base would answer, and why."""
    zone = settings_of(config).policy().hours.zone if config.exists() else UTC
    library = Library(
        entries_folder(config),
        lambda: SystemClock().now().astimezone(zone).date(),
        semantic=semantic_wish(config),
        first_language=first_language(config),
    )
    library.deepen()
    if jsonl:
        _each_line(lambda row: {"id": row.get("id")} | _asked(library, str(row["text"])))
    elif text is None:
        fail("name a question: gateway ask '怎么退货'", code=2)
    else:
        _print({"id": None} | _asked(library, text))


@mail.command("parse")
def parse(files: Annotated[list[Path] | None, typer.Argument()] = None, jsonl: JsonLines = False) -> None:
    """Print what is read from each mail, one JSON object a line."""
    from adapters.mail.describe import describe  # only who reads mail pays for it

    for file in files or []:
        _print({"file": str(file)} | describe(file.read_bytes()))
    if jsonl:
        _each_line(lambda row: {"file": row["file"]} | describe(Path(row["file"]).read_bytes()))


@mail.command("reply")
def reply(jsonl: JsonLines = False) -> None:
    """Print the new words of a reply, without what it quotes."""
    from adapters.mail.describe import reply_of

    if jsonl:
        _each_line(lambda row: {"id": row.get("id"), "reply": reply_of(str(row["text"]))})
    else:
        _print({"reply": reply_of(sys.stdin.read())})


def _asked(library: Library, text: str) -> dict[str, Any]:
    outcome = library.match(text, explain=True)
    answers = [library.entry(match.id).answer_in(outcome.lang) for match in outcome.answered]
    matches = [{"id": one.id, "question": one.question, "score": one.score} for one in outcome.matches]
    return {
        "outcome": outcome.kind,
        "matches": matches,
        "answer": "\n\n".join(answers) or None,
        "because": "; ".join(_reasons(outcome)),
    }


def _reasons(outcome: Outcome) -> Iterator[str]:
    """What decided, what speaks for the best match (of each question), and what else counted."""
    yield outcome.because
    for part in outcome.parts or (outcome,):
        yield from part.matches[0].because if part.matches else ()
    yield from outcome.notes


def _each_line(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            answered = answer(row)
        except (ValueError, KeyError, TypeError) as error:
            fail(f"line {number}: not a JSON object with the fields needed ({error})", code=2)
        _print(answered)


def _print(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)
