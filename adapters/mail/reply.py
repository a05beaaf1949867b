"""The new words of an answer. Only what is surely quoted is cut; in doubt everything stays. Pure."""

from adapters.mail import quoting
from adapters.mail.hypertext import tidy

MAX_LINES = 2000
"""Nobody writes more than this before quoting; looking further only costs time."""


def marked(text: str) -> bool:
    """Say whether our own “reply above this line” is in there."""
    return any(quoting.is_marker(line) for line in text.splitlines())


def reply_of(text: str) -> str:
    """Return what its sender wrote, without the mail answered and without signatures of programs.

    A forward is kept whole, and so is an answer written between the lines of the mail it quotes.
    If nothing would be left, everything is.
    """
    whole = tidy(text.replace("&nbsp;", " "))
    lines = _split_flattened(whole.splitlines())
    above = _above_marker(lines)
    kept = _without_quote(above if above is not None else lines)
    words = _without_signature(kept)
    return tidy("\n".join(words)) if any(_is_word(line) for line in words) else whole


def _is_word(line: str) -> bool:
    return bool(line.strip()) and not quoting.is_rule(line)


def _split_flattened(lines: list[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        at = quoting.inline_separator(line)
        out.extend([line] if at is None else [line[:at], line[at:]])
    return out


def _above_marker(lines: list[str]) -> list[str] | None:
    """Return what stands above our marker, without the attribution between; None if that is nothing."""
    at = next((i for i, line in enumerate(lines) if quoting.is_marker(line)), None)
    if at is None:
        return None
    above = lines[:at]
    while above and not above[-1].strip(" >"):
        above.pop()
    if above and not quoting.is_quoted(above[-1]):
        start = quoting.attribution(above, len(above) - 1)
        above = above[:start] if start is not None else above
    return above if any(_is_word(line) and not quoting.is_quoted(line) for line in above) else None


def _without_quote(lines: list[str]) -> list[str]:
    """Return the lines without the quoted mail, wherever it stands."""
    for i, line in enumerate(lines[:MAX_LINES]):
        if quoting.is_forward(line):
            return lines
        if quoting.is_separator(line) or quoting.is_header_block(lines, i):
            return _tidied_end(lines[:i])
        if quoting.is_quoted(line):
            return _around(lines, i, i, attributed=False)
        start = quoting.attribution(lines, i)
        if start is not None:
            following = next((n for n in range(i + 1, len(lines)) if lines[n].strip()), None)
            if following is None or not quoting.is_quoted(lines[following]):
                return _tidied_end(lines[:start])
            return _around(lines, start, following, attributed=True)
    return lines


def _around(lines: list[str], start: int, quote: int, *, attributed: bool) -> list[str]:
    """Return what stands before and after a block quoted with ``>``; all of it if the two answer each other."""
    end = _end_of_quote(lines, quote)
    before, after = lines[:start], lines[end:]
    rest = _without_signature(after)
    if not any(_is_word(line) for line in rest):
        return _tidied_end(before)
    if any(quoting.is_quoted(line) for line in rest) or not attributed:
        return lines
    return [*before, *_without_quote(after)]


def _end_of_quote(lines: list[str], start: int) -> int:
    """Return the line after a quoted block; a single line broken off a long quoted one belongs to it."""
    end = start
    for i in range(start, len(lines)):
        if quoting.is_quoted(lines[i]):
            end = i + 1
        elif lines[i].strip():
            broken_off = i > 0 and quoting.is_quoted(lines[i - 1]) and len(lines[i - 1]) > 60
            goes_on = i + 1 < len(lines) and quoting.is_quoted(lines[i + 1])
            if quoting.is_broken_link(lines[i]) and goes_on:
                continue
            if not (broken_off and goes_on) and not (goes_on and len(lines[i]) < 30 and end == i):
                break
    return end


def _tidied_end(lines: list[str]) -> list[str]:
    """Return lines without the rules and the bare address that programs draw above a quoted mail."""
    kept = list(lines)
    while kept and (not kept[-1].strip() or quoting.is_rule(kept[-1])):
        kept.pop()
    if len(kept) > 1 and quoting.is_bare_address(kept[-1]) and not kept[-2].strip():
        kept.pop()
    return kept


def _without_signature(lines: list[str]) -> list[str]:
    """Return lines without what follows ``--`` and without lines a program wrote about itself, at the end only."""
    kept = list(lines)
    for i in (i for i, line in enumerate(kept) if quoting.is_delimiter(line)):
        below = [line for line in kept[i + 1 : i + 60] if line.strip()]
        if i + 60 >= len(kept) and len(below) <= 12 and not any(map(quoting.is_quoted, below)):
            kept = kept[:i]
            break
    while kept and _is_no_word(kept[-1]):
        if quoting.is_table_signature(kept[-1]):
            kept = _without_card(kept)
        kept.pop()
    return kept


def _is_no_word(line: str) -> bool:
    return not line.strip() or quoting.is_rule(line) or quoting.is_mobile_signature(line)


def _without_card(lines: list[str]) -> list[str]:
    """Return lines up to the card that ends with the last one: a table of name and address within ten lines."""
    start = next((i for i in range(max(len(lines) - 12, 0), len(lines)) if lines[i].strip() == "| |"), None)
    return lines if start is None else lines[: start + 1]
