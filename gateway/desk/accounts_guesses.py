"""How often somebody may guess at the door: by login and address, by login, by address; second factors by account."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from gateway.desk.throttle import Throttle
from gateway.errors import Said, TooMany


class Clock(Protocol):
    """What this needs of the clock."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Guessed:
    """One try: what it counts against if it misses, and what it clears if it does not."""

    clock: Clock
    kept: tuple[tuple[Throttle, str], ...]
    """Counted, and never cleared by a hit: what belongs to an address."""
    cleared: tuple[tuple[Throttle, str], ...]

    def missed(self) -> None:
        """It was wrong."""
        for throttle, key in (*self.kept, *self.cleared):
            throttle.miss(key, self.clock.monotonic())

    def right(self) -> None:
        """It was right."""
        for throttle, key in self.cleared:
            throttle.clear(key)


class Guesses:
    """Counts misses; each further one makes the wait longer, up to a quarter of an hour."""

    def __init__(self, clock: Clock, throttled: Callable[[], None] = lambda: None) -> None:
        self._clock, self._throttled = clock, throttled
        self._by_person = Throttle(free=5)
        self._by_login = Throttle(free=10)
        self._by_address = Throttle(free=20)
        self._second = Throttle(free=5)
        self._links = Throttle(free=20)
        self._letters = Throttle(free=3, first=60.0)

    def of_login(self, login: str, address: str, *, is_known: bool) -> Guessed:
        """Begin a try of a password; a browser ``is_known`` is not kept out by strangers who guess at its login.

        Raises:
            TooMany: it is too early for it.
        """
        by_login = () if is_known else ((self._by_login, login),)
        theirs = ((self._by_person, f"{login}\n{address}"), *by_login)
        return self._begun(((self._by_address, address),), theirs)

    def of_second(self, agent_id: int | None) -> Guessed:
        """Begin a try of a second factor: by account alone, for the password was right already.

        Raises:
            TooMany: it is too early for it.
        """
        return self._begun((), ((self._second, str(agent_id)),))

    def of_link(self, address: str) -> Guessed:
        """Begin a try of a one-time link or a passkey.

        Raises:
            TooMany: it is too early for it.
        """
        return self._begun(((self._links, address),), ())

    def of_letter(self, login: str, address: str) -> None:
        """Count somebody asking for a letter, whoever's the login is.

        Raises:
            TooMany: letters are asked for too often.
        """
        self._begun(((self._by_address, address), (self._letters, f"{login}\n{address}")), ()).missed()

    def may_write_to(self, login: str) -> bool:
        """Count a letter to one person; False when they had enough of them, wherever they were asked for."""
        key, now = f"to {login}", self._clock.monotonic()
        if self._letters.wait(key, now) > 0:
            return False
        self._letters.miss(key, now)
        return True

    def _begun(
        self, kept: tuple[tuple[Throttle, str], ...], cleared: tuple[tuple[Throttle, str], ...]
    ) -> Guessed:
        now = self._clock.monotonic()
        wait = max(throttle.wait(key, now) for throttle, key in (*kept, *cleared))
        if wait > 0:
            self._throttled()
            seconds = int(wait) + 1
            raise TooMany(
                "too many wrong guesses",
                retry_after=timedelta(seconds=seconds),
                public=Said(
                    f"尝试次数过多，请在 {seconds} 秒后再试。",
                    f"Too many tries. Please wait {seconds} seconds.",
                ),
            )
        return Guessed(clock=self._clock, kept=kept, cleared=cleared)
