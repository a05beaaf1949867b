"""The numbers an operator watches, in the form Prometheus reads. docs/reference/metrics.md lists them all.

Labels are names from the configuration or from code, never anything of a customer's.
"""

from dataclasses import dataclass, field

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST as OPENMETRICS
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_TURN = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_ANSWER = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_BATCH = (1, 2, 5, 10, 20, 50)


@dataclass(slots=True)
class Metrics:
    """One registry and everything in it; built once by the application, and afresh in each test."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    messages_in: Counter = field(init=False)
    messages_out: Counter = field(init=False)
    duplicates: Counter = field(init=False)
    turn_seconds: Histogram = field(init=False)
    answer_seconds: Histogram = field(init=False)
    turns_failed: Counter = field(init=False)
    outcomes: Counter = field(init=False)
    inbox_waiting: Gauge = field(init=False)
    outbox: Gauge = field(init=False)
    sends_failed: Counter = field(init=False)
    channel_paused: Gauge = field(init=False)
    automatic_withheld: Counter = field(init=False)
    promises: Gauge = field(init=False)
    promises_broken: Counter = field(init=False)
    promise_events: Counter = field(init=False)
    tickets: Gauge = field(init=False)
    closing: Counter = field(init=False)
    tasks: Gauge = field(init=False)
    agents: Gauge = field(init=False)
    agent_load: Gauge = field(init=False)
    waiting: Gauge = field(init=False)
    routed: Counter = field(init=False)
    calendar_gaps: Gauge = field(init=False)
    alarms_failed: Counter = field(init=False)
    emergencies: Counter = field(init=False)
    triage_corrections: Counter = field(init=False)
    denied: Counter = field(init=False)
    directory_lookups: Counter = field(init=False)
    directory_seconds: Histogram = field(init=False)
    directory_orders: Gauge = field(init=False)
    directory_reloads: Counter = field(init=False)
    checks: Counter = field(init=False)
    codes_sent: Counter = field(init=False)
    sign_ins: Counter = field(init=False)
    sockets: Gauge = field(init=False)
    desks: Gauge = field(init=False)
    requests_seconds: Histogram = field(init=False)
    commit_writes: Histogram = field(init=False)
    commit_seconds: Histogram = field(init=False)
    channel_up: Gauge = field(init=False)
    channel_progress: Gauge = field(init=False)
    channel_events: Counter = field(init=False)
    knowledge_entries: Gauge = field(init=False)
    knowledge_problems: Gauge = field(init=False)
    knowledge_reloads: Counter = field(init=False)
    knowledge_reload_seconds: Histogram = field(init=False)
    knowledge_reloaded: Gauge = field(init=False)
    reveals: Counter = field(init=False)
    audit_rows: Gauge = field(init=False)
    audit_checkpointed: Gauge = field(init=False)
    audit_tampered: Gauge = field(init=False)
    sealing_unreadable: Counter = field(init=False)
    let_go: Counter = field(init=False)
    retention_round: Gauge = field(init=False)

    def __post_init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library left it untyped
        self._messages()
        self._work()
        self._machine()
        self._traces()

    def page(self, accept: str = "") -> tuple[bytes, str]:
        """Return the text of `/metrics` and its content type, in OpenMetrics for those who ask for it."""
        if "application/openmetrics-text" in accept:
            text: bytes = generate_openmetrics(self.registry)  # type: ignore[no-untyped-call]  # as above
            return text, OPENMETRICS
        return generate_latest(self.registry), CONTENT_TYPE

    def _messages(self) -> None:
        self.messages_in = self._counter("messages_in", "Messages stored, by channel.", "channel")
        self.messages_out = self._counter(
            "messages_out", "Messages that reached an end: delivered, refused, unknown.", "channel", "state"
        )
        self.duplicates = self._counter(
            "duplicates", "Deliveries of a message that was already stored.", "channel"
        )
        self.turn_seconds = self._histogram("turn_seconds", "Taking one turn, load to commit.", _TURN)
        self.answer_seconds = self._histogram(
            "answer_seconds", "Message stored to automatic answer committed.", _ANSWER, "channel"
        )
        self.turns_failed = self._counter(
            "turns_failed", "Tries of a turn that ended in an error.", "channel"
        )
        self.outcomes = self._counter(
            "outcomes", "What turns came to: answer, choices, handover, none.", "outcome"
        )

    def _work(self) -> None:
        self.inbox_waiting = self._gauge("inbox_waiting", "Messages stored but not yet decided on.")
        self.outbox = self._gauge(
            "outbox", "Outbox rows not at their end: due, sending, unknown, held.", "state"
        )
        self.sends_failed = self._counter(
            "sends_failed", "Tries to send that failed and will be repeated.", "channel"
        )
        self.channel_paused = self._gauge(
            "channel_paused_seconds",
            "How long a provider's limit holds a channel back, as last said.",
            "channel",
        )
        self.automatic_withheld = self._counter(
            "automatic_withheld", "Automatic mails not sent because a budget was used up.", "channel"
        )
        self.promises = self._gauge("promises", "Promises running or overdue.", "state")
        self.promises_broken = self._counter("promises_broken", "Promises not kept in time, by kind.", "kind")
        self.promise_events = self._counter(
            "promise_events", "What became of promises: warned, late, kept, broken and so on.", "kind", "what"
        )
        self.tickets = self._gauge("tickets", "Tickets by status and department.", "status", "department")
        self.closing = self._counter(
            "closing", "Resolved tickets nobody wrote on: told, closed by silence.", "how"
        )
        self.tasks = self._gauge("tasks", "Open department tasks by state.", "department", "state")
        self.agents = self._gauge("agents", "Agents by state: online, away, offline.", "state")
        self.emergencies = self._counter(
            "emergencies", "Emergencies seen by the house itself, by cause.", "cause"
        )
        self.agent_load = self._gauge(
            "agent_load", "How much of an agent's capacity is in use; 1 is full.", "agent"
        )
        self.waiting = self._gauge("waiting", "Tickets that wait for a person, by department.", "department")
        self.routed = self._counter("routed", "Tickets that routing found a person for, by rule.", "rule")
        self.alarms_failed = self._counter(
            "alarms_failed", "Tries to carry an alarm out of the house that failed, by way.", "way"
        )
        self.denied = self._counter(
            "denied",
            "Requests that were refused: no such right, not theirs, not seen, or about nothing there is.",
            "right",
            "why",
        )
        self.triage_corrections = self._counter(
            "triage_corrections", "Fields of triage that people corrected, by field.", "field"
        )
        self.directory_lookups = self._counter(
            "directory_lookups",
            "Questions to the customer records: found, notfound, match, nomatch, or why there was no answer.",
            "kind",
            "asked",
            "outcome",
        )
        self.directory_seconds = self._histogram(
            "directory_seconds", "One question to the customer records.", _TURN, "kind"
        )
        self.directory_orders = self._gauge(
            "directory_orders", "Orders in the customer file as it is served."
        )
        self.directory_reloads = self._counter(
            "directory_reloads", "Readings of a changed customer file: swapped, refused.", "outcome"
        )
        self.checks = self._counter(
            "checks", "Checks of who asks that were settled, by kind and outcome.", "kind", "outcome"
        )
        self.codes_sent = self._counter(
            "codes_sent", "One-time codes and notices to contacts on file, by way and state.", "way", "state"
        )
        self.calendar_gaps = self._gauge(
            "calendar_gaps",
            "Years whose holidays or adjusted working days should be known by now and are not.",
        )

    def _machine(self) -> None:
        self.sign_ins = self._counter(
            "sign_ins",
            "Steps of signing in at the desk and fresh proofs, by way and outcome.",
            "way",
            "outcome",
        )
        self.sockets = self._gauge("sockets", "Open web chat sockets.", "channel")
        self.desks = self._gauge("desks", "Open desks (event streams).")
        self.requests_seconds = self._histogram(
            "request_seconds", "HTTP requests, by route and status class.", _TURN, "route", "status"
        )
        self.commit_writes = self._histogram("commit_writes", "Writes that shared one commit.", _BATCH)
        self.commit_seconds = self._histogram("commit_seconds", "One commit, begin to disk.", _TURN)
        self.channel_up = self._gauge("channel_up", "1 while the channel's adapter runs, else 0.", "channel")
        self.channel_progress = self._gauge(
            "channel_progress_timestamp_seconds", "When the channel's loop last came round.", "channel"
        )
        self.channel_events = self._counter(
            "channel_events", "What adapters count: limits hit, frames refused.", "channel", "event"
        )
        self.knowledge_entries = self._gauge("knowledge_entries", "Knowledge entries being served.")
        self.knowledge_problems = self._gauge(
            "knowledge_problems",
            "Mistakes that keep knowledge files from being used; over 0 the last good version serves.",
        )
        self.knowledge_reloads = self._counter(
            "knowledge_reloads", "Readings of changed knowledge files: swapped, refused.", "outcome"
        )
        self.knowledge_reload_seconds = self._histogram(
            "knowledge_reload_seconds", "Reading changed knowledge files, to the new version in use.", _TURN
        )
        self.knowledge_reloaded = self._gauge(
            "knowledge_reloaded_timestamp_seconds", "When a new version of the knowledge was last put to use."
        )

    def _traces(self) -> None:
        self.reveals = self._counter(
            "reveals", "Covered values that people asked to see: shown, refused.", "outcome"
        )
        self.audit_rows = self._gauge("audit_rows", "The number of the audit's last row.")
        self.audit_checkpointed = self._gauge(
            "audit_checkpoint_timestamp_seconds",
            "When the audit's end was last witnessed outside the database.",
        )
        self.audit_tampered = self._gauge(
            "audit_tampered", "Places where the audit is not as it was written, as last looked."
        )
        self.sealing_unreadable = self._counter(
            "sealing_unreadable",
            "Looks at sealed values that somebody seems to have changed or moved: forged, no_cell, unknown.",
            "reason",
        )
        self.let_go = self._counter(
            "let_go", "Rows and files let go when their time was over, by kind.", "kind"
        )
        self.retention_round = self._gauge(
            "retention_round_timestamp_seconds", "When the round of retention last came to its end."
        )

    def _counter(self, name: str, help: str, *labels: str) -> Counter:
        return Counter(f"gateway_{name}", help, labels, registry=self.registry)

    def _gauge(self, name: str, help: str, *labels: str) -> Gauge:
        return Gauge(f"gateway_{name}", help, labels, registry=self.registry)

    def _histogram(self, name: str, help: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"gateway_{name}", help, labels, buckets=buckets, registry=self.registry)
