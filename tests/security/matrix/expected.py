"""What the matrix says must happen, worked out by other code than the gateway's own."""

from gateway.desk.rights import Action, Scope
from gateway.web.routes import Route
from tests.security.matrix.cast import NOBODY, Principal
from tests.security.matrix.planting import GONE, OF_THEIRS, Planted

FINE, UNKNOWN_CALLER, NO_RIGHT, NOT_THEIRS, NOT_SEEN, NOT_THERE = (
    "fine",
    "401",
    "403 forbidden",
    "403 not_yours",
    "404 unseen",
    "404 unknown",
)
ONLY_SEEN = ("/handovers/", "/attachments/", "/alarms/", "/quarantine/")
"""Seeing is all that is asked before the handler's own conditions (whose hand-over it is, and the like)."""


def sees(who: Principal, about: Planted) -> bool:
    """Whether they see tickets of this standing."""
    scopes = who.scopes(Action.SEE_TICKETS)
    if not scopes or about.kind == GONE:
        return False
    return Scope.ALL in scopes or not who.departments or about.kind in OF_THEIRS


def expected(route: Route, who: Principal, about: Planted | None) -> str:
    """What must come of asking for this route, about this ticket where its address names one."""
    assert route.action is not None
    if who is NOBODY:
        return UNKNOWN_CALLER
    if who.lacks(route.action):
        return NO_RIGHT
    if about is None:
        return FINE
    if about.kind == GONE:
        return NOT_THERE
    if not sees(who, about):
        return NOT_SEEN
    if route.path.startswith(ONLY_SEEN) and route.action not in (Action.HAND_OVER,):
        return FINE
    return FINE if any(_reaches(one, route, who, about) for one in who.scopes(route.action)) else NOT_THEIRS


def _reaches(scope: Scope, route: Route, who: Principal, about: Planted) -> bool:
    if scope is Scope.ASSIGNED:
        return about.kind == "own"
    if scope is Scope.OWN:
        return about.holder(who) in (None, who.agent_id)
    if scope is Scope.TEAM:
        return not who.supervises or about.department in who.supervises
    if scope is Scope.DEPARTMENT and route.action is Action.WORK_TASK:
        return not who.departments or about.task_department in who.departments
    return True
