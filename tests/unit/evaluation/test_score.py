"""Scores of many cases: sums, failures, and what is refused."""

import json
from pathlib import Path

import pytest

from summarizer.domain.article import Article
from summarizer.domain.report import ErrorRecord, FailedArticle, Failure, Outcome, Report
from summarizer.errors import AnswerRefused, DuplicateId, MalformedInput
from summarizer.evaluation.gold import Case
from summarizer.evaluation.metrics import METRICS
from summarizer.evaluation.score import evaluate, score_all, score_case

FAILURE = Failure(
    article=FailedArticle(id="x"), error=ErrorRecord(type="EndpointTimeout", message="No answer.")
)


def renamed(case: Case, name: str) -> Case:
    """Give the case another name."""
    return Case(case.article, case.gold.model_copy(update={"id": name}))


def test_totals_are_sums_not_means(case: Case, perfect: Report) -> None:
    """Totals add what is above and below the line over cases; a short report weighs less, not the same."""
    short = perfect.model_copy(update={"claims": perfect.claims[:1]})
    scores = score_all([(case, perfect), (renamed(case, "other"), short)])
    assert scores.value("claims_recall") == 15 / 28
    assert scores.value("claims_precision") == 1.0
    assert any(m.where == "other: c2" for m in scores.totals["claims_recall"].misses)


@pytest.mark.parametrize("metric", [m.name for m in METRICS if m.group != "context"])
def test_a_failure_counts_as_zero_in_every_metric(case: Case, perfect: Report, metric: str) -> None:
    """Beside a perfect report a failed article of the same size halves every total; it is never left out."""
    alone = score_case(case, perfect).metrics[metric]
    scores = score_all([(case, perfect), (renamed(case, "other"), FAILURE)])
    assert scores.totals[metric].value == 0.5
    assert scores.totals[metric].denominator == 2 * alone.denominator
    assert [c.failure for c in scores.failures] == ["EndpointTimeout: No answer."]


def test_a_report_on_another_text_is_refused(case: Case, perfect: Report) -> None:
    """Labels hold for one text; a report on another is an error, not a low score."""
    record = perfect.article.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(MalformedInput, match="another text"):
        score_case(case, perfect.model_copy(update={"article": record}))


def test_one_case_given_twice_is_refused(case: Case, perfect: Report) -> None:
    """Two cases of one name would hide one of them."""
    with pytest.raises(DuplicateId, match="orrin-ferry-fire"):
        score_all([(case, perfect), (case, perfect)])


def test_cases_on_disk_are_evaluated(folder: Path, case: Case, perfect: Report) -> None:
    """A folder of cases and a function from article to outcome are all it takes."""
    seen: list[Article] = []

    def summarize(article: Article) -> Outcome:
        seen.append(article)
        return perfect

    scores = evaluate([folder.parent], summarize)
    assert scores.value("claims_f1") == 1.0
    assert [a.text for a in seen] == [case.article.text]


def test_an_error_of_ours_is_a_failure(folder: Path) -> None:
    """What cannot be summarised counts as zero and keeps its reason."""

    def refuse(article: Article) -> Outcome:
        raise AnswerRefused("The model declined.", where=article.id)

    scores = evaluate([folder], refuse)
    assert scores.value("claims_f1") == 0
    assert scores.cases[0].failure == "AnswerRefused: orrin-ferry-fire: The model declined."


def test_scores_are_dumped_as_json(case: Case, perfect: Report) -> None:
    """The JSON holds totals, and every metric, pair and miss of every case."""
    short = perfect.model_copy(update={"claims": perfect.claims[1:]})
    data = json.loads(score_all([(case, short)]).to_json())
    assert data["totals"]["claims_recall"] == {"value": 13 / 14, "numerator": 13, "denominator": 14}
    (one,) = data["cases"]
    assert one["matched"][0] == ["c2", "c2"]
    assert one["metrics"]["claims_recall"]["misses"][0]["where"] == "c1"
