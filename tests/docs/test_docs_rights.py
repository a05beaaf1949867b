"""docs/explanation/who-may-see-what.md and the part about approvals say what the code does."""

from pathlib import Path

from gateway.desk.approvals import ACTS
from gateway.desk.rights import MATRIX, Action, Role, Scope
from gateway.store.approvals import WITHIN
from gateway.web.denials import MOST, SAME_WITHIN

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "explanation/who-may-see-what.md").read_text("utf-8")
API = (DOCS / "reference/http-api.md").read_text("utf-8")


def test_every_word_for_how_far_a_right_reaches_is_explained() -> None:
    for scope in Scope:
        assert f"| `{scope}` |" in PAGE
        assert scope is Scope.ALL or f"*{scope}*" in API


def test_every_act_of_two_persons_is_listed_with_both_rights() -> None:
    for name, act in ACTS.items():
        about = "contact:C…" if act.about == "contact" else "ticket:T…"
        assert f"| `{name}` | `{about}` | `{act.ask}` | `{act.approve}` |" in API
    assert WITHIN.days == 1
    assert "ends after a day" in PAGE


def test_what_the_page_says_of_the_roles_is_so() -> None:
    assert "sees no ticket" in " ".join(PAGE.split())
    assert Action.SEE_TICKETS not in MATRIX[Role.ADMIN]
    assert MATRIX[Role.AGENT][Action.SEE_TICKETS] is Scope.DEPARTMENT
    assert MATRIX[Role.SUPERVISOR][Action.SEE_TICKETS] is Scope.ALL
    assert (MATRIX[Role.AGENT][Action.REVEAL], MATRIX[Role.SUPERVISOR][Action.REVEAL]) == (
        Scope.ASSIGNED,
        Scope.TEAM,
    )


def test_how_often_a_refusal_is_kept_is_as_written() -> None:
    assert (MOST, SAME_WITHIN.total_seconds()) == (60, 60)
    assert "at most once a minute, at most sixty an hour" in " ".join(PAGE.split())
