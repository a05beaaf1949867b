"""When an entry is to be looked at again (rule N2: monthly). Pure."""

from datetime import date, timedelta

from knowledge.entry import KnowledgeEntry

EVERY = timedelta(days=31)


def review_due(entry: KnowledgeEntry) -> date | None:
    """Return the day by which the entry must be reviewed: its own, or a month after it was last touched.

    None where the entry says nothing of when it was written.
    """
    touched = entry.updated or entry.created
    return entry.review_by or (touched + EVERY if touched else None)


def is_overdue(entry: KnowledgeEntry, today: date) -> bool:
    """Return whether the review is late; an entry without any date has never been reviewed, as far as is known."""
    due = review_due(entry)
    return due is None or due < today
