"""The triager that ships: its rules, and its model where there is one."""

from functools import lru_cache

from gateway.triage.model import shipped_model
from gateway.triage.read_rules import shipped
from gateway.triage.triage import Triager


@lru_cache(maxsize=1)
def shipped_triager() -> Triager:
    """Return it; read once."""
    return Triager(shipped(), shipped_model())
