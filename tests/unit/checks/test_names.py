"""The names check: every proper name stands in or near the cited sentences."""

from collections.abc import Callable

from summarizer.checks import names
from summarizer.domain.grounded import GroundedDraft

Spoil = Callable[..., GroundedDraft]


def test_a_name_the_article_lacks_is_an_error(spoil: Spoil) -> None:
    """An invented name is quoted in the message."""
    (finding,) = names.check(spoil({5: {"text": "The harbour of Port Galmere opened 40 years ago."}}))
    assert finding.severity == "error"
    assert "Port Galmere" in finding.message


def test_a_name_from_elsewhere_is_a_note(spoil: Spoil) -> None:
    """A name that stands far from the cited sentences is only noted, once for the report."""
    (finding,) = names.check(spoil({2: {"text": "As many as 60 people were treated, said Oren Tas."}}))
    assert (finding.severity, finding.where) == ("note", "report")


def test_forms_of_a_name_pass(summarised: Spoil) -> None:
    """Word order, case and a left-out given name make no other name."""
    grounded = summarised(
        "The authority of the port spoke; the interior ministry and pilot Tas did too.", 1, 3, 6
    )
    assert list(names.check(grounded)) == []
