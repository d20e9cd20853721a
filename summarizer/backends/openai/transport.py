"""The one place that touches the network: one request, tried again only where the wire failed."""

import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from summarizer import telemetry
from summarizer.backends.openai import faults
from summarizer.backends.openai.pacing import Pace, Pacer, Refusals, Turn
from summarizer.backends.openai.waiting import retry_after, waiting
from summarizer.domain import deadline
from summarizer.domain.answers import Answer, Answers, Question
from summarizer.domain.report import Tokens
from summarizer.errors import AuthenticationFailed, BackendError

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Timeout, TimerHandle

    from openai import AsyncOpenAI
    from tenacity import AsyncRetrying, RetryCallState

log = logging.getLogger(__name__)

_CONNECT = 10.0
"""Seconds at most until a connection stands: an endpoint that is not there is not waited for long."""
_STEPS = 4
"""Steps of the event loop in which another request goes, before this one's answer is read and checked."""
_LONGER = 2
"""How many times as long a request is waited for that was given up as late before."""
_LOOK = 5.0
"""Seconds after which it is looked whether a request is late, time and again."""
_BEHIND = 8
"""Places in the queue that a refused request goes back: the next may fare better."""


@dataclass(slots=True)
class Exchanges:
    """What one draft took: counted here because instructor hides failed requests and their tokens.

    Attributes:
        count: Requests sent.
        lost: Those that the wire lost since the last question began; its re-asks share one allowance.
        tokens: Spent on all of them.
        headers: Of the last answer.
        refusals: What was refused by a 429.
        place: In the queue for a turn: that of the article, the lower the sooner.
    """

    count: int = 0
    lost: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    headers: Mapping[str, str] = field(default_factory=dict)
    refusals: Refusals = field(default_factory=Refusals)
    place: int | None = None

    @property
    def spent(self) -> int:
        """Tries that the question has lost."""
        return self.lost + self.refusals.spent


class Transport:
    """Sends chat completions to one endpoint.

    Args:
        base_url: The endpoint; OpenAI's where None.
        api_key: Its key.
        timeout: Seconds one request may take, from first to last byte.
        attempts: Requests at most that the wire may lose for one question, re-asks included.
        deadline: Seconds that one :meth:`send` may take, repeated requests included, but not the seconds in
            which it waits for its turn.
        backoff: Seconds before the first repetition where the endpoint names none; then it doubles.
        cache: Where answers are kept; they cost no request and no tokens.
        requests_per_minute: Requests a minute at most; None leaves it to the endpoint to say.
        tokens_per_minute: Tokens a minute at most, in and out, estimated before and counted after.
        share: The part of these limits, and of those that the endpoint tells of, that is for this transport.
    """

    def __init__(  # noqa: PLR0913 - named settings, each with a default
        self,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 120.0,
        attempts: int = 5,
        deadline: float = 900.0,
        backoff: float = 0.5,
        cache: Answers | None = None,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        share: float = 1.0,
    ) -> None:
        self.endpoint = faults.shown(base_url or "https://api.openai.com/v1")
        self._base_url, self._key = base_url, api_key
        self._timeout, self._attempts, self._deadline = timeout, attempts, deadline
        self._backoff, self._cache = backoff, cache
        self._is_endpoint = False
        # A client's connections belong to the event loop that opened them.
        self._clients: WeakKeyDictionary[AbstractEventLoop, AsyncOpenAI] = WeakKeyDictionary()
        self._pacers: WeakKeyDictionary[AbstractEventLoop, Pacer] = WeakKeyDictionary()
        self._rates = {"requests": requests_per_minute, "tokens": tokens_per_minute}
        self._share = share

    def question(self) -> AbstractAsyncContextManager[Question | None]:
        """Open a question: answers to what is sent with it are kept where the block ends well."""
        return nullcontext() if self._cache is None else self._cache.question()

    async def send(
        self, body: Mapping[str, Any], exchanges: Exchanges, question: Question | None = None
    ) -> Any:
        """Send one request and return the chat completion; without a question nothing is kept.

        Raises:
            BackendError: It failed for good.
        """
        import openai

        try:
            if question is None:
                return await self._exchange(body, exchanges)
            return await self._kept(question, body, exchanges)
        except (openai.OpenAIError, BackendError) as error:
            raise faults.mapped(error, self.asked(body), exchanges) from None

    def asked(self, body: Mapping[str, Any]) -> faults.Asked:
        """Return what errors about a request name, and what they never repeat."""
        return faults.Asked(self.endpoint, body.get("model"), self._key, body.get("messages", ()))

    async def models(self) -> list[str]:
        """Return the names of the models that the endpoint lists.

        Raises:
            BackendError: It lists none.
        """
        import openai

        try:
            listed = await self._client().models.list()
            return [model.id for model in getattr(listed, "data", None) or []]
        except (openai.OpenAIError, BackendError) as error:
            raise faults.mapped(error, self.asked({}), Exchanges(count=1)) from None

    async def aclose(self) -> None:
        """Close this loop's connections, and the cache until it is used again."""
        import asyncio

        if self._cache is not None:
            await self._cache.aclose()
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    async def _kept(self, question: Question, body: Mapping[str, Any], exchanges: Exchanges) -> Any:
        """Return the answer to the same request of an earlier day, or exchange and keep."""

        async def ask() -> Answer:
            answer = await self._exchange(body, exchanges)
            return cast("Answer", answer.to_dict(mode="json", warnings=False))

        sent = exchanges.count
        answer = _completion(
            await question.answer(
                {"base_url": str(self._client().base_url), "body": body},
                ask,
                patience=min(self._timeout, self._deadline / 2),
            )
        )
        if exchanges.count == sent:  # what it took when it was made: a cached report has the same bytes
            exchanges.tokens += _tokens(answer)
            telemetry.taken_from_cache()
        return answer

    async def _exchange(self, body: Mapping[str, Any], exchanges: Exchanges) -> Any:
        """Send a request, again where the wire lost it, until the deadline."""
        try:
            async with deadline.within(self._deadline) as clock:
                # A policy keeps state: one object shared between tasks would mix their attempts up.
                async for attempt in self._policy(exchanges, clock):
                    with attempt:
                        answer = await self._in_turn(body, exchanges)
        except TimeoutError:
            raise faults.late(self._deadline, "deadline") from None
        if (error := faults.withheld(answer, self.asked(body))) is not None:
            raise error
        return answer

    async def _in_turn(self, body: Mapping[str, Any], exchanges: Exchanges) -> Any:
        """Send a request once, when its turn is, and tell the pace what became of it."""
        import asyncio

        pacer, refusals = self._pacer(), exchanges.refusals
        if exchanges.place is None:
            exchanges.place = next(pacer.places)
        place = exchanges.place + _BEHIND * refusals.count
        size = pacer.pace.estimate(sum(len(message["content"]) for message in body["messages"]))
        async with pacer.turn(place, size, refusals.spent) as turn:
            if (error := refusals.judge()) is not None and exchanges.spent >= self._attempts:
                raise error
            longer = _LONGER**exchanges.lost
            before = exchanges.tokens
            try:
                answer = await self._post(body, exchanges, lambda: longer * pacer.pace.patience(size))
            except Exception as error:
                _tell(turn, error, refusals)
                raise
            refusals.over()
            spent = exchanges.tokens.input + exchanges.tokens.output - before.input - before.output
            turn.answered(exchanges.headers, spent or None)
            for _ in range(_STEPS):
                await asyncio.sleep(0)
            return answer

    async def _post(
        self, body: Mapping[str, Any], exchanges: Exchanges, patience: Callable[[], float]
    ) -> Any:
        """Send a request once; one line of log, counts and tokens kept whatever comes of it."""
        exchanges.count += 1
        number, started, came, tokens = exchanges.count, time.perf_counter(), "cancelled", Tokens()
        try:
            with telemetry.exchanging(self.endpoint, body, number) as told:
                answer = await self._completion(body, exchanges, patience)
                came, tokens = f"200 {answer.choices[0].finish_reason}", _tokens(answer)
                told(answer, tokens)
        except Exception as error:
            came = faults.short(error)
            exchanges.lost += faults.is_transient(error) and not faults.is_refusal(error)
            raise
        else:
            return answer
        finally:
            exchanges.tokens += tokens
            log.debug(
                "%s %s request %d: %s, %.2f s, %d tokens in, %d out",
                *(self.endpoint, body.get("model"), number, came, time.perf_counter() - started),
                *(tokens.input, tokens.output),
            )

    async def _completion(
        self, body: Mapping[str, Any], exchanges: Exchanges, patience: Callable[[], float]
    ) -> Any:
        import asyncio

        import httpx2

        client, started = self._client(), time.monotonic()
        try:
            # The client library's own timeout starts anew with every byte. Its method for chat completions
            # walks through the whole schema again for each request; this is the call beneath it.
            async with asyncio.timeout(self._timeout) as clock, watched(clock, patience):
                came = await client.post("/chat/completions", cast_to=httpx2.Response, body=body)
            exchanges.headers, answer = came.headers, _completion(json.loads(came.content))
        except TimeoutError:
            waited = min(self._timeout, round(time.monotonic() - started, 1) or self._timeout)
            raise faults.late(waited, "timeout") from None
        except ValueError as error:  # it lets what its JSON reader raises through
            raise faults.unreadable(getattr(error, "doc", ""), known=self._is_endpoint) from None
        if (unfit := faults.misshapen(answer, self.asked(body))) is not None:
            raise unfit
        self._is_endpoint = True
        return answer

    def _client(self) -> "AsyncOpenAI":
        import asyncio

        import openai

        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = openai.AsyncOpenAI(
                base_url=self._base_url,
                api_key=_sendable(self._key),
                timeout=openai.Timeout(self._timeout, connect=min(self._timeout, _CONNECT)),
                max_retries=0,
            )
        return self._clients[loop]

    def _pacer(self) -> Pacer:
        import asyncio

        loop = asyncio.get_running_loop()
        if loop not in self._pacers:
            self._pacers[loop] = Pacer(
                Pace(backoff=self._backoff, share=self._share, **self._rates), loop.time
            )
        return self._pacers[loop]

    def _policy(self, exchanges: Exchanges, clock: "Timeout") -> "AsyncRetrying":
        from tenacity import AsyncRetrying, retry_if_exception

        backoff = waiting(self._backoff)

        def is_over(state: "RetryCallState") -> bool:
            asked = retry_after(_error(state)) or 0.0
            return exchanges.spent >= self._attempts or deadline.left(clock) < max(
                state.upcoming_sleep, asked
            )

        def wait(state: "RetryCallState") -> float:
            # After a refusal it is the pace that makes all wait, this one included.
            return 0.0 if faults.is_refusal(_error(state)) else backoff(state)

        return AsyncRetrying(
            retry=retry_if_exception(faults.is_transient), stop=is_over, wait=wait, reraise=True
        )


@asynccontextmanager
async def watched(clock: "Timeout", patience: Callable[[], float]) -> AsyncIterator[None]:
    """End a block once it has taken longer than there is patience for, which may change in the meantime."""
    import asyncio

    loop = asyncio.get_running_loop()
    started = loop.time()
    timers: list[TimerHandle] = []

    def look() -> None:
        if loop.time() - started < patience():
            timers[:] = [loop.call_later(_LOOK, look)]
        elif (when := clock.when()) is not None and loop.time() < when:
            clock.reschedule(loop.time())

    timers.append(loop.call_later(_LOOK, look))
    try:
        yield
    finally:
        timers[0].cancel()


def _completion(data: Any) -> Any:
    """Return an answer as the client library does: nothing of it is believed before it is looked at."""
    from openai.types.chat import ChatCompletion

    return ChatCompletion.construct(**data) if isinstance(data, dict) else data


def _error(state: "RetryCallState") -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _tell(turn: Turn, error: Exception, refusals: Refusals) -> None:
    """Tell the pace what an error says of it."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    if headers is None:
        return
    if faults.is_refusal(error):
        turn.refused(headers, retry_after(error))
        refusals.add(turn, error)
    elif faults.is_overload(error):
        turn.refused(headers, retry_after(error))
    else:
        turn.answered(headers)


def _sendable(key: str | None) -> str | None:
    if key is None or (key.isascii() and key.isprintable()):
        return key
    raise AuthenticationFailed(
        "the key holds a character that no header can carry.", mend="Was it pasted with a line break?"
    )


def _tokens(answer: Any) -> Tokens:
    usage = getattr(answer, "usage", None)
    details = getattr(usage, "prompt_tokens_details", None)
    return Tokens(
        input=_count(usage, "prompt_tokens"),
        cached_input=_count(details, "cached_tokens"),
        output=_count(usage, "completion_tokens"),
    )


def _count(usage: object, name: str) -> int:
    """Return a count of an endpoint's report, which may hold anything or nothing."""
    value = getattr(usage, name, None)
    return value if isinstance(value, int) and value > 0 else 0
