"""The agents' verb of correcting what triage said (rulebook T1, T2). Pure."""

from collections.abc import Mapping

from gateway.desk.actions import Case
from gateway.desk.rights import Action, authorize, oversees
from gateway.domain.ticket import Urgency
from gateway.errors import Forbidden, Refusal, Said
from gateway.pipeline.effects_promises import Reckon
from gateway.pipeline.effects_triage import Correct
from gateway.pipeline.plan import Plan


def correct(case: Case, changes: Mapping[str, str], *, reason: str) -> Plan:
    """Say what the ticket is about, and why; fields that are so already are left alone.

    An agent may raise the urgency; a supervisor may lower it, too (rulebook P1).
    """
    authorize(case.who, Action.CLASSIFY, case.ticket)
    department = changes.get("department")
    if department is not None and case.policy.department(department) is None:
        said = Said("没有这个部门。", "There is no such department.")
        raise Refusal(f"department: {said.en}", public=said, code="invalid", field="department")
    urgency = changes.get("urgency")
    if urgency is not None and Urgency(urgency).rank < case.ticket.urgency.rank and not oversees(case.who):
        raise Forbidden(
            f"{case.by} may not lower the urgency of {case.ticket.number}",
            public=Said("降低紧急程度请联系主管。", "Please ask a supervisor to lower the urgency."),
        )
    fields = ", ".join(sorted(changes))
    effect = Correct(
        changes=changes, reason=reason.strip(), agent_id=case.me, because=f"{case.by} corrected {fields}"
    )
    reckon = Reckon(because=effect.because)
    return Plan(lang=case.lang).then(*((effect, reckon) if changes else ()))
