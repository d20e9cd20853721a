"""Drafts from answers that are at hand: what a provider's batch gave takes the same way as what `run` asks.

The backend and the pipeline stay as they are; only the transport under them looks answers up instead of
sending. What nobody has an answer to yet comes out as :class:`Postponed`, with the exact request: so a plan
is the pipeline over no answers at all, and a repair is what it asks after its first answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from summarizer.backends.openai import faults
from summarizer.backends.openai.backend import OpenAIBackend
from summarizer.backends.openai.postponed import Postponed, digest_of
from summarizer.backends.openai.transport import Exchanges, Transport, _tokens
from summarizer.domain.answers import Question
from summarizer.domain.backend import Backend, Drafted
from summarizer.domain.draft import DraftRequest
from summarizer.domain.report import Tokens
from summarizer.errors import (
    BackendError,
    EndpointGarbled,
    EndpointTimeout,
    RequestCancelled,
    RequestRejected,
)
from summarizer.prices import Price

Line = Mapping[str, Any]
"""A line of a batch's output or error file: ``custom_id``, and a ``response`` or an ``error``."""
Lookup = Callable[[str], Line | None]
"""Gives the line that answers the request of a digest; None where there is none yet."""

_AGAIN = "`summarizer batch submit --out DIR` sends it again."


class Collected(Transport):
    """Gives the answers of a batch's files; touches no network.

    Args:
        lookup: Gives the line that answers a request.
        base_url: The endpoint that answered; OpenAI's where None.
        api_key: Its key, which errors never show.

    Attributes:
        last: The request that was looked up last.
    """

    def __init__(self, lookup: Lookup, *, base_url: str | None = None, api_key: str | None = None) -> None:
        super().__init__(base_url=base_url, api_key=api_key)
        self._lookup = lookup
        self._paid: set[str] = set()
        self.last: Mapping[str, Any] = {}

    async def send(
        self, body: Mapping[str, Any], exchanges: Exchanges, question: Question | None = None
    ) -> Any:
        """Return the chat completion that answers the request.

        Raises:
            Postponed: There is none yet.
            BackendError: The line says that there is none to come, or the answer is none.
        """
        import openai

        del question
        self.last = body
        asked = self.asked(body)
        line = self._lookup(digest_of(body))
        if line is None:
            raise Postponed.of(body)
        # Two articles of the same words are one request: the second was not paid for.
        if (digest := digest_of(body)) not in self._paid:
            self._paid.add(digest)
            exchanges.count += 1
        try:
            answer = _answer(line, asked)
            exchanges.tokens += _tokens(answer)
            _refuse(answer, asked)
        except (openai.OpenAIError, BackendError) as error:
            raise faults.mapped(error, asked, exchanges) from None
        return answer


class BatchBackend:
    """Drafts from collected answers; repairs that nobody has asked for yet may be asked at once.

    Args:
        stored: The backend over :class:`Collected`.
        price: What its tokens cost.
        live: The backend that asks at once; None where what is not at hand is postponed.
        live_price: What its tokens cost.
        is_underway: Says of a request's digest whether a batch holds it, so that it is not asked twice.
    """

    name = "openai"

    def __init__(
        self,
        stored: OpenAIBackend,
        price: Price,
        *,
        live: Backend | None = None,
        live_price: Price | None = None,
        is_underway: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._stored, self._price = stored, price
        self._live, self._live_price = live, live_price or price
        self._is_underway = is_underway
        self.model: str | None = stored.model

    @property
    def prompt(self) -> str:
        """Name and digest of the prompt files."""
        return self._stored.prompt

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """What else its drafts depend on: the same as where every answer is asked for at once."""
        return self._stored.identity

    async def draft(self, request: DraftRequest) -> Drafted:
        """Make a draft of the answer at hand; of a repair's, where there is none, ask if that is allowed.

        Raises:
            Postponed: The answer is not at hand.
            BackendError: There is none to come, or it holds no draft.
        """
        try:
            return _priced(await self._stored.draft(request), self._price)
        except Postponed as postponed:
            postponed.is_repair = bool(request.feedback)
            if self._live is None or not request.feedback or self._is_underway(postponed.digest):
                raise
        return _priced(await self._live.draft(request), self._live_price)

    async def aclose(self) -> None:
        """Close connections."""
        await self._stored.aclose()
        if self._live is not None:
            await self._live.aclose()


def usage_of(line: Line) -> Tokens:
    """Return the tokens that a line says it took; none where it says nothing."""
    body = _body(line)
    return _tokens(_completion(body)) if isinstance(body, dict) else Tokens()


def _priced(drafted: Drafted, price: Price) -> Drafted:
    unmetered = drafted.exchanges and not drafted.tokens.input
    return replace(drafted, cost_usd=None if unmetered else price(drafted.tokens))


def _answer(line: Line, asked: faults.Asked) -> Any:
    """Return the completion of a line.

    Raises:
        BackendError, openai.APIStatusError: The line says what went wrong instead.
    """
    response, body = line.get("response"), _body(line)
    status = response.get("status_code", 200) if isinstance(response, Mapping) else None
    if status is None or (line.get("error") and status == 200):
        raise _unanswered(line.get("error"), asked)
    if status != 200:
        raise _rejected(status if isinstance(status, int) else 400, body)
    answer = _completion(body) if isinstance(body, dict) else ""
    if (unfit := faults.misshapen(answer, asked)) is not None:
        raise unfit
    return answer


def _refuse(answer: Any, asked: faults.Asked) -> None:
    if (withheld := faults.withheld(answer, asked)) is not None:
        raise withheld
    if faults.is_cut(answer):  # a second request with more room would be another batch
        raise faults.truncated()


def _body(line: Line) -> Any:
    response = line.get("response")
    return response.get("body") if isinstance(response, Mapping) else None


def _completion(body: dict[str, Any]) -> Any:
    from openai.types.chat import ChatCompletion

    return ChatCompletion.construct(**body)


def _unanswered(error: object, asked: faults.Asked) -> BackendError:
    """Return our error for a request that the batch never got an answer to."""
    told = error if isinstance(error, Mapping) else {}
    code, said = str(told.get("code") or "no code"), str(told.get("message") or "")
    what = f"{asked.quote(said)} ({code})." if said else f"{code}."
    if code == "batch_expired":
        return EndpointTimeout("the batch's 24 hours ended before its turn.", mend=_AGAIN)
    if code == "batch_cancelled":
        return RequestCancelled("the batch was cancelled before its turn.", mend=_AGAIN)
    if code == "request_timeout":
        return EndpointTimeout(f"the provider got no answer in time: {what}", mend=_AGAIN)
    if code == "no_line":
        return EndpointGarbled("the batch's files hold no readable line for it.", mend=_AGAIN)
    return RequestRejected(f"the batch did not answer: {what}", mend=f"When that is mended, {_AGAIN}")


def _rejected(status: int, body: object) -> Exception:
    """Return what the client library would have raised, had the request gone over the ordinary way."""
    import httpx2
    import openai

    told = body.get("error", body) if isinstance(body, Mapping) else body
    response = httpx2.Response(status, request=httpx2.Request("POST", "http://batch/"))
    return openai.APIStatusError(f"HTTP {status}", response=response, body=told)
