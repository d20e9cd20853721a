"""Status is derived from positions, by the rules of the labelling guide."""

from dataclasses import dataclass

import pytest

from summarizer.domain.vocabulary import Stance, derive_status


@dataclass(frozen=True)
class Held:
    """A position."""

    source: str
    stance: Stance = "asserts"
    hedged: bool = False


@pytest.mark.parametrize(
    ("positions", "status"),
    [
        ([Held("A"), Held("B", "denies")], "disputed"),
        ([Held("A"), Held("A", "denies")], "disputed"),
        ([Held("A", hedged=True), Held("B", "denies")], "disputed"),
        ([Held("B", "denies")], "denied"),
        ([Held("B", "denies"), Held("C", "does_not_confirm")], "denied"),
        ([Held("A"), Held("C", "does_not_confirm")], "unconfirmed"),
        ([Held("A", hedged=True)], "unconfirmed"),
        ([], "unconfirmed"),
        ([Held("A")], "attributed"),
        ([Held("A"), Held("B", hedged=True)], "attributed"),
        ([Held("article")], "stated"),
        ([Held("article"), Held("A")], "stated"),
        ([Held("article", hedged=True), Held("A")], "attributed"),
        ([Held("article"), Held("A", "denies")], "disputed"),
    ],
)
def test_status_follows_from_the_positions(positions: list[Held], status: str) -> None:
    """Each combination of stances has one status."""
    assert derive_status(positions) == status
