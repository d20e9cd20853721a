"""Tables show every metric and case, and stay harmless."""

from summarizer.domain.report import ErrorRecord, FailedArticle, Failure, Report
from summarizer.evaluation.gate import failed_floors
from summarizer.evaluation.gold import Case
from summarizer.evaluation.metrics import METRICS
from summarizer.evaluation.score import score_all
from summarizer.evaluation.scorecard import render_html
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


def test_a_scorecard_lays_every_row_beside_its_partner(case: Case, perfect: Report) -> None:
    """Each row of the labels is on the page, with what the report has for it, and what is missed."""
    short = perfect.model_copy(update={"claims": perfect.claims[1:]})
    scores = score_all([(case, short)])
    page = render_html(scores, "offline", failed_floors(scores, {"claims_recall": 1.0}))
    assert page.count("<article id=") == 1
    assert "The gate does not hold." in page
    assert all(claim.text in page for claim in perfect.claims)
    assert 'class="bad"' in page
    assert "claims_recall: " in page


def test_a_scorecard_keeps_hostile_text_inert(case: Case, perfect: Report) -> None:
    """Text of a report makes no tag."""
    hostile = perfect.claims[0].model_copy(update={"text": "<script>alert(1)</script>"})
    page = render_html(score_all([(case, perfect.model_copy(update={"claims": (hostile,)}))]), "<b>")
    assert "<script" not in page
    assert "&lt;b&gt;" in page
