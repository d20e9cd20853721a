"""What an endpoint can do, found out with few and small requests: a verdict on each thing."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from pydantic import ValidationError

from summarizer.backends.openai import faults
from summarizer.backends.openai.transport import Exchanges, Transport
from summarizer.backends.openai.wire import Trial
from summarizer.errors import (
    AnswerError,
    BackendError,
    EndpointError,
    EndpointTimeout,
    EndpointUnreachable,
    RequestRejected,
)

Mark = Literal["yes", "partly", "no", "unknown"]

LIMIT: Final = 16
"""Tokens that the question about output limits may be answered with."""
# What is asked for breaks the schema, and nothing in the words tells of one: who obeys it was not held to it.
_AGAINST_THE_SCHEMA: Final = (
    'Answer with one row: i is 1, t is "It rained.", and p is a list of one text, "the police deny it".'
)
_LONG: Final = "Count from 1 to 100. Write every number."
_RATES: Final = ("x-ratelimit-limit-requests", "x-ratelimit-limit-tokens")


class Verdict(NamedTuple):
    """What was found out about one thing.

    Attributes:
        about: What it is about, in a word.
        mark: Whether the endpoint can do it; ``unknown`` where its answers leave that open.
        means: What was seen, and what follows for the user.
        fatal: Whether nothing can be summarised there as it is.
    """

    about: str
    mark: Mark
    means: str
    fatal: bool = False


@dataclass
class Probe:
    """Questions to one model at one endpoint: a list of models, and two short chat completions.

    Attributes:
        listings: Lists of models asked for.
        exchanges: The chat completions: how many, and their tokens.
    """

    transport: Transport
    model: str
    listings: int = 0
    exchanges: Exchanges = field(default_factory=Exchanges)

    async def verdicts(self) -> AsyncIterator[Verdict]:
        """Ask, and give each verdict as it stands; none follows a fatal one."""
        for question in (self._listing, self._schema, self._limit):
            async for verdict in question():
                yield verdict
                if verdict.fatal:
                    return

    async def aclose(self) -> None:
        """Close the connections."""
        await self.transport.aclose()

    async def _listing(self) -> AsyncIterator[Verdict]:
        self.listings += 1
        try:
            names = await self.transport.models()
        except (EndpointUnreachable, EndpointTimeout) as error:
            yield failed("reachable", error)
            return
        except BackendError as error:  # many good endpoints list nothing
            yield _REACHABLE
            yield Verdict("models", "unknown", f"not listed: {error.what}")
            return
        yield _REACHABLE
        yield _listed(names, self.model)

    async def _schema(self) -> AsyncIterator[Verdict]:
        started = time.perf_counter()
        try:
            answer = await self._ask(_AGAINST_THE_SCHEMA, response_format=_format())
        except AnswerError as error:
            yield Verdict("schema", "unknown", error.what)
            return
        except RequestRejected as error:
            yield failed("schema" if error.mend == faults.NO_SCHEMA else "answers", error)
            return
        except EndpointError as error:
            yield failed("answers", error)
            return
        yield Verdict("answers", "yes", f"a short question took {time.perf_counter() - started:.1f} s")
        yield _kept(answer)
        yield _metered(getattr(answer, "usage", None))
        yield _rates(self.exchanges.headers)

    async def _limit(self) -> AsyncIterator[Verdict]:
        try:
            yield _limited(await self._ask(_LONG, max_completion_tokens=LIMIT))
        except RequestRejected as error:
            yield Verdict("limit", "no", f"{_NO_LIMIT} ({error.what.rstrip('.')})")
        except BackendError as error:
            yield Verdict("limit", "unknown", error.what)

    async def _ask(self, question: str, **parameters: Any) -> Any:
        self.exchanges.lost = 0
        messages = [{"role": "user", "content": question}]
        return await self.transport.send(
            {"model": self.model, "messages": messages, **parameters}, self.exchanges
        )


def failed(about: str, error: BackendError) -> Verdict:
    """Return the verdict on a question that came to an error, for good."""
    # An error sends people here; here it would send them round in a circle.
    mend = f" {error.mend.replace('; `summarizer doctor` tells', '')}" if error.mend else ""
    return Verdict(about, "no", f"{type(error).__name__}: {error.what}{mend}", fatal=True)


_REACHABLE: Final = Verdict("reachable", "yes", "something answers there")
_NO_LIMIT: Final = "max_completion_tokens is refused: leave max_output_tokens out"


def _format() -> dict[str, Any]:
    schema = {"name": "Trial", "schema": Trial.model_json_schema(), "strict": True}
    return {"type": "json_schema", "json_schema": schema}


def _listed(names: list[str], model: str) -> Verdict:
    if model in names:
        return Verdict("models", "yes", f"{len(names)}, {model!r} listed")
    if not names:
        return Verdict("models", "unknown", "none listed")
    return Verdict(
        "models", "no", f"{len(names)}, {model!r} NOT listed: some endpoints serve another one unasked"
    )


def _kept(answer: Any) -> Verdict:
    """Judge an answer to a question that asked for what the schema forbids."""
    content = answer.choices[0].message.content or ""
    try:
        trial = Trial.model_validate_json(_object(content))
    except ValidationError as error:
        found = {problem["type"] for problem in error.errors()}
    else:
        patterns = "its patterns too" if any(row.p for row in trial.rows) else "its patterns perhaps"
        return Verdict("schema", "yes", f"a strict schema is kept, {patterns}")
    if faults.is_cut(answer):
        return Verdict("schema", "unknown", "the answer was cut off before its end")
    if found == {"string_pattern_mismatch"}:
        return Verdict(
            "schema",
            "partly",
            "its shape is kept, its patterns are not: where a model misses one, it is asked again",
        )
    return Verdict(
        "schema", "no", "the schema is ignored: only a model that keeps to the prompt by itself will do"
    )


def _object(content: str) -> str:
    """Return the JSON object in an answer: some endpoints let a model put a Markdown fence around it."""
    start, end = content.find("{"), content.rfind("}")
    return content[start : end + 1] if 0 <= start < end else content


def _metered(usage: Any) -> Verdict:
    if not isinstance(getattr(usage, "prompt_tokens", None), int):
        return Verdict("usage", "no", "no tokens are reported: costs are not known, --max-cost is not kept")
    details = getattr(usage, "prompt_tokens_details", None)
    if isinstance(getattr(details, "cached_tokens", None), int):
        return Verdict("usage", "yes", "tokens are reported, and how many of them were cached")
    return Verdict("usage", "partly", "tokens are reported, cached ones not: costs are told without discount")


def _rates(headers: Mapping[str, str]) -> Verdict:
    told = [f"{headers[name]} {name.rpartition('-')[2]}" for name in _RATES if name in headers]
    if told:
        return Verdict("rates", "yes", f"limits are told: {', '.join(told)}; choose --concurrency by them")
    return Verdict("rates", "no", "no limits are told: where it answers 429, choose a lower --concurrency")


def _limited(answer: Any) -> Verdict:
    usage = getattr(answer, "usage", None)
    used = getattr(usage, "completion_tokens", None)
    used = used if isinstance(used, int) and used > 0 else None
    if faults.is_cut(answer):
        if used is not None and used > 2 * LIMIT:
            return Verdict(
                "limit", "no", f"{LIMIT} tokens were asked for, {used} came: it has a limit of its own"
            )
        return Verdict("limit", "yes", "max_output_tokens is kept, and an answer cut off is told as cut off")
    if used is not None and used <= LIMIT:
        return Verdict("limit", "unknown", "the answer was too short to tell")
    return Verdict(
        "limit", "no", "max_output_tokens is ignored: an answer that does not end is not cut off by it"
    )
