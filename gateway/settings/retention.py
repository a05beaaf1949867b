"""How long each kind of data is kept; docs/reference/retention.md says what each key means."""

from datetime import timedelta

from gateway.settings.fields import Span, SpanOrNever
from gateway.settings.rules import Strict

YEAR = timedelta(days=365)


class Retention(Strict):
    """Spans since the row's last change; ``off`` keeps a kind for good. The audit's proof needs no row to stay."""

    every: Span = timedelta(hours=1)
    raw: SpanOrNever = timedelta(days=30)
    inbox: SpanOrNever = timedelta(days=90)
    outbox: SpanOrNever = timedelta(days=90)
    identity_files: SpanOrNever = timedelta(days=30)
    attachments: SpanOrNever = timedelta(days=180)
    spam: SpanOrNever = timedelta(days=90)
    conversations: SpanOrNever = 2 * YEAR
    contacts: SpanOrNever = 2 * YEAR
    events: SpanOrNever = 2 * YEAR
    knowledge_use: SpanOrNever = 2 * YEAR
    corrections: SpanOrNever = 2 * YEAR
    alarms: SpanOrNever = YEAR
    audit: SpanOrNever = 3 * YEAR

    def spans(self) -> dict[str, timedelta]:
        """Return how long each kind is kept, without those kept for good."""
        kept = {name: getattr(self, name) for name in type(self).model_fields if name != "every"}
        return {name: span for name, span in kept.items() if span is not None}
