"""Settings become the Policy that steps read: the same rules without files, words or pydantic."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b

from gateway.domain.alarm import AlarmRules
from gateway.domain.calendar import BusinessHours
from gateway.domain.life import Life
from gateway.domain.policy import Answered, Department, Limit, Policy, Spans
from gateway.domain.policy import Routing as PolicyRouting
from gateway.domain.privacy import PrivacyNotice
from gateway.domain.promise import PromiseRules
from gateway.domain.verification import VerificationRules
from gateway.settings.actions import ActionRule, action_rules, identity_rules
from gateway.settings.directory import DirectoryChoice
from gateway.settings.holiday_dates import dates_of
from gateway.settings.protection import Protection
from gateway.settings.rules import (
    AutomaticMail,
    DepartmentRule,
    Hours,
    House,
    Ratings,
    Routing,
    Tickets,
    Tries,
    WordLists,
)
from gateway.settings.rules_alarms import Alarms
from gateway.settings.rules_emergency import Emergencies
from gateway.settings.rules_entities import NamedThings, entity_rules
from gateway.settings.rules_promises import TELLING, Complaint, Media, Outage, Promises, Serious
from gateway.settings.rules_routing import PeopleRules, dispatch


def policy_of(
    *,
    house: House,
    hours: Hours,
    promises: Promises,
    departments: Mapping[str, DepartmentRule],
    routing: Routing,
    people: PeopleRules,
    words: WordLists,
    tickets: Tickets,
    ratings: Ratings,
    mail: AutomaticMail,
    tries: Tries,
    triage_routes: bool = True,
    life: Life,
    alarms: Alarms,
    privacy: PrivacyNotice,
    emergency: Emergencies,
    named: NamedThings,
    directory: DirectoryChoice,
    actions: Mapping[str, ActionRule],
    verification: VerificationRules,
    protection: Protection,
) -> Policy:
    """Return the house rules of these settings."""
    return Policy(
        house=house.name,
        languages=house.languages,
        greeting=house.greeting,
        hours=business_hours(hours),
        spans=spans(promises),
        departments=tuple(
            Department(
                id=name,
                label=rule.label,
                accepts_within=rule.accepts_within,
                solves_within=rule.solves_within,
            )
            for name, rule in departments.items()
        ),
        routing=routing_tables(routing),
        dispatch=dispatch(routing, people),
        words=words.as_rules(),
        reopen_within=tickets.reopen_within,
        handling_default=tickets.handling_default,
        queue_update=tickets.queue_update,
        rating_low=ratings.low,
        automatic_mail=(
            Limit(count=mail.per_hour, within=timedelta(hours=1)),
            Limit(count=mail.per_day, within=timedelta(days=1)),
        ),
        automatic_to_domain=Limit(count=mail.domain_per_hour, within=timedelta(hours=1)),
        automatic_in_all=Limit(count=mail.all_per_hour, within=timedelta(hours=1)),
        triage_routes=triage_routes,
        attempts=Limit(count=tries.attempts, within=tries.within),
        life=life,
        entities=entity_rules(named, directory.order_number),
        actions=action_rules(actions, directory.status_words()),
        identity=identity_rules(actions),
        privacy=privacy,
        verification=verification,
        alarms=AlarmRules(mail=alarms.mail, mail_channel=alarms.mail_channel, webhook=alarms.webhook),
        telling=promises.telling,
        promises=promise_rules(promises, departments, business_hours(hours)),
        emergency=emergency.rules(),
        cover=protection.cover_rules(),
        reveal=protection.reveal_rules(),
    )


def business_hours(hours: Hours) -> BusinessHours:
    """Return the opening hours with the country's holidays and adjusted working days worked in.

    Days listed by hand win over the country's: an extra holiday is closed even on an adjusted working day.
    """
    holidays, workdays = dates_of(hours.holidays)
    return BusinessHours(
        zone=hours.zone,
        weekly=(
            hours.monday,
            hours.tuesday,
            hours.wednesday,
            hours.thursday,
            hours.friday,
            hours.saturday,
            hours.sunday,
        ),
        holidays=(holidays | hours.extra_holidays) - hours.extra_workdays,
        extra_workdays=(workdays - hours.extra_holidays) | hours.extra_workdays,
        extra_slots=hours.extra_slots,
    )


def promise_rules(
    promises: Promises, departments: Mapping[str, DepartmentRule], hours: BusinessHours
) -> PromiseRules:
    """Return the rest of the rules of promises, with the version of all that makes their times."""
    following = promises.next_response
    rules = PromiseRules(
        next_response={"chat": following.chat, "social": following.social, "mail": following.mail},
        counts=PromiseRules().counts | {str(kind): word for kind, word in promises.counts.items()},
        warn={str(kind): share for kind, share in promises.warn.items()},
        warn_share=promises.warn_share,
        pauses=frozenset(promises.pauses),
        raises_urgency=promises.raise_urgency,
        causes={name: text.texts for name, text in promises.causes.items()},
        returns=promises.returns,
    )
    # Sets have another order in each process: what is hashed must not.
    spans_of = promises.model_dump(mode="json", exclude={"causes", "pauses", "returns", *TELLING})
    accepts = {name: str(rule.accepts_within) for name, rule in departments.items()}
    sets = [sorted(one) for one in (rules.pauses, rules.returns)]
    days = [sorted(map(str, one)) for one in (hours.holidays, hours.extra_workdays)]
    week = (str(hours.zone), hours.weekly, hours.extra_slots, days)
    made_of = (spans_of, accepts, sets, week)
    return replace(rules, version=blake2b(repr(made_of).encode(), digest_size=4).hexdigest())


def spans(promises: Promises) -> Spans:
    """Return what the house owes by a time."""
    first, resolution = promises.first_response, promises.resolution
    return Spans(
        welcome=promises.welcome,
        agent_greeting=promises.agent_greeting,
        first_response={"chat": first.chat, "social": first.social, "mail": first.mail},
        first_response_urgent=first.urgent,
        first_response_latest=first.latest,
        resolution={
            "normal": resolution.normal,
            "urgent": resolution.urgent,
            "critical": resolution.critical,
        },
        returns=resolution.returns,
        anomaly={
            "complaint": _answered(promises.complaint),
            "serious": _answered(promises.serious),
            "outage": _answered(promises.outage),
            "media": _answered(promises.media),
        },
        second_line=promises.second_line,
        report_serious=promises.report_serious,
        verify_serious=promises.verify_serious,
        overdue_cause=promises.overdue_cause,
        remind_before=promises.remind_before,
        day_end_reminder=promises.day_end_reminder,
        rating_follow_up=promises.rating_follow_up,
        rating_follow_up_latest=promises.rating_follow_up_latest,
        solved_follow_up=promises.solved_follow_up,
    )


def routing_tables(routing: Routing) -> PolicyRouting:
    """Return the routing tables with plain words for keys."""
    return PolicyRouting(
        by_type={str(key): owner for key, owner in routing.types.items()},
        by_anomaly={str(key): owner for key, owner in routing.anomalies.items()},
        by_subtype=routing.subtypes,
        otherwise=routing.otherwise,
    )


def _answered(pair: Complaint | Serious | Outage | Media) -> Answered:
    return Answered(answer=pair.answer, solve=pair.solve)
