"""The pace: what endpoints of every kind make of it, on a clock that is moved by hand."""

import asyncio
import random
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from summarizer.backends.openai.pacing import Pace, Pacer, Refusals
from summarizer.backends.openai.transport import watched
from summarizer.domain import deadline
from summarizer.errors import SettingsError
from summarizer.settings import Settings

ATTEMPTS = 5


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next timer instead of passing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        selector: Any = self._selector  # type: ignore[attr-defined]
        select = selector.select

        def jump(timeout: float | None = None) -> Any:
            self.now += max(0.0, timeout or 0.0)
            return select(0)

        selector.select = jump

    def time(self) -> float:
        return self.now


@contextmanager
def jumping() -> Iterator[_Loop]:
    """Give a loop and close it."""
    loop = _Loop()
    try:
        yield loop
    finally:
        loop.close()


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run work to its end on a loop of jumping time."""
    with jumping() as loop:
        return loop.run_until_complete(work)


@dataclass
class Server:
    """An endpoint: requests a second, a second's worth of them at once; slots; seconds to answer."""

    rate: float = 0.0
    slots: int = 0
    seconds: float = 0.5
    headers: bool = False
    retry_after: float | None = None
    dead: bool = False
    busy: int = 0
    level: float = 0.0
    at: float = -1.0
    came: list[tuple[float, bool]] = field(default_factory=list)
    draw: random.Random = field(default_factory=lambda: random.Random(7))

    def told(self) -> dict[str, str]:
        if not self.headers:
            return {}
        return {
            "x-ratelimit-limit-requests": f"{self.rate * 60:.0f}",
            "x-ratelimit-remaining-requests": f"{self.level:.0f}",
            "x-ratelimit-reset-requests": f"{1000 * (self.rate - self.level) / self.rate:.0f}ms",
        }

    def takes(self, now: float) -> bool:
        self.level = min(self.rate, self.level + (now - self.at) * self.rate) if self.at >= 0 else self.rate
        self.at = now
        if self.dead or (self.rate and self.level < 1) or (self.slots and self.busy >= self.slots):
            return False
        self.level -= 1
        return True

    async def answer(self) -> tuple[bool, dict[str, str]]:
        """Return whether a request was answered rather than refused, and the headers."""
        await asyncio.sleep(self.draw.uniform(0.0005, 0.003))
        now = asyncio.get_running_loop().time()
        taken = self.takes(now)
        self.came.append((now, taken))
        if taken:
            self.busy += 1
            await asyncio.sleep(self.seconds * self.draw.lognormvariate(0, 0.3))
            self.busy -= 1
        return taken, self.told()


async def batch(server: Server, articles: int, at_once: int = 64, **limits: Any) -> tuple[int, list[int]]:
    """Ask for many articles; return how many were lost and how many requests each took, in any order."""
    loop = asyncio.get_running_loop()
    pacer = Pacer(Pace(**limits), loop.time)
    lost, took = 0, []
    left = iter(range(articles))

    async def one() -> None:
        nonlocal lost
        place, refusals = next(pacer.places), Refusals()
        sent = 0
        while refusals.spent < ATTEMPTS:
            async with pacer.turn(place + 8 * refusals.count, 1000, refusals.spent) as turn:
                if refusals.judge() and refusals.spent >= ATTEMPTS:
                    break
                sent += 1
                taken, headers = await server.answer()
                if taken:
                    turn.answered(headers, 1000)
                    took.append(sent)
                    return
                turn.refused(headers, server.retry_after)
                refusals.add(turn, ConnectionError())
        lost += 1
        took.append(sent)

    async def worker() -> None:
        for _ in left:
            await one()

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return lost, took


def most_of(rate: float, retry_after: float | None) -> float:
    """Return what is to be made of a rate; where each refusal is to hold back all for a second, less."""
    return (0.95 if retry_after is None else 0.9) * rate


def after(server: Server, start: float) -> tuple[float, float]:
    """Return the share of refusals, and requests taken a second, from a time on while enough are left."""
    end = server.came[-64][0]
    late = [taken for at, taken in server.came if start <= at < end]
    return 1 - sum(late) / len(late), sum(late) / (end - start)


@pytest.mark.parametrize("headers", [False, True])
@pytest.mark.parametrize("retry_after", [None, 1.0])
@pytest.mark.parametrize("seconds", [0.01, 0.5])
def test_a_rate_is_found_and_used_up(headers: bool, retry_after: float | None, seconds: float) -> None:
    """Told of the limit or not, no article is lost, refusals are few, and nearly all of the rate is used."""
    server = Server(rate=20, headers=headers, retry_after=retry_after, seconds=seconds)
    lost, _ = run(batch(server, 600))
    refused, rate = after(server, 10)
    assert lost == 0
    assert refused <= 0.05
    assert rate >= most_of(20, retry_after)


@pytest.mark.parametrize("retry_after", [None, 1.0])
def test_slots_are_found_and_kept_full(retry_after: float | None) -> None:
    """An endpoint that refuses what it has no slot for loses no article and is hardly ever idle."""
    server = Server(slots=16, retry_after=retry_after)
    lost, _ = run(batch(server, 900))
    refused, rate = after(server, 10)
    mean = 0.5 * 1.046  # of the lognormal
    assert lost == 0
    assert refused <= 0.05
    assert rate >= most_of(16 / mean, retry_after)


def test_an_endpoint_that_refuses_nothing_is_not_held_back() -> None:
    """All that may be under way is, from the first moment on."""
    server = Server()
    run(batch(server, 64))
    assert {at < 0.01 for at, _ in server.came} == {True}


@pytest.mark.parametrize("limits", [{"requests": 1200}, {"tokens": 1_200_000}])
def test_what_the_user_allows_is_kept_from_the_first_minute_on(limits: dict[str, Any]) -> None:
    """So many requests, or tokens, a minute go out, evenly, and an endpoint of that limit refuses none."""
    server = Server(rate=20)
    run(batch(server, 300, **limits))
    assert all(taken for _, taken in server.came)
    assert 14.5 <= server.came[-1][0] <= 15.5


@pytest.mark.parametrize("limits", [{}, {"requests": 1200}])
def test_two_that_share_an_endpoint_keep_to_its_limit_together(limits: dict[str, Any]) -> None:
    """Neither knows of the other: what is told, and what the user allows, each takes its half of."""
    server = Server(rate=20, headers=True)

    async def both() -> list[tuple[int, list[int]]]:
        return await asyncio.gather(*(batch(server, 300, 32, share=0.5, **limits) for _ in range(2)))

    assert [lost for lost, _ in run(both())] == [0, 0]
    refused, rate = after(server, 10)
    assert refused <= (0.0 if limits else 0.05)
    assert rate >= 0.85 * 20


def test_a_dead_endpoint_ends_with_all_tries_and_no_more() -> None:
    """Where nothing ever gets through every article makes as many requests as it has tries."""
    server = Server(dead=True)
    lost, took = run(batch(server, 20, 20, backoff=0.01))
    assert lost == 20
    assert took == [ATTEMPTS] * 20


def test_what_one_is_asked_to_wait_all_wait() -> None:
    """A Retry-After holds back those too that were told nothing."""
    pace = Pace()
    first = pace.sent(0.0)
    pace.sent(0.0)
    pace.refused(first, 0.1, retry_after=7.0)
    assert 7.0 <= pace.wait(0.1) <= 7.8
    assert pace.wait(8.0) == 0.0


def test_requests_that_hang_do_not_stop_the_others() -> None:
    """With as many hanging as were found to be taken, one still goes now and then to see."""
    pace = Pace()
    hanging = [pace.sent(0.0) for _ in range(4)]
    pace.refused(hanging.pop(), 0.01)
    assert 0 < pace.wait(0.02) < 10
    assert pace.wait(10.0) == 0.0


def test_an_answer_far_later_than_all_others_is_late() -> None:
    """Patience is eight times the usual, never under ten seconds, longer for more, and endless at first."""
    pace = Pace()
    assert pace.patience(100) == float("inf")
    for _ in range(50):
        pace.answered(pace.sent(0.0, 100), 2.0)
    assert pace.patience(100) == pytest.approx(16)
    assert pace.patience(300) == pytest.approx(48)
    for _ in range(200):
        pace.answered(pace.sent(0.0, 100), 0.1)
    assert pace.patience(100) == 10


def test_a_size_is_estimated_by_what_answers_took() -> None:
    """After some answers the tokens of a request are foreseen from its length."""
    pace = Pace()
    for _ in range(100):
        pace.answered(pace.sent(0.0, pace.estimate(1000)), 1.0, tokens=500)
    assert pace.estimate(2000) == pytest.approx(1000, rel=0.01)


def test_a_deadline_stands_still_while_a_turn_is_waited_for() -> None:
    """An article that waits ten seconds for its turn still has its one second."""

    async def wait() -> float:
        loop = asyncio.get_running_loop()
        pacer = Pacer(Pace(requests=6), loop.time)
        async with pacer.turn(0, 1, 0) as turn:
            turn.answered({})
        async with deadline.within(1.0) as clock, pacer.turn(1, 1, 0):
            assert loop.time() > 9
            return deadline.left(clock)

    assert run(wait()) == pytest.approx(1.0)


def test_the_earlier_article_goes_first() -> None:
    """Turns go by place in the queue, not by who came to wait first."""

    async def queue() -> list[int]:
        pacer = Pacer(Pace(requests=60), asyncio.get_running_loop().time)
        went: list[int] = []

        async def go(place: int) -> None:
            async with pacer.turn(place, 1, 0) as turn:
                went.append(place)
                turn.answered({})

        await asyncio.gather(*map(go, (0, 9, 5, 7, 3)))
        return went

    assert run(queue()) == [0, 3, 5, 7, 9]


def test_who_gives_up_waiting_takes_nobody_s_turn() -> None:
    """A cancelled article leaves the queue, and the next one goes at its time."""

    async def queue() -> float:
        loop = asyncio.get_running_loop()
        pacer = Pacer(Pace(requests=60), loop.time)
        await _once(pacer, 0)
        tasks = [asyncio.create_task(_once(pacer, place)) for place in (1, 2)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        await tasks[1]
        assert pacer.pace.under_way == 0
        return loop.time()

    assert run(queue()) == pytest.approx(1.0, abs=0.3)


async def _once(pacer: Pacer, place: int) -> None:
    async with pacer.turn(place, 1, 0) as turn:
        turn.answered({})


def test_a_late_request_is_given_up_by_what_is_known_by_then() -> None:
    """Patience that was endless at first and is twelve seconds later ends a request of a minute."""

    async def hang() -> float:
        loop = asyncio.get_running_loop()
        with pytest.raises(TimeoutError):
            async with (
                asyncio.timeout(60) as clock,
                watched(clock, lambda: 12.0 if loop.time() > 3 else float("inf")),
            ):
                await asyncio.sleep(100)
        return loop.time()

    assert 12 <= run(hang()) < 20


def test_limits_of_the_user_s_own_are_settings_and_variables() -> None:
    """Given, they come before the environment's; neither may be nothing."""
    named = {"SUMMARIZER_REQUESTS_PER_MINUTE": "300", "SUMMARIZER_TOKENS_PER_MINUTE": "90000"}
    settings = Settings.make(named, requests_per_minute=60)
    assert (settings.requests_per_minute, settings.tokens_per_minute) == (60, 90_000)
    with pytest.raises(SettingsError, match="requests_per_minute"):
        Settings.make({}, requests_per_minute=0)
