"""The closed vocabularies, and what positions tell: a claim's status, and who contradicts himself."""

from collections.abc import Iterable
from typing import Literal, Protocol

Stance = Literal["asserts", "denies", "does_not_confirm"]
Kind = Literal["fact", "forecast", "opinion"]
Status = Literal["disputed", "denied", "unconfirmed", "attributed", "stated"]

ARTICLE_VOICE = "article"
"""The source of what an article says in its own voice."""
UNNAMED = "unnamed"
"""The source of what nobody in particular says; ``unnamed: two officers`` where they are described."""


class HasStance(Protocol):
    """What status is derived from; a position of a draft or of a report."""

    @property
    def source(self) -> str:
        """Who answers for it."""
        ...

    @property
    def stance(self) -> Stance:
        """What they do."""
        ...

    @property
    def hedged(self) -> bool:
        """Whether it is softened."""
        ...


def derive_status(positions: Iterable[HasStance]) -> Status:
    """Derive a claim's status from who stands where on it.

    ``disputed``: somebody asserts it and somebody (the same source elsewhere included) denies it.
    ``denied``: somebody denies it and nobody asserts it.
    ``unconfirmed``: nobody denies it, and somebody does not confirm it or every assertion is hedged.
    ``stated``: the article asserts it flatly in its own voice and nobody stands against it.
    ``attributed``: asserted flatly, by sources other than the article.
    A claim nobody stands on is ``unconfirmed``.
    """
    held = tuple(positions)
    asserted = [p for p in held if p.stance == "asserts"]
    if any(p.stance == "denies" for p in held):
        return "disputed" if asserted else "denied"
    flat = [p for p in asserted if not p.hedged]
    if not flat or any(p.stance == "does_not_confirm" for p in held):
        return "unconfirmed"
    if any(p.source == ARTICLE_VOICE for p in flat):
        return "stated"
    return "attributed"


def derive_self_denier(positions: Iterable[HasStance]) -> str | None:
    """Return the source that both asserts and denies a claim, or None; the nameless cannot be told apart."""
    held = tuple(positions)
    denying = {p.source.casefold() for p in held if p.stance == "denies"}
    return next(
        (
            p.source
            for p in held
            if p.stance == "asserts"
            and p.source.casefold() in denying
            and not p.source.casefold().startswith(UNNAMED)
        ),
        None,
    )


CONTESTED: frozenset[Status] = frozenset({"disputed", "denied", "unconfirmed"})
"""Statuses that must never be shown as plain fact."""
