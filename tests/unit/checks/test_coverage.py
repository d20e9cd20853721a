"""The coverage check: the table holds the article once."""

from collections.abc import Callable
from typing import Any

from summarizer.checks import coverage
from summarizer.domain.grounded import GroundedDraft

Spoil = Callable[..., GroundedDraft]
Position = Callable[..., dict[str, Any]]


def test_sentences_no_row_cites_are_listed_in_one_note(spoil: Spoil) -> None:
    """Their numbers are given; short sentences do not count."""
    (finding,) = coverage.check(spoil({6: None, 5: None}))
    assert finding.severity == "note"
    assert finding.message.endswith(": 8.")


def test_much_left_out_is_a_warning(spoil: Spoil) -> None:
    """More than a third of the body is more than a note."""
    (finding,) = coverage.check(spoil({1: None, 2: None, 4: None, 6: None, 7: None}))
    assert finding.severity == "warning"


def test_a_row_that_names_its_own_source_is_a_warning(spoil: Spoil) -> None:
    """Who says it belongs to the position."""
    (finding,) = coverage.check(
        spoil({6: {"text": "Oren Tas said that the harbour will stay shut for a week."}})
    )
    assert (finding.severity, finding.where) == ("warning", "claims[c6]")


def test_a_row_told_twice_is_a_warning(spoil: Spoil, position: Position) -> None:
    """The same words of the same sentence are one row."""
    row = {"text": "The harbour opened 40 years ago.", "positions": [position("article", 7)]}
    (finding,) = coverage.check(spoil({8: row}))
    assert finding.where == "claims[c8]"


def test_rival_figures_want_a_conflict(spoil: Spoil, position: Position) -> None:
    """Two numbers for one thing are listed as a conflict; once they are, nothing is found."""
    row = {
        "text": "At least 90 people were treated at the Sunder Clinic.",
        "positions": [position("Oren Tas", 8)],
    }
    (finding,) = coverage.check(spoil({8: row}))
    assert "rival figures" in finding.message
    assert list(coverage.check(spoil({8: row}, conflicts=[{"claims": [2, 8], "why": "count"}]))) == []


def test_a_nameless_source_against_itself_is_said(spoil: Spoil, position: Position) -> None:
    """Of a nameless source on both sides of a row nobody knows whether it is one: it is a matter of doubt."""
    both = [position("unnamed: a diver", 4), position("unnamed: a diver", 4, stance="denies")]
    rows = {3: {"positions": [*both, position("Port Authority", 3)]}}
    (finding,) = coverage.check(spoil(rows))
    assert finding.severity == "warning"
    assert list(coverage.check(spoil(rows, conflicts=[{"claims": [3, 3], "why": "both"}]))) == []


def test_a_row_against_itself_needs_such_a_source(spoil: Spoil) -> None:
    """A conflict of a row with itself on which nobody contradicts himself is doubtful."""
    (finding,) = coverage.check(spoil(conflicts=[{"claims": [5, 5], "why": "?"}]))
    assert (finding.severity, finding.where) == ("warning", "conflicts[0]")
