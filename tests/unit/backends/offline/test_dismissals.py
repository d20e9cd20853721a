"""Denials in other words, in a tail, in court: each stands on what it denies, by whoever denies it."""

from collections.abc import Callable

import pytest

from summarizer.domain.draft import Draft, DraftClaim

Draws = Callable[[str], Draft]


def sources(claim: DraftClaim, stance: str) -> list[str]:
    """Return who stands so on a claim."""
    return [position.source for position in claim.positions if position.stance == stance]


def holding(draft: Draft, words: str) -> DraftClaim:
    """Return the one claim that holds the words."""
    (claim,) = [claim for claim in draft.claims if words in claim.text]
    return claim


_SALE = "The Works Union said the mill had been sold in May. "


@pytest.mark.parametrize(
    "denial",
    [
        "Mayor Ida Renn called that a fairy tale.",
        "Mayor Ida Renn dismissed the claim as pure invention.",
        "“That is categorically false,” said Mayor Ida Renn.",
        "Mayor Ida Renn said it was simply not true.",
        "“Nothing of the kind,” said Mayor Ida Renn.",
        "The claim that the mill had been sold is nonsense, Mayor Ida Renn said.",
        "Mayor Ida Renn rejected the union's claim that the mill had been sold.",
    ],
)
def test_a_dismissal_denies_what_was_put_forward_before(draft: Draws, denial: str) -> None:
    """Whatever words call it untrue, the row before it is disputed and nobody else denies it."""
    claim = holding(draft(_SALE + denial), "sold in May")
    assert sources(claim, "asserts") == ["Works Union"]
    assert sources(claim, "denies") == ["Ida Renn"]


def test_a_judgement_that_calls_nothing_untrue_is_no_denial(draft: Draws) -> None:
    """To call a thing splendid, or a job impossible to refuse, denies nothing."""
    made = draft(_SALE + "Mayor Ida Renn called the mill a splendid building.")
    assert not [c for c in made.claims if sources(c, "denies")]


@pytest.mark.parametrize(
    "tail",
    [
        "an account flatly contradicted by Norra Water",
        "a claim that Norra Water denies",
        "which Norra Water has denied",
        "something Norra Water strongly disputes",
    ],
)
def test_a_denial_in_a_tail_stands_on_the_sentence_it_hangs_on(draft: Draws, tail: str) -> None:
    """The tail is a position on the main clause, not a claim of its own."""
    (claim,) = draft(f"Orla Tamm said the pump had failed twice, {tail}.").claims
    assert sources(claim, "asserts") == ["Orla Tamm"]
    assert sources(claim, "denies") == ["Norra Water"]


def test_what_follows_a_denial_in_the_middle_of_a_sentence_is_kept(draft: Draws) -> None:
    """A tail that ends at a comma takes nothing after it along."""
    text = "Orla Tamm said the pump had failed, a claim Norra Water denies, and the inquiry opens on Monday."
    assert holding(draft(text), "inquiry opens")


def test_a_plea_of_not_guilty_denies_the_charge(draft: Draws) -> None:
    """Who pleads not guilty denies what the sentence before accuses them of."""
    text = "Prosecutors said Tolo Varn billed the port for empty barges. Mr Varn pleaded not guilty."
    claim = holding(draft(text), "billed the port")
    assert len(sources(claim, "denies")) == 1
    assert sources(claim, "denies")[0].endswith("Varn")


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Ostra denied Norra's claim that jets had crossed the lake.", "Norra"),
        ("Ostra rejected claims by Norra that jets had crossed the lake.", "Norra"),
        (
            "Ostra neither confirmed nor denied a Radio Marl report that jets had crossed the lake.",
            "Radio Marl",
        ),
    ],
)
def test_a_claim_that_is_denied_is_the_word_of_whoever_made_it(draft: Draws, text: str, holder: str) -> None:
    """The row has both sides even where only the denial is reported."""
    claim = holding(draft(text), "crossed the lake")
    assert sources(claim, "asserts") == [holder]
    assert {p.source for p in claim.positions if p.stance != "asserts"} == {"Ostra"}


def test_a_negative_that_is_true_in_its_own_right_is_not_turned(draft: Draws) -> None:
    """A denial worded with "no" is told once negated, never twice."""
    made = draft("Orla Tamm says it is not true: no death has been reported to the district.")
    assert not any("has not been" in claim.text for claim in made.claims)
