"""The house rules as plain values: settings builds them, steps read them, nothing here knows a file.

Every default is the strictest figure of the handbooks (docs/explanation/service-rules.md names each source).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from gateway.domain.actions import ActionRules
from gateway.domain.alarm import AlarmRules
from gateway.domain.calendar import BusinessHours
from gateway.domain.covering import CoverRules
from gateway.domain.emergency import EmergencyRules
from gateway.domain.entities import EntityRules
from gateway.domain.identity import ChannelKind as ChannelKind
from gateway.domain.identity import IdentityRules
from gateway.domain.life import Life
from gateway.domain.localized import Localized as Localized
from gateway.domain.localized import choose_language as choose_language
from gateway.domain.privacy import PrivacyNotice
from gateway.domain.promise import PromiseRules
from gateway.domain.revealing import RevealRules
from gateway.domain.routing_rules import Dispatch
from gateway.domain.telling import TellingRules
from gateway.domain.verification import VerificationRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """部门: owns a queue. ``accepts_within`` is how soon it must take what is handed to it."""

    id: str
    label: Localized
    accepts_within: timedelta
    solves_within: timedelta = timedelta(hours=24)
    """A task given to it inside a colleague's ticket is done within this, once asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Which department a ticket goes to: the first of sub-type, anomaly and type that names one."""

    by_type: Mapping[str, str]
    by_anomaly: Mapping[str, str]
    by_subtype: Mapping[str, str]
    otherwise: str

    def department(self, *, type: str, subtype: str = "", anomaly: str = "none") -> str:
        """Return the id of the department that owns such a ticket."""
        for table, word in ((self.by_anomaly, anomaly), (self.by_subtype, subtype), (self.by_type, type)):
            if word in table:
                return table[word]
        return self.otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A pair of spans: answered within the one, solved within the other."""

    answer: timedelta
    solve: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """How long each thing the house owes may take. Rule ids are those of docs/explanation/service-rules.md.

    ``first_response`` counts opening time only, beginning at the next opening when the house is closed (I4,
    I5); everything else is by the clock on the wall, day and night.
    """

    welcome: timedelta
    """I3: the automatic welcome."""
    agent_greeting: timedelta
    """I4: a person who takes over greets."""
    first_response: Mapping[ChannelKind, timedelta]
    """I4, I5: the first human answer, by kind of channel, in opening time."""
    first_response_urgent: timedelta
    """T4: the same for urgent and critical tickets on slower channels."""
    first_response_latest: timedelta
    """I5: and never later than this, where the house opens before."""
    resolution: Mapping[str, timedelta]
    """T4: by urgency."""
    returns: timedelta
    """T4: returns and exchanges."""
    anomaly: Mapping[str, Answered]
    """T3, T4: complaint, serious, outage, media."""
    second_line: timedelta
    """T9: what the first line cannot solve is with the second."""
    report_serious: timedelta
    """T9: a serious case is reported."""
    verify_serious: timedelta
    """T9: a supervisor has verified it."""
    overdue_cause: timedelta
    """L2: the agent states why it is late, and the plan."""
    remind_before: timedelta
    """L3: a promise comes up this long before it is due."""
    day_end_reminder: timedelta
    """L7: before closing, each agent is shown what is still open."""
    rating_follow_up: timedelta
    """S2: after a rating of ``rating_low`` or less somebody calls."""
    rating_follow_up_latest: timedelta
    """S2: and a supervisor has, at the latest."""
    solved_follow_up: timedelta
    """S3: complaints and returns are followed up after they are solved."""

    def first_response_for(self, kind: ChannelKind, urgency: str = "normal") -> timedelta:
        """Return the opening time within which a person first answers."""
        usual = self.first_response[kind]
        return usual if urgency == "normal" else min(usual, self.first_response_urgent)

    def answer_for(self, *, kind: ChannelKind, urgency: str = "normal", anomaly: str = "none") -> timedelta:
        """Return the strictest span for a first human answer, whatever rule it comes from."""
        usual = self.first_response_for(kind, urgency)
        return min(usual, self.anomaly[anomaly].answer) if anomaly in self.anomaly else usual

    def resolution_for(
        self, *, urgency: str = "normal", anomaly: str = "none", is_return: bool = False
    ) -> timedelta:
        """Return the span for solving it; an anomaly has a class of its own, urgency shortens any."""
        if anomaly in self.anomaly:
            usual = self.anomaly[anomaly].solve
        else:
            usual = self.returns if is_return else self.resolution["normal"]
        return min(usual, self.resolution[urgency]) if urgency != "normal" else usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """No more than ``count`` within ``within``."""

    count: int
    within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Phrases that the house does not use to customers, by language; each with a better one (K5, I6)."""

    banned: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    vague: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blocks: bool = False
    """Whether an agent's draft with a banned phrase is not sent, instead of only being warned of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All the house rules that a step may ask for."""

    house: Localized
    """The house's name."""
    languages: tuple[str, ...]
    """What customers may be answered in; the first is the house's own."""
    greeting: Localized
    """What a person who takes over says first; holds ``{name}`` and ``{number}``."""
    hours: BusinessHours
    spans: Spans
    departments: tuple[Department, ...]
    routing: Routing
    words: Words
    reopen_within: timedelta
    """After resolving, a "not solved" within this reopens the same ticket."""
    handling_default: timedelta
    """Assumed time a person needs for one conversation, while there is no history to take it from."""
    queue_update: timedelta
    """I7: how often a waiting customer may be told of a changed place."""
    rating_low: int
    """S2: ratings up to this one are followed up."""
    automatic_mail: tuple[Limit, ...]
    automatic_to_domain: Limit = Limit(count=200, within=timedelta(hours=1))
    automatic_in_all: Limit = Limit(count=2000, within=timedelta(hours=1))
    """At most so many automatic mails to one sender."""
    attempts: Limit
    """A message that cannot be processed is tried so often before a person is shown it raw."""
    dispatch: Dispatch = field(default_factory=Dispatch)
    """Who gets which ticket."""
    triage_routes: bool = True
    """What a message is about chooses the department, where no anomaly or sub-type does."""
    life: Life = field(default_factory=Life)
    """Closing, complaints, tags, channels logged by hand."""
    alarms: AlarmRules = field(default_factory=AlarmRules)
    """Where supervisors are told besides the desk."""
    privacy: PrivacyNotice = field(default_factory=PrivacyNotice)
    """What customers are told of their data before they write."""
    promises: PromiseRules = field(default_factory=PromiseRules)
    telling: TellingRules = field(default_factory=TellingRules)
    """When customers are told of a delay, and how often."""
    emergency: EmergencyRules = field(default_factory=EmergencyRules)
    actions: ActionRules = field(default_factory=ActionRules)
    """What the bot may do for customers of its own accord, once they are verified."""
    identity: IdentityRules = field(default_factory=IdentityRules)
    """Which level of proof each action needs."""
    cover: CoverRules = field(default_factory=CoverRules)
    """What of people's words is kept in the clear."""
    reveal: RevealRules = field(default_factory=RevealRules)
    """How often one person may have covered values shown."""
    entities: EntityRules = field(default_factory=EntityRules)
    """The house's own order numbers and products."""
    verification: VerificationRules = field(default_factory=VerificationRules)
    """How levels are proven, for how long, and how often one may try."""

    def department(self, id: str) -> Department | None:
        """Return a department by its id."""
        return next((department for department in self.departments if department.id == id), None)
