"""What one person asks for and another decides on: taking data out, erasing them, merging people, overriding a proof.

Whoever carries such an act out calls ``use`` in the transaction of the act.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from gateway.desk.rights import MATRIX, PERSONAL, Action, Role, Unseen, Who, authorize, scope_of, sight_of
from gateway.domain.masking import mask_text
from gateway.errors import Conflict, Forbidden, NotFound, Refusal, Said
from gateway.store import approvals as rows
from gateway.store import audit
from gateway.store import visible_objects as objects
from gateway.store.approvals import WITHIN, Approval
from gateway.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that needs two: the right to ask for it, and the right to decide on it."""

    ask: Action
    approve: Action
    about: str
    """What it is about: ``contact`` or ``ticket``."""


ACTS: Mapping[str, Act] = {
    "export": Act(ask=Action.ASK_EXPORT, approve=Action.APPROVE_EXPORT, about="contact"),
    "erasure": Act(ask=Action.ASK_ERASURE, approve=Action.APPROVE_ERASURE, about="contact"),
    "customers.merge": Act(
        ask=Action.ASK_CUSTOMER_MERGE, approve=Action.APPROVE_CUSTOMER_MERGE, about="contact"
    ),
    "verification.override": Act(ask=Action.ASK_OVERRIDE, approve=Action.APPROVE_OVERRIDE, about="ticket"),
}
LONGEST = 500


class NeedsApproval(Forbidden):
    """A second person has to agree first."""

    code: ClassVar[str] = "needs_approval"
    said = Said(
        "此操作须由另一位同事批准，请先提出申请。", "This needs a second person: ask for approval first."
    )


class NotYourOwn(Forbidden):
    """Whoever asked does not decide."""

    code: ClassVar[str] = "own_request"
    said = Said("不能批准自己的申请，请联系另一位同事。", "You cannot decide on what you asked for yourself.")


class Decided(Conflict):
    """Somebody was quicker, or its time is over."""

    code: ClassVar[str] = "decided"
    said = Said("该申请已处理或已过期。", "This request has been decided on, or its time is over.")


def ask(tx: Tx, who: Who, *, act: str, about: str, reason: str, now: datetime) -> Approval:
    """Ask for an act on ``contact:C…`` or ``ticket:T…``; asked again while it is open, it is the same request.

    Raises:
        Forbidden, NotFound: they may not ask for it, or do not see what it is about.
        Refusal: no such act, or no reason.
    """
    rule, me = _rule(act), _person(who)
    authorize(who, rule.ask)
    kind, _, name = about.partition(":")
    if kind != rule.about or not name:
        raise _invalid("about", Said(f"请写成 {rule.about}:编号。", f"Write it as {rule.about}:NUMBER."))
    _must_reach(tx, who, rule, name)
    if not reason.strip():
        raise _invalid("reason", Said("请填写原因。", "Say why."))
    known = rows.open_one(tx, act=act, about=about, state="asked", now=now)
    if known is not None and known.asked_by == me:
        return known
    words = mask_text(reason.strip())[:LONGEST]
    kept = rows.add(tx, act=act, about=about, reason=words, asked_by=me, now=now)
    audit.write(tx, actor=_actor(who), act=f"{act}.ask", about=about, now=now, reason=reason, request=kept)
    return _found(tx, kept)


def decide(
    tx: Tx, who: Who, approval_id: int, *, is_approved: bool, now: datetime, reason: str = ""
) -> Approval:
    """Say yes or no to somebody else's request; a yes holds for a day. Who asked reads the ``reason``.

    Raises:
        NotFound: there is none, or none of an act that is theirs to decide on.
        NotYourOwn: they asked for it themselves. Decided: it is decided on, or over.
    """
    known = rows.find(tx, approval_id)
    if known is None or (scope_of(who, ACTS[known.act].approve) is None and known.asked_by != who.agent_id):
        raise NotFound(f"no request {approval_id}")
    if known.asked_by == who.agent_id:
        raise NotYourOwn(f"{who.number} asked for {known.act} and cannot decide on it")
    authorize(who, ACTS[known.act].approve)
    to = "approved" if is_approved else "refused"
    ends = now + WITHIN if is_approved else None
    words = mask_text(reason.strip())[:LONGEST] or None
    by = _person(who)
    if not rows.settle(tx, approval_id, was="asked", to=to, now=now, by=by, expires_at=ends, answer=words):
        raise Decided(f"request {approval_id} is {known.state}")
    audit.write(
        tx,
        actor=_actor(who),
        act=f"{known.act}.{'approve' if is_approved else 'refuse'}",
        about=known.about,
        now=now,
        reason=reason,
        request=approval_id,
        asked_by=f"agent:{known.asked_number}",
    )
    return _found(tx, approval_id)


def use(tx: Tx, *, act: str, about: str, now: datetime) -> Approval:
    """Return the approval that lets an act be done now, and use it up: it was for this once.

    Raises:
        NeedsApproval: nobody approved it, or not lately.
    """
    _rule(act)
    known = rows.open_one(tx, act=act, about=about, state="approved", now=now)
    if known is None or not rows.settle(tx, known.id, was="approved", to="used", now=now):
        raise NeedsApproval(f"{act} on {about} is not approved", act=act)
    return _found(tx, known.id)


def may_decide_on(who: Who) -> tuple[str, ...]:
    """Return the acts whose requests somebody decides on."""
    return tuple(name for name, act in ACTS.items() if scope_of(who, act.approve) is not None)


def visible(tx: Tx, who: Who) -> list[Approval]:
    """Return the requests somebody made, and those of others they may decide on."""
    return rows.latest(tx, acts=may_decide_on(who), asked_by=_person(who))


def must_be_grantable(
    who: Who, roles: frozenset[Role], *, to: int | None, only: frozenset[Action] | None = None
) -> None:
    """Return if ``who`` may give these roles to the account ``to``, or to a program where that is None.

    Nobody gives themselves a right; a program gets nothing that its maker lacks, for nobody stands behind it. Who
    else gets an account is what administrators are there for, and the audit says so. ``only`` narrows what a program
    gets; what takes a person no program gets, whatever its role.

    Raises:
        Forbidden: otherwise.
    """
    given = {action for role in roles for action in MATRIX[role]}
    if to is None:
        given -= PERSONAL
    if only is not None:
        given &= only
    lacking = sorted(action for action in given if scope_of(who, action) is None)
    if lacking and (to is None or to == who.agent_id):
        said = Said(
            "不能授予自己没有的权限，请由其他管理员处理。",
            "You cannot grant what you may not do yourself; ask another administrator.",
        )
        raise Forbidden(f"{who.number} lacks {', '.join(lacking)}", code="not_grantable", public=said)


def _must_reach(tx: Tx, who: Who, rule: Act, name: str) -> None:
    if rule.about == "ticket":
        standing = objects.ticket(tx, name)
        if standing is None:
            raise NotFound(f"no ticket {name}")
        authorize(who, rule.ask, standing)
    elif not objects.of_contact(tx, sight_of(who), name):
        raise Unseen(f"{name} is not for {who.number}")


def _rule(act: str) -> Act:
    if act not in ACTS:
        raise _invalid("act", Said("没有这种申请。", f"There is no such act: {', '.join(ACTS)} are."))
    return ACTS[act]


def _person(who: Who) -> int:
    assert who.agent_id is not None, "these rights are a person's"
    return who.agent_id


def _actor(who: Who) -> str:
    return f"agent:{who.number}"


def _found(tx: Tx, approval_id: int) -> Approval:
    found = rows.find(tx, approval_id)
    assert found is not None
    return found


def _invalid(field: str, said: Said) -> Refusal:
    return Refusal(f"{field}: {said.en}", public=said, code="invalid", field=field)
