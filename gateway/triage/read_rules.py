"""TOML files of rules become a Lexicon; every mistake is named with its file and line."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from gateway.triage.fields import FIELDS, IDENTITY, SLICES, WIDTH, Scores, place
from gateway.triage.lexicon import Lexicon, Rule, Says, compiled, lexicon_of
from knowledge.normalize import simplify

RULE_KEYS = frozenset({"id", "words", "says", "negatable", "unless", "off", "note"})
_STRONG = frozenset({"anger", "accusation", "displeasure", "frustration", "threat", "authority", "publicity", "danger", "harm", "loss",
                     "theft", "failure", "deadline", "hurry", "wants_person", "violence", "self_harm", "repeated", "journalist", "praise"})  # fmt: skip
"""Facts that "not" takes back; a topic is spoken of whether or not something is denied of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Something wrong in a file of rules, in the two languages every text has."""

    where: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.where}: {self.en}"


class BadRules(ValueError):
    """A file of rules cannot be used; holds every mistake found, not only the first."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, mistakes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """The text of a file of rules and the name by which mistakes call it."""

    name: str
    text: str


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """Return the lexicon that ships with the gateway."""
    return read(shipped_files())


def shipped_files() -> tuple[RuleFile, ...]:
    """Return the files of rules in the package: the world first, then the languages."""
    folder = files("gateway.triage")
    names = [
        "world.toml",
        *sorted(f"rules/{one.name}" for one in (folder / "rules").iterdir() if one.name.endswith(".toml")),
    ]
    return tuple(RuleFile(name=name, text=(folder / name).read_text("utf-8")) for name in names)


def read(parts: Sequence[RuleFile]) -> Lexicon:
    """Return the lexicon that these files make; a later one adds to, changes or switches off what an earlier one said.

    Raises:
        BadRules: with every mistake in any of them.
    """
    reader = _Reader()
    for part in parts:
        reader.take(part)
    if reader.mistakes:
        raise BadRules(reader.mistakes)
    version = hashlib.sha256("\0".join(part.text for part in parts).encode()).hexdigest()[:12]
    return lexicon_of(
        [rule for rule in reader.rules if rule.words], reader.base, reader.facts, reader.topics, version
    )


class _Reader:
    """Takes one file after the other; keeps mistakes until all are read."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.base = np.zeros(WIDTH)
        self.facts: dict[str, Scores] = {}
        self.topics: dict[str, Scores] = {}
        self.mistakes: list[Mistake] = []
        self._file = RuleFile(name="", text="")

    def take(self, part: RuleFile) -> None:
        self._file = part
        try:
            table = tomllib.loads(part.text)
        except tomllib.TOMLDecodeError as error:
            self._wrong("", f"不是有效的 TOML：{error}", f"not valid TOML: {error}", where=part.name)
            return
        for key in table.keys() - {"base", "fact", "topic", "rule"}:
            self._wrong(
                f"[{key}",
                f"未知的段落 {key!r}",
                f"unknown section {key!r}; there are base, fact, topic, rule",
            )
        for field, values in table.get("base", {}).items():
            self.base += self._field(f"[base.{field}]", field, values)
        for name, said in table.get("fact", {}).items():
            self.facts[name] = self._scores(f"[fact.{name}]", said)
        for name, said in table.get("topic", {}).items():
            self.topics[name] = self._scores(f"[topic.{name}]", said)
        for row in table.get("rule", []):
            self._rule(row)

    def _rule(self, row: Mapping[str, Any]) -> None:
        id_ = row.get("id")
        anchor = f'id = "{id_}"'
        if not isinstance(id_, str) or not id_:
            self._wrong("[[rule]]", "规则缺少 id", "a rule has no id")
            return
        for key in row.keys() - RULE_KEYS:
            self._wrong(
                anchor,
                f"规则 {id_}：未知的键 {key!r}",
                f"rule {id_}: unknown key {key!r}; there are {', '.join(sorted(RULE_KEYS))}",
            )
        mine = [at for at, rule in enumerate(self.rules) if rule.id == id_]
        if row.get("off"):
            if not mine:
                self._wrong(anchor, f"没有规则 {id_} 可以关闭", f"there is no rule {id_} to switch off")
            self.rules = [rule for rule in self.rules if rule.id != id_]
            return
        says = self._says(anchor, row["says"]) if "says" in row else None
        words = tuple(self._words(anchor, row.get("words", ())))
        unless = tuple(self._words(anchor, row.get("unless", ())))
        if not words:  # a change of what a known rule says
            if "words" in row:
                return  # told already
            if not mine or says is None:
                self._wrong(
                    anchor,
                    f"规则 {id_} 没有 words",
                    f"rule {id_} has no words, and no rule of that id exists to change",
                )
            elif says is not None:
                for at in mine:
                    self.rules[at] = replace(self.rules[at], says=says)
            return
        if says is None:
            self._wrong(
                anchor, f"规则 {id_} 没有 says", f"rule {id_} does not say anything: add says = {{ … }}"
            )
            return
        if any(self.rules[at].source.startswith(f"{self._file.name}:") for at in mine):
            self._wrong(anchor, f"规则 {id_} 重复", f"rule {id_} is there twice in this file")
        negatable = row.get("negatable", _is_strong(says))
        self.rules.append(
            Rule(
                id=id_,
                words=words,
                says=says,
                can_be_taken_back=bool(negatable),
                unless=compiled("|".join(unless)) if unless else None,
                source=self._where(anchor),
            )
        )

    def _words(self, anchor: str, given: object) -> Iterator[str]:
        if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
            self._wrong(anchor, "words 与 unless 应为文字列表", "words and unless are lists of texts")
            return
        for one in given:
            pattern = simplify(one)
            plain = re.sub(r"\\[A-Z]", "", pattern)
            if plain != plain.lower():
                self._wrong(
                    anchor,
                    f"{one!r} 含大写字母，永远不会匹配",
                    f"{one!r} holds capitals; texts are read in lower case",
                )
            try:
                if re.compile(pattern).search("") is not None:
                    self._wrong(anchor, f"{one!r} 会匹配空文字", f"{one!r} matches where nothing is written")
            except re.error as error:
                self._wrong(
                    anchor,
                    f"{one!r} 不是正则表达式：{error}",
                    f"{one!r} is not a regular expression: {error}",
                )
                continue
            yield pattern

    def _says(self, anchor: str, said: object) -> Says:
        if not isinstance(said, dict):
            self._wrong(anchor, "says 应为表", "says is a table, like { topic = { delivery = 2 } }")
            return Says(scores=np.zeros(WIDTH))
        scores: dict[str, Any] = {}
        facts: dict[str, float] = {}
        topics: dict[str, float] = {}
        for key, value in said.items():
            if key in FIELDS:
                scores[key] = value
            elif key == "topic" and isinstance(value, dict):
                topics = {name: self._number(anchor, weight) for name, weight in value.items()}
            elif key in self.facts:
                facts[key] = self._number(anchor, value)
            else:
                known = ", ".join(sorted(self.facts))
                self._wrong(
                    anchor,
                    f"says 中未知的 {key!r}",
                    f"says: {key!r} is no field and no fact; facts are {known}",
                )
        for name in topics.keys() - self.topics.keys():
            self._wrong(
                anchor,
                f"未知的主题 {name!r}",
                f"unknown topic {name!r}; topics are {', '.join(sorted(self.topics))}",
            )
        return Says(scores=self._scores(anchor, scores), facts=facts, topics=topics)

    def _scores(self, anchor: str, said: Mapping[str, Any]) -> Scores:
        found = np.zeros(WIDTH)
        for field, values in said.items():
            found += self._field(anchor, field, values)
        return found

    def _field(self, anchor: str, field: str, values: object) -> Scores:
        found = np.zeros(WIDTH)
        if field == IDENTITY:
            found[SLICES[IDENTITY].start + 1] = self._number(anchor, values)
        elif field not in FIELDS:
            self._wrong(
                anchor, f"未知的字段 {field!r}", f"unknown field {field!r}; fields are {', '.join(FIELDS)}"
            )
        elif not isinstance(values, dict):
            self._wrong(anchor, f"{field} 应为表", f"{field} is a table, like {{ {FIELDS[field][0]} = 2 }}")
        else:
            for value, weight in values.items():
                if value in FIELDS[field]:
                    found[place(field, value)] = self._number(anchor, weight)
                else:
                    allowed = ", ".join(FIELDS[field])
                    self._wrong(
                        anchor, f"{field} 没有 {value!r}", f"{field} has no {value!r}; it has {allowed}"
                    )
        return found

    def _number(self, anchor: str, weight: object) -> float:
        if isinstance(weight, int | float) and not isinstance(weight, bool) and -20 <= weight <= 20:
            return float(weight)
        self._wrong(anchor, f"{weight!r} 不是 -20 到 20 的数", f"{weight!r} is not a number from -20 to 20")
        return 0.0

    def _wrong(self, anchor: str, zh: str, en: str, where: str = "") -> None:
        self.mistakes.append(Mistake(where=where or self._where(anchor), zh=zh, en=en))

    def _where(self, anchor: str) -> str:
        """Return file and line of the first line that holds ``anchor``, however its blanks and quotes are set."""
        lines = (line.replace(" ", "").replace("'", '"') for line in self._file.text.splitlines())
        number = next((at for at, line in enumerate(lines, start=1) if anchor.replace(" ", "") in line), 1)
        return f"{self._file.name}:{number}"


def _is_strong(says: Says) -> bool:
    """Return whether "not" before such words takes back what they say."""
    if says.facts.keys() & _STRONG:
        return True
    claims = ("urgency", "anomaly")
    return (
        any(says.scores[SLICES[field]].any() for field in claims)
        or says.scores[place("type", "complaint")] > 0
    )
