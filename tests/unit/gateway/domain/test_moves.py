"""Who may have the floor next, and what a ticket may become."""

import pytest

from gateway.domain import conversation, ticket
from gateway.domain.conversation import State
from gateway.domain.ticket import Status, Urgency

FLOOR = {
    (State.BOT, State.QUEUED), (State.BOT, State.WITH_AGENT), (State.BOT, State.CLOSED),
    (State.QUEUED, State.WITH_AGENT), (State.QUEUED, State.CLOSED),
    (State.WITH_AGENT, State.QUEUED), (State.WITH_AGENT, State.CLOSED),
    (State.CLOSED, State.QUEUED), (State.CLOSED, State.WITH_AGENT),
}  # fmt: skip
WORK = {
    (Status.OPEN, Status.IN_PROGRESS), (Status.OPEN, Status.RESOLVED), (Status.OPEN, Status.CLOSED),
    (Status.IN_PROGRESS, Status.OPEN), (Status.IN_PROGRESS, Status.RESOLVED), (Status.IN_PROGRESS, Status.CLOSED),
    (Status.RESOLVED, Status.CLOSED), (Status.RESOLVED, Status.OPEN), (Status.RESOLVED, Status.IN_PROGRESS),
    (Status.CLOSED, Status.OPEN), (Status.CLOSED, Status.IN_PROGRESS),
}  # fmt: skip


@pytest.mark.parametrize("now", list(State))
@pytest.mark.parametrize("to", list(State))
def test_the_floor_passes_only_by_these_moves(now: State, to: State) -> None:
    if now == to or (now, to) in FLOOR:
        assert conversation.move(now, to) is to
    else:
        with pytest.raises(conversation.MoveNotAllowed, match=f"from {now} to {to}"):
            conversation.move(now, to)


def test_nothing_gives_the_floor_back_to_the_bot() -> None:
    assert not any(to is State.BOT for _, to in FLOOR)


@pytest.mark.parametrize("now", list(Status))
@pytest.mark.parametrize("to", list(Status))
def test_a_ticket_changes_only_by_these_moves(now: Status, to: Status) -> None:
    if now == to or (now, to) in WORK:
        assert ticket.move(now, to) is to
    else:
        with pytest.raises(ticket.MoveNotAllowed, match=f"from {now} to {to}"):
            ticket.move(now, to)


def test_worse_urgency_ranks_higher() -> None:
    assert [urgency.rank for urgency in (Urgency.NORMAL, Urgency.URGENT, Urgency.CRITICAL)] == [0, 1, 2]
