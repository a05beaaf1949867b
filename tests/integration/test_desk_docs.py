"""docs/reference/http-api.md says what the code does."""

from pathlib import Path

from gateway.desk.rights import MATRIX, PERSONAL, Action, Role
from gateway.web.server import API_ROUTES

TEXT = (Path(__file__).parents[2] / "docs/reference/http-api.md").read_text()
_CELLS = {None: "–", "all": "yes"}


def test_every_route_is_described_with_its_right_and_answer() -> None:
    for route in API_ROUTES:
        line = next(
            (one for one in TEXT.splitlines() if one.startswith(f"| `{route.method} {route.path}` |")), ""
        )
        right = f"`{route.action}`" if route.action else "none"
        assert line.endswith(f"| {right} | {route.status} |"), f"{route.method} {route.path}: {line}"
        for field in route.takes.model_fields if route.takes and not route.is_query else ():
            assert f"`{field}`" in line or "`online`" in line, f"{route.path} does not name {field}"


def test_the_table_of_roles_is_the_matrix() -> None:
    for action in Action:
        person = " *person*" if action in PERSONAL else ""
        scopes = [MATRIX[role].get(action) for role in Role]
        cells = " | ".join(_CELLS.get(scope, str(scope)) for scope in scopes)
        assert f"| `{action}`{person} | {cells} |" in TEXT
