"""What a regular expression cannot match without: a few plain letters, so that most patterns need not be tried.

Of each pattern a set of literals is worked out, one of which stands in every text it matches. The index looks
pieces of the text up in a dictionary; only patterns whose piece is there are run.
"""

from collections.abc import Iterable, Iterator

LONGEST_PIECE = 4
_ZERO_WIDTH = frozenset("bBAZ")
_CLASSES = frozenset("dDwWsS0123456789")

Needed = frozenset[str] | None
"""One of these must be there; None: nothing can be said."""


def needed(pattern: str) -> Needed:
    """Return literals of which every text that ``pattern`` (lower case) matches holds at least one."""
    return _Reader(pattern).alternatives()


def pieces(text: str) -> set[str]:
    """Return all pieces of ``text`` of one to ``LONGEST_PIECE`` letters."""
    return {
        text[at : at + size] for size in range(1, LONGEST_PIECE + 1) for at in range(len(text) - size + 1)
    }


class Index:
    """Which patterns might match a text, by the pieces it holds."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._by_piece: dict[str, list[int]] = {}
        self._always: list[int] = []
        self._long: dict[int, tuple[str, ...]] = {}
        for number, pattern in enumerate(patterns):
            literals = needed(pattern)
            if literals is None:
                self._always.append(number)
                continue
            if min(map(len, literals)) > LONGEST_PIECE:
                self._long[number] = tuple(literals)
            for piece in {literal[:LONGEST_PIECE] for literal in literals}:
                self._by_piece.setdefault(piece, []).append(number)

    @property
    def always(self) -> int:
        """How many patterns must be tried on every text."""
        return len(self._always)

    def candidates(self, text: str) -> list[int]:
        """Return the numbers of the patterns that might match ``text``, ascending."""
        found = set(self._always)
        for piece in self._by_piece.keys() & pieces(text):
            for number in self._by_piece[piece]:
                whole = self._long.get(number)
                if whole is None or any(literal in text for literal in whole):
                    found.add(number)
        return sorted(found)


class _Reader:
    """A reader of Python's regular expressions that knows what it must and treats the rest as unknown."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def alternatives(self) -> Needed:
        found: set[str] | None = set()
        while True:
            one = self._sequence()
            found = None if one is None or found is None else found | one
            if self._peek() != "|":
                return frozenset(found) if found else None
            self._at += 1

    def _sequence(self) -> Needed:
        """Read up to ``|``, ``)`` or the end; of what must be there, return what says most."""
        best: Needed = None
        run = ""
        while (sign := self._peek()) and sign not in "|)":
            literal, inner = self._item(sign)
            least = self._least_times()
            if literal and least == 1:
                run += literal
                continue
            best, run = _better(best, run + literal if literal and least > 1 else run), ""
            if inner and least:
                best = _better(best, inner)
        return _better(best, run)

    def _item(self, sign: str) -> tuple[str, Needed]:
        """Read one item; return it as a literal letter, or what a group needs."""
        self._at += 1
        if sign == "\\":
            escaped = self._pattern[self._at]
            self._at += 1
            # An empty class: it ends a run of letters, as a word's border or a digit does.
            return ("", None) if escaped in _ZERO_WIDTH | _CLASSES else (_plain(escaped), None)
        if sign == "[":
            self._class()
            return "", None
        if sign == "(":
            return "", self._group()
        return ("", None) if sign in ".^$" else (sign, None)

    def _group(self) -> Needed:
        looks = False
        if self._peek() == "?":
            rest = self._pattern[self._at + 1 :]
            looks = rest.startswith(("=", "!", "<=", "<!"))
            self._at += 1 + (2 if rest.startswith(("<=", "<!")) else 1)
        inner = self.alternatives()
        self._at += 1  # the closing bracket
        return None if looks else inner

    def _class(self) -> None:
        if self._peek() == "^":
            self._at += 1
        self._at += 1  # a "]" right here is a letter
        while self._peek() not in ("]", ""):
            self._at += 2 if self._peek() == "\\" else 1
        self._at += 1

    def _least_times(self) -> int:
        """Read a quantifier; return how often at least the item stands there (1 without one, 2 for more)."""
        sign = self._peek()
        least = 1
        if sign in ("?", "*", "+"):
            self._at += 1
            least = 2 if sign == "+" else 0
        elif sign == "{":
            end = self._pattern.index("}", self._at)
            least = 2 if int(self._pattern[self._at + 1 : end].partition(",")[0] or 0) else 0
            self._at = end + 1
        if sign in ("?", "*", "+", "{") and self._peek() in ("?", "+"):
            self._at += 1  # lazy or possessive
        return least

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]


def _plain(escaped: str) -> str:
    return {"n": "\n", "t": "\t"}.get(escaped, escaped)


def _better(one: Needed, other: Needed | str) -> Needed:
    """Return which of two needs says more: the longer its shortest literal, then the fewer."""
    if isinstance(other, str):
        other = frozenset({other}) if other else None
    if one is None or other is None:
        return other if one is None else one
    return max(one, other, key=_worth)


def _worth(need: frozenset[str]) -> tuple[int, int]:
    return min(_weights(need)), -len(need)


def _weights(need: frozenset[str]) -> Iterator[int]:
    # A Chinese character says as much as three letters.
    return (min(sum(1 if sign.isascii() else 3 for sign in literal), 6) for literal in need)
