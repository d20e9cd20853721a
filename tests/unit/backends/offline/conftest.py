"""What the offline engine's tests share: an article's draft by rule."""

from collections.abc import Callable

import pytest

from summarizer.backends.offline import write
from summarizer.domain.article import Article
from summarizer.domain.draft import Draft, DraftClaim, DraftRequest
from summarizer.text.sentences import split


@pytest.fixture(name="draft")
def _draft() -> Callable[[str], Draft]:
    def draft(text: str) -> Draft:
        return write(DraftRequest(Article(text=text), split(text)))

    return draft


@pytest.fixture(name="row")
def _row(draft: Callable[[str], Draft]) -> Callable[[str, str], DraftClaim]:
    """Return the row of an article whose text holds some words."""

    def row(text: str, words: str) -> DraftClaim:
        claims = draft(text).claims
        found = [c for c in claims if words.lower() in c.text.lower()]
        assert len(found) == 1, [c.text for c in claims]
        return found[0]

    return row
