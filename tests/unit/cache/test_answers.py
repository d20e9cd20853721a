"""Who asks and who waits: one question, many askers, one exchange; in a folder and on a server."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.cache import AnswerCache, Counts
from summarizer.cache import answers as waiting
from summarizer.cache.answers import key_of
from summarizer.cache.shared import SharedStore
from summarizer.cache.store import Keeping, Store
from summarizer.domain.answers import Answer
from tests import redis_server

REQUEST: dict[str, Any] = {
    "endpoint": "http://localhost/v1",
    "model": "scripted",
    "temperature": 0.0,
    "messages": [{"role": "user", "content": "Two trawlers sank."}],
    "response_format": {"type": "json_schema"},
}


class Asker:
    """Gives numbered answers and counts how often it was asked; may take its time, or fail first."""

    def __init__(self, *, seconds: float = 0.0, failures: int = 0) -> None:
        self.times = 0
        self.asked = asyncio.Event()
        self._seconds, self._failures = seconds, failures

    async def __call__(self) -> Answer:
        self.times += 1
        number = self.times
        self.asked.set()
        await asyncio.sleep(self._seconds)
        if number <= self._failures:
            raise ConnectionError("gone")
        return {"n": number, "text": "“Zwei” 🚢 \x00"}


class Place:
    """Somewhere to keep answers: whatever is made here has nothing else in common."""

    def __init__(self, store: Callable[[], Keeping]) -> None:
        self.store = store

    def cache(self) -> AnswerCache:
        return AnswerCache(self.store())


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A folder, or a server: the promises are the same."""
    if request.param == "folder":
        yield Place(lambda: Store(tmp_path / "c", 10**9))
        return
    with redis_server.serving(tmp_path) as server:
        yield Place(lambda: SharedStore(server.url))


class UnfitError(Exception):
    """An answer misses the schema."""


async def get(
    cache: AnswerCache,
    ask: Callable[[], Awaitable[Answer]],
    *,
    fit: bool = True,
    patience: float = 10.0,
    **changed: Any,
) -> Answer:
    """Ask a question of the request above, or of one that differs a little; fail where it is not fit."""
    async with cache.question() as question:
        answer = await question.answer({**REQUEST, **changed}, ask, patience=patience)
        if not fit:
            raise UnfitError(answer["n"])
        return answer


async def chain(
    cache: AnswerCache, ask: Callable[[], Awaitable[Answer]], *models: str, fit: bool = True
) -> list[int]:
    """Ask several requests within one question, and return the numbers of their answers."""
    async with cache.question() as question:
        made = [await question.answer({**REQUEST, "model": m}, ask, patience=10.0) for m in models]
        if not fit:
            raise UnfitError
        return [answer["n"] for answer in made]


def test_an_answer_is_paid_for_once(place: Place) -> None:
    """The second time, and with another cache object on the same folder, nobody is asked."""
    ask = Asker()

    async def twice(cache: AnswerCache) -> list[Answer]:
        made = [await get(cache, ask), await get(cache, ask)]
        await cache.aclose()
        return made

    first, again = place.cache(), place.cache()
    made = asyncio.run(twice(first)) + asyncio.run(twice(again))
    assert ask.times == 1
    assert made == [made[0]] * 4
    assert first.counts == Counts(hits=1, shared=0, misses=1, faults=0)
    assert again.counts == Counts(hits=2, shared=0, misses=0, faults=0)


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "other"},
        {"temperature": 0.5},
        {"max_completion_tokens": 5},
        {"endpoint": "http://localhost:1/v1"},
        {"messages": [{"role": "user", "content": "Two trawlers sank"}]},
        {"response_format": {"type": "json_schema", "strict": True}},
    ],
)
def test_whatever_differs_in_a_request_asks_anew(changed: dict[str, Any], place: Place) -> None:
    """Model, parameters, endpoint, prompt and schema are all part of the key; the order of fields is not."""
    assert key_of({**REQUEST, **changed}) != key_of(REQUEST)
    assert key_of(dict(reversed(REQUEST.items()))) == key_of(REQUEST)
    ask = Asker()

    async def both() -> None:
        cache = place.cache()
        await get(cache, ask)
        await get(cache, ask, **changed)
        await cache.aclose()

    asyncio.run(both())
    assert ask.times == 2


def test_tasks_that_ask_the_same_share_one_exchange(place: Place) -> None:
    """Ten tasks at once are one asker and nine that wait for its answer."""
    ask = Asker(seconds=0.02)
    cache = place.cache()

    async def ten() -> list[Answer]:
        made = await asyncio.gather(*(get(cache, ask) for _ in range(10)))
        await cache.aclose()
        return made

    assert len({str(answer) for answer in asyncio.run(ten())}) == 1
    assert ask.times == 1
    assert (cache.counts.misses, cache.counts.shared) == (1, 9)


def test_caches_that_do_not_know_each_other_share_one_exchange(place: Place) -> None:
    """Three askers with nothing in common but the folder, as three processes have, pay once."""
    ask = Asker(seconds=0.2)
    caches = [place.cache() for _ in range(3)]

    async def three() -> list[Answer]:
        made = await asyncio.gather(*(get(cache, ask) for cache in caches))
        for cache in caches:
            await cache.aclose()
        return made

    assert len({str(answer) for answer in asyncio.run(three())}) == 1
    assert ask.times == 1
    assert sorted(cache.counts.hits for cache in caches) == [0, 1, 1]


def test_an_asker_that_fails_leaves_the_asking_to_the_next(place: Place) -> None:
    """A fault is raised where it happened, kept nowhere, and those who waited ask for themselves."""
    ask = Asker(seconds=0.02, failures=1)

    async def three() -> list[Any]:
        cache = place.cache()
        made = await asyncio.gather(*(get(cache, ask) for _ in range(3)), return_exceptions=True)
        await cache.aclose()
        return made

    failed, *good = sorted(asyncio.run(three()), key=lambda made: isinstance(made, dict))
    assert isinstance(failed, ConnectionError)
    assert [answer["n"] for answer in good] == [2, 2]
    assert ask.times == 2


def test_a_cancelled_asker_leaves_the_asking_to_the_next(place: Place) -> None:
    """Cancelling one task neither cancels nor stalls another that waits for the same answer."""
    ask = Asker(seconds=0.1)

    async def two() -> Answer:
        cache = place.cache()
        first = asyncio.create_task(get(cache, ask))
        await ask.asked.wait()
        second = asyncio.create_task(get(cache, ask))
        await asyncio.sleep(0.02)
        first.cancel()
        answer = await second
        await cache.aclose()
        return answer

    assert asyncio.run(two())["n"] == 2


def test_a_cancelled_waiter_does_not_cancel_the_asker(place: Place) -> None:
    """The other way round holds as well."""
    ask = Asker(seconds=0.1)

    async def two() -> Answer:
        cache = place.cache()
        first = asyncio.create_task(get(cache, ask))
        await ask.asked.wait()
        second = asyncio.create_task(get(cache, ask))
        await asyncio.sleep(0.02)
        second.cancel()
        answer = await first
        await cache.aclose()
        return answer

    assert asyncio.run(two())["n"] == 1


def test_what_a_failed_question_took_is_neither_kept_nor_shared(place: Place) -> None:
    """Its answer reaches its asker only: who waited for it in this process, or comes later, asks anew."""
    ask = Asker(seconds=0.02)

    async def thrice() -> list[Any]:
        cache = place.cache()
        failed = await asyncio.gather(*(get(cache, ask, fit=False) for _ in range(2)), return_exceptions=True)
        made = [await get(cache, ask) for _ in range(2)]
        await cache.aclose()
        return sorted(str(error) for error in failed) + [answer["n"] for answer in made]

    assert asyncio.run(thrice()) == ["1", "2", 3, 3]


def test_another_process_that_waits_for_a_failing_question_asks_for_itself(place: Place) -> None:
    """It is not given the answer on which the other failed, and does not wait out its patience."""
    ask, unfit = Asker(), Asker(seconds=0.3)
    caches = [place.cache() for _ in range(2)]

    async def both() -> Answer:
        first = asyncio.create_task(get(caches[0], unfit, fit=False))
        await unfit.asked.wait()
        answer = await asyncio.wait_for(get(caches[1], ask, patience=60.0), 10.0)
        with pytest.raises(UnfitError):
            await first
        for cache in caches:
            await cache.aclose()
        return answer

    assert asyncio.run(both())["n"] == 1
    assert (unfit.times, ask.times) == (1, 1)


def test_who_waits_for_a_question_gets_all_that_it_took(place: Place) -> None:
    """Four questions at once, in two processes, of three requests each: three are sent."""
    ask = Asker(seconds=0.05)
    caches = [place.cache() for _ in range(2)]

    async def four() -> list[list[int]]:
        made = await asyncio.gather(*(chain(cache, ask, "a", "b", "c") for cache in caches * 2))
        for cache in caches:
            await cache.aclose()
        return made

    assert asyncio.run(four()) == [[1, 2, 3]] * 4


def test_the_same_request_twice_in_a_question_is_two_and_so_it_is_later(place: Place) -> None:
    """The second answer does not take the place of the first: a replay is the same, step by step."""
    ask = Asker()

    async def twice() -> list[list[int]]:
        cache = place.cache()
        made = [await chain(cache, ask, "a", "b", "b") for _ in range(2)]
        await cache.aclose()
        return made

    assert asyncio.run(twice()) == [[1, 2, 3]] * 2


def test_answers_on_which_a_later_question_fails_are_forgotten(place: Place) -> None:
    """What was good once and is no longer, by a stricter reader, is asked for anew the time after."""
    ask = Asker()

    async def thrice() -> list[int]:
        cache = place.cache()
        await chain(cache, ask, "a", "b")
        with pytest.raises(UnfitError):
            await chain(cache, ask, "a", fit=False)
        made = await chain(cache, ask, "a", "b")
        await cache.aclose()
        return made

    assert asyncio.run(thrice()) == [3, 2]


def test_a_cancelled_question_leaves_what_is_kept(place: Place) -> None:
    """An interruption says nothing about an answer."""
    ask, slow = Asker(), Asker(seconds=60.0)

    async def thrice() -> list[int]:
        cache = place.cache()
        await chain(cache, ask, "a")

        async def cancelled() -> None:
            async with cache.question() as question:
                await question.answer({**REQUEST, "model": "a"}, slow, patience=1.0)
                await question.answer({**REQUEST, "model": "b"}, slow, patience=1.0)

        task = asyncio.create_task(cancelled())
        await slow.asked.wait()
        task.cancel()
        await asyncio.wait([task])
        made = await chain(cache, ask, "a", "b")
        await cache.aclose()
        return made

    assert asyncio.run(thrice()) == [1, 2]


def test_questions_that_come_to_each_others_requests_do_not_wait_for_ever(place: Place) -> None:
    """Who holds a turn waits for nobody: both of two that cross get their answers."""
    ask = Asker(seconds=0.1)

    async def crossing() -> list[list[int]]:
        cache = place.cache()
        both = asyncio.gather(chain(cache, ask, "a", "b"), chain(cache, ask, "b", "a"))
        made = await asyncio.wait_for(both, 10.0)
        await cache.aclose()
        return list(made)

    made = asyncio.run(crossing())
    assert sorted(n for numbers in made for n in numbers) == [1, 2, 3, 4]


def test_a_dead_owner_is_outlived(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease that nobody renews lapses, and who waited for it asks."""
    monkeypatch.setattr("summarizer.cache.store.LEASE", 0.3)
    dead, ask = place.store(), Asker()
    assert dead.lease(key_of(REQUEST), "dead")
    dead.close()

    async def wait() -> Answer:
        cache = place.cache()
        answer = await get(cache, ask, patience=60.0)
        await cache.aclose()
        return answer

    assert asyncio.run(wait())["n"] == 1


def test_a_living_owner_keeps_its_lease(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exchange that takes longer than a lease is still made once."""
    monkeypatch.setattr("summarizer.cache.store.LEASE", 1.0)
    monkeypatch.setattr(waiting, "LEASE", 0.3)
    ask = Asker(seconds=1.6)
    caches = [place.cache() for _ in range(2)]

    async def both() -> None:
        await asyncio.gather(*(get(cache, ask) for cache in caches))
        for cache in caches:
            await cache.aclose()

    asyncio.run(both())
    assert ask.times == 1


def test_nobody_waits_longer_than_its_patience(place: Place) -> None:
    """A lease that never lapses costs the patience of the request; then it asks, and the answer is kept."""
    stuck, ask = place.store(), Asker()
    assert stuck.lease(key_of(REQUEST), "stuck")
    stuck.close()

    async def twice() -> Counts:
        cache = place.cache()
        await get(cache, ask, patience=0.1)
        await get(cache, ask, patience=0.1)
        await cache.aclose()
        return cache.counts

    assert asyncio.run(twice()) == Counts(hits=1, shared=0, misses=1, faults=0)
    assert ask.times == 1


def test_event_loops_of_several_threads_may_share_a_cache(place: Place) -> None:
    """The sync and the async door of one Summarizer use one cache at once."""
    ask = Asker(seconds=0.2)
    cache = place.cache()
    made: list[Answer] = []

    def loop() -> None:
        made.append(asyncio.run(get(cache, ask)))

    threads = [threading.Thread(target=loop) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asyncio.run(cache.aclose())
    assert ask.times == 1
    assert len(made) == 3
