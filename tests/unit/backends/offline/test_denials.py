"""Who denies what: a denial finds its row however it is worded; nobody is put in another's mouth."""

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


@pytest.mark.parametrize(
    ("text", "row", "denier"),
    [
        (
            "The harbour office said at least four people died. Orrin Lines denied that four were killed.",
            "four people died",
            "Orrin Lines",
        ),
        (
            "The ministry said an airstrike hit the mill. The Norran army denied an attack on the mill.",
            "hit the mill",
            "Norran army",
        ),
        (
            "The fire office said the sirens sounded. “There was no siren,” said Tolo Varn, a baker.",
            "sirens sounded",
            "Tolo Varn",
        ),
    ],
)
def test_a_denial_in_other_words_stands_on_the_row_it_is_about(
    draft: Draws, text: str, row: str, denier: str
) -> None:
    """Killed and died, airstrike and attack, "no siren" and sirens meet on one disputed row."""
    claim = holding(draft(text), row)
    assert sources(claim, "denies") == [denier]
    assert sources(claim, "asserts")


def test_a_verb_of_saying_nobody_knows_is_one_by_its_shape(draft: Draws) -> None:
    """A misspelt "insisted that" still says who puts the clause forward, as it stands."""
    claim = holding(
        draft("The Coastal Command strongly insited that a drone had hit the pier."), "drone had hit"
    )
    assert sources(claim, "asserts") == ["Coastal Command"]


def test_a_country_is_never_he(draft: Draws) -> None:
    """A pronoun for a person does not become an abbreviation that was named before."""
    text = "The Central Command of the U.S. said the envoy had left. Witnesses said that he was in a mosque."
    assert not any(claim.text.startswith("U.S. was") for claim in draft(text).claims)


def test_it_before_the_source_is_not_the_source(draft: Draws) -> None:
    """In "it reopened, the authority said" it is the harbour that reopened."""
    text = "The harbour was closed for six hours. It reopened on Tuesday afternoon, the Port Authority said."
    assert "Port Authority reopened" not in " ".join(claim.text for claim in draft(text).claims)


def test_we_outside_quotation_marks_is_the_article(draft: Draws) -> None:
    """An outlet that could not confirm a report says so for itself."""
    text = "Local radio says dozens of people are missing. We have not been able to confirm this."
    claim = holding(draft(text), "missing")
    assert sources(claim, "does_not_confirm") == ["article"]


def test_what_a_tail_says_was_done_is_said_without_a_doer(draft: Draws) -> None:
    """A tail such as "killing four people" does not say that the subject killed them."""
    text = "A ferry and a tanker collided off Norra on Monday, killing at least four people."
    claim = holding(draft(text), "killed")
    assert claim.text == "At least four people were killed."


def test_could_not_be_verified_is_about_the_sentence_before(draft: Draws) -> None:
    """The article's own hedged sentence is what it could not verify, not an older report."""
    text = (
        "Orrin Lines said two passengers were hurt. The crew reportedly failed to answer three calls. "
        "The claim could not be independently verified."
    )
    made = draft(text)
    assert sources(holding(made, "answer three calls"), "does_not_confirm") == ["article"]
    assert sources(holding(made, "passengers were hurt"), "does_not_confirm") == []


def test_the_conditional_of_hearsay_is_hedged(draft: Draws) -> None:
    """What "would be" so in the article's own voice is no flat statement."""
    claim = holding(draft("Three men were hurt. These would be a captain and his two guards."), "captain")
    assert claim.positions[0].hedged
