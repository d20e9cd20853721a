"""An answer that is not to the schema: what was wrong with it, in few words, and the request to mend it."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from summarizer.text.shorten import shorten

if TYPE_CHECKING:
    from summarizer.prompts import Message

_LISTED = 8


def problems(error: BaseException, *, quoting: bool = False) -> tuple[str, ...]:
    """Return what validation found, a line each, without the answer around it.

    Pydantic's own text is not used: it names its version, and the same fault is to give the same request.

    Args:
        error: What validation raised.
        quoting: Whether short values at fault are quoted from the answer.
    """
    listed = getattr(error, "errors", None)
    if not callable(listed):
        return (type(error).__name__,)
    return tuple(
        f"{_where(found)}: {shorten(found['msg'], 160)}{_value(found) if quoting else ''}"
        for found in listed()
    )


def asked_again(messages: Sequence["Message"], error: BaseException) -> list[Any]:
    """Return the messages with the problems at the end of the last one.

    The broken answer is not sent again, and what an earlier re-ask said is not kept: a re-ask is as long
    as its problems. It is no message of its own, since some models refuse two of one role in a row.
    """
    found = problems(error, quoting=True)
    listed = [f"- {line}" for line in found[:_LISTED]]
    if len(found) > _LISTED:
        listed.append(f"- and {len(found) - _LISTED} more")
    again = "\n".join(
        [
            "",
            "An earlier answer to this was not to the schema:",
            *listed,
            "Answer again, complete, with these mended.",
        ]
    )
    *before, last = messages
    return [*before, {**last, "content": last["content"] + again}]


def _where(problem: Any) -> str:
    return shorten(".".join(map(str, problem["loc"])), 80) or "the object"


def _value(problem: Any) -> str:
    """Quote a value where that is short; an object's, or the whole text's, is the answer again."""
    given = problem["input"]
    if not problem["loc"] or not isinstance(given, str | int | float):
        return ""
    return f", not {json.dumps(shorten(str(given), 60), ensure_ascii=False)}"
