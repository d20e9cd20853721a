"""One change, one known answer: does the table follow?"""

import pytest

from summarizer.api import Summarizer
from summarizer.domain.report import Failure, Report
from summarizer.evaluation.gold import Case
from summarizer.evaluation.sentinels import STRANGER, followed, sentinels

KINDS = {"negated", "figure", "bound", "unhedged", "speaker", "denial"}


def test_an_article_gets_a_sentinel_of_each_kind_it_allows(case: Case) -> None:
    """Each changes one sentence of the text and leaves all before and after it as it was."""
    made = sentinels(case)
    assert {s.kind for s in made} == KINDS
    for s in made:
        text, new = case.article.text, s.article.text
        assert text.startswith(new[: s.changed.start])
        assert text.endswith(new[s.changed.end :])
        assert new != text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_old_table_does_not_follow(case: Case, perfect: Report, kind: str) -> None:
    """A system that answers as if nothing had changed is caught by every kind."""
    (sentinel,) = (s for s in sentinels(case) if s.kind == kind)
    assert not sentinel.follows(perfect)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_table_made_from_the_new_text_follows(case: Case, kind: str) -> None:
    """The offline engine reads what stands there."""
    (sentinel,) = (s for s in sentinels(case) if s.kind == kind)
    assert sentinel.follows(Summarizer(model="offline").summarize(sentinel.article))


def test_changes_are_what_their_names_say(case: Case) -> None:
    """A negation is put in, a number moves by three, a bound turns, a stranger speaks or denies."""
    words = {s.kind: s.article.text[s.changed.start : s.changed.end] for s in sentinels(case)}
    assert " not " in words["negated"]
    assert "Up to 40 crates" in words["bound"]
    assert "reportedly" not in words["unhedged"]
    assert STRANGER in words["speaker"]
    assert words["denial"].endswith(".")
    assert f"{STRANGER}, a lawyer, denied that" in words["denial"]


def test_what_failed_did_not_follow(case: Case) -> None:
    """A failure counts, with the article's id."""
    (one, *_) = sentinels(case)
    failure = Failure.model_validate(
        {"article": {"id": "x"}, "error": {"type": "EndpointTimeout", "message": "No answer."}}
    )
    (counted,) = followed([(one, failure)])
    assert (counted.followed, counted.of, counted.missed) == (0, 1, (one.article.id,))
