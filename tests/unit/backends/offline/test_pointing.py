"""Denials whose object only points at what was said before."""

import pytest

from summarizer import Report, Summarizer

BRIDGE = "The mayor said the bridge was safe. "


def report(text: str) -> Report:
    """Summarise with the offline engine."""
    return Summarizer(model="offline").summarize(text)


def stands(made: Report, words: str) -> set[tuple[str, str]]:
    """Return who stands where on the row with these words."""
    (claim,) = (c for c in made.claims if words in c.text)
    return {(p.source, p.stance) for p in claim.positions}


@pytest.mark.parametrize(
    "denial",
    ["denied that and said", "rejected that and said", "denied this, and said", "denied it but added"],
)
def test_what_is_said_after_a_denial_is_not_negated(denial: str) -> None:
    """The denial is about the sentence before; what follows it is the denier's own word, unturned."""
    made = report(f"{BRIDGE}Engineer Ada Voss {denial} the bridge had lost two cables.")
    assert stands(made, "safe") == {("the mayor", "asserts"), ("Engineer Ada Voss", "denies")}
    assert stands(made, "lost two cables") == {("Engineer Ada Voss", "asserts")}
    assert not [c.text for c in made.claims if " not " in c.text]


@pytest.mark.parametrize("pointer", ["that", "this", "it", "the claim", "that suggestion"])
def test_a_denial_that_only_points_is_on_the_row_before(pointer: str) -> None:
    """However the row before is pointed at, the denial is no row of its own."""
    made = report(f"{BRIDGE}Engineer Ada Voss denied {pointer}.")
    assert stands(made, "safe") == {("the mayor", "asserts"), ("Engineer Ada Voss", "denies")}
    assert len(made.claims) == 1
