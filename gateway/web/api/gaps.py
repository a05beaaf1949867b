"""What the knowledge base lacks, and the drafts that would close it."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from gateway.desk.rights import Action
from gateway.editing.gaps import Gap
from gateway.errors import NotFound
from gateway.store.usage import LOOK_BACK
from gateway.web.api import knowledge_models as m
from gateway.web.api.knowledge_faces import within
from gateway.web.routes import Ask, Route, answer

_MINUTE = timedelta(minutes=1)


async def see_gaps(ask: Ask) -> web.Response:
    """Return the gaps, the dearest first."""
    found = await ask.parts.workshop.gaps()
    since = ask.parts.world.clock.now() - LOOK_BACK
    return answer({"gaps": [_face(ask, gap) for gap in found], "since": since})


async def draft(ask: Ask) -> web.Response:
    """Write the draft of a gap into the knowledge folder, by whoever asks."""
    workshop, wanted = ask.parts.workshop, ask.path("id")
    gap = next((one for one in await workshop.gaps() if one.id == wanted), None)
    if gap is None:
        raise NotFound("no such gap (any more)")
    made = await workshop.write_draft(gap, name=ask.who.name, number=ask.who.number)
    kept = made.kept
    file = within(made.file, workshop.library.folder)
    return answer({"file": file, "state": kept.state, "commit": kept.commit, "why": kept.why}, 201)


def _face(ask: Ask, gap: Gap) -> dict[str, Any]:
    begun = ask.parts.workshop.draft_file(gap)
    return {
        "id": gap.id,
        "question": gap.question,
        "lang": gap.lang,
        "kinds": list(gap.kinds),
        "times": gap.times,
        "minutes": gap.cost / _MINUTE,
        "examples": [{"text": one.text, "at": one.at, "channel": one.channel} for one in gap.examples],
        "reply": gap.reply,
        "reply_times": gap.reply_times,
        "entries": [_named(ask, entry) for entry in gap.entries],
        "last_at": gap.last_at,
        "draft": begun.name if begun else None,
    }


def _named(ask: Ask, id: str) -> dict[str, str]:
    try:
        return {"id": id, "question": ask.parts.world.library.entry(id).question_in(ask.lang)}
    except KeyError:
        return {"id": id, "question": ""}


ROUTES = (
    Route(
        method="GET",
        path="/knowledge/gaps",
        action=Action.SEE_GAPS,
        handler=see_gaps,
        summary="What customers ask and the knowledge base does not settle",
        gives=m.Gaps,
    ),
    Route(
        method="POST",
        path="/knowledge/gaps/{id}/draft",
        action=Action.DRAFT_KNOWLEDGE,
        handler=draft,
        summary="Write the draft of an entry that closes a gap",
        takes=m.Nothing,
        gives=m.Written,
        status=201,
        refusals=(404, 409),
    ),
)
