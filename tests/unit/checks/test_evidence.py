"""The evidence check: a summary that holds every key row."""

from collections.abc import Callable
from typing import Any

from summarizer.checks import evidence
from summarizer.domain.grounded import GroundedDraft

Spoil = Callable[..., GroundedDraft]


def test_a_key_row_left_out_is_an_error(spoil: Spoil) -> None:
    """The row missing from the summary is named."""
    (finding,) = evidence.check(
        spoil(summary=[{"text": "The Port Authority said eleven died.", "claims": [1]}])
    )
    assert finding.severity == "error"
    assert "c3" in finding.message


def test_many_key_rows_are_only_a_warning(spoil: Spoil) -> None:
    """No short summary holds more than eight key rows."""
    rows = {n: {"text": f"The harbour {n}.", "key": True, "positions": []} for n in range(8, 16)}
    (finding,) = evidence.check(spoil(rows))
    assert finding.severity == "warning"


def test_an_empty_report_is_an_error_thrice(spoil: Spoil, errors: Callable[..., list[str]]) -> None:
    """No headline, no table and no summary are three faults."""
    empty: dict[int, Any] = dict.fromkeys(range(1, 8))
    found = tuple(evidence.check(spoil(empty, headline={"text": " "}, summary=[])))
    assert len(errors(found)) == 3


def test_a_row_tied_to_foreign_words_is_a_warning(
    spoil: Spoil, position: Callable[..., dict[str, Any]]
) -> None:
    """A row that shares no word with its evidence may be tied to the wrong sentence."""
    (finding,) = evidence.check(spoil({5: {"positions": [position("article", 2)]}}))
    assert finding.where == "claims[c5]"
