"""Loaded wording in the article's own voice."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from summarizer.backends.offline.statements import Statement
from summarizer.domain.draft import DraftLoaded
from summarizer.domain.sentences import Sentence, Sentences
from summarizer.domain.vocabulary import ARTICLE_VOICE
from summarizer.text import loaded


def find(sentences: Sentences, statements: Sequence[Statement]) -> tuple[DraftLoaded, ...]:
    """Return loaded words that neither stand in quotation marks nor in what a source is reported to say."""
    reported = _reported(statements)
    return tuple(_unreported(sentences, reported))


def _unreported(sentences: Sentences, reported: dict[int, list[str]]) -> Iterator[DraftLoaded]:
    starts = [s.start for s in sentences]
    for found in loaded.find(sentences.text):
        sentence = sentences.items[max(bisect_right(starts, found.start) - 1, 0)]
        if _is_own(sentence, found.end) and not any(
            found.text in run for run in reported.get(sentence.number, ())
        ):
            yield DraftLoaded(sentence=sentence.number, text=found.text, neutral=found.neutral)


def _is_own(sentence: Sentence, end: int) -> bool:
    return not sentence.furniture and end <= sentence.end


def _reported(statements: Sequence[Statement]) -> dict[int, list[str]]:
    """Return what sources are reported to say, by sentence."""
    runs: dict[int, list[str]] = {}
    for statement in statements:
        if statement.source.name != ARTICLE_VOICE:
            runs.setdefault(statement.sentence, []).append(statement.run)
    return runs
