"""What somebody may do who holds several roles, and what a session that is not whole may do."""

import pytest

from gateway.desk.rights import Action, Role, Scope, Stage, Who, authorize, rights_of, scope_of
from gateway.errors import Forbidden


def test_several_roles_give_what_any_of_them_gives_as_far_as_the_widest() -> None:
    both = Who(role=Role.EDITOR, roles=frozenset({Role.AGENT}), name="x", agent_id=1)
    assert both.roles == {Role.AGENT, Role.EDITOR}
    assert scope_of(both, Action.REPLY) is Scope.OWN
    assert scope_of(both, Action.DRAFT_KNOWLEDGE) is Scope.ALL
    watching = Who(role=Role.SUPERVISOR, roles=frozenset({Role.AGENT}), name="x", agent_id=1)
    assert scope_of(watching, Action.REPLY) is Scope.ALL
    assert Action.SEE_REPORTS in rights_of(watching) - rights_of(both)


def test_a_token_for_some_acts_may_do_no_others_of_its_role() -> None:
    token = Who(role=Role.AUDITOR, name="x", actions=frozenset({Action.SEE_METRICS}))
    authorize(token, Action.SEE_METRICS)
    with pytest.raises(Forbidden):
        authorize(token, Action.SEE_REPORTS)
    greedy = Who(role=Role.AUDITOR, name="x", actions=frozenset({Action.SEE_TICKETS}))
    assert rights_of(greedy) == frozenset()


@pytest.mark.parametrize("stage", [Stage.SECOND, Stage.ENROL])
def test_a_session_that_is_not_whole_opens_nothing_but_itself(stage: Stage) -> None:
    who = Who(role=Role.ADMIN, name="x", agent_id=1, stage=stage)
    authorize(who, Action.SEE_SELF)
    authorize(who, Action.OWN_ACCOUNT)  # as far as the route names the stage
    for action in set(Action) - {Action.SEE_SELF, Action.OWN_ACCOUNT}:
        with pytest.raises(Forbidden) as refused:
            authorize(who, action)
        assert refused.value.kind == "factor_wanted"
