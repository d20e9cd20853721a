"""Promises of the clause rules: what can be true on its own stands on its own."""

import pytest

from summarizer.backends.offline.clauses import split


def words(text: str) -> list[str]:
    """Return the words of a sentence's clauses."""
    return [c.words(text) for c in split(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The quay was shut and the ferry sank.", ["The quay was shut", "the ferry sank"]),
        (
            "The raiders took 40 rings and smashed six doors.",
            ["The raiders took 40 rings", "The raiders smashed six doors"],
        ),
        (
            "The man was arrested on Monday and charged on Tuesday.",
            ["The man was arrested on Monday", "The man was charged on Tuesday"],
        ),
        ("The quay reopened, while the ferry stayed away.", ["The quay reopened", "the ferry stayed away"]),
    ],
)
def test_coordinated_verbs_are_cut_and_share_their_subject(text: str, parts: list[str]) -> None:
    """Each verb phrase becomes a clause with the subject it borrows."""
    assert words(text) == parts


def test_a_relative_clause_takes_its_antecedent() -> None:
    """A fact in a relative clause is cut out, and the main clause closes over the gap."""
    text = "The brigade, which holds nine towns, has lost a bridge."
    assert words(text) == ["The brigade has lost a bridge", "The brigade holds nine towns"]


@pytest.mark.parametrize(
    "text",
    [
        "The raiders took watches, rings and gold chains.",
        "The clerk and the mayor left the quay.",
        "As many as 60 people and two dogs were hurt.",
        "Doctors who were not involved differed.",
    ],
)
def test_lists_and_joint_subjects_stay_whole(text: str) -> None:
    """A list of like items is one clause."""
    assert len(words(text)) == 1
