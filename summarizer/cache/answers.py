"""Who asks and who waits: the same question, asked many times at once, is paid for once."""

import asyncio
import hashlib
import json
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from summarizer.cache.store import LEASE, Store
from summarizer.domain.answers import Answer

_Asked = dict[str, "asyncio.Future[Answer | None]"]
_P = ParamSpec("_P")
_T = TypeVar("_T")

log = logging.getLogger(__name__)

FORMAT = 1
"""Part of every key: entries of another format are never found."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5
"""Seconds between two looks for the answer that another process is asking for."""
GIGABYTE = 10**9


@dataclass(frozen=True, slots=True)
class Counts:
    """How answers came about: found on disk, shared with another task, asked for; and faults of the disk."""

    hits: int
    shared: int
    misses: int
    faults: int


class AnswerCache:
    """Answers kept in a folder, for any number of tasks, threads and processes; see ``domain.Answers``.

    Args:
        folder: Where; made at first use, for this user only.
        limit: Bytes at about which the oldest answers make room.
    """

    def __init__(self, folder: Path, *, limit: int = GIGABYTE) -> None:
        self.folder = folder
        self._store = Store(folder, limit)
        # One thread owns the database: a slow or locked disk never holds the event loop up.
        self._worker = ThreadPoolExecutor(1, "summarizer-cache")
        self._asked: WeakKeyDictionary[asyncio.AbstractEventLoop, _Asked] = WeakKeyDictionary()
        self._hits = self._shared = self._misses = 0

    @property
    def counts(self) -> Counts:
        """What happened so far."""
        return Counts(self._hits, self._shared, self._misses, self._store.faults)

    async def answer(
        self,
        request: Mapping[str, Any],
        ask: Callable[[], Awaitable[Answer]],
        *,
        keep: Callable[[Answer], bool],
        patience: float,
        anew: bool = False,
    ) -> Answer:
        """Return the answer kept for this request, or else ask, and keep what ``keep`` approves of.

        Raises:
            Exception: Whatever ``ask`` raises; nothing else.
        """
        key = key_of(request)
        if anew:
            return await self._ask(key, ask, keep)
        loop = asyncio.get_running_loop()
        asked = self._asked.setdefault(loop, {})
        while (other := asked.get(key)) is not None:
            await asyncio.wait([other])
            if (shared := other.result()) is not None:
                self._shared += 1
                return shared
        mine = asked[key] = loop.create_future()
        try:
            answer = await self._answer(key, ask, keep, patience)
            if keep(answer):
                mine.set_result(answer)
            return answer
        finally:
            del asked[key]
            if not mine.done():  # nothing to share: whoever waits asks for itself
                mine.set_result(None)

    async def aclose(self) -> None:
        """Close the database; it is opened again when needed."""
        await self._do(self._store.close)
        log.debug("%s: %s", self.folder, self.counts)

    async def _answer(
        self, key: str, ask: Callable[[], Awaitable[Answer]], keep: Callable[[Answer], bool], patience: float
    ) -> Answer:
        if (found := await self._do(self._store.get, key)) is not None:
            self._hits += 1
            return found
        owner = secrets.token_hex(8)
        try:
            if (found := await self._elsewhere(key, owner, patience)) is not None:
                self._hits += 1
                return found
            async with self._renewing(key, owner):
                return await self._ask(key, ask, keep)
        finally:
            await self._do(self._store.release, key, owner)

    async def _ask(
        self, key: str, ask: Callable[[], Awaitable[Answer]], keep: Callable[[Answer], bool]
    ) -> Answer:
        self._misses += 1
        answer = await ask()
        if keep(answer):
            await self._do(self._store.put, key, answer)
        return answer

    async def _elsewhere(self, key: str, owner: str, patience: float) -> Answer | None:
        """Wait while another process is asking; None means that it is up to us."""
        now = asyncio.get_running_loop().time
        end, pause = now() + patience, FIRST_PAUSE
        while not await self._do(self._store.lease, key, owner):
            if (left := end - now()) <= 0:
                return None
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, LONGEST_PAUSE)
        # It may have answered between our look and our lease.
        return await self._do(self._store.get, key)

    @asynccontextmanager
    async def _renewing(self, key: str, owner: str) -> AsyncIterator[None]:
        """Keep a lease alive while we are: one that nobody renews lapses with its dead owner."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(LEASE / 3)
                await self._do(self._store.renew, key, owner)

        task = asyncio.create_task(renew())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _do(self, act: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, lambda: act(*args, **kwargs))


def key_of(request: Mapping[str, Any]) -> str:
    """Return the name under which the answer to a request is kept: 64 hex digits over all of it."""
    whole = json.dumps([FORMAT, request], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
