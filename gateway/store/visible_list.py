"""The list of tickets in the order in which they should be done, page by page, fast at any length.

Order: urgency first, then what is due first (nothing due comes last), then the oldest. The index
``ix_ticket_list`` has that order within one status, department and urgency; so each such stretch is read
from its beginning (or from the cursor) and the stretches are merged, instead of sorting everything.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_, union_all

from gateway.domain.merging import keys_for
from gateway.domain.phone import spellings
from gateway.errors import Refusal, Said
from gateway.store import tables as t
from gateway.store.columns import from_micros, to_micros
from gateway.store.database import Tx
from gateway.store.duplicates import blind_key
from gateway.store.personal import index_of
from gateway.store.tags import has_tag
from gateway.store.visible import TICKETS, Face, Sight, ticket_faces

RANKS = (2, 1, 0)
AT_WORK = ("open", "in_progress")
OF_ONE = ("mine", "suggested", "watching", "spam")
"""Queues that are few enough to be sorted."""

_k = t.ticket.c
_ORDER = (_k.urgency_rank.desc(), _k.due_at.is_(None), _k.due_at, _k.opened_at, _k.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tickets: ``queue`` is ``all``, ``mine``, ``suggested`` (to oneself), ``watching``, ``unassigned``, ``spam``
    or a department's id.

    What lies in the spam view is closed, and listed only when it is asked for, whatever the ``statuses``.
    """

    queue: str = "all"
    statuses: tuple[str, ...] = AT_WORK
    words: str = ""
    tag: str = ""
    after: "Place | None" = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the list: where the next page begins."""

    rank: int
    due_at: datetime | None
    opened_at: datetime
    id: int

    def to_text(self) -> str:
        """Return it as a cursor, opaque to clients."""
        due = None if self.due_at is None else to_micros(self.due_at)
        packed = orjson.dumps([self.rank, due, to_micros(self.opened_at), self.id])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def from_text(cls, text: str) -> "Place":
        """Return the place a cursor stands for.

        Raises:
            Refusal: it is not one of ours.
        """
        try:
            rank, due, opened, row_id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            due_at = None if due is None else from_micros(int(due))
            return cls(rank=int(rank), due_at=due_at, opened_at=from_micros(int(opened)), id=int(row_id))
        except (ValueError, TypeError, OverflowError, binascii.Error) as error:
            said = Said(
                "翻页位置无效，请刷新列表。", "This place in the list is not valid. Please reload it."
            )
            raise Refusal("not a cursor of ours", public=said, code="invalid", field="cursor") from error


Stretches = dict[tuple[str, str], int]
"""How many tickets each status and department has."""


def read_inbox(tx: Tx, sight: Sight, wanted: Wanted) -> Face:
    """Return one page, the cursor of the next and the counts; the index is gone through once for all three."""
    per = _counted(tx, sight, sorted({*AT_WORK, *wanted.statuses})) if sight.tickets else {}
    tickets, following = list_tickets(tx, sight, wanted, per)
    return {"tickets": tickets, "next": following, "counts": count_tickets(tx, sight, per)}


def list_tickets(
    tx: Tx, sight: Sight, wanted: Wanted, per: Stretches | None = None
) -> tuple[list[Face], str | None]:
    """Return one page and the cursor of the next, None at the end."""
    if not sight.tickets:
        return [], None
    more = replace(wanted, limit=wanted.limit + 1)
    is_stretched = not wanted.words and not wanted.tag and wanted.queue not in OF_ONE
    ids = _by_stretches(tx, sight, more, per) if is_stretched else _by_sorting(tx, sight, more)
    rows = tx.execute(TICKETS.where(_k.id.in_(ids)).order_by(*_ORDER)).all()
    page = rows[: wanted.limit]
    is_last = len(rows) <= wanted.limit
    return ticket_faces(tx, page), None if is_last else _place(page[-1]).to_text()


def count_tickets(tx: Tx, sight: Sight, per: Stretches | None = None) -> Face:
    """Return how many are waiting, how many are one's own, and how many are at work in all."""
    if not sight.tickets:
        return {"queue": 0, "mine": 0, "all": 0, "spam": 0, "departments": {}}
    at_work = {pair: n for pair, n in (per or _counted(tx, sight, AT_WORK)).items() if pair[0] in AT_WORK}
    departments: dict[str, int] = {}
    for (status, department), count in at_work.items():
        if status == "open":
            departments[department] = departments.get(department, 0) + count
    own = select(func.count()).where(_k.agent_id == sight.agent_id, _k.status.in_(AT_WORK))
    return {
        # A ticket is "open" exactly while no agent has it: claiming and passing on move it.
        "queue": sum(departments.values()),
        "mine": 0 if sight.agent_id is None else tx.execute(own).scalar_one(),
        "all": sum(at_work.values()),
        "spam": tx.execute(select(func.count()).where(_k.spam.is_not(None), _listed(sight))).scalar_one(),
        "departments": departments,
    }


def _counted(tx: Tx, sight: Sight, statuses: Sequence[str]) -> Stretches:
    """How many tickets that are seen each stretch has; those of whole departments are read from the index alone."""
    query = select(_k.status, _k.department, func.count()).where(_k.status.in_(statuses))
    query = query.group_by(_k.status, _k.department)
    if sight.departments is None:
        parts = [query]
    else:
        whole, few = _k.department.in_(sorted(sight.departments)), _k.id.in_(sight.elsewhere())
        parts = [query.where(whole), query.where(few)]
    return {(status, department): n for one in parts for status, department, n in tx.execute(one)}


def _by_stretches(tx: Tx, sight: Sight, wanted: Wanted, per: Stretches | None) -> list[int]:
    is_free = wanted.queue == "unassigned"
    # Nothing in progress is unassigned: looking for it would read every such ticket.
    statuses = tuple(one for one in wanted.statuses if not (is_free and one == "in_progress"))
    pairs = [
        (status, department)
        for status, department in sorted(per or _counted(tx, sight, statuses))
        if status in statuses and wanted.queue in ("all", "unassigned", department)
    ]
    ids: list[int] = []
    after = wanted.after
    for rank in RANKS:
        for is_due in (True, False):
            place = (
                after
                if after is not None and (rank, is_due) == (after.rank, after.due_at is not None)
                else None
            )
            if after is not None and place is None and _is_before(rank, is_due, after):
                continue
            extra = [
                _k.spam.is_(None),
                _k.merged_into.is_(None),
                *([_k.agent_id.is_(None)] if is_free else []),
            ]
            ids += _stretch(tx, sight, pairs, rank, is_due, place, extra, wanted.limit - len(ids))
            if len(ids) >= wanted.limit:
                return ids
    return ids


def _is_before(rank: int, is_due: bool, place: Place) -> bool:
    return (-rank, not is_due) < (-place.rank, place.due_at is None)


def _stretch(
    tx: Tx,
    sight: Sight,
    pairs: Sequence[tuple[str, str]],
    rank: int,
    is_due: bool,
    after: Place | None,
    extra: Sequence[ColumnElement[bool]],
    limit: int,
) -> list[int]:
    if not pairs:
        return []
    order = (_k.due_at, _k.opened_at, _k.id) if is_due else (_k.opened_at, _k.id)
    parts = []
    for status, department in pairs:
        one = select(_k.id, _k.due_at, _k.opened_at).where(
            _k.status == status,
            _k.department == department,
            _k.urgency_rank == rank,
            _k.due_at.is_not(None) if is_due else _k.due_at.is_(None),
            *extra,
        )
        if sight.departments is not None and department not in sight.departments:
            one = one.where(_k.id.in_(sight.elsewhere()))
        if after is not None:
            one = one.where(_beyond(after))
        parts.append(select(one.order_by(*order).limit(limit).subquery()))
    merged = union_all(*parts).subquery().c
    rows = tx.execute(select(merged.id).order_by(merged.due_at, merged.opened_at, merged.id).limit(limit))
    return [row.id for row in rows]


def _beyond(place: Place) -> ColumnElement[bool]:
    """Past ``place`` within its own stretch."""
    opened, row_id = literal(place.opened_at, _k.opened_at.type), literal(place.id)
    if place.due_at is None:
        return tuple_(_k.opened_at, _k.id) > tuple_(opened, row_id)
    due = literal(place.due_at, _k.due_at.type)
    return tuple_(_k.due_at, _k.opened_at, _k.id) > tuple_(due, opened, row_id)


def _by_sorting(tx: Tx, sight: Sight, wanted: Wanted) -> list[int]:
    """For one's own tickets and for searches: few enough to sort, or not in any index's order."""
    query = select(_k.id).where(_listed(sight), _in_queue(sight, wanted.queue))
    if wanted.queue != "spam":
        query = query.where(_k.status.in_(wanted.statuses), _k.spam.is_(None), _k.merged_into.is_(None))
    if wanted.tag:
        query = query.where(has_tag(wanted.tag))
    if wanted.words:
        query = query.join(t.contact, t.contact.c.id == _k.contact_id).where(_says(tx, wanted.words))
    if wanted.after is not None:
        query = query.where(_later(wanted.after))
    return [row.id for row in tx.execute(query.order_by(*_ORDER).limit(wanted.limit))]


def _listed(sight: Sight) -> ColumnElement[bool]:
    """``sight.covers`` for many rows: what lies in other departments is looked up once, not asked of each row."""
    if sight.departments is None or not sight.tickets:
        return sight.covers()
    return or_(_k.department.in_(sorted(sight.departments)), _k.id.in_(sight.elsewhere()))


def _in_queue(sight: Sight, queue: str) -> ColumnElement[bool]:
    if queue == "all":
        return _k.id.is_not(None)
    if queue == "mine":
        return _k.agent_id == sight.agent_id
    if queue == "suggested":
        return _k.suggested_agent_id == sight.agent_id
    if queue == "watching":
        return _k.supervisor_id == sight.agent_id
    if queue == "spam":
        return _k.spam.is_not(None)
    return _k.agent_id.is_(None) if queue == "unassigned" else _k.department == queue


def _says(tx: Tx, words: str) -> ColumnElement[bool]:
    """Every word is somewhere in what the list shows, is a number that is quoted, or a whole telephone or address.

    Names are sealed and have no index: there are so few that an index would list them all.
    """
    places = (_k.number, _k.subject, _k.summary, _k.last_text, t.contact.c.number)
    return and_(
        *(
            or_(*(place.icontains(word, autoescape=True) for place in places), *_named(tx, word))
            for word in words.split()[:8]
        )
    )


def _named(tx: Tx, word: str) -> list[ColumnElement[bool]]:
    """What a word names exactly: somebody's address, or a number that a ticket is known by."""
    i, y = t.contact_identity.c, t.ticket_key.c
    addresses = [index_of(tx, one) for one in spellings(word)]
    whose = select(i.contact_id).where(i.address_index.in_(addresses))
    which = select(y.ticket_id).where(y.key.in_([blind_key(tx, one) for one in keys_for(word)]))
    return [_k.contact_id.in_(whose), _k.id.in_(which)]


def _later(place: Place) -> ColumnElement[bool]:
    is_due = place.due_at is not None
    same = and_(_k.urgency_rank == place.rank, _k.due_at.is_not(None) if is_due else _k.due_at.is_(None))
    after: list[ColumnElement[bool]] = [_k.urgency_rank < place.rank, and_(same, _beyond(place))]
    if is_due:
        after.append(and_(_k.urgency_rank == place.rank, _k.due_at.is_(None)))
    return or_(*after)


def _place(row: Any) -> Place:
    return Place(rank=row.urgency_rank, due_at=row.due_at, opened_at=row.opened_at, id=row.id)
