"""The effect that tells supervisors, carried out inside ``apply``'s transaction."""

from gateway.pipeline.effects_alarm import RaiseAlarm
from gateway.store.alarms import raise_alarm
from gateway.store.applying import Applying


def raise_in(work: Applying, effect: RaiseAlarm) -> None:
    """Raise it, about the ticket at hand if there is one."""
    happened = raise_alarm(
        work.tx,
        effect.alarm,
        ways=effect.ways,
        now=work.now,
        because=effect.because,
        ticket_id=work.ticket_id,
    )
    if happened is not None:
        work.events.append(happened)
