"""The knowledge base in the metrics, in `/readyz`, and at the administrator's command."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from gateway.clock import SystemClock
from gateway.control import Verb
from gateway.library import Library, Reload
from gateway.metrics import Metrics

RELOAD = "knowledge.reload"


def show_knowledge(metrics: Metrics, library: Library, clock: SystemClock) -> None:
    """Let the metrics follow the library."""
    metrics.knowledge_entries.set_function(lambda: len(library.loaded.entries))
    metrics.knowledge_problems.set_function(lambda: mistakes(library))
    metrics.knowledge_reloaded.set(clock.now().timestamp())

    def count(reload: Reload) -> None:
        metrics.knowledge_reloads.labels(reload.outcome).inc()
        metrics.knowledge_reload_seconds.observe(reload.seconds)
        if reload.outcome == "swapped":
            metrics.knowledge_reloaded.set(clock.now().timestamp())

    library.on_reload = count


def mistakes(library: Library) -> int:
    """Return how many mistakes keep files from being used."""
    return sum(problem.fatal for problem in library.loaded.problems)


def knowledge_state(library: Library) -> Mapping[str, Any]:
    """Return what `/readyz` says; a gateway that knows nothing is ready, for people answer."""
    entries, wrong = len(library.loaded.entries), mistakes(library)
    says = (
        "no entries: every question goes to a person"
        if not entries
        else "mistakes in files"
        if wrong
        else "ok"
    )
    return {"state": says, "entries": entries, "mistakes": wrong}


def knowledge_verbs(library: Library) -> Mapping[str, Verb]:
    """Return the commands that only a running gateway can carry out on its knowledge."""
    return {RELOAD: partial(_reload, library)}


async def _reload(library: Library, values: Mapping[str, Any]) -> Any:
    done = await library.reload(force=bool(values.get("force")))
    loaded, lang = library.loaded, str(values.get("lang") or "en")
    # What was refused when it was saved is refused still, although nothing has changed since.
    outcome = done.outcome if loaded.accepted else "refused"
    return {
        "outcome": outcome,
        "entries": done.entries,
        "problems": [one.text(lang) for one in loaded.problems],
    }
