"""Whether every ticket finds somebody: departments without people, people without room, VIPs whose agent is gone."""

from collections.abc import Callable, Iterator

from sqlalchemy import select

from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.routing_route import has_people
from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.store.roster import read_people


def people_findings(tx: Tx, policy: Policy, kind: Callable[[str], ChannelKind]) -> Iterator[Finding]:
    """Yield what keeps tickets from people; nothing while the house has nobody at all yet."""
    people = read_people(tx, policy.dispatch, policy.hours, kind)
    if not people:
        return
    empty = [one.id for one in policy.departments if not has_people(one.id, people)]
    if empty:
        named = ", ".join(empty)
        yield _note(
            Said(
                f"部门 {named} 没有人员，其工单会转到 {policy.routing.otherwise}，并提醒主管。",
                f"No agent works in {named}: their tickets go to {policy.routing.otherwise}, and supervisors are "
                "alarmed.",
            ),
            Said(
                "请用 gateway agent set 工号 --departments 指定，或在 [departments] 中删除该部门。",
                "Give somebody the department (gateway agent set NUMBER --departments …), or take it out of "
                "[departments].",
            ),
        )
    idle = [one.number for one in people if not any({**policy.dispatch.capacity, **one.capacity}.values())]
    if idle:
        named = ", ".join(idle)
        yield _note(
            Said(
                f"客服 {named} 的容量为 0，不会分到工单。",
                f"Agents {named} have no capacity: they get no tickets.",
            ),
            Said(
                "请用 gateway agent set 工号 --capacity 5 设定。",
                "Set it with gateway agent set NUMBER --capacity 5.",
            ),
        )
    if not any(one.is_supervisor for one in people):
        yield _note(
            Said("没有主管：投诉与紧急事项无人督办。", "There is no supervisor: nobody sees to complaints."),
            Said(
                "请用 gateway agent add --role supervisor 添加。",
                "Add one: gateway agent add LOGIN --role supervisor.",
            ),
        )
    yield from _orphans(tx)


def _orphans(tx: Tx) -> Iterator[Finding]:
    c, a = t.contact.c, t.agent.c
    query = (
        select(c.number)
        .join(t.agent, a.id == c.own_agent_id)
        .where(c.vip, a.disabled_at.is_not(None))
        .limit(20)
    )
    orphans = list(tx.execute(query).scalars())
    if orphans:
        named = ", ".join(orphans)
        yield _note(
            Said(f"VIP 客户 {named} 的专属客服已停用。", f"The own agent of VIPs {named} is disabled."),
            Said("请在客户页另行指定。", "Give them another: PUT /api/v1/contacts/{number}/vip."),
        )


def _note(found: Said, remedy: Said) -> Finding:
    return Finding(check="people", level="note", found=found, remedy=remedy)
