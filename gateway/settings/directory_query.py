"""The one question that may be put to a house's database: a single SELECT with ``:order_no``.

The login should be read-only besides (docs/howto/customer-directory.md): this keeps mistakes out, not enemies, for
whoever writes the configuration could as well read the database.
"""

import re

_SKIPPED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_CHANGES = re.compile(
    r"\b(?:insert|update|delete|drop|alter|create|truncate|grant|revoke|attach|detach|pragma|into|pg_sleep|load_extension|dblink\w*"
    r"|pg_read_\w+|lo_import|lo_export)\b",
    re.IGNORECASE,
)
_GAP = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
"""As SQLAlchemy sees them: inside of literals too."""


def checked_query(query: str) -> str:
    """Return a query that only reads, and asks for one order.

    Raises:
        ValueError: it is something else; the message says what would do.
    """
    if not query.strip():
        return ""
    bare = _SKIPPED.sub(lambda found: "''" if found[0][0] == "'" else " ", query)
    bare = bare.strip().removesuffix(";")
    if not re.match(r"select\b", bare.lstrip(), re.IGNORECASE):
        raise ValueError("one SELECT")
    if ";" in bare:
        raise ValueError("one SELECT and nothing after it")
    if found := _CHANGES.search(bare):
        raise ValueError(f"a SELECT that only reads, without {found[0]}")
    gaps = set(_GAP.findall(query))
    if gaps != {"order_no"}:
        raise ValueError("a SELECT … WHERE … = :order_no, and no other gap")
    return query.strip().removesuffix(";")
