"""The loaded check: our own voice takes no side."""

from collections.abc import Callable

from summarizer.checks import loaded
from summarizer.domain.grounded import GroundedDraft

Spoil = Callable[..., GroundedDraft]


def test_loaded_wording_in_a_row_is_a_warning(spoil: Spoil) -> None:
    """The words are quoted."""
    (finding,) = loaded.check(spoil({5: {"text": "Thugs opened the harbour 40 years ago."}}))
    assert (finding.severity, "Thugs" in finding.message) == ("warning", True)


def test_wording_the_draft_itself_lists_is_an_error(spoil: Spoil) -> None:
    """Words that the draft calls loaded it may not use, and their plain alternative is offered."""
    wording = [{"sentence": 6, "text": "paint store", "neutral": "shop"}]
    found = [f.message for f in loaded.check(spoil(loaded=wording))]
    assert len(found) == 1
    assert "'shop'" in found[0]


def test_quoted_words_are_evidence(spoil: Spoil) -> None:
    """Inside quotation marks loaded words are somebody's."""
    assert list(loaded.check(spoil({4: {"text": "The “brutal” fire began in a paint store."}}))) == []
