"""Row 18: a key that no door asks for is refused, also one that is a column of ours; nothing is changed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from gateway.store import tables as t
from gateway.store.database import Tx
from gateway.web.routes import Route
from gateway.web.server import API_ROUTES
from tests.security.matrix.asking import Given, body_of, part_of, path_of
from tests.security.matrix.cast import make_cast
from tests.security.matrix.planting import UNKNOWN, Planted, Planter
from tests.servers.desk import DeskRig, running_desk

COLUMNS = sorted({column.name for table in t.metadata.tables.values() for column in table.columns})
TAKING = tuple(route for route in API_ROUTES if route.takes is not None)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with running_desk(tmp_path) as found:
        yield found


@pytest.mark.parametrize("route", TAKING, ids=lambda one: f"{one.method} {one.path}")
def test_row_18_every_column_of_ours_is_an_unknown_key_at_every_door(route: Route) -> None:
    assert route.takes is not None
    known = {field.alias or name for name, field in route.takes.model_fields.items()}
    for column in COLUMNS:
        if column in known or column in route.takes.model_fields:
            continue
        with pytest.raises(ValidationError) as refused:
            route.takes.model_validate({column: "x"})
        assert ((column,), "extra_forbidden") in {(one["loc"], one["type"]) for one in refused.value.errors()}


def test_row_18_every_answer_that_is_described_lists_its_fields() -> None:
    for route in API_ROUTES:
        for model in (route.takes, route.gives):
            if model is not None:
                assert model.model_config.get("extra") == "forbid", model


def _everything(tx: Tx) -> dict[str, list[tuple[Any, ...]]]:
    skipped = (
        "session",
        "audit",
        "audit_words",
    )  # a session is renewed by being used, the audit grows by refusing
    return {
        name: [tuple(row) for row in tx.execute(select(table)).all()]
        for name, table in t.metadata.tables.items()
        if name not in skipped
    }


async def test_row_18_a_body_with_a_key_too_many_is_refused_and_changes_nothing(rig: DeskRig) -> None:
    who = next(one for one in await make_cast(rig) if one.name == "admin and supervisor")
    colleague, other = await rig.agent(number="9001"), await rig.ticket()
    about = await Planter(rig, colleague.id, colleague.id).plant("own", who)
    before = await rig.database.read(_everything)
    tried = 0
    for route in TAKING:
        if route.method == "GET":
            continue
        planted: Planted = about if part_of(route) or route.action is not None else UNKNOWN
        given = Given(
            about=planted, version=1, other=other, colleague="9001", nonce="000001", later="2027-01-01"
        )
        for column in (
            "role",
            "roles",
            "agent_id",
            "contact_id",
            "password",
            "version_",
            "level",
            "disabled_at",
        ):
            assert route.takes is not None
            if column in route.takes.model_fields:
                continue
            body, url = body_of(route, given) | {column: "admin"}, f"/api/v1{path_of(route, given)}"
            async with rig.client.request(route.method, url, json=body, headers=who.headers) as answer:
                assert 400 <= answer.status < 500, (route.path, column, await answer.text())
            tried += 1
    assert tried > 300
    assert await rig.database.read(_everything) == before
