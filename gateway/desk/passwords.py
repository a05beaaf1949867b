"""Passwords: what is accepted, and Argon2id in a small pool of its own, so that log-ins cannot starve chats."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.desk.passwords_plain import is_plain
from gateway.domain.account_rules import AccountRules
from gateway.errors import Refusal, Said, TooMany

T = TypeVar("T")

SHORTEST, LONGEST = 12, 128
SLOTS = 2
WAITING = 20
"""So many may wait for a slot; a flood of log-ins is turned away instead of growing a line."""


def check_password(password: str, *words: str) -> None:
    """Return if ``password`` is long and not plain; ``words`` (login, name, house) may not be most of it.

    Raises:
        Refusal: code ``weak_password``, and what to do about it.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise _weak(
            f"密码长度应为 {SHORTEST} 到 {LONGEST} 个字符。",
            f"Use between {SHORTEST} and {LONGEST} characters.",
        )
    if is_plain(password, *words):
        raise _weak(
            "密码太容易被猜到，请换一个，例如几个不相干的词。",
            "This is too easy to guess. Several unrelated words make a good password.",
        )


def _weak(zh: str, en: str) -> Refusal:
    return Refusal(f"password: {en}", public=Said(zh, en), code="weak_password", field="password")


class Passwords:
    """Argon2id, by default with 19 MiB, two passes and one lane; a hash of other parameters is renewed at sign-in."""

    def __init__(self, rules: AccountRules | None = None) -> None:
        chosen = rules or AccountRules()
        self._hasher = PasswordHasher(
            time_cost=chosen.argon_passes,
            memory_cost=chosen.argon_memory * 1024,
            parallelism=chosen.argon_lanes,
        )
        self._pool = ThreadPoolExecutor(SLOTS, thread_name_prefix="argon2")
        self._waiting = 0
        self._nobody = self._hasher.hash("nobody has this password")

    def hash_now(self, password: str) -> str:
        """Return the hash; takes some tens of milliseconds of this thread."""
        return self._hasher.hash(password)

    async def hash(self, password: str) -> str:
        """Return the hash, made in the pool."""
        return await self._run(self.hash_now, password)

    async def verify(self, password: str, stored: str | None) -> bool:
        """Return whether it is the password of ``stored``; without one the same work is done for nothing."""
        return await self._run(self._verify, password, stored)

    def is_old(self, stored: str) -> bool:
        """Return whether ``stored`` was made with other parameters and should be made anew."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, stored: str | None) -> bool:
        if stored is None:
            self._matches(self._nobody, password)
            return False
        return self._matches(stored, password)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., T], *args: object) -> T:
        if self._waiting >= WAITING:
            raise TooMany("too many log-ins at once", retry_after=timedelta(seconds=5))
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *args)
        finally:
            self._waiting -= 1
