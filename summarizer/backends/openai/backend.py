"""The model path: a prompt out, a strict JSON object back, a draft made of it."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, partial
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from summarizer import prompts
from summarizer.backends.openai import faults, reask, sectioned
from summarizer.backends.openai.postponed import PassingBy, Postponed
from summarizer.backends.openai.shapes import stand_in
from summarizer.backends.openai.transport import Exchanges, Transport
from summarizer.backends.openai.wire import Digest, Part, Repair, Reply, from_draft, mend, said, to_draft
from summarizer.domain.answers import Question
from summarizer.domain.backend import Drafted
from summarizer.domain.draft import Draft, DraftRequest
from summarizer.errors import BackendError, RequestRejected
from summarizer.text.sections import SECTION_TOKENS, cut

_Answer = TypeVar("_Answer", bound=BaseModel)

# Without a handler of the user's, instructor's errors would go to standard error; ours say what matters.
logging.getLogger("instructor").addHandler(logging.NullHandler())


class OpenAIBackend:
    """Asks a model for a draft; once more, for a repair, where checks found errors.

    Three kinds of trying again never multiply: the transport repeats what the wire lost, instructor
    re-asks where an answer is not to the schema, and the pipeline comes back with findings. A question
    takes at most ``shape_attempts`` answers, one more where an answer was cut off, and the requests lost
    to the wire, of which the transport allows a number for the whole question. An article too long for
    one request is a question for each of its sections, and one for headline and summary.

    Args:
        model: The model's name at the endpoint.
        transport: The one place that touches the network.
        temperature: Sent only where given.
        max_output_tokens: Limit on one answer; not sent where None.
        shape_attempts: Answers at most where they are not to the schema.
        section_tokens: Estimated tokens of article up to which it goes out in one request.
    """

    name = "openai"

    def __init__(  # noqa: PLR0913 - named settings, each with a default
        self,
        model: str,
        transport: Transport,
        *,
        temperature: float | None = None,
        max_output_tokens: int | None = None,
        shape_attempts: int = 2,
        section_tokens: int = SECTION_TOKENS,
    ) -> None:
        self.model = model
        self._transport = transport
        self._shape_attempts = shape_attempts
        self._section_tokens = section_tokens
        given = {"temperature": temperature, "max_completion_tokens": max_output_tokens}
        self._parameters = {name: value for name, value in given.items() if value is not None}

    @property
    def prompt(self) -> str:
        """Name and digest of the prompt files."""
        return prompts.identity()

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """Schema, parameters and endpoint: what else the draft depends on."""
        return {
            "schema": _schemas(),
            "parameters": json.dumps(self._parameters, sort_keys=True),
            "base_url": self._transport.endpoint,
            "sections": f"{self._section_tokens} {prompts.long_identity()}",
        }

    async def draft(self, request: DraftRequest) -> Drafted:
        """Ask for a report, or, with feedback, for a repair of the draft before.

        Raises:
            BackendError: The endpoint or the model gave no draft.
        """
        exchanges = Exchanges()
        try:
            draft = await self._draft(request, partial(self._ask, exchanges))
        except asyncio.CancelledError as cancelled:
            raise cancelled from BackendError(
                "the draft was cancelled.", attempts=exchanges.count, tokens=exchanges.tokens
            )
        return Drafted(
            draft,
            tokens=exchanges.tokens,
            exchanges=exchanges.count,
            cached=exchanges.count == 0,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def _draft(self, request: DraftRequest, ask: sectioned.Ask) -> Draft:
        sections = cut(request.sentences, self._section_tokens)
        if len(sections) <= 1:
            return await _in_one(request, ask)
        if request.previous is None or not request.feedback:
            return await sectioned.write(request, sections, ask, self._section_tokens)
        return await sectioned.repair(request, request.previous, ask, self._section_tokens)

    async def _ask(self, exchanges: Exchanges, shape: type[_Answer], messages: list[Any]) -> _Answer:
        exchanges.lost = 0
        async with self._transport.question() as question:
            asking = _Asking(self._transport, messages, exchanges, question)
            return await self._answered(asking, exchanges, shape, messages)

    async def _answered(
        self, asking: "_Asking", exchanges: Exchanges, shape: type[_Answer], messages: list[Any]
    ) -> _Answer:
        """Return what the model wrote as the shape, or raise what came in between."""
        import instructor
        from instructor.core import InstructorRetryException
        from instructor.core.hooks import Hooks

        hooks = Hooks()
        hooks.on("parse:error", asking.note)
        ask = cast("Any", instructor.patch(create=asking.create, mode=instructor.Mode.JSON_SCHEMA))
        try:
            # No ``context=``: with one, instructor would render article text as a template.
            held = await ask(
                model=self.model,
                messages=messages,
                response_model=stand_in(shape),
                max_retries=self._shape_attempts - 1,
                strict=False,
                hooks=hooks,
                **self._parameters,
            )
        except PassingBy as passing:
            raise passing.postponed from None
        except InstructorRetryException as error:
            asked = self._transport.asked({"model": self.model, "messages": messages})
            raise _cause(error, asked, exchanges) from None
        return cast("_Answer", held.answer)


async def _in_one(request: DraftRequest, ask: sectioned.Ask) -> Draft:
    messages: list[Any] = list(prompts.report_messages(request.article, request.sentences))
    if request.previous is None or not request.feedback:
        return to_draft(await ask(Reply, messages))
    before = from_draft(request.previous)
    messages += [said(before), prompts.repair_message(request.feedback)]
    return to_draft(mend(before, await ask(Repair, messages)))


class _Asking:
    """One question to the model and all that it takes; what instructor calls in place of the client."""

    def __init__(
        self,
        transport: Transport,
        messages: Sequence[Any],
        exchanges: Exchanges,
        question: Question | None,
    ) -> None:
        self._transport, self._exchanges, self._question = transport, exchanges, question
        self._messages, self._said = messages, list(messages)
        self._limit: int | None = None

    def note(self, error: Exception) -> None:
        """Remember what was wrong with an answer, and forget what was wrong with the one before."""
        self._said = reask.asked_again(self._messages, error)

    async def create(self, **sent: Any) -> Any:
        """Send what instructor made of the question; again with more room where the answer is cut off."""
        # instructor writes the schema without the flag that makes an endpoint keep to it.
        sent["response_format"]["json_schema"]["strict"] = True
        # Its own re-ask would repeat the broken answer, and the one after that both of them.
        sent["messages"] = self._said
        answer = await self._send(sent)
        if faults.is_cut(answer) and self._limit is None and (limit := _doubled(sent, answer)):
            self._limit = limit
            try:
                answer = await self._send(sent)
            except RequestRejected:  # a model may have no more room to give
                raise faults.truncated() from None
        if faults.is_cut(answer):
            raise faults.truncated()
        return answer

    async def _send(self, sent: dict[str, Any]) -> Any:
        limit = {} if self._limit is None else {"max_completion_tokens": self._limit}
        try:
            return await self._transport.send(sent | limit, self._exchanges, self._question)
        except Postponed as postponed:  # instructor would log it as an error
            raise PassingBy(postponed) from None


def _doubled(sent: Mapping[str, Any], answer: Any) -> int | None:
    """Return twice the limit that cut an answer off: ours, or else what the endpoint says it wrote."""
    used = getattr(getattr(answer, "usage", None), "completion_tokens", None)
    limit = sent.get("max_completion_tokens") or used
    return 2 * limit if isinstance(limit, int) else None


def _cause(error: Exception, asked: faults.Asked, exchanges: Exchanges) -> Exception:
    """Return what is behind instructor's error: a fault of ours, an answer not to the schema, or a bug."""
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        cause = faults.malformed(cause, asked)
    if isinstance(cause, BackendError):
        return faults.mapped(cause, asked, exchanges)
    return cause if isinstance(cause, Exception) else error


@cache
def _schemas() -> str:
    """Return twelve hex digits that name what is asked for over the wire."""
    schemas = [shape.model_json_schema() for shape in (Reply, Repair, Part, Digest)]
    return hashlib.sha256(json.dumps(schemas, sort_keys=True).encode()).hexdigest()[:12]
