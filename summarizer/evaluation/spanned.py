"""Labels without a word of their article: where ``gold.yaml`` quotes, ``spans.yaml`` gives characters.

``[start, end]`` are Python string indices into the text exactly as decoded, ``end`` exclusive; everything
else is as in ``gold.yaml``. So labels may be published whose article may not. The two forms hold the same: a
span is the first place where its words stand, which is what labels mean by a quotation.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from summarizer.evaluation.document import Way
from summarizer.evaluation.spans import locate, locate_lines
from summarizer.text.folding import find

SPANS_FILE = "spans.yaml"
EACH = "*"
LINES: Way = ("furniture", EACH)
WHEN: Way = ("claims", EACH, "when", "text")
QUOTED: tuple[Way, ...] = (
    LINES,
    ("claims", EACH, "positions", EACH, "evidence", EACH),
    ("loaded", EACH, "text"),
    WHEN,
)
"""Where labels hold words of the article; a time need not stand in it, and may then be in words of ours."""
Wrong = tuple[Way, str]
"""Where in a document something is wrong, and what."""


def with_words(data: dict[str, Any], text: str | None) -> tuple[dict[str, Any], list[Wrong]]:
    """Return labels with the words that their spans stand for, and what is wrong with the spans.

    Args:
        data: Labels as ``spans.yaml`` has them.
        text: The article; without it each span becomes an ellipsis, and only its shape is looked at.
    """
    made = deepcopy(data)
    wrong: list[Wrong] = []
    for pattern in QUOTED:
        for holder, key, way in _at(made, pattern):
            span = holder[key]
            if pattern == WHEN and isinstance(span, str):
                continue
            fault = _shape_fault(span) or (text and _fault(span, text, pattern))
            if fault:
                wrong.append((way, fault))
            holder[key] = "…" if fault or text is None else text[slice(*span)]
    return made, wrong


def with_spans(data: dict[str, Any], text: str) -> dict[str, Any]:
    """Return labels with spans in place of the article's words; each must stand in the text."""
    made = deepcopy(data)
    for pattern in QUOTED:
        for holder, key, way in _at(made, pattern):
            words = holder[key]
            place = _time(words, made, way, text) if pattern == WHEN else _place(words, text, pattern)
            if place or pattern != WHEN:
                holder[key] = list(place or ())
    return made


def _at(value: Any, pattern: Way, way: Way = ()) -> Iterator[tuple[Any, Any, Way]]:
    """Find the values at a pattern, each with what holds it and under which key; other shapes have none."""
    step, *rest = pattern
    if step == EACH:
        keys: list[Any] = list(range(len(value))) if isinstance(value, list) else []
    else:
        keys = [step] if isinstance(value, dict) and step in value else []
    for key in keys:
        if rest:
            yield from _at(value[key], tuple(rest), (*way, key))
        else:
            yield value, key, (*way, key)


def _shape_fault(span: Any) -> str | None:
    """Say what is wrong with a span whatever the text, or return None."""
    if not (isinstance(span, list) and len(span) == 2 and all(type(n) is int for n in span)):
        return f"needs [start, end], two whole numbers, not {span!r:.60}"
    return None if 0 <= span[0] < span[1] else f"{span} is no span: it needs 0 <= start < end"


def _fault(span: list[int], text: str, pattern: Way) -> str | None:
    """Say why a span cannot be meant in a text, or return None."""
    start, end = span
    words = text[start:end]
    if end > len(text):
        return f"{span} ends after the text, which has {len(text)} characters"
    if words != words.strip() or _cuts_word(text, start) or _cuts_word(text, end):
        return f"{span} begins or ends inside a word or with white space"
    if pattern == WHEN:
        return None
    if pattern == LINES and (start, end) in locate_lines(words, text):
        return None
    place = _place(words, text, pattern) or ()
    meant = f"labels mean the first place of these words, {[*place]}; or give a longer run"
    return None if place == (start, end) else f"{span}: {meant}"


def _cuts_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _place(words: str, text: str, pattern: Way) -> tuple[int, int] | None:
    return next(locate_lines(words, text), None) if pattern == LINES else locate(words, text)


def _time(words: str, data: dict[str, Any], way: Way, text: str) -> tuple[int, int] | None:
    """Find a time inside the evidence of its row, else anywhere."""
    row = data["claims"][way[1]]
    for position in row["positions"]:
        for start, end in position["evidence"]:
            if place := find(words, text, start, end, whole_words=True):
                return place
    return find(words, text, whole_words=True)
