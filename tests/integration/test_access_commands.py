"""``gateway agent roles|invite|reset`` and ``token create|list|revoke``, as an administrator runs them on the machine."""

import asyncio
import json
from pathlib import Path

from typer.testing import CliRunner

from gateway.cli import app
from tests.integration.test_people_command import config as config


async def run(config: Path, *words: str) -> tuple[int, str]:
    """Run the command in a thread of its own: it brings its own event loop."""
    line = [*words, "--config", str(config)]
    done = await asyncio.to_thread(CliRunner().invoke, app, line)
    return done.exit_code, done.output


async def test_somebody_is_given_roles_and_the_list_says_so(config: Path) -> None:
    code, said = await run(config, "agent", "roles", "a1001", "--role", "editor", "--role", "admin")
    assert (code, said) == (0, "a1001 is admin, editor now\n")
    listed = json.loads((await run(config, "agent", "list"))[1])
    assert listed["roles"] == ["admin", "editor"]
    code, said = await run(config, "agent", "roles", "a1001", "--role", "agent")
    assert code == 1
    assert "last administrator" in said


async def test_links_are_printed_for_people_there_are(config: Path) -> None:
    code, said = await run(config, "agent", "reset", "a1001", "--factors")
    assert code == 0
    assert "within 15 minutes" in said
    assert "/desk/reset#" in said
    assert (await run(config, "agent", "invite", "nobody"))[0] == 1
    words = ("agent", "add", "li", "--number", "7", "--name", "李", "--invite", "--mail", "li@shop.example")
    code, said = await run(config, *words)
    assert code == 0
    assert "/desk/invite#" in said
    assert "within 24 hours" in said


async def test_a_token_is_made_for_some_acts_listed_and_ended(config: Path) -> None:
    code, token = await run(
        config, "token", "create", "--role", "auditor", "--name", "board", "--action", "metrics.see"
    )
    assert (code, token[:3]) == (0, "gw_")
    listed = json.loads((await run(config, "token", "list"))[1])
    assert (listed["name"], listed["actions"], listed["used_at"]) == ("board", ["metrics.see"], None)
    assert token.strip() not in str(listed)
    assert await run(config, "token", "revoke", listed["id"]) == (0, f"revoked {listed['id']} (board)\n")
    assert json.loads((await run(config, "token", "list"))[1])["revoked_at"]
    assert (await run(config, "token", "revoke", "0" * 16))[0] == 1
    greedy = ("token", "create", "--role", "auditor", "--action", "tickets.see")
    assert (await run(config, *greedy))[0] == 1
