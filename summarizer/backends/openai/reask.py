"""An answer that is not to the schema: what was wrong with it, in few words, and the request to mend it."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from summarizer.text.shorten import shorten

if TYPE_CHECKING:
    from summarizer.prompts import Message

_LISTED = 8


def problems(error: BaseException) -> tuple[str, ...]:
    """Return what validation found, a line each, without the answer around it.

    No text of pydantic's own that names its version: the same fault gives the same request body.
    """
    listed = getattr(error, "errors", None)
    if not callable(listed):
        return (f"{type(error).__name__}.",)
    return tuple(map(_line, listed(include_url=False, include_context=False)))


def asked_again(messages: Sequence["Message"], error: BaseException) -> list[Any]:
    """Return the messages with the problems at the end of the last one.

    The broken answer is not sent again, and what an earlier re-ask said is not kept: a re-ask is as long
    as its problems. It is no message of its own, since some models refuse two of one role in a row.
    """
    found = problems(error)
    listed = [f"- {line}" for line in found[:_LISTED]]
    if len(found) > _LISTED:
        listed.append(f"- and {len(found) - _LISTED} more")
    again = "\n".join(
        ["", "An earlier answer to this was not to the schema:", *listed, "Answer with the whole object."]
    )
    *before, last = messages
    return [*before, {**last, "content": last["content"] + again}]


def _line(problem: Any) -> str:
    where = shorten(".".join(map(str, problem["loc"])), 80) or "the object"
    given = problem["input"]
    # An object's or a whole answer's input is the answer again; a short value is what helps to mend it.
    was = f", not {json.dumps(shorten(str(given), 60), ensure_ascii=False)}" if _is_short(problem) else ""
    return f"{where}: {shorten(problem['msg'], 160)}{was}"


def _is_short(problem: Any) -> bool:
    return bool(problem["loc"]) and isinstance(problem["input"], str | int | float | bool)
