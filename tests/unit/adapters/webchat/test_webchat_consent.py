"""Nobody writes before agreeing to the privacy notice, where the house asks for that."""

import pytest

from tests.unit.adapters.webchat.client import Open

NOTICE = "2026-11"


@pytest.mark.parametrize("consent", [None, "2025-01"])
async def test_a_message_without_consent_to_this_version_is_refused_and_says_how(
    open_chat: Open, consent: str | None
) -> None:
    chat = await open_chat(consent=NOTICE)
    token = (await (await chat.http.post("/chat/v1/visitors")).json())["token"]
    body = {"id": "m1", "text": "你好", "consent": consent}
    answer = await chat.http.post(
        "/chat/v1/messages", json=body, headers={"Authorization": f"Bearer {token}"}
    )
    problem = await answer.json()
    assert (answer.status, problem["code"]) == (403, "consent")
    assert NOTICE in problem["detail"]
    assert chat.context.delivered == []


async def test_what_was_agreed_to_goes_in_with_the_message(open_chat: Open) -> None:
    chat = await open_chat(consent=NOTICE)
    token = (await (await chat.http.post("/chat/v1/visitors")).json())["token"]
    body = {"id": "m1", "text": "你好", "consent": NOTICE}
    answer = await chat.http.post(
        "/chat/v1/messages", json=body, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status == 202
    assert [one.consent for one in chat.context.delivered] == [NOTICE]
