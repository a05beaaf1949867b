"""What is refused inside a transaction of a ticket's life; nothing of it is kept."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from gateway.errors import Conflict, Forbidden, Said


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


class CannotMerge(Conflict):
    """These two cannot become one, or this one is none of two."""

    code: ClassVar[str] = "cannot_merge"
    said = Said(
        "无法合并：不能并入自身、已关闭或已合并的工单，部门任务未完成时也不能合并。",
        "This cannot be merged: not into itself, nor with a closed or merged ticket, nor while departments work on it.",
    )


class NotSameCustomer(Forbidden):
    """Tickets of two customers are merged by a supervisor only."""

    code: ClassVar[str] = "not_same_customer"
    said = Said(
        "两个工单属于不同客户，只能由主管说明原因后合并。",
        "These tickets are of two customers. Only a supervisor may merge them, and says why.",
    )
