"""Which setting says how long a promise may take: the strictest of all that apply. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.domain.policy import ChannelKind, Policy
from gateway.domain.promise import Counts, Promise, Stage
from gateway.domain.promise_clock import Course, due_of, warn_of, when_open


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What of a ticket decides how long things may take."""

    channel: ChannelKind = "chat"
    urgency: str = "normal"
    anomaly: str = "none"
    subtype: str | None = None
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How long, which time counts, and the setting that says so."""

    setting: str
    span: timedelta
    counts: Counts
    latest: timedelta | None = None

    def course(self, since: datetime) -> Course:
        """Return a promise's course that begins at ``since``."""
        return Course(span=self.span, counts=self.counts, since=since, latest=self.latest)


def rule_of(kind: str, policy: Policy, about: About) -> Rule | None:
    """Return the rule for a promise of ``kind``: the strictest where several apply; None if none does."""
    candidates = list(_candidates(kind, policy, about))
    if not candidates:
        return None
    setting, span = min(candidates, key=lambda one: one[1])
    answers = kind in (Stage.FIRST_RESPONSE, Stage.NEXT_RESPONSE)
    return Rule(
        setting=setting,
        span=span,
        counts=policy.promises.counts_of(kind),
        latest=policy.spans.first_response_latest if answers else None,
    )


def owed(
    kind: str,
    policy: Policy,
    about: About,
    *,
    now: datetime,
    owner: str = "",
    agent_id: int | None = None,
    told: bool = False,
    needs: str = "",
    because: str,
) -> Promise:
    """Return the promise that the house's rules make from ``now`` on; its owner is the ticket's department.

    Raises:
        LookupError: no setting says how long such a thing may take.
    """
    rule = rule_of(kind, policy, about)
    if rule is None:
        raise LookupError(f"no rule says how long {kind} may take")
    course = rule.course(now)
    return Promise(
        kind=kind,
        owner=owner or about.department,
        agent_id=agent_id,
        told=told,
        needs=needs,
        because=because,
        started_at=now,
        span=rule.span,
        counts=rule.counts,
        due_at=due_of(course, policy.hours),
        warn_at=warn_of(course, policy.promises.warn_share_of(kind), policy.hours),
        rule=rule.setting,
        version=policy.promises.version,
    )


def reminded(promise: Promise, policy: Policy, now: datetime) -> Promise:
    """Return a promise that is due at a fixed time with its reminder: ``remind_before``, at opening time.

    One that is due sooner than twice that comes up after the usual share of what is left.
    """
    due = promise.due_at
    share_gone = now + (due - now) * policy.promises.warn_share_of(promise.kind)
    at = max(due - policy.spans.remind_before, min(share_gone, due))
    return replace(promise, warn_at=when_open(at, due, policy.hours))


def _candidates(kind: str, policy: Policy, about: About) -> Iterator[tuple[str, timedelta]]:
    spans = policy.spans
    if kind in _PLAIN:
        setting = _PLAIN[kind]
        yield f"promises.{setting}", getattr(spans, setting)
    elif kind in (Stage.FIRST_RESPONSE, Stage.NEXT_RESPONSE):
        yield from _answers(kind, policy, about)
    elif kind == Stage.RESOLUTION:
        yield from _solutions(policy, about)
    elif kind == Stage.ACCEPTANCE and (department := policy.department(about.department)):
        yield f"departments.{department.id}.accepts_within", department.accepts_within


_PLAIN: dict[str, str] = {
    Stage.WELCOME: "welcome",
    Stage.AGENT_GREETING: "agent_greeting",
    Stage.EXPLANATION: "overdue_cause",
    Stage.REPORT: "report_serious",
    Stage.VERIFY: "verify_serious",
    Stage.SECOND_LINE: "second_line",
    Stage.FOLLOW_UP: "solved_follow_up",
}


def _answers(kind: str, policy: Policy, about: About) -> Iterator[tuple[str, timedelta]]:
    spans, own = policy.spans, policy.promises.next_response
    if kind == Stage.NEXT_RESPONSE and about.channel in own:
        yield f"promises.next_response.{about.channel}", own[about.channel]
    else:
        yield f"promises.first_response.{about.channel}", spans.first_response[about.channel]
    if about.urgency != "normal":
        yield "promises.first_response.urgent", spans.first_response_urgent
    if about.anomaly in spans.anomaly:
        yield f"promises.{about.anomaly}.answer", spans.anomaly[about.anomaly].answer


def _solutions(policy: Policy, about: About) -> Iterator[tuple[str, timedelta]]:
    """An anomaly has a class of its own, as have returns; urgency shortens any."""
    spans = policy.spans
    if about.anomaly in spans.anomaly:
        yield f"promises.{about.anomaly}.solve", spans.anomaly[about.anomaly].solve
    elif about.subtype in policy.promises.returns:
        yield "promises.resolution.returns", spans.returns
    else:
        yield "promises.resolution.normal", spans.resolution["normal"]
    if about.urgency != "normal":
        yield f"promises.resolution.{about.urgency}", spans.resolution[about.urgency]
