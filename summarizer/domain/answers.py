"""The seam between a backend and wherever raw answers are kept."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

Answer = Mapping[str, Any]
"""A raw answer as JSON data, before anything is read into it."""


class Question(Protocol):
    """One question to a model, and all the requests that it takes."""

    async def answer(
        self,
        request: Mapping[str, Any],
        ask: Callable[[], Awaitable[Answer]],
        *,
        patience: float,
    ) -> Answer:
        """Return the answer kept for this request, or else ask.

        The same request twice in one question is two: the answer to the first was tried and is no good.

        Args:
            request: All that the answer depends on, as JSON data, and nothing secret.
            ask: Gets the answer; what it raises is raised.
            patience: Seconds at most to wait for somebody else who is asking the same.
        """
        ...


class Answers(Protocol):
    """Answers asked for before. Safe to share between tasks; never a reason for a request to fail."""

    def question(self) -> AbstractAsyncContextManager[Question]:
        """Ask a question: its answers are kept together where the block ends well, else none of them.

        Where it ends in an error, those kept before that it came to are forgotten: they led nowhere.
        """
        ...

    async def aclose(self) -> None:
        """Free files; they are opened again when needed."""
        ...
