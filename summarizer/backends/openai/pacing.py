"""When the next request may go: one pace for all articles that share an endpoint and an event loop.

Nothing is held back until an endpoint says so: by a 429, by Retry-After, by what its x-ratelimit headers
say is left, or the user by a rate. What a 429 means is learnt. An endpoint refuses because so many requests
are under way (then the number of requests under way is kept to what it took), or because so many came in a
time (then they are spaced at the rate at which they got through). Both are felt for upwards, at the price
of about one refusal in fifty requests.
"""

import asyncio
import heapq
import itertools
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from summarizer.backends.openai.limits import Level, Rate, Told
from summarizer.domain import deadline

_JITTER: Final = 0.1
_AT_ONCE: Final = 0.001
"""Seconds that are not worth a timer."""
_DOUBLINGS: Final = 5
"""How often the wait after refusals doubles while nothing gets through."""
_KNOWN, _LATE, _LATE_AT_LEAST = 20, 8, 10.0
"""Answers at least, how many times their usual seconds, and seconds at least, that make one late."""
_TOKENS_A_CHARACTER: Final = 0.35
"""Until answers tell: a quarter for what is sent, and some for what comes back."""
_PATIENCE: Final = 50
"""Refusals of one request that are a try, though the endpoint answers others."""
_STREAK: Final = 20
"""Refusals in a row after which nothing counts as getting through, whatever is still under way."""
_BLACKOUT: Final = 180
"""Backoffs for which one request at a time finds out whether an endpoint that refuses all is back."""
_FIRST_STEP, _LAST_STEP = 0.16, 0.02
"""What an answer at the edge of the window adds to it: less with each time that proved too much."""
_RECENT: Final = 100
_UNEXPLAINED: Final = 3
"""Refusals at fewer requests under way than were taken before, until a rate is taken for the reason."""
_INTERVAL, _COUNTED = 2.0, 20
"""Seconds and outcomes at least over which a rate is measured."""
_ABOVE: Final = 1.04
"""How much faster is sent than gets through: what finds a limit that has risen, and refusals to 4 %."""
_FEW: Final = 0.045
"""Share of refusals that is no reason to go slower: some endpoints refuse at random."""
_GROWTH: Final = 0.02
_HORIZON: Final = 60.0
_SLOWEST: Final = 1 / 60
_HELD: Final = 20
"""Waits that were asked for, until after one the rate is raised again: each costs everybody as long."""


@dataclass(slots=True, eq=False)
class Sent:
    """A request under way.

    Attributes:
        at: When it was sent.
        size: Its tokens, estimated.
        others: Requests under way when it was sent.
        heard: Answers that had come to anybody when it was sent.
        dark: Refusals, by then, while nothing got through.
        fresh: Whether it was sent after the first refusal, so that ``others`` holds none yet to be refused.
    """

    at: float
    size: float
    others: int
    heard: int
    dark: int
    fresh: bool


class Pace:
    """What is known of an endpoint's limits, and what follows for the next request; keeps no clock.

    Args:
        requests: Requests a minute that the user allows; None is no limit.
        tokens: Tokens a minute, in and out, that the user allows.
        backoff: Seconds to wait after a refusal where nothing else is known; doubles while nothing gets
            through.
        share: The part of all limits, the user's and those that answers tell of, that is for this pace; the
            rest is for others, in other processes.
    """

    def __init__(
        self,
        *,
        requests: float | None = None,
        tokens: float | None = None,
        backoff: float = 0.5,
        share: float = 1.0,
    ) -> None:
        self._requests = Rate(share * requests / 60) if requests else None
        self._tokens = Rate(share * tokens / 60) if tokens else None
        self._share = share
        self._told = {"requests": Level(), "tokens": Level()}
        self._backoff = backoff
        self._heard = 0
        self.under_way = 0
        self._paused = float("-inf")
        self._refusals = _Refusals()
        self._window = _Window()
        self._flow = _Flow()
        self._latency = 0.0
        self._a_character = _TOKENS_A_CHARACTER
        self._latencies = deque[tuple[float, float]](maxlen=_RECENT)

    def wait(self, now: float, size: float = 0.0) -> float:
        """Return the seconds until a request of so many tokens may go; infinite where answers decide.

        Zero is no promise for a second request: tell of the first by :meth:`sent`.
        """
        limits = [self._paused - now, self._refusals.until - now]
        if not self.is_dark:
            limits.append(self._flow.wait(now))
        if self._requests:
            limits.append(self._requests.wait(now))
        if self._tokens:
            limits.append(self._tokens.wait(now))
        limits += [self._told["requests"].wait(now, 1.0), self._told["tokens"].wait(now, size)]
        longest = max(*limits)
        longest = longest if longest > _AT_ONCE else 0.0
        longest = max(longest, self._window.gap(now, self._latency))
        if self._window.is_full(self.under_way):
            # Those under way may all be hanging: once in a while one goes to see.
            return max(longest, self._refusals.stalled(self._backoff, self._latency) - now)
        return longest

    @property
    def is_dark(self) -> bool:
        """Whether nothing gets through: then one goes at a time."""
        return self._refusals.rounds > 1

    def sent(self, now: float, size: float = 0.0) -> Sent:
        """Note that a request goes, and return what its outcome is to be told with."""
        fresh = self._refusals.first <= now
        one = Sent(now, size, self.under_way, self._heard, self._refusals.count, fresh)
        self.under_way += 1
        for rate, amount in ((self._requests, 1.0), (self._tokens, size)):
            if rate:
                rate.take(now, amount)
        self._told["requests"].take(now, 1.0)
        self._told["tokens"].take(now, size)
        self._flow.take(now)
        self._window.take(now)
        self._refusals.probed(now, self._backoff)
        return one

    def answered(
        self, one: Sent, now: float, *, tokens: float | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """Note an answer of whatever kind that is no refusal, the tokens it took and its headers."""
        self.under_way -= 1
        self._heard += 1
        if tokens and one.size:
            self._a_character *= 1 + (tokens / one.size - 1) / min(self._heard, 20)
            if self._tokens:
                self._tokens.correct(tokens - one.size)
        self._listen(one, headers)
        if self._refusals.rounds > 1:
            self._flow.begin(now, self._refusals.dark)
        self._refusals.over(now)
        self._window.took(one, now)
        self._flow.took(now)
        self._latency += (now - one.at - self._latency) / min(self._heard, 20)
        self._latencies.append((now - one.at, one.size))

    def estimate(self, characters: int) -> float:
        """Return the tokens, in and out, that a request of so many characters takes, by those before."""
        return characters * self._a_character

    def patience(self, size: float) -> float:
        """Return the seconds after which an answer to so many tokens is far later than all others of late.

        Eight times as long as nineteen in twenty took, and longer for what is larger than they were;
        infinite before there are twenty.
        """
        if len(self._latencies) < _KNOWN:
            return float("inf")
        usual = sorted(seconds for seconds, _ in self._latencies)[int(0.95 * len(self._latencies))]
        size_of_most = sum(size for _, size in self._latencies) / len(self._latencies)
        larger = max(1.0, size / size_of_most) if size_of_most else 1.0
        return max(_LATE_AT_LEAST, _LATE * usual * larger)

    def refused(
        self,
        one: Sent,
        now: float,
        *,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Note a refusal; what the endpoint asks one to wait, all wait."""
        self.under_way -= 1
        self._listen(one, headers)
        if retry_after:
            # A little more, so that many clients do not come back at once.
            jitter = 1 + random.uniform(0, _JITTER)  # noqa: S311 - jitter is no secret
            self._paused = max(self._paused, now + retry_after * jitter)
        told = Told.read(headers or {}, "requests"), Told.read(headers or {}, "tokens")
        spent = any(t is not None and t.remaining < most for t, most in zip(told, (1, one.size), strict=True))
        by_rate = spent or not self._window.refused(one, self.under_way)
        if retry_after:
            self._window.hold = now + _HELD * retry_after
        if not self.is_dark:
            at_once = spent or not self.under_way
            self._flow.refused(now, by_rate=by_rate, at_once=at_once, paused=retry_after or 0)
        soon = 1 / self._flow.a_second if self._flow.a_second else self._backoff
        silent = not self.under_way or self._refusals.is_silent(now, self._backoff, self._latency)
        self._refusals.add(one, now, self._backoff, soon, silent=silent)

    def is_spent(self, one: Sent) -> bool:
        """Say of a refused request whether nothing at all has got through since it was sent.

        A refusal by an endpoint that serves others says nothing against the request.
        """
        return self._refusals.count > one.dark and self._heard == one.heard

    def lost(self, one: Sent) -> None:
        """Note that a request came to nothing, which says nothing of limits."""
        del one
        self.under_way -= 1

    def _listen(self, one: Sent, headers: Mapping[str, str] | None) -> None:
        for what, level in self._told.items():
            if headers and (told := Told.read(headers, what)):
                level.heard(told.part(self._share), one.at)


class _Refusals:
    """How long nothing has got through, and when the next is to go and see."""

    def __init__(self) -> None:
        self.first = float("inf")
        self.until = float("-inf")
        self.rounds = self.count = self._streak = 0
        self._last = float("-inf")
        self._event = self._over = float("-inf")
        self.dark = float("inf")

    def add(self, one: Sent, now: float, backoff: float, soon: float, *, silent: bool) -> None:
        """Note a refusal; the next waits for it where nothing else is under way or nothing gets through."""
        self.first = min(self.first, now)
        self._event = now
        self._streak += 1
        if not silent and self._streak < _STREAK:
            return
        self.count += 1
        self.dark = min(self.dark, now)
        if one.at > self._last:  # those sent together are refused together
            self.rounds += 1
        self._last = now
        longest = backoff * 2**_DOUBLINGS
        gap = self._gap(backoff)
        self.until = now + min(longest, soon if self.rounds == 1 else max(gap, soon / 2))

    def is_silent(self, now: float, backoff: float, latency: float) -> bool:
        """Say whether no answer has come for so long that those under way may all be hanging."""
        return now - self._over > max(2 * backoff, 4 * latency)

    def over(self, now: float) -> None:
        """Note that something got through."""
        self.rounds, self.until, self.dark = 0, float("-inf"), float("inf")
        self._event = self._over = now
        self._streak = 0

    def probed(self, now: float, backoff: float) -> None:
        """Note that a request goes; while nothing gets through, the next waits for it."""
        self._event = now
        if self._over < 0:
            self._over = now
        if self.rounds > 1 and now - self.dark < _BLACKOUT * backoff:
            self.until = now + self._gap(backoff)

    def stalled(self, backoff: float, latency: float) -> float:
        """Return when requests that do not end are no reason to wait any more."""
        return self._event + max(2 * self._gap(backoff), 4 * latency)

    def _gap(self, backoff: float) -> float:
        return float(backoff * 2 ** min(max(0, self.rounds - 1), _DOUBLINGS))


class _Window:
    """How many requests may be under way; without end until some were refused for being too many."""

    def __init__(self) -> None:
        self._most = float("inf")
        self._floor = 0
        self._step = _FIRST_STEP
        self._taken = deque[int](maxlen=_RECENT)
        self._last = self.hold = float("-inf")

    def is_full(self, under_way: int) -> bool:
        return under_way > self._most - 1

    def gap(self, now: float, latency: float) -> float:
        """Return the seconds by which the next is kept apart: together they look like too many."""
        return self._last + latency / self._most / 4 - now

    def take(self, now: float) -> None:
        """Note that a request goes."""
        self._last = now

    def took(self, one: Sent, now: float) -> None:
        """Note that a request was taken beside so many others; at the edge the window grows.

        The higher it has come since a refusal, the faster: by then the limit is known to be another one.
        """
        if one.fresh:
            self._taken.append(one.others)
        if one.others + 2 > self._most and now >= self.hold:
            risen = max(0, int(self._most) - self._floor)
            self._most += min(1.0, self._step * 2.0 ** min(risen, 6))

    def refused(self, one: Sent, others: int) -> bool:
        """Note a refusal beside so many others; say whether their number explains it."""
        most = max(self._taken, default=-1)
        if others < 1:  # then their number is not the reason, nor was it before
            self._most = float("inf")
            return False
        if one.fresh:  # one may have been answered while the refusal was on its way
            others = max(others, min(one.others, others + 1))
        if one.fresh and others < most - 2:
            return False
        if others < self._most:
            if one.fresh:
                self._step = max(_LAST_STEP, self._step / 2)
            self._most = float(max(1, others))
            self._floor = int(self._most)
        return True


class _Flow:
    """At what rate requests go; unhindered until refusals say that the rate is the reason."""

    def __init__(self) -> None:
        self.a_second = 0.0
        self._rate: Rate | None = None
        self._gone = deque[float](maxlen=10_000)
        self._doubts = 0
        self._since = float("-inf")
        self._taken = self._refused = 0
        self._waited = 0.0
        self._growth = _GROWTH
        self._hold = float("-inf")
        self._held = False

    def wait(self, now: float) -> float:
        if self._rate is None:
            return 0.0
        wait = self._rate.wait(now)
        self._held = self._held or wait > 0
        return wait

    def take(self, now: float) -> None:
        self._gone.append(now)
        if self._rate:
            self._rate.take(now)

    def took(self, now: float) -> None:
        self._taken += 1
        self._measure(now)

    def refused(self, now: float, *, by_rate: bool, at_once: bool, paused: float) -> None:
        """Note a refusal, whether the rate is its likely reason or surely, and how long all wait for it."""
        if self._gone:
            self._gone.pop()  # one of them did not get through
        self._refused += 1
        self._doubts += by_rate
        if self._rate is None:
            if at_once or self._doubts >= _UNEXPLAINED:
                self.begin(now, now)
            return
        if paused:
            self._waited += paused
            self._hold = now + _HELD * paused
        self._measure(now)

    def begin(self, now: float, until: float) -> None:
        """Begin anew, at what got through in the minute before ``until``, all time since then counted."""
        while self._gone and self._gone[0] < until - _HORIZON:
            self._gone.popleft()
        first = self._gone[0] if self._gone else until
        self._rate = None
        self._set(max(1, len(self._gone)) / max(1.0, now - first))
        self._again(now)

    def _measure(self, now: float) -> None:
        if self._rate is None:
            return
        passed = now - self._since
        if passed < _INTERVAL:
            if passed > _INTERVAL / 4 and self._refused > max(_COUNTED, self._taken):
                self._set(max(self.a_second / 2, self._taken / passed))
                self._again(now)
            return
        if self._taken + self._refused < _COUNTED:
            return
        through = self._taken / max(0.5, passed - self._waited)
        if self._refused:
            # Where each refusal makes everybody wait, none is courted.
            few = self._refused <= _FEW * (self._taken + self._refused)
            aim = through if self._waited else max(through * _ABOVE, self.a_second * few)
            self._set(min(self.a_second, aim) if self._waited else aim)
            self._growth = _GROWTH
        elif self._held and now >= self._hold:
            self._set(self.a_second * (1 + self._growth))
            self._growth = min(1.0, self._growth * 1.5)
        self._again(now)

    def _set(self, a_second: float) -> None:
        a_second = max(a_second, _SLOWEST)
        self.a_second = a_second
        self._rate = self._rate or Rate(a_second)
        self._rate.a_second = a_second

    def _again(self, now: float) -> None:
        self._since, self._taken, self._refused, self._waited, self._held = now, 0, 0, 0.0, False


@dataclass(slots=True, eq=False)
class _Waiting:
    place: int
    spent: int
    size: float
    turn: asyncio.Future[Sent]

    def __lt__(self, other: "_Waiting") -> bool:
        return self.place < other.place


class Pacer:
    """Lets requests go when their turn is: the earlier article first.

    Args:
        pace: What is known of the endpoint's limits; this event loop's own.
        now: The clock, in seconds.
    """

    def __init__(self, pace: Pace, now: Callable[[], float] = time.monotonic) -> None:
        self.pace = pace
        self.now = now
        self.places = itertools.count()
        self._waiting: list[_Waiting] = []
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, place: int, size: float, spent: int) -> AsyncIterator["Turn"]:
        """Wait for a turn and hold it for the block; deadlines stand still while it is waited for.

        Args:
            place: The lower, the sooner; see ``places``.
            size: Tokens that the request will take, estimated.
            spent: Tries that it has lost. While nothing gets through, those with the fewest go first, so
                that many lose one try and not one loses all.
        """
        turn = Turn(self, await self._granted(place, size, spent))
        try:
            yield turn
        finally:
            turn.lost()

    async def _granted(self, place: int, size: float, spent: int) -> Sent:
        if not self._waiting and self.pace.wait(now := self.now(), size) <= 0:
            return self.pace.sent(now, size)
        one = _Waiting(place, spent, size, asyncio.get_running_loop().create_future())
        heapq.heappush(self._waiting, one)
        try:
            with deadline.stopped():
                self.go_on()
                return await one.turn
        except asyncio.CancelledError:
            if one.turn.done() and not one.turn.cancelled():
                self.pace.lost(one.turn.result())
            else:
                self._waiting.remove(one)
                heapq.heapify(self._waiting)
            self.go_on()
            raise

    def go_on(self) -> None:
        """Let go all whose turn it is, and see to it that the next is looked at in time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            one = self._next()
            if (loop := one.turn.get_loop()).is_closed():
                return
            wait = self.pace.wait(now := self.now(), one.size)
            if wait > 0:
                self._timer = loop.call_later(wait, self.go_on)
                return
            self._waiting.remove(one)
            heapq.heapify(self._waiting)
            one.turn.set_result(self.pace.sent(now, one.size))

    def _next(self) -> _Waiting:
        if self.pace.is_dark:
            return min(self._waiting, key=lambda one: (one.spent, one.place))
        return self._waiting[0]


class Turn:
    """A request's turn: to be told what became of it; what is told first holds."""

    def __init__(self, pacer: Pacer, one: Sent) -> None:
        self._pacer, self._sent, self._open = pacer, one, True

    @property
    def heard(self) -> int:
        """Answers that had come to anybody when the request was sent."""
        return self._sent.heard

    def is_spent(self) -> bool:
        """Say, once it was refused, whether nothing at all has got through since it was sent."""
        return self._pacer.pace.is_spent(self._sent)

    def answered(self, headers: Mapping[str, str], tokens: float | None = None) -> None:
        """Tell that an answer came, or an error that is no refusal."""
        if self._close():
            self._pacer.pace.answered(self._sent, self._pacer.now(), tokens=tokens, headers=headers)
            self._pacer.go_on()

    def refused(self, headers: Mapping[str, str], retry_after: float | None) -> None:
        """Tell that the endpoint took it not."""
        if self._close():
            self._pacer.pace.refused(self._sent, self._pacer.now(), retry_after=retry_after, headers=headers)
            self._pacer.go_on()

    def lost(self) -> None:
        """Tell that nothing came; says nothing where something was told before."""
        if self._close():
            self._pacer.pace.lost(self._sent)
            self._pacer.go_on()

    def _close(self) -> bool:
        was, self._open = self._open, False
        return was


class Refusals:
    """The 429s of a question, and which of them were a try.

    One is a try where nothing at all got through between it and the one before: an endpoint that refuses
    everything is given up after as many tries as any other fault. While it answers others a refusal says
    only that it is not our turn.

    Attributes:
        count: All of them.
        spent: Tries in a row.
    """

    def __init__(self) -> None:
        self.count = self.spent = 0
        self._heard = 0
        self._open: tuple[Turn, Exception] | None = None

    def add(self, turn: Turn, error: Exception) -> None:
        """Note a refusal."""
        self.count += 1
        if turn.heard > self._heard:
            self.spent = 0
        self._heard = turn.heard
        self._open = turn, error
        self.judge()
        if self.count % _PATIENCE == 0:  # perhaps it is this request that is never taken
            self.spent += 1

    def judge(self) -> Exception | None:
        """Count the last one if it has turned out to be a try; then return its error."""
        if self._open is None or not self._open[0].is_spent():
            return None
        self.spent += 1
        error, self._open = self._open[1], None
        return error

    def over(self) -> None:
        """Note that an answer came."""
        self.spent, self._open = 0, None
