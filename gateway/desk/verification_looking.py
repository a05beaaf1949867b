"""What the customer records say about an attempt, asked outside every transaction; and what of it may be shown."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from gateway.domain.actions import render
from gateway.domain.identity import Asked, Level, Standing, may
from gateway.domain.masking import mask_email, mask_phone
from gateway.domain.records import Claims, Found, Match, NoMatch, NotFound, Unavailable
from gateway.domain.verification import Kind, Method, Outcome, VerificationRules
from gateway.house import House
from gateway.store import attempts, codes
from gateway.store.attempts import Attempt
from gateway.store.codes import Used
from gateway.store.database import Tx
from gateway.store.proofs import identity_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an attempt came to, before it may be said."""

    outcome: Outcome
    level: Level = Level.L0
    """What it proves."""
    method: Method | None = None
    found: Found | None = None
    used: Used | None = None
    hint: str = ""
    """Where a code goes, masked."""


async def look(house: House, attempt: Attempt) -> Seen:
    """Return what the records say; a limit in the way, or a directory that is silent, proves nothing."""
    if attempt.why is not None:
        return Seen(outcome=Outcome.BLOCKED)
    if attempt.takes > attempts.TAKES:
        return Seen(outcome=Outcome.UNAVAILABLE)
    match attempt.kind:
        case Kind.CLAIMS:
            claims = Claims(phone_tail=attempt.given.get("tail", ""), name=attempt.given.get("name", ""))
            method = Method.PHONE if claims.phone_tail else Method.NAME
            return await _compared(house, attempt.order, claims, Level.L1, method)
        case Kind.SHARE:
            phone, email = attempt.given.get("phone", ""), attempt.given.get("email", "")
            method = Method.SHARE if phone else Method.MAIL
            return await _compared(house, attempt.order, Claims(phone=phone, email=email), Level.L2, method)
        case Kind.CODE:
            return await _code(house, attempt)
        case Kind.SEND:
            return await _send(house, attempt.order)
        case Kind.SHOW:
            return await _shown(house, attempt.order)


async def _compared(house: House, order: str, claims: Claims, level: Level, method: Method) -> Seen:
    match await house.directory.verify(order, claims):
        case Unavailable():
            return Seen(outcome=Outcome.UNAVAILABLE)
        case NoMatch():
            return Seen(outcome=Outcome.MISS)
        case Match() as same:
            found = await house.directory.find(order)
            if isinstance(found, Unavailable):
                return Seen(outcome=Outcome.UNAVAILABLE)
            if isinstance(found, NotFound):
                found = Found(customer_ref=same.customer_ref, order_ref=same.order_ref)
            level = least(level, found, house.policy.verification, house.clock.now())
            return Seen(outcome=Outcome.MATCH, level=level, method=method, found=found)


async def _code(house: House, attempt: Attempt) -> Seen:
    now, typed, link = house.clock.now(), attempt.given.get("code", ""), attempt.given.get("link", "")

    def unit(tx: Tx) -> Used | None:
        if not link:
            return codes.fits(tx, attempt.conversation_id, typed, now)
        found = codes.by_link(tx, link, now)
        mine = found is not None and found[0].conversation_id == attempt.conversation_id
        return replace(found[0], method=Method.LINK) if found is not None and mine else None

    used = await house.database.read(unit)
    if used is None:
        return Seen(outcome=Outcome.MISS)
    return await seen_by(house, used)


async def seen_by(house: House, used: Used) -> Seen:
    """Return what a code or a link that fits proves: the contact on file, if it was not changed a moment ago."""
    match await house.directory.find(used.order):
        case Found() as found:
            now, rules = house.clock.now(), house.policy.verification
            level = least(used.level, found, rules, now)
            return Seen(outcome=Outcome.MATCH, level=level, method=used.method, found=found, used=used)
        case NotFound():
            return Seen(outcome=Outcome.MISS)
        case Unavailable():
            return Seen(outcome=Outcome.UNAVAILABLE)


async def _send(house: House, order: str) -> Seen:
    match await house.directory.find(order):
        case Found() as found:
            way = way_to(found, house.policy.verification)
            if way is None:
                return Seen(outcome=Outcome.MISS, found=found)
            hint = mask_email(way[1]) if way[0] == "mail" else mask_phone(way[1])
            return Seen(outcome=Outcome.MATCH, found=found, hint=hint)
        case NotFound():
            return Seen(outcome=Outcome.MISS)
        case Unavailable():
            return Seen(outcome=Outcome.UNAVAILABLE)


async def _shown(house: House, order: str) -> Seen:
    match await house.directory.find(order):
        case Found() as found:
            return Seen(outcome=Outcome.MATCH, found=found)
        case NotFound():
            return Seen(outcome=Outcome.MISS)
        case Unavailable():
            return Seen(outcome=Outcome.UNAVAILABLE)


def way_to(found: Found, rules: VerificationRules) -> tuple[str, str] | None:
    """Return how the contact on file is reached, and where: the first way of the house that the file has."""
    fields = {"sms": found.attrs.get("phone", ""), "mail": found.attrs.get("email", "")}
    return next(((way, fields[way]) for way in rules.sends_by if fields.get(way)), None)


def least(level: Level, found: Found, rules: VerificationRules, now: datetime) -> Level:
    """Return ``level``, or L1 where the contact on file was changed so lately that a thief may have done it."""
    changed = found.attrs.get("contact_changed", "")
    if level <= Level.L1 or not changed:
        return level
    try:
        at = datetime.fromisoformat(changed)
    except ValueError:
        return Level.L1  # a day nobody can read proves nothing
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return Level.L1 if now - at < rules.fresh_contact + _a_day(changed) else level


def _a_day(written: str) -> timedelta:
    """A bare day may be any instant of it, anywhere."""
    try:
        date.fromisoformat(written)
    except ValueError:
        return timedelta()
    return timedelta(days=1)


def said_of(
    house: House, attempt: Attempt, action: str, found: Found, standing: Standing, kind: str, lang: str
) -> str | None:
    """Return what the action shows of what was found; None where what is proven is not enough for this very order."""
    named = house.policy.actions.actions.get(action)
    asked = Asked(
        action=action,
        conversation=attempt.conversation_id,
        identity=identity_of(attempt.contact_id),
        kind=kind,  # type: ignore[arg-type] # one of the three
        order=found.order_ref,
        customer=found.customer_ref,
    )
    if named is None or not may(asked, standing, house.policy.identity, house.clock.now()).allowed:
        return None
    return render(named, found, lang, house.policy.actions)
