"""The seam between a backend and wherever raw answers are kept."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

Answer = Mapping[str, Any]
"""A raw answer as JSON data, before anything is read into it."""


class Answers(Protocol):
    """Answers asked for before. Safe to share between tasks; never a reason for a request to fail."""

    async def answer(
        self,
        request: Mapping[str, Any],
        ask: Callable[[], Awaitable[Answer]],
        *,
        keep: Callable[[Answer], bool],
        patience: float,
        anew: bool = False,
    ) -> Answer:
        """Return the answer kept for this request, or else ask, and keep what ``keep`` approves of.

        Args:
            request: All that the answer depends on, as JSON data, and nothing secret.
            ask: Gets the answer; what it raises is raised.
            keep: Says whether an answer is worth giving a second time.
            patience: Seconds at most to wait for somebody else who is asking the same.
            anew: Ask whatever is kept: the answer that is kept was tried and is no good.
        """
        ...

    async def aclose(self) -> None:
        """Free files; they are opened again when needed."""
        ...
