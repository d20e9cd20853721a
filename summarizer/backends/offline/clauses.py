"""Cuts a stretch of a sentence into clauses that can each be true or false on their own.

Cuts are made at semicolons, before a conjunction that joins two verbs, before some subordinate clauses,
around relative clauses and before longer participial tails. A clause without a subject borrows one.
"""

from collections.abc import Sequence
from itertools import pairwise

from summarizer.backends.offline import asides, grammar
from summarizer.backends.offline.passages import Span
from summarizer.backends.offline.stretches import Clause, Stretch, after_comma, depths

__all__ = ["Clause", "split"]


def split(text: str, start: int, end: int, hole: Span | None = None) -> tuple[Clause, ...]:
    """Cut ``text[start:end]`` into clauses, in order of their first words; ``hole`` is left out."""
    out = hole or (end, end)
    lexemes = tuple(
        x for x in grammar.lex(text)
        if start <= x.start and x.end <= end and not (out[0] <= x.start < out[1])
    )  # fmt: skip
    if not lexemes:
        return ()
    verbs = tuple(i for i in range(len(lexemes)) if grammar.is_finite(lexemes, i))
    stretch = Stretch(text, lexemes, depths(lexemes), verbs, out[0])
    found = asides.find(stretch)
    kept = [i for i in range(len(lexemes)) if not any(a.first <= i < a.last for a in found)]
    mains = _mains(stretch, kept)
    clauses = [*mains, *(aside.clause for aside in found)]
    return tuple(sorted(clauses, key=lambda c: c.start))


def _mains(stretch: Stretch, kept: Sequence[int]) -> list[Clause]:
    """Cut the lexemes that belong to no relative clause at coordinations."""
    bounds = [0]
    for k in range(1, len(kept)):
        if _is_cut(stretch, kept[bounds[-1] :], k - bounds[-1]):
            bounds.append(k)
    bounds.append(len(kept))
    clauses: list[Clause] = []
    subject = auxiliary = modal = ""
    for first, last in pairwise(bounds):
        run = _trimmed(stretch, kept[first:last])
        if not run:
            continue
        verb = next((k for k, i in enumerate(run) if grammar.is_finite(stretch.lexemes, i)), None)
        if clauses and modal and verb != 0 and grammar.is_base(stretch.lower(run[0])):
            clauses.append(Clause(_pieces(stretch, run), lead=f"{subject} {modal}"))
            continue
        borrowed = verb == 0 and bool(subject) and bool(clauses)
        lead = ""
        if borrowed:
            lead = (
                subject
                if stretch.lower(run[0]) in grammar.auxiliaries()
                else f"{subject} {auxiliary}".strip()
            )
        elif verb:
            subject = after_comma(_joined(stretch, run[:verb]))
            auxiliary = _shared_auxiliary(stretch, run, verb)
        modal = _modal(stretch, run)
        loose = bool(clauses) and stretch.lower(kept[first]) in _LOOSE
        clauses.append(Clause(_pieces(stretch, run), lead=lead, loose=loose))
    return clauses


_LOOSE = frozenset({"while", "whereas", "although", "though", "as", "after", "hours"})


def _trimmed(stretch: Stretch, run: Sequence[int]) -> list[int]:
    """Drop the conjunction and commas before a clause and the punctuation after it."""
    first, last = 0, len(run)
    openers = {
        "because",
        "that",
        "hours",
        "and",
        "but",
        "or",
        "while",
        "whereas",
        "although",
        "though",
        ",",
        ";",
        ":",
        "yet",
        "so",
        "-",
        "—",
        "as",
        "after",
    }
    while (
        first < last
        and not _is_bound(stretch, run[first])
        and stretch.lower(run[first])
        in (openers if first or run[0] else openers - {"as", "after", "while", "hours", "that"})
    ):
        first += 1
    while last > first and stretch.lower(run[last - 1]) in {",", ";", ":", ".", "!", "?", "and", "but", "-"}:
        last -= 1
    return list(run[first:last])


def _is_bound(stretch: Stretch, i: int) -> bool:
    """Tell whether an "as" belongs to a figure or comparison ("as many as 60", "as well as")."""
    return stretch.lower(i) == "as" and stretch.lower(i + 2) == "as"


def _is_cut(stretch: Stretch, kept: Sequence[int], k: int) -> bool:
    """Tell whether a new clause starts at place ``k`` of what is kept."""
    i = kept[k]
    if stretch.depths[i] or _is_bound(stretch, i) or _is_bound(stretch, i - 2):
        return False
    word, before = stretch.lower(i), stretch.lower(kept[k - 1])
    if word == "yet" and before != ",":
        return False
    if word == "and" and _is_range(stretch, kept[:k]):
        return False
    if word in {"and", "but", "yet"}:
        return _joins_verbs(stretch, kept, k, after_comma=before == ",")
    if before == "," and (word == "hours" and stretch.lower(i + 1) == "after"):
        return True
    return word == ";" or (before == "," and _goes_on(stretch, kept, k)) or _subordinates(stretch, kept, k)


def _is_range(stretch: Stretch, before: Sequence[int]) -> bool:
    """Tell whether an "and" closes a "between 12:41 and 12:58"."""
    for i in reversed(before[-7:]):
        if stretch.lower(i) in {"and", ","} or grammar.is_finite(stretch.lexemes, i):
            return False
        if stretch.lower(i) == "between":
            return True
    return False


def _subordinates(stretch: Stretch, kept: Sequence[int], k: int) -> bool:
    """Tell whether a "because", "while", "after" or a second "that" opens a clause that can stand alone."""
    i = kept[k]
    word, before = stretch.lower(i), stretch.lower(kept[k - 1])
    if word not in _LOOSE | {"because", "that"}:
        return False
    if stretch.verb(kept[0], i) is None:
        return False
    if word == "because":
        return before == ","
    if word == "that":
        listed = before in {"and", "but"} or (before == "," and "and that" in stretch.text)
        return listed and _opens_clause(stretch, kept, k)
    return word in _LOOSE and not (word == "after" and before == ",") and _opens_clause(stretch, kept, k)


def _joins_verbs(stretch: Stretch, kept: Sequence[int], k: int, *, after_comma: bool) -> bool:
    """Tell whether the conjunction at ``k`` joins two clauses or two verb phrases."""
    left, i = kept[0], kept[k]
    if k + 2 >= len(kept):
        return False
    if stretch.verb(left, i) is None:
        return (
            after_comma
            and stretch.lower(kept[k + 1]) in grammar.pronouns()
            and _opens_clause(stretch, kept, k)
        )
    nxt = kept[k + 1]
    if stretch.lower(nxt) in {"that", "what"}:
        return False
    if stretch.lower(nxt).endswith("ly") or stretch.lower(nxt) in {"also", "then", "later"}:
        nxt = kept[k + 2]
    shared = grammar.is_finite(stretch.lexemes, nxt) or _continues_passive(stretch, left, i, nxt)
    if _goes_on(stretch, kept, k + 1) or (shared and not _goes_with_relative(stretch, kept[:k])):
        return len(kept) - k > 3
    return _opens_clause(stretch, kept, k)


def _goes_with_relative(stretch: Stretch, before: Sequence[int]) -> bool:
    """Tell whether a bare verb may go on with a relative clause ("a march that emptied … and stopped …")."""
    return any(
        stretch.lower(i) in {"that", "which", "who"}
        and (grammar.is_finite(stretch.lexemes, i + 1) or grammar.is_participle(stretch.lower(i + 1)))
        and stretch.verb(before[0], i) is not None
        and not grammar.is_finite(stretch.lexemes, i - 1)
        for i in before[1:-1]
    )


def _goes_on(stretch: Stretch, kept: Sequence[int], k: int) -> bool:
    """Tell whether a bare verb at ``k`` shares the modal before it ("would meet …, ask … and look …")."""
    if k >= len(kept) or not grammar.is_base(stretch.lower(kept[k])) or k + 2 >= len(kept):
        return False
    after = stretch.lower(kept[k + 1])
    return bool(_modal(stretch, kept[:k])) and (
        after in grammar.determiners() | grammar.prepositions() or after.endswith("s")
    )


def _modal(stretch: Stretch, run: Sequence[int]) -> str:
    """Return the last modal of a run with no other verb form after its own."""
    for i in reversed(run):
        if stretch.lower(i) in {"will", "would", "should", "can", "could", "must", "may", "might", "shall"}:
            return stretch.lexemes[i].text
        if grammar.is_finite(stretch.lexemes, i):
            return ""
    return ""


def _continues_passive(stretch: Stretch, left: int, i: int, nxt: int) -> bool:
    """Tell whether "was arrested … and charged …" goes on."""
    return grammar.is_participle(stretch.lower(nxt)) and bool(
        _auxiliaries_before_participle(stretch, left, i)
    )


def _auxiliaries_before_participle(stretch: Stretch, left: int, i: int) -> str:
    for j in range(left, i - 1):
        if stretch.lower(j) in grammar.auxiliaries() and grammar.is_participle(stretch.lower(j + 1)):
            return stretch.lexemes[j].text
    return ""


def _opens_clause(stretch: Stretch, kept: Sequence[int], k: int) -> bool:
    """Tell whether a subject and a finite verb follow shortly, before any comma or new conjunction."""
    for n, i in enumerate(kept[k + 1 : k + 14]):
        word = stretch.lower(i)
        joint = word == "and" and n > 0 and k > 0 and stretch.lower(kept[k - 1]) == ","
        if not joint and word in {",", ";", "and", "but", "that", "who", "which", "where"}:
            return False
        if word in {"on", "over", "in", "at"} and stretch.lower(kept[k]) in {"as", "after"}:
            return False
        if grammar.is_finite(stretch.lexemes, i):
            return n > 0
    return False


def _shared_auxiliary(stretch: Stretch, run: Sequence[int], verb: int) -> str:
    """Return the auxiliaries a following participle would share ("had been", "were")."""
    words: list[str] = []
    for i in run[verb:]:
        word = stretch.lower(i)
        if word in grammar.auxiliaries() or (words and word.endswith("ly")):
            words.append(stretch.lexemes[i].text)
        else:
            return " ".join(words) if words and grammar.is_participle(word) else ""
    return ""


def _joined(stretch: Stretch, run: Sequence[int]) -> str:
    return " ".join(stretch.text[start:end].strip(" ,;") for start, end in _pieces(stretch, run))


def _pieces(stretch: Stretch, run: Sequence[int]) -> tuple[Span, ...]:
    """Join neighbouring lexemes to spans; an aside left out parts them."""
    pieces: list[Span] = []
    previous = None
    for i in run:
        gap = (
            previous is not None and stretch.lexemes[previous].end <= stretch.hole <= stretch.lexemes[i].start
        )
        if previous is not None and i == previous + 1 and not gap:
            pieces[-1] = (pieces[-1][0], stretch.lexemes[i].end)
        else:
            pieces.append((stretch.lexemes[i].start, stretch.lexemes[i].end))
        previous = i
    return tuple(pieces)
