"""Every channel shows an editor what it would send, by what it sends with."""

import json

import pytest

from adapters.contract import Choice, Renders
from adapters.registry import spec
from adapters.testing import an_outbound
from adapters.testing.context import FakeContext
from tests.servers.shop_app import SECRET, TOKEN

CHOICES = (Choice(id="a", label="退货运费"), Choice(id="b", label="人工"))
SETTINGS = {
    "webchat": {},
    "telegram": {"token": "424242:sample-token"},
    "mail": {"address": "a@shop.example", "imap": {"host": "x", "login": "x", "password": "x"}},
    "api": {"token": TOKEN, "webhook_url": "https://shop.example/hook", "webhook_secret": SECRET},
}


@pytest.mark.parametrize("kind", SETTINGS)
async def test_a_preview_is_what_would_be_sent(kind: str) -> None:
    found = spec(kind)
    adapter = found.create(found.settings.model_validate(SETTINGS[kind]), FakeContext())
    assert isinstance(adapter, Renders)
    pieces = adapter.render(an_outbound(text="**七天**内 <b>可退</b>", choices=CHOICES))
    await adapter.close()
    forms = [piece.form for piece in pieces]
    shown = pieces[0].content
    if kind == "api":
        assert forms == ["json"]
        assert json.loads(shown)["data"]["choices"][0] == {"id": "a", "label": "退货运费"}
        return
    assert forms == (["html", "text"] if kind == "mail" else ["html"])
    assert ("<b>七天</b>" if kind == "telegram" else "<strong>七天</strong>") in shown
    assert "&lt;b&gt;可退" in shown
    if kind == "mail":
        assert "1. 退货运费" in pieces[1].content
        assert pieces[0].buttons == ()
    else:
        assert pieces[0].buttons == ("退货运费", "人工")
