"""What a department is asked to do inside somebody's ticket: its states, and the moves between them (rulebook T7, T8)."""

from enum import StrEnum


class TaskState(StrEnum):
    """asked → accepted → done, or back to who asked: declined with a reason, withdrawn when nothing is left to do."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = (TaskState.ASKED, TaskState.ACCEPTED)
"""While a task is in one of these the ticket waits for the department."""

FROM: dict[TaskState, tuple[TaskState, ...]] = {
    TaskState.ASKED: (),
    TaskState.ACCEPTED: (TaskState.ASKED,),
    TaskState.DONE: OPEN,
    TaskState.DECLINED: OPEN,
    TaskState.WITHDRAWN: OPEN,
}
"""Where a task may come from to be in a state; doing what nobody accepted yet accepts it by the way."""


def needs(task_id: int) -> str:
    """Return how promises name the task they are about."""
    return f"task:{task_id}"
