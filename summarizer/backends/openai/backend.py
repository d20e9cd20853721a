"""The model path: a prompt out, a strict JSON object back, a draft made of it."""

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from summarizer import prompts
from summarizer.backends.openai.faults import malformed, truncated
from summarizer.backends.openai.transport import Exchanges, Transport
from summarizer.backends.openai.wire import Repair, Reply, from_draft, mend, to_draft
from summarizer.domain.backend import Drafted
from summarizer.domain.draft import DraftRequest

_Answer = TypeVar("_Answer", Reply, Repair)

# instructor logs validation errors with the model's text at ERROR; a report of ours says what matters.
logging.getLogger("instructor").addHandler(logging.NullHandler())


class OpenAIBackend:
    """Asks a model for a draft; once more, for a repair, where checks found errors.

    Three kinds of trying again never multiply: the transport repeats what the wire lost, instructor
    re-asks where an answer is not to the schema, and the pipeline comes back with findings.

    Args:
        model: The model's name at the endpoint.
        transport: The one place that touches the network.
        temperature: Sent only where given.
        max_output_tokens: Limit on one answer; not sent where None.
        shape_attempts: Answers at most where they are not to the schema.
    """

    name = "openai"

    def __init__(
        self,
        model: str,
        transport: Transport,
        *,
        temperature: float | None = None,
        max_output_tokens: int | None = None,
        shape_attempts: int = 2,
    ) -> None:
        self.model = model
        self._transport = transport
        self._shape_attempts = shape_attempts
        given = {"temperature": temperature, "max_completion_tokens": max_output_tokens}
        self._parameters = {name: value for name, value in given.items() if value is not None}

    @property
    def prompt(self) -> str:
        """Name and digest of the prompt files."""
        return prompts.identity()

    @property
    def identity(self) -> Mapping[str, str]:
        """Schema, parameters and endpoint: what else the draft depends on."""
        schema = json.dumps([Reply.model_json_schema(), Repair.model_json_schema()], sort_keys=True)
        return {
            "schema": hashlib.sha256(schema.encode()).hexdigest()[:12],
            "parameters": json.dumps(self._parameters, sort_keys=True),
            "base_url": self._transport.endpoint,
        }

    async def draft(self, request: DraftRequest) -> Drafted:
        """Ask for a report, or, with feedback, for a repair of the draft before.

        Raises:
            BackendError: The endpoint or the model gave no draft.
        """
        exchanges = Exchanges()
        messages: list[Any] = list(prompts.report_messages(request.article, request.sentences))
        if request.previous is None or not request.feedback:
            reply = await self._ask(Reply, messages, exchanges)
        else:
            before = from_draft(request.previous)
            messages += [_said(before), prompts.repair_message(request.feedback)]
            reply = mend(before, await self._ask(Repair, messages, exchanges))
        return Drafted(to_draft(reply), tokens=exchanges.tokens, exchanges=exchanges.count)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def _ask(self, shape: type[_Answer], messages: list[Any], exchanges: Exchanges) -> _Answer:
        import instructor
        from instructor.core import IncompleteOutputException, InstructorRetryException

        async def create(**sent: Any) -> Any:
            # instructor writes the schema without the flag that makes an endpoint keep to it.
            sent["response_format"]["json_schema"]["strict"] = True
            return await self._transport.send(sent, exchanges)

        ask = cast("Any", instructor.patch(create=create, mode=instructor.Mode.JSON_SCHEMA))
        try:
            # No ``context=``: with one, instructor would render article text as a template.
            answer = await ask(
                model=self.model,
                messages=messages,
                response_model=shape,
                max_retries=self._shape_attempts - 1,
                strict=False,
                **self._parameters,
            )
        except IncompleteOutputException:
            raise truncated(self._transport.endpoint, exchanges.count, exchanges.tokens) from None
        except InstructorRetryException as error:
            if exchanges.failure is not None:
                raise exchanges.failure from None
            raise malformed(self._transport.endpoint, error, exchanges.count, exchanges.tokens) from None
        return shape.model_validate(answer.model_dump())


def _said(reply: Reply) -> dict[str, str]:
    return {"role": "assistant", "content": json.dumps(reply.model_dump(), ensure_ascii=False)}
