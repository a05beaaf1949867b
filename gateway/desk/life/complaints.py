"""The agents' verb about a complaint's record (rulebook L6). Pure."""

from collections.abc import Mapping
from datetime import datetime

from gateway.desk.actions import Case
from gateway.desk.rights import Action, authorize
from gateway.errors import Refusal, Said
from gateway.pipeline.effects_life import EditComplaint
from gateway.pipeline.plan import Plan


def edit_complaint(case: Case, changes: Mapping[str, str | datetime | None], *, version: int) -> Plan:
    """Write into the record, also after the case is closed: the customer's response comes late.

    An empty text takes a person's word back. What happened or was raised in the future is refused.
    """
    authorize(case.who, Action.EDIT_COMPLAINT, case.ticket)
    department = changes.get("responsible")
    if department and case.policy.department(str(department)) is None:
        raise _invalid("responsible", Said("没有这个部门。", "There is no such department."))
    kept: dict[str, str | datetime | None] = {}
    for field, value in changes.items():
        if isinstance(value, datetime) and value > case.now:
            raise _invalid(field, Said("时间不能晚于现在。", "This time has not come yet."))
        kept[field] = (value.strip() or None) if isinstance(value, str) else value
    because = f"{case.by} wrote into the complaint's record"
    edit = EditComplaint(changes=kept, version=version, because=because)
    return Plan(lang=case.lang).then(*((edit,) if kept else ()))


def _invalid(field: str, said: Said) -> Refusal:
    return Refusal(f"{field}: {said.en}", public=said, code="invalid", field=field)
