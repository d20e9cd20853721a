"""How long a failed request waits before it is repeated."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenacity import RetryCallState

LONGEST_WAIT = 60.0
"""Seconds at most that a Retry-After is followed; an endpoint that asks for more is not waited for."""
_LONGEST_BACKOFF = 20.0
_JITTER = 0.1


def retry_after(error: BaseException | None) -> float | None:
    """Return the seconds that an endpoint asks to wait (milliseconds, seconds or a date), or None."""
    headers: Mapping[str, Any] = getattr(getattr(error, "response", None), "headers", None) or {}
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    seconds = _number(headers.get("retry-after"))
    return _until(headers) if seconds is None else seconds


def waiting(backoff: float) -> "Callable[[RetryCallState], float]":
    """Return what tells how long to wait after each failure.

    What the endpoint asks for is waited out and a little more, so that many clients do not come back at
    once; without its word the wait doubles from ``backoff`` seconds, with jitter.
    """
    from tenacity import wait_exponential_jitter

    doubling = wait_exponential_jitter(multiplier=backoff, max=_LONGEST_BACKOFF, jitter=backoff)

    def wait(state: "RetryCallState") -> float:
        asked = retry_after(state.outcome.exception() if state.outcome else None)
        if asked is None:
            return doubling(state)
        return asked * (1 + random.uniform(0, _JITTER))  # noqa: S311 - jitter is no secret

    return wait


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number >= 0 else 0.0  # not a number, too, is no reason to wait


def _until(headers: Mapping[str, Any]) -> float | None:
    moment = _moment(headers.get("retry-after"))
    if moment is None:
        return None
    # By the endpoint's own clock where it tells the time: ours may be minutes off.
    now = _moment(headers.get("date")) or datetime.now(UTC)
    return max(0.0, (moment - now).total_seconds())


def _moment(date: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
