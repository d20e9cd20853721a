"""How long something may take, not counting what it waits for its turn."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Final

_RUNNING: Final[ContextVar[tuple[asyncio.Timeout, ...]]] = ContextVar("deadlines", default=())


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[asyncio.Timeout]:
    """Give a block so many seconds, without those in which :func:`stopped` stopped its clock.

    Raises:
        TimeoutError: The seconds are over.
    """
    async with asyncio.timeout(seconds) as clock:
        token = _RUNNING.set((*_RUNNING.get(), clock))
        try:
            yield clock
        finally:
            _RUNNING.reset(token)


@contextmanager
def stopped() -> Iterator[None]:
    """Stop all clocks of this task while it waits for its turn: others are served, it has not begun."""
    now = asyncio.get_running_loop().time
    running = [(clock, when) for clock in _RUNNING.get() if (when := clock.when()) is not None]
    since = now()
    for clock, _ in running:
        clock.reschedule(None)
    try:
        yield
    finally:
        for clock, when in running:
            clock.reschedule(when + now() - since)


def left(clock: asyncio.Timeout) -> float:
    """Return the seconds that a clock has left."""
    when = clock.when()
    return float("inf") if when is None else when - asyncio.get_running_loop().time()
