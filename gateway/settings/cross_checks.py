"""Mistakes that no single key shows: names that lead nowhere, texts that lack a language."""

from collections.abc import Iterator
from string import Formatter

from adapters.outgoing.egress import BadAddress
from gateway.domain.policy import Localized
from gateway.settings.actions import mistakes_of_actions
from gateway.settings.directory import mistakes_of_directory
from gateway.settings.fields import ANY_LANGUAGE
from gateway.settings.mistakes import Key, Mistake, written
from gateway.settings.model import Settings
from gateway.settings.rules_triage import mistakes_of_triage
from gateway.settings.said_texts import wording_mistakes
from knowledge.semantic import REMEDY, is_installed

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def cross_checked(settings: Settings) -> list[Mistake]:
    """Return what is wrong between the keys of settings that are right one by one."""
    return [
        *_departments(settings),
        *_languages(settings),
        *_greeting(settings),
        *_hours(settings),
        *_semantic(settings),
        *_webhook(settings),
        *wording_mistakes(settings),
        *mistakes_of_directory(settings.directory, settings.outgoing.egress()),
        *mistakes_of_actions(settings.actions, settings.house.languages[0]),
        *mistakes_of_triage(settings.triage, settings.data.dir),
    ]


def _departments(settings: Settings) -> Iterator[Mistake]:
    routing = settings.routing
    named: list[tuple[Key, str]] = [(("routing", "otherwise"), routing.otherwise)]
    for table in ("anomalies", "subtypes", "types"):
        named += [
            (("routing", table, str(key)), department) for key, department in getattr(routing, table).items()
        ]
    wanted = f"one of {', '.join(settings.departments)}"
    for key, department in named:
        if department not in settings.departments:
            remedy = f"name a department there is, or add [departments.{department}]"
            yield Mistake(key=key, found=written(department), wanted=wanted, remedy=remedy)


def _hours(settings: Settings) -> Iterator[Mistake]:
    """A house that never opens could promise nothing to anybody."""
    hours = settings.hours
    if not any(getattr(hours, day) for day in _WEEK) and not hours.extra_workdays:
        wanted = 'a slot on at least one day, such as monday = ["09:00-18:00"]'
        yield Mistake(key=("hours",), found="no opening on any day", wanted=wanted)


def _webhook(settings: Settings) -> Iterator[Mistake]:
    """Alarms go only where all our requests may go; better said now than in the first emergency."""
    if not settings.alarms.webhook:
        return
    try:
        settings.outgoing.egress().check(settings.alarms.webhook)
    except BadAddress as error:
        wanted = "an https address in the open network, or its host in outgoing.private_hosts"
        yield Mistake(
            key=("alarms", "webhook"), found="one that may not be asked", wanted=wanted, remedy=str(error)
        )


def _semantic(settings: Settings) -> Iterator[Mistake]:
    if settings.knowledge.semantic == "on" and not is_installed():
        wanted = "the package with the sentence embeddings"
        remedy = f"{REMEDY}, or set it to auto"
        yield Mistake(key=("knowledge", "semantic"), found='"on"', wanted=wanted, remedy=remedy)


def _languages(settings: Settings) -> Iterator[Mistake]:
    first = settings.house.languages[0]
    texts: list[tuple[Key, Localized]] = [
        (("house", "name"), settings.house.name),
        (("house", "greeting"), settings.house.greeting),
        *((("departments", name, "label"), rule.label) for name, rule in settings.departments.items()),
        *(
            (("directory", "statuses", name, "said"), r.said)
            for name, r in settings.directory.statuses.items()
        ),
    ]
    for key, text in texts:
        if first not in text.texts and ANY_LANGUAGE not in text.texts:
            found = f"texts in {', '.join(text.texts)}"
            yield Mistake(key=key, found=found, wanted=f"one in {first} too, the first of house.languages")


def _greeting(settings: Settings) -> Iterator[Mistake]:
    for lang, text in settings.house.greeting.texts.items():
        try:
            fields = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
        except ValueError:
            fields = {"?"}
        if fields != {"name", "number"}:
            key = ("house", "greeting", lang) if lang != ANY_LANGUAGE else ("house", "greeting")
            wanted = "a text with {name} and {number} and no other braces"
            yield Mistake(key=key, found=written(text), wanted=wanted)
