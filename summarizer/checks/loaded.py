"""Is our own voice free of wording that takes a side?"""

from collections.abc import Iterator

from summarizer.checks.reading import finding, own_voice
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.text import folding, loaded, names
from summarizer.text.shorten import shorten

CHECK = "loaded"


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield loaded words of headline, summary and rows, from our list or the draft's own, unless quoted."""
    listed = {wording.text.casefold(): wording.neutral for wording in grounded.loaded}
    for statement in own_voice(grounded):
        ours = dict(_by_our_list(statement.text))
        theirs = {words: plain for words, plain in listed.items() if reuses(statement.text, words)}
        both = ours | {words: plain for words, plain in theirs.items() if not _is_within(words, ours)}
        for words, neutral in both.items():
            mend = f"Say {shorten(neutral)!r}" if neutral else "Leave it out"
            mend += ", or quote who says it."
            message = f"{statement.name} says {shorten(words)!r}, which takes a side. {mend}"
            # A row keeps what it is about, so its wording is often the article's; what is published is ours.
            published = not statement.where.startswith("claims")
            yield finding(CHECK, "error" if published else "warning", statement.where, message)


def _by_our_list(text: str) -> Iterator[tuple[str, str]]:
    """Yield the listed words and their plain ones, those that are part of a proper name left out."""
    known = [(name.start, name.end) for name in names.find(text)]
    for wording in loaded.find(text):
        span = wording.start, wording.end
        if not any(start <= span[0] and span[1] <= end and (start, end) != span for start, end in known):
            yield wording.text, wording.neutral


def reuses(text: str, words: str) -> bool:
    """Tell whether a text says lower-case words in its own voice: outside quotation marks."""
    plain = text.casefold()
    found = folding.find(words, plain, whole_words=True)
    return found is not None and not any(a <= found[0] and found[1] <= b for a, b in loaded.quotations(plain))


def _is_within(words: str, seen: dict[str, str]) -> bool:
    return any(words in other.casefold() or other.casefold() in words for other in seen)
