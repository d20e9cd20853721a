"""Workers that share one limit: articles go to who has most room, and outlive who had them."""

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from pydantic import SecretStr

from summarizer import wiring
from summarizer.domain.article import Article
from summarizer.domain.report import Failure, Outcome, Report
from summarizer.errors import SettingsError, WorkersLost
from summarizer.ledger import Job
from summarizer.scaleout.cluster import cluster, needed
from summarizer.settings import OFFLINE, Settings
from summarizer.workers import WorkerDied

log = logging.getLogger(__name__)

START: Final = 120.0
"""Seconds for which a run without a single worker waits for one."""
_TRIES: Final = (2, 2)
"""Times that an article is tried among others, and then as the only one of those that saw workers die."""
_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_SHARED: Final = ("requests_per_minute", "tokens_per_minute")
"""Settings that are limits of all workers together."""


class RayWorkers:
    """Ray actors, each with a pipeline of its own; to be used in one event loop.

    The limits are those of all together: each worker has an even share of ``concurrency``, and of requests
    and tokens a minute where settings limit those. A worker that dies, alone or with its machine, is
    replaced, and the articles that it had in hand are asked again. Ray is started, or joined, when the first
    article comes; see :func:`summarizer.scaleout.cluster`.

    Args:
        settings: How summaries are made.
        number: How many workers.
        concurrency: Articles in hand at most, of all workers together.

    Raises:
        SettingsError: There are more workers than articles in hand, or Ray is not installed.
    """

    def __init__(self, settings: Settings, number: int, concurrency: int) -> None:
        needed()
        if settings.model == OFFLINE:  # rules do one article at a time
            concurrency = number
        if number > concurrency:
            raise SettingsError(
                f"{number} workers cannot share {concurrency} articles in hand.",
                where="--workers",
                mend="Choose fewer, or a higher --concurrency.",
            )
        self.concurrency = concurrency
        self._number, self._seats = number, [_Seat(n) for n in shares(concurrency, number)]
        self._settings = _plain(settings, number)
        self._job = Job.of(wiring.pipeline(settings))
        self._suspects = asyncio.Lock()
        self._changed = asyncio.Event()
        self._staffing: set[asyncio.Task[None]] = set()
        self._said: set[str] = set()
        self._stack = ExitStack()
        self._begun = False
        self._fault: WorkersLost | None = None

    async def summarize(self, article: Article) -> Outcome:
        """Summarise one article; what a worker could not do comes as the record of a failure.

        Raises:
            WorkerDied: Each worker that had it died.
            WorkersLost: No worker can be had; the run cannot go on.
        """
        self._begin()
        sent = article.model_dump(mode="json")
        for _ in range(_TRIES[0]):
            if (made := await self._tried(sent)) is not None:
                return made
        # It may be what kills them. No two such articles at once: one that is harmless is not blamed.
        async with self._suspects:
            for _ in range(_TRIES[1]):
                if (made := await self._tried(sent)) is not None:
                    return made
        raise WorkerDied(
            f"the workers that summarised it died, {sum(_TRIES)} times; out of memory?",
            where=article.source or article.id,
            mend="Try it again with fewer --workers or a lower --concurrency.",
        )

    def close(self) -> None:
        """End the workers, whatever they do."""
        for task in self._staffing:
            task.cancel()
        for seat in self._seats:
            seat.leave()
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._stack.enter_context(cluster(self._number))
            for seat in self._seats:
                self._staff(seat)

    async def _tried(self, sent: dict[str, Any]) -> Outcome | None:
        """Have one worker summarise an article; None where it died over it, or the answer was lost."""
        from ray.exceptions import RayActorError, RayError, RayTaskError

        seat = await self._free_seat()
        with seat.taken(self._changed) as actor:
            try:
                record, said = await actor.summarize.remote(sent)
            except RayTaskError:
                raise
            except RayActorError as gone:
                log.debug("an article's worker is gone: %s", type(gone).__name__)
                if seat.actor is actor:
                    log.warning("a worker died, and is replaced; what it had in hand is asked again.")
                    seat.leave()
                    self._staff(seat)
                return None
            except RayError as lost:
                log.debug("an answer is lost: %s", type(lost).__name__)
                return None
        self._tell(said)
        return _outcome(record)

    async def _free_seat(self) -> "_Seat":
        """Wait for a worker with room, and return the one with most."""
        while True:
            if self._fault:
                raise self._fault
            staffed = [seat for seat in self._seats if seat.actor is not None]
            if staffed and (best := max(staffed, key=lambda seat: seat.room)).room > 0:
                return best
            self._changed.clear()
            try:
                async with asyncio.timeout(None if staffed else START):
                    await self._changed.wait()
            except TimeoutError:
                self._fail(_no_worker())

    def _staff(self, seat: "_Seat") -> None:
        task = asyncio.create_task(self._new_worker(seat))
        self._staffing.add(task)
        task.add_done_callback(self._staffing.discard)

    async def _new_worker(self, seat: "_Seat") -> None:
        """Put a new worker on a seat as soon as one can be had."""
        from ray.exceptions import RayError, RayTaskError

        pause = _PAUSE
        while seat.actor is None and not self._fault:
            actor = _actor(seat.slots)
            try:
                begun = await actor.begin.remote(self._settings)
            except RayTaskError as error:
                return self._fail(_unfit(str(error.cause)))
            except RayError as error:
                log.debug("no worker: %s", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            if differences := self._job.differences(Job.model_validate(begun)):
                return self._fail(_unfit("; ".join(differences)))
            seat.actor = actor
            self._changed.set()
        return None

    def _fail(self, fault: WorkersLost) -> None:
        self._fault = self._fault or fault
        self._changed.set()

    def _tell(self, said: list[str]) -> None:
        for one in said:
            if one not in self._said:
                self._said.add(one)
                log.warning("%s", one)


class _Seat:
    """A worker's place, whoever holds it.

    Attributes:
        slots: Articles that it may have in hand.
        actor: Who holds it; None while nobody does.
    """

    def __init__(self, slots: int) -> None:
        self.slots, self._in_hand = slots, 0
        self.actor: Any = None

    @property
    def room(self) -> int:
        """How many more articles it may have in hand."""
        return self.slots - self._in_hand

    @contextmanager
    def taken(self, changed: asyncio.Event) -> Iterator[Any]:
        """Give the worker, with one slot of its taken while the block runs."""
        self._in_hand += 1
        try:
            yield self.actor
        finally:
            self._in_hand -= 1
            changed.set()

    def leave(self) -> None:
        """Have nobody hold it."""
        import ray

        if self.actor is not None and ray.is_initialized():
            ray.kill(self.actor)
        self.actor = None


def shares(whole: int, number: int) -> list[int]:
    """Return a whole in parts as even as can be, the larger first."""
    return [whole // number + (n < whole % number) for n in range(number)]


def _actor(slots: int) -> Any:
    import ray

    from summarizer.scaleout.worker import Worker

    # Who dies is replaced by us, who know what it had in hand; and beside others on a machine, not in a heap.
    options = {"max_concurrency": slots, "max_restarts": 0, "max_task_retries": 0}
    return ray.remote(Worker).options(scheduling_strategy="SPREAD", **options).remote()


def _plain(settings: Settings, number: int) -> dict[str, Any]:
    """Return settings for one worker of several as JSON data, the secret ones readable: never to be shown."""
    plain = settings.model_dump(mode="json")
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            plain[name] = value.get_secret_value()
        elif isinstance(value, Path) and not str(value).startswith("~"):
            plain[name] = str(value.absolute())
        elif name in _SHARED and value is not None:
            plain[name] = value / number
    return plain


def _outcome(record: str) -> Outcome:
    data = json.loads(record)
    return Failure.model_validate(data) if "error" in data else Report.from_dict(data)


def _no_worker() -> WorkersLost:
    return WorkersLost(
        f"no worker could be had for {START:g} s.",
        where="Ray",
        mend="Has the cluster a free CPU, and this package on each machine? `ray status` tells. "
        "Records are kept: the same command goes on.",
    )


def _unfit(why: str) -> WorkersLost:
    return WorkersLost(
        f"a worker would not make the reports that are asked for: {why}",
        where="Ray",
        mend="Install the same version of this package on every machine, and put files it reads there, too.",
    )
