"""The seam between the house and whoever writes a draft."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from summarizer.domain.draft import Draft, DraftRequest
from summarizer.domain.report import Tokens


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft and what it took.

    Attributes:
        tokens: Summed over every exchange it took, failed ones included.
        exchanges: Requests sent to an endpoint; 0 where none was needed.
        cached: True where no exchange was needed because an earlier answer was at hand.
        cost_usd: What it cost, where prices are known.
    """

    draft: Draft
    tokens: Tokens = field(default_factory=Tokens)
    exchanges: int = 0
    cached: bool = False
    cost_usd: float | None = None


class Maker(Protocol):
    """What a report depends on beside its article; a backend is one.

    Attributes:
        name: Such as ``offline`` or ``openai``.
        model: Name of the model, or None where there is none.
        prompt: Name and digest of the prompt, such as ``report.v1#a1b2c3``, or None.
        identity: Everything else that the draft depends on (schema, parameters); part of the fingerprint.
    """

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def model(self) -> str | None:
        """The name of its model."""
        ...

    @property
    def prompt(self) -> str | None:
        """Name and digest of its prompt."""
        ...

    @property
    def identity(self) -> Mapping[str, str]:
        """What else its drafts depend on."""
        ...


class Backend(Maker, Protocol):
    """Writes drafts. Implementations hold no state that one article leaves for the next."""

    async def draft(self, request: DraftRequest) -> Drafted:
        """Write a draft.

        Raises:
            BackendError: No draft could be had; says what, where and what to do.
            asyncio.CancelledError: Somebody ended it; where requests were sent, a BackendError that tells how
                many, and their tokens, is its cause.
        """
        ...

    async def aclose(self) -> None:
        """Free connections; the backend may not be used afterwards."""
        ...
