"""Who speaks: parentheses, relative clauses, roles before names, pronouns, quotations after a colon."""

from collections.abc import Callable

import pytest

from summarizer.domain.draft import Draft

Draws = Callable[[str], Draft]


def holders(draft: Draft, words: str) -> list[str]:
    """Return who asserts the one claim that holds the words."""
    (claim,) = [claim for claim in draft.claims if words in claim.text]
    return [p.source for p in claim.positions if p.stance == "asserts"]


@pytest.mark.parametrize(
    ("text", "words", "source"),
    [
        (
            "Orla Tamm came late, and Tamm was angry. The order, she said, had come from the office.",
            "had come",
            "Orla Tamm",
        ),
        (
            "Orla Tamm came. Tamm left. Crews were turned back and lost sight of the boat, she said.",
            "lost sight",
            "Orla Tamm",
        ),
        ("The report angered Orla Tamm, who said the pump had failed.", "pump had failed", "Orla Tamm"),
        ("Board chair Orla Tamm said the pump had failed.", "pump had failed", "Orla Tamm"),
        ("Norra founder and CEO Orla Tamm said the pump had failed.", "pump had failed", "Orla Tamm"),
        (
            "The inquiry's chair, the engineer Orla Tamm, said the pump had failed.",
            "pump had failed",
            "Orla Tamm",
        ),
        ("Orla Tamm told supporters outside the old pump house that she had won.", "had won", "Orla Tamm"),
        (
            "Mayor Orla Tamm, outside the hall, to a crowd of about ninety: “The pump had failed by night.”",
            "pump had failed",
            "Orla Tamm",
        ),
        (
            "Many residents are convinced that the pump had failed.",
            "pump had failed",
            "unnamed: many residents",
        ),
    ],
)
def test_the_speaker_is_found_wherever_the_sentence_names_it(
    draft: Draws, text: str, words: str, source: str
) -> None:
    """Order, apposition and role make no difference to who answers for a claim."""
    assert holders(draft(text), words) == [source]


def test_she_is_not_a_man(draft: Draws) -> None:
    """A pronoun goes to the last person whom the article calls by it."""
    text = (
        "Orla Tamm runs the port. She said Tamm’s pump had failed. Ivo Renn lost his boat. "
        "Renn said he had warned the port.\n\nShe said the gate was open."
    )
    assert holders(draft(text), "gate was open") == ["Orla Tamm"]


def test_a_paper_with_an_article_is_nobodys_surname(draft: Draws) -> None:
    """After "the Courant" the Quay Courant is not taken for a Mr Courant."""
    text = "The Quay Courant won. Ivo Renn told the Courant that he had left. He said the ferry sank in May."
    assert holders(draft(text), "ferry sank") == ["Ivo Renn"]


def test_questions_and_refusals_are_no_claims(draft: Draws) -> None:
    """What a question asks, and that somebody would not say, is nothing to check."""
    text = (
        "**Is the water safe now?**\n\nThe pump failed on Friday. She would not say how many people fell ill."
    )
    assert [claim.text for claim in draft(text).claims] == ["The pump failed on Friday."]
