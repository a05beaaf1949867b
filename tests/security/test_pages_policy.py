"""Every page we send says the same: scripts of our own only, no markup from strings, in nobody's frame."""

from pathlib import Path

import pytest

from tests.servers.desk import running_desk

WANTED = (
    "default-src 'none'", "script-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
)  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/", "/desk", "/desk/tickets/T1", "/promises", "/nowhere", "/api/v1/nowhere", "/healthz"]
)
async def test_every_answer_carries_its_policy(tmp_path: Path, path: str) -> None:
    async with running_desk(tmp_path) as rig:
        answer = await rig.client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        if answer.content_type == "text/html":
            assert all(one in policy for one in WANTED), policy
            assert "unsafe" not in policy
        else:
            assert policy == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "geolocation=()" in answer.headers["Permissions-Policy"]
