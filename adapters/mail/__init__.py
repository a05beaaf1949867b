"""Mail: IMAP in, SMTP out, and a parser that may be killed in between.

Importing this package stays cheap, because the parser's process does it too; ``SPEC`` is made on first use.
"""

from typing import Any

__all__ = ["SPEC"]


def __getattr__(name: str) -> Any:
    if name == "SPEC":
        from adapters.mail.spec import SPEC

        return SPEC
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
