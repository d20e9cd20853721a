"""Who asks and who waits: the same question, asked many times at once, is paid for once."""

import asyncio
import hashlib
import json
import logging
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from summarizer.cache.store import LEASE, Keeping, Store
from summarizer.domain.answers import Answer

_Answers = Mapping[str, Answer]
_Asked = dict[str, "asyncio.Future[_Answers]"]
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
    """How answers came about: found, shared with another task, asked for; and faults of the store."""

    hits: int
    shared: int
    misses: int
    faults: int


class AnswerCache:
    """Answers kept for any number of tasks, threads and processes; see ``domain.Answers``.

    Args:
        place: Where: a folder, made at first use, for this user only; or another store.
        limit: Of a folder, bytes at about which the oldest answers make room.
        days: Of a folder, age at which an answer is forgotten; None for no limit.
    """

    def __init__(self, place: Path | Keeping, *, limit: int = GIGABYTE, days: float | None = None) -> None:
        seconds = days and days * 86_400
        self._store: Keeping = Store(place, limit, seconds) if isinstance(place, Path) else place
        # Nothing slow holds the event loop up.
        self._worker = ThreadPoolExecutor(self._store.threads, "summarizer-cache")
        self._asked: WeakKeyDictionary[asyncio.AbstractEventLoop, _Asked] = WeakKeyDictionary()
        self._came = Counter[str]()

    @property
    def counts(self) -> Counts:
        """What happened so far."""
        return Counts(self._came["hit"], self._came["shared"], self._came["miss"], self._store.faults)

    @asynccontextmanager
    async def question(self) -> AsyncIterator["_Question"]:
        """Give a question to ask; what it took is kept where the block ends well, and else forgotten.

        Raises:
            Exception: Whatever the block raises; nothing else.
        """
        asked = self._asked.setdefault(asyncio.get_running_loop(), {})
        async with AsyncExitStack() as turn:  # given up last: who waited for it finds what was kept
            question = _Question(self._store, self._do, self._came, asked, turn)
            try:
                yield question
            except Exception:
                await question.forget()
                raise
            await question.keep()

    async def aclose(self) -> None:
        """Close files and connections; they are opened again when needed."""
        await self._do(self._store.close)
        log.debug("%s", self.counts)

    async def _do(self, act: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, lambda: act(*args, **kwargs))


class _Question:
    """The requests that one question takes.

    From its first request that nobody has an answer to until its end it holds the turn: others that come to
    the same request wait. Who holds a turn waits for nobody, so no two wait for each other.
    """

    def __init__(
        self,
        store: Keeping,
        do: Callable[..., Awaitable[Any]],
        came: "Counter[str]",
        asked: _Asked,
        turn: AsyncExitStack,
    ) -> None:
        self._store, self._do, self._came, self._asked = store, do, came, asked
        self._turn, self._has_turn = turn, False
        self._times = Counter[str]()
        self._shared: dict[str, Answer] = {}
        self._found: dict[str, Answer] = {}
        self._new: dict[str, Answer] = {}
        self._told: _Answers = {}

    async def answer(
        self, request: Mapping[str, Any], ask: Callable[[], Awaitable[Answer]], *, patience: float
    ) -> Answer:
        """Return the answer at hand for this request, or else ask.

        Raises:
            Exception: Whatever ``ask`` raises; nothing else.
        """
        again = self._times[key_of(request)]
        self._times[key_of(request)] += 1
        key = key_of(request, again)
        if (found := await self._at_hand(key)) is not None:
            return found
        if not self._has_turn and (found := await self._waited_for(key, patience)) is not None:
            return found
        self._came["miss"] += 1
        self._new[key] = answer = await ask()
        return answer

    async def keep(self) -> None:
        """Keep what was asked for, and share it with those who wait."""
        await self._do(self._put)
        self._told = self._found | self._new

    async def forget(self) -> None:
        """Remove what was found: the question failed on it, and is to be asked anew."""
        await self._do(self._drop)

    async def _at_hand(self, key: str) -> Answer | None:
        if (answer := self._shared.get(key)) is not None:
            self._came["shared"] += 1
            return answer
        if (answer := await self._do(self._store.get, key)) is not None:
            self._came["hit"] += 1
            self._found[key] = answer
        return answer

    async def _waited_for(self, key: str, patience: float) -> Answer | None:
        """Return what somebody else asks for meanwhile; None means that the turn is ours."""
        while (other := self._asked.get(key)) is not None:
            await asyncio.wait([other])
            self._shared |= other.result()
            if key in self._shared:
                return await self._at_hand(key)
        self._take_turn(key)
        if (found := await self._elsewhere(key, patience)) is not None:
            self._told = {key: found}
            await self._turn.aclose()
            self._has_turn, self._told = False, {}
        return found

    def _take_turn(self, key: str) -> None:
        mine = self._asked[key] = asyncio.get_running_loop().create_future()

        def end() -> None:
            del self._asked[key]
            mine.set_result(self._told)  # without an answer in it whoever waits asks for itself

        self._has_turn = True
        self._turn.callback(end)

    async def _elsewhere(self, key: str, patience: float) -> Answer | None:
        """Wait while another process is asking; None means that it is up to us."""
        now = asyncio.get_running_loop().time
        owner, end, pause = secrets.token_hex(8), now() + patience, FIRST_PAUSE
        self._turn.push_async_callback(self._do, self._store.release, key, owner)
        while not await self._do(self._store.lease, key, owner):
            if (left := end - now()) <= 0:
                return None
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, LONGEST_PAUSE)
        await self._turn.enter_async_context(self._renewing(key, owner))
        # It may have answered between our look and our lease.
        return await self._at_hand(key)

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

    def _put(self) -> None:
        # The last first: a chain of which only a part was written is not entered.
        for key, answer in reversed(self._new.items()):
            self._store.put(key, answer)

    def _drop(self) -> None:
        for key in self._found:
            self._store.drop(key)


def key_of(request: Mapping[str, Any], again: int = 0) -> str:
    """Return the name under which the answer to a request is kept: 64 hex digits over all of it.

    Args:
        request: All that the answer depends on.
        again: How many times the same question asked it before, and got an answer that was no good.
    """
    whole = json.dumps([FORMAT, request, *([again] if again else [])], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
