"""Summaries anybody gets for nothing: the article's first sentences, and the most central ones."""

from collections.abc import Sequence

from summarizer.domain.sentences import Sentence, Sentences
from summarizer.errors import SettingsError
from summarizer.text.words import tokens


def lead(sentences: Sentences, words: int) -> tuple[int, ...]:
    """Return the numbers of the body's first sentences, until they hold as many words as given."""
    return _until(sentences, sentences.body, words)


def lexrank(sentences: Sentences, words: int) -> tuple[int, ...]:
    """Return the numbers of the body's most central sentences by LexRank, until they hold as many words.

    Raises:
        SettingsError: The ``eval`` extra is not installed.
    """
    try:
        from sumy.models.dom import ObjectDocumentModel, Paragraph
        from sumy.models.dom import Sentence as Line
        from sumy.summarizers.lex_rank import LexRankSummarizer
    except ImportError:
        raise SettingsError(
            "LexRank needs sumy.", mend="Install it: pip install 'grounded-summarizer[eval]'."
        ) from None
    lines = {Line(sentences.quote(s), _Words()): s for s in sentences.body}
    document, summarize = ObjectDocumentModel([Paragraph(lines)]), LexRankSummarizer()
    ranked: list[Sentence] = []
    for count in range(1, len(lines) + 1):
        ranked += [lines[line] for line in summarize(document, count) if lines[line] not in ranked]
        if sum(len(sentences.quote(s).split()) for s in ranked) >= words:
            break
    return _until(sentences, ranked, words)


class _Words:
    """A tokenizer for sumy that needs no download."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """Return the words."""
        return tuple(token.text for token in tokens(sentence))


def _until(sentences: Sentences, ordered: Sequence[Sentence], words: int) -> tuple[int, ...]:
    chosen: list[int] = []
    held = 0
    for sentence in ordered:
        if held >= words:
            break
        chosen.append(sentence.number)
        held += len(sentences.quote(sentence).split())
    return tuple(chosen)
