"""Limits of an endpoint: as the user gives them, and as its answers tell them."""

import re
from collections import deque
from collections.abc import Mapping
from typing import Final, NamedTuple

_CATCH_UP: Final = 0.25
"""Seconds by which a timer may be late without the rate falling behind."""
_DURATION: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ms|[hms])?")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
_LONGEST: Final = 86_400.0


class Rate:
    """So much a second, evenly; a large amount is let in at once and makes the next wait the longer.

    Args:
        a_second: The rate.
    """

    def __init__(self, a_second: float) -> None:
        self.a_second = a_second
        self._due = float("-inf")

    def wait(self, now: float) -> float:
        """Return the seconds until the next may go."""
        return max(0.0, self._due - now)

    def take(self, now: float, amount: float = 1.0) -> None:
        """Let so much in."""
        self._due = max(self._due, now - _CATCH_UP) + amount / self.a_second

    def correct(self, amount: float) -> None:
        """Count so much more, or less, for what was let in before."""
        self._due += amount / self.a_second


class Told(NamedTuple):
    """What an answer's headers say of one limit.

    Attributes:
        limit: How much there is when all is there.
        remaining: How much is left.
        reset: Seconds until all is there again; None where that is not said.
    """

    limit: float
    remaining: float
    reset: float | None

    @classmethod
    def read(cls, headers: Mapping[str, str], what: str) -> "Told | None":
        """Read the headers about ``requests`` or ``tokens``; None where they say nothing of use."""
        remaining = _number(headers.get(f"x-ratelimit-remaining-{what}"))
        if remaining is None:
            return None
        limit = _number(headers.get(f"x-ratelimit-limit-{what}"))
        if not limit:
            return None
        return cls(limit, remaining, seconds(headers.get(f"x-ratelimit-reset-{what}")))

    def part(self, share: float) -> "Told":
        """Return what of it is there for one of several who share the limit."""
        return self._replace(limit=self.limit * share, remaining=self.remaining * share)

    @property
    def a_second(self) -> float:
        """How fast the limit fills up: limits are for a minute, but some are for a day."""
        used = self.limit - self.remaining
        if not self.reset or used <= 0:
            return self.limit / 60
        return min(self.limit / 60, used / self.reset)


class Level:
    """What is left of a limit that answers tell of, less what was sent since.

    An answer tells how things stood when its request was let in, at the earliest: what was sent after that
    request is counted as not yet in it.
    """

    def __init__(self) -> None:
        self._told: Told | None = None
        self._at = float("-inf")
        self._most = 0.0
        self._since = deque[tuple[float, float]]()
        self._sum = 0.0

    def heard(self, told: Told, sent_at: float) -> None:
        """Take in what the answer to a request sent at that time told; older news is none."""
        if sent_at < self._at:
            return
        self._told, self._at = told, sent_at
        # An endpoint that never has more than a second's worth left is not to be given a minute's at once.
        self._most = max(self._most, told.remaining)
        while self._since and self._since[0][0] <= sent_at:
            self._sum -= self._since.popleft()[1]

    def take(self, now: float, amount: float) -> None:
        """Note what is sent."""
        self._since.append((now, amount))
        self._sum += amount
        if len(self._since) > 4096:  # nothing was ever told
            self._sum -= self._since.popleft()[1]

    def wait(self, now: float, amount: float) -> float:
        """Return the seconds until there is enough left."""
        if self._told is None:
            return 0.0
        rate, reset = self._told.a_second, self._told.reset
        passed = max(0.0, now - self._at)
        left = min(self._most, self._told.remaining + passed * rate) - self._sum
        lacking = min(amount, max(self._most, 1.0)) - left
        if lacking <= 0:
            return 0.0
        wait = lacking / rate
        return wait if reset is None else min(wait, max(0.0, reset - passed) + self._sum / rate)


def seconds(words: str | None) -> float | None:
    """Read a time such as ``50ms``, ``1.5s``, ``6m0s`` or plain seconds; None where it is none."""
    words = (words or "").strip()
    parts = _DURATION.findall(words)
    if not parts or "".join(number + unit for number, unit in parts) != words:
        return None
    whole = sum(float(number) * _UNITS[unit] for number, unit in parts)
    return whole if whole <= _LONGEST else None


def _number(words: str | None) -> float | None:
    try:
        number = float(words or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
