"""Tables show every metric and case, and stay harmless."""

from summarizer.domain.report import ErrorRecord, FailedArticle, Failure, Report
from summarizer.evaluation.gold import Case
from summarizer.evaluation.metrics import METRICS
from summarizer.evaluation.score import score_all
from summarizer.evaluation.table import render_markdown, render_text

HOSTILE = Failure(
    article=FailedArticle(id="x"), error=ErrorRecord(type="Odd", message="\x1b[2J | <b>*x*</b>")
)


def test_every_metric_is_shown_with_its_counts(case: Case, perfect: Report) -> None:
    """Both tables name every metric and give what its value is a share of."""
    scores = score_all([(case, perfect)])
    for table in (render_text(scores), render_markdown(scores)):
        assert all(m.name in table.replace("\\", "") for m in METRICS)
        assert "14/14" in table
        assert "orrin-ferry-fire" in table


def test_misses_are_shown_where_asked_for(case: Case, perfect: Report) -> None:
    """The text table lists every miss below, on demand."""
    scores = score_all([(case, perfect.model_copy(update={"claims": perfect.claims[1:]}))])
    assert "c1: no row" not in render_text(scores)
    assert "claims_recall" in render_text(scores, misses=True).split("orrin-ferry-fire:")[1]


def test_failures_are_shown_and_harmless(case: Case) -> None:
    """A failed case stands in both tables; control characters and markup of its message do not act."""
    scores = score_all([(case, HOSTILE)])
    text, markdown = render_text(scores), render_markdown(scores)
    assert "1, of which 1 failed" in text
    assert "orrin-ferry-fire failed: Odd" in text
    assert "\x1b" not in text + markdown
    assert "<b>" not in markdown
    assert "\\|" in markdown
