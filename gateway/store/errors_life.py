"""What is refused inside a transaction of a ticket's life; nothing of it is kept."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from gateway.errors import Conflict, Said


class RecordChanged(Conflict):
    """A colleague wrote into the complaint's record meanwhile."""

    code: ClassVar[str] = "record_changed"
    said = Said(
        "投诉记录已被更新，请刷新后再修改。",
        "The complaint's record has changed. Please reload and try again.",
    )


class NotResolvedNow(Conflict):
    """Somebody wrote, or closed it, in the meantime; nothing is told and nothing is closed."""


class RecordIncomplete(Conflict):
    """The house wants more in the complaint's record before it is resolved; ``missing`` names the fields."""

    code: ClassVar[str] = "record_incomplete"
    said = Said(
        "投诉记录不完整，请先补全再标记为已解决。",
        "The complaint's record is incomplete. Please complete it before you resolve the ticket.",
    )

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"the record lacks {', '.join(missing)}")
        self.shown: Mapping[str, Any] = {"missing": list(missing)}


class TaskMoved(Conflict):
    """A colleague has accepted, done, declined or withdrawn the task already."""

    code: ClassVar[str] = "task_moved"
    said = Said("该任务的状态已变化，请刷新后再操作。", "The task has moved on. Please reload and try again.")
