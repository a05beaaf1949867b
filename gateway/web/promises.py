"""The public page of service promises, made from the very Policy that the steps read."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape

from gateway.domain.policy import Policy
from gateway.store.kept import Kept
from gateway.web.wording import hours_in_words, say, span_in_words

KINDS = ("welcome", "first_response", "next_response", "resolution", "follow_up", "promised")
"""What customers are told of, in this order."""
ENOUGH = 20
"""Of fewer a share says nothing."""

# Without one every browser asks for /favicon.ico, which is not there.
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 viewBox=%270 0 64 64%27%3E"
    "%3Crect width=%2764%27 height=%2764%27 rx=%2714%27 fill=%27%232457d6%27/%3E"
    "%3Cpath d=%27M16 18h32v22H30l-9 8v-8h-5z%27 fill=%27%23fff%27/%3E%3C/svg%3E"
)


def answering(policy: Policy) -> list[tuple[str, timedelta]]:
    """Return the catalogue keys and spans of everything about being answered."""
    spans = policy.spans
    rows = [("promise.welcome", spans.welcome), ("promise.agent_greeting", spans.agent_greeting)]
    rows += [(f"promise.first.{kind}", spans.first_response[kind]) for kind in ("chat", "social", "mail")]
    rows += [
        ("promise.first.urgent", spans.first_response_urgent),
        ("promise.first.latest", spans.first_response_latest),
    ]
    return rows + [(f"promise.{kind}.answer", pair.answer) for kind, pair in spans.anomaly.items()]


def solving(policy: Policy) -> list[tuple[str, timedelta]]:
    """Return the catalogue keys and spans of everything about being helped."""
    spans = policy.spans
    rows = [(f"promise.solve.{urgency}", span) for urgency, span in spans.resolution.items()]
    rows.append(("promise.returns", spans.returns))
    rows += [(f"promise.{kind}.solve", pair.solve) for kind, pair in spans.anomaly.items()]
    rows.append(("promise.solved_follow_up", spans.solved_follow_up))
    return [*rows, ("promise.reopen", policy.reopen_within)]


def version_of(policy: Policy) -> str:
    """Return a short mark that changes whenever a promise does."""
    told = repr((answering(policy), solving(policy), policy.hours.weekly, str(policy.hours.zone)))
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def promises_page(policy: Policy, lang: str, since: datetime, kept: Mapping[str, Kept]) -> str:
    """Return the page in ``zh-CN`` or ``en``; ``since`` is when these rules came into force here.

    ``kept`` is what was kept of each kind in the last thirty days.
    """
    date = since.astimezone(policy.hours.zone).date().isoformat()
    other = "en" if lang != "en" else "zh-CN"
    name = {"en": "English", "zh-CN": "中文"}[other]
    body = [
        f"<h1>{_t(policy.house.in_(lang))} · {_t(say('promises.title', lang))}</h1>",
        f"<p>{_t(say('promises.intro', lang))}</p>",
        f"<h2>{_t(say('promises.hours', lang))}</h2><p>{_t(hours_in_words(policy.hours, lang))}</p>",
        _table("promises.answering", answering(policy), lang),
        _table("promises.solving", solving(policy), lang),
        _kept_table(kept, lang),
        f"<p class=small>{_t(say('promises.version', lang, version=version_of(policy), date=date))}"
        f' · <a href="?lang={other}" hreflang="{other}">{name}</a>'
        f' · <a href="/">{_t(say("page.home", lang))}</a></p>',
    ]
    return page(say("promises.title", lang), "\n".join(body), lang)


def promises_text(policy: Policy, lang: str, since: datetime, kept: Mapping[str, Kept]) -> str:
    """Return the same as Markdown, for other sites and notice boards."""
    lines = [
        f"# {policy.house.in_(lang)} · {say('promises.title', lang)}",
        "",
        f"{say('promises.hours', lang)}: {hours_in_words(policy.hours, lang)}",
    ]
    for title, rows in (("promises.answering", answering(policy)), ("promises.solving", solving(policy))):
        lines += ["", f"## {say(title, lang)}", ""]
        lines += [f"- {say(key, lang)}: {span_in_words(span, lang)}" for key, span in rows]
    lines += ["", f"## {say('promises.kept', lang)}", ""]
    lines += [f"- {say(key, lang)}: {told}" for key, told in kept_rows(kept, lang)]
    date = since.astimezone(policy.hours.zone).date().isoformat()
    return "\n".join([*lines, "", say("promises.version", lang, version=version_of(policy), date=date), ""])


def kept_rows(kept: Mapping[str, Kept], lang: str) -> list[tuple[str, str]]:
    """Return what is published of each kind: a share only where there were enough to speak of one."""
    rows = []
    for kind in KINDS:
        one = kept.get(kind)
        total = one.total if one is not None else 0
        if one is None or total < ENOUGH:
            told = say("promises.kept.few", lang, total=total)
        else:
            # Rounded down: 99.96 % is not all of them.
            told = say("promises.kept.share", lang, share=f"{int(one.share * 1000) / 10:g}", total=total)
        rows.append((f"kept.{kind}", told))
    return rows


def _kept_table(kept: Mapping[str, Kept], lang: str) -> str:
    lines = "".join(f"<tr><td>{_t(say(key, lang))}<td>{_t(told)}" for key, told in kept_rows(kept, lang))
    title, what = _t(say("promises.kept", lang)), _t(say("promises.what", lang))
    head = f"<tr><th scope=col>{what}<th scope=col>{_t(say('promises.kept.column', lang))}"
    return f"<h2>{title}</h2>\n<table><thead>{head}</thead><tbody>{lines}</tbody></table>"


def page(title: str, body: str, lang: str) -> str:
    """Return a whole page around ``body``, which is HTML already."""
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{_t(title)}</title>\n<link rel="stylesheet" href="/pages.css">\n'
        f'<link rel="icon" href="{_ICON}">\n'
        f"</head>\n<body><main>\n{body}\n</main></body>\n</html>\n"
    )


def _table(title: str, rows: list[tuple[str, timedelta]], lang: str) -> str:
    head = (
        f"<tr><th scope=col>{_t(say('promises.what', lang))}<th scope=col>{_t(say('promises.within', lang))}"
    )
    lines = "".join(f"<tr><td>{_t(say(key, lang))}<td>{_t(span_in_words(span, lang))}" for key, span in rows)
    return f"<h2>{_t(say(title, lang))}</h2>\n<table><thead>{head}</thead><tbody>{lines}</tbody></table>"


def _t(text: str) -> str:
    return escape(text)
