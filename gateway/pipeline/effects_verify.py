"""Effects of verification: what is asked for, what is to be compared, what must not stand in the transcript."""

from dataclasses import dataclass

from gateway.domain.verification import Awaited, Checked, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Await:
    """The contact is asked to prove something; ``ticket`` opens the secure page for this conversation."""

    awaited: Awaited
    ticket: str = ""
    agent_id: int | None = None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """An attempt: it is there before anything is looked up, and its outcome is said at a fixed time."""

    kind: Kind
    awaited: Awaited
    order: str = ""
    tail: str = ""
    name: str = ""
    code: str = ""
    phone: str = ""
    link: str = ""
    email: str = ""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The contact's own message gave what nobody is to read again: it stands there as ``words`` from now on."""

    words: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleAttempt:
    """The outcome of an attempt is said: it is settled, once, and what was given is forgotten."""

    checked: Checked
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepProof:
    """The contact is there: what is proven goes on holding."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndProof:
    """Nothing is proven any more in this conversation."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """L4: one person asked, another approved, and now one action may be done; the approval is used up by it."""

    agent_id: int
    action: str
    because: str


VerifyEffect = Await | Reserve | Cover | KeepProof | SettleAttempt | EndProof | Confirm
