"""The one place that touches the network: one request, tried again only where the wire failed."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from summarizer.backends.openai.faults import is_transient, mapped, not_an_endpoint, withheld
from summarizer.domain.report import Tokens
from summarizer.errors import BackendError

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from openai import AsyncOpenAI
    from tenacity import AsyncRetrying, RetryCallState

log = logging.getLogger(__name__)

LONGEST_WAIT = 60.0
"""Seconds at most that a Retry-After is followed; an endpoint that asks for more is not waited for."""


@dataclass(slots=True)
class Exchanges:
    """What one draft took: counted here because instructor hides failed requests and their tokens."""

    count: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    failure: BackendError | None = None


class Transport:
    """Sends chat completions to one endpoint.

    Args:
        base_url: The endpoint; OpenAI's where None.
        api_key: Its key.
        timeout: Seconds one request may take.
        attempts: Requests at most where the wire fails.
        deadline: Seconds after which a failed request is not repeated.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 120.0,
        attempts: int = 5,
        deadline: float = 900.0,
    ) -> None:
        self.endpoint = base_url or "https://api.openai.com/v1"
        self._options = {"base_url": base_url, "api_key": api_key, "timeout": timeout, "max_retries": 0}
        self._attempts, self._deadline = attempts, deadline
        # A client's connections belong to the event loop that opened them.
        self._clients: WeakKeyDictionary[AbstractEventLoop, AsyncOpenAI] = WeakKeyDictionary()

    async def send(self, body: Mapping[str, Any], exchanges: Exchanges) -> Any:
        """Send one request and return the chat completion.

        Raises:
            BackendError: It failed for good; the same error stands in ``exchanges.failure``.
        """
        import openai

        try:
            # A policy keeps state: one object shared between tasks would mix their attempts up.
            async for attempt in self._policy():
                with attempt:
                    answer = await self._post(body, exchanges)
        except (openai.OpenAIError, BackendError) as error:
            exchanges.failure = mapped(error, self.endpoint, str(body.get("model")), exchanges)
            raise exchanges.failure from None
        return answer

    async def models(self) -> list[str]:
        """Return the names of the models that the endpoint lists.

        Raises:
            BackendError: It lists none.
        """
        import openai

        try:
            listed = await self._client().models.list()
            return [model.id for model in getattr(listed, "data", None) or []]
        except openai.OpenAIError as error:
            raise mapped(error, self.endpoint, None, Exchanges(count=1)) from None

    async def aclose(self) -> None:
        """Close this loop's connections."""
        import asyncio

        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    async def _post(self, body: Mapping[str, Any], exchanges: Exchanges) -> Any:
        exchanges.count += 1
        answer = await self._client().chat.completions.create(**body)
        if isinstance(answer, str) or not getattr(answer, "choices", None):
            raise not_an_endpoint(self.endpoint)
        exchanges.tokens += _tokens(answer)
        log.debug(
            "%s answered request %d: %s", self.endpoint, exchanges.count, answer.choices[0].finish_reason
        )
        if (refusal := withheld(answer, self.endpoint)) is not None:
            raise refusal
        return answer

    def _client(self) -> "AsyncOpenAI":
        import asyncio

        import openai

        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = openai.AsyncOpenAI(**self._options)  # type: ignore[arg-type]
        return self._clients[loop]

    def _policy(self) -> "AsyncRetrying":
        from tenacity import (
            AsyncRetrying,
            retry_if_exception,
            stop_after_attempt,
            stop_before_delay,
            wait_exponential_jitter,
        )

        backoff = wait_exponential_jitter(multiplier=0.5, max=20, jitter=1)

        def wait(state: "RetryCallState") -> float:
            asked = _retry_after(state.outcome.exception() if state.outcome else None)
            return backoff(state) if asked is None else asked

        return AsyncRetrying(
            retry=retry_if_exception(lambda error: is_transient(error) and _waits(error)),
            stop=stop_after_attempt(self._attempts) | stop_before_delay(self._deadline),
            wait=wait,
            reraise=True,
        )


def _waits(error: BaseException) -> bool:
    return (_retry_after(error) or 0.0) <= LONGEST_WAIT


def _retry_after(error: BaseException | None) -> float | None:
    """Return the seconds an endpoint asks to wait (milliseconds, seconds or a date), or None."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        if value := headers.get("retry-after-ms"):
            return max(0.0, float(value) / 1000)
        value = headers.get("retry-after")
        if value is None:
            return None
        return max(0.0, float(value))
    except ValueError:
        return _seconds_until(str(value))


def _seconds_until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _tokens(answer: Any) -> Tokens:
    usage = getattr(answer, "usage", None)
    if usage is None:
        return Tokens()
    details = getattr(usage, "prompt_tokens_details", None)
    return Tokens(
        input=usage.prompt_tokens or 0,
        cached_input=getattr(details, "cached_tokens", None) or 0,
        output=usage.completion_tokens or 0,
    )
