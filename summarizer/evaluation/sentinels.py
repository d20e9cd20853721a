"""Sentinels: a labelled article changed in one place, and what the report of it must show.

A score can stay the same while a system stops reading: it may copy the likeliest number or the usual speaker.
A sentinel changes one thing that matters (a negation, a number, a bound, a hedge, a speaker, a denial) by
rule, so the answer is known, and asks whether the table follows.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from summarizer.domain.article import Article
from summarizer.domain.report import Claim, Evidence, Outcome, Position, Report
from summarizer.domain.vocabulary import ARTICLE_VOICE, UNNAMED
from summarizer.evaluation.comparison import same_source
from summarizer.evaluation.gold import Case
from summarizer.evaluation.gold_report import gold_report
from summarizer.evaluation.matching import opposed
from summarizer.text.figures import read
from summarizer.text.sentences import split
from summarizer.text.words import content_words

Kind = Literal["negated", "figure", "bound", "unhedged", "speaker", "denial"]
Verdict = Callable[[Report, "Changed"], bool]

STRANGER = "Oda Verrinsky"
"""Named nowhere: who is credited or who denies after a change."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Where an article was changed, and the row of the labels that it is about.

    Attributes:
        start: First character of the changed sentence in the new text.
        end: After its last.
    """

    row: Claim
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentinel:
    """One changed article and the question whether a report follows."""

    kind: Kind
    case: str
    article: Article
    changed: Changed
    _follows: Verdict

    def follows(self, report: Report) -> bool:
        """Tell whether the report shows the change."""
        return self._follows(report, self.changed)


def sentinels(case: Case) -> tuple[Sentinel, ...]:
    """Return a sentinel of each kind that the article allows, from its first fitting row, key rows first."""
    rows = sorted(gold_report(case).claims, key=lambda claim: not claim.key)
    made = (_first(case, rows, kind, change) for kind, change in _CHANGES.items())
    return tuple(sentinel for sentinel in made if sentinel is not None)


# -- changes: new words for the row's evidence and what must then be seen, or nothing ------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """A position that rests on one stretch of one sentence.

    Attributes:
        said: The stretch.
        sentence: The whole sentence.
        text: The whole article.
    """

    row: Claim
    position: Position
    said: str
    sentence: str
    text: str


_Change = Callable[[_Place], tuple[str, Verdict] | None]
"""Gives the sentence's new words and what a report of them must show; None where it does not apply."""


def _negate(at: _Place) -> tuple[str, Verdict] | None:
    found = [*_AUXILIARY.finditer(at.said)]
    if len(found) != 1 or _NEGATIVE.search(at.sentence) or at.row.status not in {"stated", "attributed"}:
        return None
    (verb,) = found
    said = f"{at.said[: verb.end()]} not{at.said[verb.end() :]}"
    return at.sentence.replace(at.said, said), _is_negated


def _swap_figure(at: _Place) -> tuple[str, Verdict] | None:
    for figure in at.row.figures:
        value = figure.low if figure.low is not None else figure.high
        if value is None or value != int(value) or value < 2 or f"{int(value)}" not in at.said:
            continue
        number = re.compile(rf"(?<![\d.,-]){int(value)}(?![\d.,-]*\d)")
        if len(number.findall(at.text)) == 1 and number.search(at.said):
            other = int(value) + 3
            return number.sub(str(other), at.sentence), _has_number(other, int(value))
    return None


def _flip_bound(at: _Place) -> tuple[str, Verdict] | None:
    for figure in at.row.figures:
        if figure.low is None or figure.high is not None or figure.low != int(figure.low):
            continue
        bound = re.compile(rf"\b(at least|more than)(?= [$£€]?{int(figure.low)}\b)", re.IGNORECASE)
        if bound.search(at.said) and len(re.findall(rf"\b{int(figure.low)}\b", at.text)) == 1:
            return bound.sub(
                lambda m: "Up to" if m[0][0].isupper() else "up to", at.sentence
            ), _is_upper_bound
    return None


def _drop_hedge(at: _Place) -> tuple[str, Verdict] | None:
    found = [*_ADVERB.finditer(at.sentence)]
    if len(found) != 1 or not at.position.hedged or at.position.source != ARTICLE_VOICE:
        return None
    (hedge,) = found
    return at.sentence[: hedge.start()] + at.sentence[hedge.end() :], _is_flat


def _swap_speaker(at: _Place) -> tuple[str, Verdict] | None:
    name = at.position.source.removeprefix(f"{UNNAMED}:").strip()
    speaker = re.compile(
        rf"(?:(?<=[.,;:] )|^)(?:[Tt]he )?{re.escape(name)}(?= (?:said|says|told|added)\b)"
        rf"|(?<=\bsaid ){re.escape(name)}(?=[.,])|(?<=\baccording to ){re.escape(name)}(?=[.,])"
    )
    if at.position.source == ARTICLE_VOICE or at.sentence.count(name) != 1:
        return None
    return (
        (speaker.sub(STRANGER, at.sentence), _has_speaker(at.position))
        if speaker.search(at.sentence)
        else None
    )


def _add_denial(at: _Place) -> tuple[str, Verdict] | None:
    row = at.row
    prose = at.sentence.rstrip("\"”'’").endswith(".")
    if (
        row.status not in {"stated", "attributed"}
        or row.kind != "fact"
        or _NEGATIVE.search(row.text)
        or not prose
    ):
        return None
    return f"{at.sentence} {STRANGER}, a lawyer, denied that {_inside(row.text, at.text)}.", _is_denied


def _inside(told: str, text: str) -> str:
    """Word a row as a part of a sentence: without its stop, and small where the text writes it small."""
    first = told.split(maxsplit=1)[0]
    is_small = not content_words(first) or re.search(rf"\b{re.escape(first.lower())}\b", text) is not None
    plain = told.rstrip(".")
    return plain[0].lower() + plain[1:] if is_small else plain


_CHANGES: dict[Kind, _Change] = {
    "negated": _negate,
    "figure": _swap_figure,
    "bound": _flip_bound,
    "unhedged": _drop_hedge,
    "speaker": _swap_speaker,
    "denial": _add_denial,
}
_AUXILIARY = re.compile(r"\b(?:was|were|is|are|has|have|had|will|could|would)\b(?! to\b)")
_NEGATIVE = re.compile(r"\b(?:not?|never|none|denie[sd]|deny|neither|nor|without)\b|n['’]t\b", re.IGNORECASE)
_ADVERB = re.compile(r"\b(?:reportedly|allegedly|apparently|purportedly) ")


# -- what must be seen ---------------------------------------------------------------------------------------


def _is_negated(report: Report, changed: Changed) -> bool:
    rows = [c for c in _rows_there(report, changed) if _alike(c, changed.row)]
    return any(_is_turned(c, changed.row) for c in rows)


def _is_turned(row: Claim, original: Claim) -> bool:
    return opposed(row.text, original.text) or any(p.stance == "denies" for p in row.positions)


def _has_number(new: int, old: int) -> Verdict:
    def seen(report: Report, changed: Changed) -> bool:
        rows = [c for c in _rows_there(report, changed) if _alike(c, changed.row)]
        numbers = {n for c in rows for f in c.figures for n in (f.low, f.high)}
        numbers |= {n for c in rows for q in read(c.text) for n in (q.low, q.high)}
        return new in numbers and old not in numbers

    return seen


def _is_upper_bound(report: Report, changed: Changed) -> bool:
    values = {f.low for f in changed.row.figures if f.high is None}
    figures = [f for c in _rows_there(report, changed) for f in c.figures]
    return any(f.low is None and f.high in values for f in figures)


def _is_flat(report: Report, changed: Changed) -> bool:
    rows = [c for c in _rows_there(report, changed) if _alike(c, changed.row)]
    return any(p.source == ARTICLE_VOICE and not p.hedged for c in rows for p in c.positions)


def _has_speaker(position: Position) -> Verdict:
    stranger = position.model_copy(update={"source": STRANGER, "aliases": ("Verrinsky",)})

    def seen(report: Report, changed: Changed) -> bool:
        rows = [c for c in _rows_there(report, changed) if _alike(c, changed.row)]
        return any(
            same_source(stranger, p) and p.stance == position.stance for c in rows for p in c.positions
        )

    return seen


def _is_denied(report: Report, changed: Changed) -> bool:
    stranger = Position(source=STRANGER, aliases=("Verrinsky",), stance="denies")
    rows = [c for c in report.claims if _alike(c, changed.row)]
    return any(same_source(stranger, p) and p.stance == "denies" for c in rows for p in c.positions)


def _rows_there(report: Report, changed: Changed) -> list[Claim]:
    return [c for c in report.claims if any(_overlaps(e, changed) for p in c.positions for e in p.evidence)]


def _overlaps(evidence: Evidence, changed: Changed) -> bool:
    return evidence.start < changed.end and changed.start < evidence.end


def _alike(row: Claim, original: Claim) -> bool:
    """Tell whether a row is about the same thing: a third of the content words of the shorter in common."""
    ours, theirs = set(content_words(row.text)), set(content_words(original.text))
    return len(ours & theirs) >= max(1, min(len(ours), len(theirs)) / 3)


# -- making them ---------------------------------------------------------------------------------------------


def _first(case: Case, rows: list[Claim], kind: Kind, change: _Change) -> Sentinel | None:
    places = (place for row in rows for place in _places(case, row))
    made = ((at, start, change(at)) for at, start in places)
    return next((_sentinel(case, kind, at, start, found) for at, start, found in made if found), None)


def _places(case: Case, row: Claim) -> Iterator[tuple[_Place, int]]:
    """Give each position that rests on one stretch of one sentence, and where that sentence starts."""
    text = case.article.text
    for position in row.positions:
        for evidence in position.evidence if len(position.evidence) == 1 else ():
            for s in split(text).body:
                if s.start <= evidence.start and evidence.end <= s.end:
                    yield _Place(row, position, evidence.quote, text[s.start : s.end], text), s.start


def _sentinel(case: Case, kind: Kind, at: _Place, start: int, made: tuple[str, Verdict]) -> Sentinel:
    put, follows = made
    text = case.article.text[:start] + put + case.article.text[start + len(at.sentence) :]
    article = Article(text=text, id=f"{case.id}+{kind}", published=case.article.published)
    return Sentinel(kind, case.id, article, Changed(at.row, start, start + len(put)), follows)


@dataclass(frozen=True, slots=True)
class Followed:
    """How many sentinels of a kind a system followed, and the ids of the articles where it did not."""

    kind: Kind
    followed: int
    of: int
    missed: tuple[str, ...]


def followed(outcomes: Iterable[tuple[Sentinel, Outcome]]) -> tuple[Followed, ...]:
    """Count, kind by kind, the sentinels that reports followed; what failed did not follow."""
    by_kind: dict[Kind, list[tuple[str, bool]]] = {}
    for sentinel, outcome in outcomes:
        seen = isinstance(outcome, Report) and sentinel.follows(outcome)
        by_kind.setdefault(sentinel.kind, []).append((sentinel.article.id, seen))
    return tuple(
        Followed(kind, sum(seen for _, seen in had), len(had), tuple(name for name, seen in had if not seen))
        for kind, had in sorted(by_kind.items())
    )
