"""What an agent is about to write, checked before it is sent."""

from dataclasses import asdict

from aiohttp import web

from gateway.desk.rights import Action
from gateway.desk.telling import check_draft, language_of
from gateway.desk.tickets import sight_of
from gateway.errors import NotFound
from gateway.store import visible
from gateway.web.api import models_drafts as m
from gateway.web.routes import Ask, Route, answer


async def check(ask: Ask) -> web.Response:
    """Return the promises a draft makes, and the words in it that will not do; nothing is kept."""
    asked: m.DraftBody = ask.body(m.DraftBody)
    world = ask.parts.world
    spoken = world.policy.languages[0]
    if asked.ticket is not None:
        number, sight = asked.ticket, sight_of(ask.who)
        found = await world.database.read(lambda tx: visible.language_of(tx, sight, number))
        if found is None:
            raise NotFound(f"no ticket {number}")
        spoken = found
    lang = language_of(asked.text, spoken)
    checked = check_draft(asked.text, world.clock.now(), world.policy, world.texts, lang=lang, shown=ask.lang)
    return answer(asdict(checked) | {"blocks": world.policy.words.blocks})


ROUTES = (
    Route(
        method="POST",
        path="/drafts/check",
        action=Action.REPLY,
        handler=check,
        summary="Check a draft for promises and for words the house does not use",
        takes=m.DraftBody,
        gives=m.CheckedDraft,
        refusals=(404,),
    ),
)
