"""Tickets of every kind of standing towards somebody, each with all that hangs on one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from gateway.store import tables as t
from gateway.store.database import Tx
from tests.security.matrix.cast import ASKED, HERE, THERE, Principal
from tests.servers.desk import CARRIED, DeskRig

OF_THEIRS = ("own", "department's", "unassigned", "asked", "offered", "watched", "merged")
"""What somebody of the department sees."""
OF_OTHERS = ("other's", "other's unassigned")
GONE = "deleted"
KINDS = (*OF_THEIRS, *OF_OTHERS, GONE)
NEEDS_PERSON = ("own", "offered", "watched")
_UNASSIGNED = ("unassigned", "other's unassigned")
_AT_HOME = ("own", "department's", "unassigned")


@dataclass(frozen=True, kw_only=True)
class Planted:
    """One ticket, by all the names that addresses use."""

    kind: str
    number: str = "T20261123-9999"
    contact: str = "C00009999"
    task: str = "987654321"
    handover: str = "987654321"
    file: str = "f" * 32
    alarm: str = "987654321"
    kept: str = "987654321"
    promise: str = "987654321"
    message: str = "no-such-message"
    canary: str = "nothing of the kind"

    @property
    def department(self) -> str:
        """Whose it is."""
        return HERE if self.kind in _AT_HOME else THERE

    @property
    def task_department(self) -> str:
        """Whose task hangs on it."""
        return HERE if self.kind == "asked" else ASKED

    def holder(self, who: Principal) -> int | None:
        """Whoever has it: somebody else where it is not theirs."""
        return None if self.kind in _UNASSIGNED else who.agent_id if self.kind == "own" else -1


UNKNOWN = Planted(kind=GONE)


class Planter:
    """Makes them as they are asked for."""

    def __init__(self, rig: DeskRig, colleague: int, third: int) -> None:
        self._rig, self._colleague, self._third = rig, colleague, third
        self._count = 0
        self._blob = ""

    async def plant(self, kind: str, who: Principal) -> Planted:
        """Make one of this kind, as it stands towards this person."""
        if kind == GONE:
            return UNKNOWN
        self._count += 1
        self._blob = self._blob or (await self._rig.blobs.put(b"a"))
        canary = f"canary-{self._count:05}-{kind.split()[0].replace(chr(39), '')}"
        number = await self._rig.ticket(
            f"{canary} 我的手机是13812345678", channel=CARRIED, thread=f"{canary}@shop.example"
        )
        into = None
        if kind == "merged":
            into = await self._rig.ticket(f"{canary}-into", channel=CARRIED)
        now = self._rig.clock.now()
        return await self._rig.database.write(lambda tx: self._hang(tx, kind, who, number, into, canary, now))

    def _hang(
        self,
        tx: Tx,
        kind: str,
        who: Principal,
        number: str,
        into: str | None,
        canary: str,
        now: datetime,
    ) -> Planted:
        found, k = Planted(kind=kind), t.ticket.c
        row = tx.execute(select(t.ticket).where(k.number == number)).one()
        holder = {"own": who.agent_id or self._colleague}.get(
            kind, None if kind in _UNASSIGNED else self._colleague
        )
        values: dict[str, Any] = {"department": found.department, "agent_id": holder, "type": "complaint"}
        values |= {"status": "open" if holder is None else "in_progress"}
        values |= {"supervisor_id": who.agent_id} if kind == "watched" else {}
        if into is not None:
            target = {"department": HERE, "agent_id": self._colleague, "status": "in_progress"}
            tx.execute(update(t.ticket).where(k.number == into).values(target))
            merged = tx.execute(select(k.id).where(k.number == into)).scalar_one()
            values |= {"merged_into": merged, "status": "closed", "closed_at": now}
        tx.execute(update(t.ticket).where(k.id == row.id).values(values))
        said = t.message.c.conversation_id == row.conversation_id
        file = f"{row.id:032x}"
        listed = [{"id": file, "name": f"{canary}.txt", "media_type": "text/plain", "size": 1}]
        tx.execute(
            update(t.message)
            .where(said)
            .values(html=f"<p>{canary}</p>", attachments=listed, full_text=canary)
        )
        message = tx.execute(select(t.message).where(said).order_by(t.message.c.seq)).first()
        assert message is not None
        to = who.agent_id if kind == "offered" else self._third
        ids = {
            "task": self._task(tx, row.id, found.task_department, canary, now),
            "handover": self._handover(tx, row.id, to or self._third, canary, now),
            "alarm": self._alarm(tx, row.id, canary, now),
            "kept": self._kept(tx, row.thread_id, canary, now),
            "promise": self._promise(tx, row.id, canary, now),
        }
        self._file(tx, file, row.thread_id, canary, now)
        self._note(tx, row.id, canary, now)
        whose = select(t.contact.c.number).where(t.contact.c.id == row.contact_id)
        return Planted(
            kind=kind,
            number=number,
            contact=tx.execute(whose).scalar_one(),
            file=file,
            message=message.public_id,
            canary=canary,
            **{name: str(value) for name, value in ids.items()},
        )

    def _task(self, tx: Tx, ticket: int, department: str, canary: str, now: datetime) -> int:
        when = {"asked_at": now, "accept_by": now, "solve_by": now}
        about = {"ticket_id": ticket, "department": department, "text": canary, "state": "asked"}
        return _add(tx, t.task, **about, asked_by=self._colleague, **when)

    def _handover(self, tx: Tx, ticket: int, to: int, canary: str, now: datetime) -> int:
        between = {"from_agent_id": self._colleague, "to_agent_id": to}
        return _add(tx, t.handover, ticket_id=ticket, note=canary, state="offered", offered_at=now, **between)

    def _alarm(self, tx: Tx, ticket: int, canary: str, now: datetime) -> int:
        about = {"name": canary, "kind": "serious", "ticket_id": ticket, "gaps": {}, "because": canary}
        return _add(tx, t.alarm, **about, at=now)

    def _kept(self, tx: Tx, thread: int, canary: str, now: datetime) -> int:
        about = {"channel": CARRIED, "external_id": f"kept {canary}", "thread_id": thread, "body": "{}"}
        state = {"state": "failed", "error": canary, "raw": canary.encode(), "body_hash": "h"}
        return _add(tx, t.inbox, **about, **state, not_before=now, received_at=now)

    def _promise(self, tx: Tx, ticket: int, canary: str, now: datetime) -> int:
        about = {"ticket_id": ticket, "kind": "promised", "owner": "support", "state": "running"}
        return _add(
            tx,
            t.promise,
            **about,
            due_at=now,
            text=canary,
            because=canary,
            since_at=now,
            told=False,
            created_at=now,
            started_at=now,
        )

    def _file(self, tx: Tx, file: str, thread: int, canary: str, now: datetime) -> None:
        about = {"id": file, "thread_id": thread, "blob": self._blob, "name": f"{canary}.txt"}
        tx.execute(insert(t.attachment).values(**about, media_type="text/plain", size=1, at=now))

    def _note(self, tx: Tx, ticket: int, canary: str, now: datetime) -> None:
        _add(tx, t.note, ticket_id=ticket, agent_id=self._colleague, text=canary, at=now)


def _add(tx: Tx, table: Any, **values: Any) -> int:
    return int(tx.execute(insert(table).values(values).returning(table.c.id)).scalar_one())
