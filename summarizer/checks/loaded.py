"""Is our own voice free of wording that takes a side?"""

import re
from collections.abc import Iterator

from summarizer.checks.reading import Statement, finding, own_voice
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.text import loaded, names
from summarizer.text.folding import fold
from summarizer.text.shorten import shorten

CHECK = "loaded"

_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield loaded words of headline, summary and rows, from our list or the draft's own, outside quotations."""
    listed = {" ".join(fold(w.text).casefold().split()): w.neutral for w in grounded.loaded}
    for statement in own_voice(grounded):
        found = {words: neutral for words, neutral in _by_list(statement)}
        for words, neutral in listed.items():
            if not any(words in seen.casefold() or seen.casefold() in words for seen in found) and _reuses(
                statement.text, words
            ):
                found[words] = neutral
        for words, neutral in found.items():
            plain = f"Say {shorten(neutral)!r}" if neutral else "Leave it out"
            message = f"{statement.name} says {shorten(words)!r} in our own voice, which takes a side. {plain}, or quote who says it."
            yield finding(CHECK, "error", statement.where, message)


def _by_list(statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield the listed words, those that are part of a proper name left out."""
    known = names.find(statement.text)
    for wording in loaded.find(statement.text):
        if not any(
            n.start <= wording.start
            and wording.end <= n.end
            and n.end - n.start > wording.end - wording.start
            for n in known
        ):
            yield wording.text, wording.neutral


def _reuses(text: str, words: str) -> bool:
    plain = " ".join(_QUOTED.sub(" ", fold(text)).casefold().split())
    return bool(words) and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", plain) is not None
