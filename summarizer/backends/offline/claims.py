"""Makes rows of statements: one proposition a row, with everybody's position on it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from summarizer.backends.offline import grammar, wording
from summarizer.backends.offline.centrality import likeness
from summarizer.backends.offline.statements import Statement
from summarizer.domain.draft import DraftClaim, DraftPosition, Pointer
from summarizer.domain.vocabulary import ARTICLE_VOICE
from summarizer.text import figures, names, times
from summarizer.text.folding import printable
from summarizer.text.words import content_words

SAME = 0.62
"""Likeness from which two statements are taken for one proposition."""
DENIED = 0.6
"""Share of a denial's content words that a row must hold to be what is denied."""
_TURNED = 0.75
"""The same, where a source goes back on its own word."""
_HALF = 0.5
_HOLDERS, _NEAR, _BACK = 60, 12, 40


@dataclass(slots=True)
class Row:
    """A proposition and the statements that stand on it; grows while the article is read."""

    text: str
    words: Counter[str]
    numbers: frozenset[tuple[float | None, float | None]]
    statements: list[Statement] = field(default_factory=list)

    @property
    def first(self) -> Statement:
        """The statement that put it forward first."""
        return self.statements[0]


def rows(statements: Sequence[Statement]) -> tuple[Row, ...]:
    """Gather statements into rows in the order of their first mention; headlines only repeat the body."""
    table = _Table()
    body = [s for s in statements if not s.headline]
    early = max((s.sentence for s in body), default=0) / 3
    asserted = [s for s in body if s.stance == "asserts"]
    # What is put forward comes first: "there was no siren" speaks against a siren named further down, too.
    for statement in sorted(asserted, key=lambda s: s.source.is_named and _negates(s.text)):
        _put(table, statement)
    for statement in body:
        if statement.stance != "asserts":
            _put_against(table, statement, early=statement.sentence <= early)
    return tuple(sorted(table.rows, key=lambda row: min(s.sentence for s in row.statements)))


class _Table:
    """Rows in the order of their making, found again by the words they hold."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._holders: dict[str, list[int]] = {}
        self._first: dict[int, list[Row]] = {}

    def add(self, row: Row) -> None:
        """Put a new row at the end."""
        for word in row.words:
            holders = self._holders.setdefault(word, [])
            if len(holders) < _HOLDERS:
                holders.append(len(self.rows))
        self.rows.append(row)
        self._first.setdefault(row.first.sentence, []).append(row)

    def within(self, first: int, last: int) -> list[Row]:
        """Return the rows first put forward in the sentences ``first`` to ``last``, in order."""
        return [row for number in range(first, last + 1) for row in self._first.get(number, ())]

    def near(self, words: Counter[str]) -> list[Row]:
        """Return the few rows that share most words, in order; bounded, so that long articles stay fast."""
        shared = Counter(i for word in words for i in self._holders.get(word, ()))
        best = sorted(shared, key=lambda i: (-shared[i], i))[:_NEAR]
        return [self.rows[i] for i in sorted(best)]


# -- what is put forward -----------------------------------------------------------------------------------


def _put(table: _Table, statement: Statement) -> None:
    new = _row(statement)
    contradicted = _contradicted(table, new, statement)
    same = None if contradicted else _same(table, new)
    if contradicted:
        contradicted.statements.append(replace(statement, stance="denies"))
    elif same:
        same.statements.append(statement)
    else:
        table.add(new)


def _row(statement: Statement) -> Row:
    numbers = frozenset((q.low, q.high) for q in figures.read(statement.text))
    return Row(statement.text, Counter(content_words(statement.text)), numbers, [statement])


def _same(table: _Table, new: Row) -> Row | None:
    """Return the row that says the same: most words in common, no other figures, no other polarity."""
    best = max(table.near(new.words), key=lambda row: likeness(row.words, new.words), default=None)
    if best is None or likeness(best.words, new.words) < SAME or _negates(best.text) != _negates(new.text):
        return None
    return best if best.numbers == new.numbers or not (best.numbers and new.numbers) else None


def _contradicted(table: _Table, new: Row, statement: Statement) -> Row | None:
    """Return the row of another source that a negative statement speaks against."""
    if not statement.source.is_named or not _negates(new.text):
        return None
    if re.match(r"no such\b", new.text, re.IGNORECASE):
        before = [r for r in table.rows if r.first.sentence <= statement.sentence][-_BACK:]
        others = [r for r in before if r.first.source.name != statement.source.name]
        last = max((r.first.paragraph for r in others), default=0)
        return next((r for r in others if r.first.paragraph == last), None)
    if own := _own_word(table, new, statement):
        return own
    turned = Counter({word: n for word, n in new.words.items() if not _negates(word)})
    found = _about(table, replace(new, words=turned), statement)
    return found if found and found.first.source.name != ARTICLE_VOICE else None


_LOOSE = re.compile(r"(?:You|We|I|What)\b")
_STANDS_IN = re.compile(r"\b(?:it|do so)\b", re.IGNORECASE)
_DENIED_VERB = re.compile(r"(?:\bnot|n['’]t|\bnever)\s+(?:\w+ly\s+)?(\w+)|\b(\w+)\s+no\b")


def _own_word(table: _Table, new: Row, statement: Statement) -> Row | None:
    """Return the source's own row that it goes back on: "had not seen the report", "had read it in June"."""
    verb = _DENIED_VERB.search(statement.text)
    denied = set(topics(Counter(content_words((verb[1] or verb[2]) if verb else ""))))
    for row in reversed(table.rows[-_BACK:]):
        if row.first.source.name != statement.source.name or abs(row.first.sentence - statement.sentence) > 3:
            continue
        pronoun = _STANDS_IN.search(row.text[3:]) or _STANDS_IN.search(statement.text[3:])
        shared = (topics(row.words) & topics(new.words)).total() + bool(pronoun)
        apart = row.first.sentence != statement.sentence and not _LOOSE.match(row.text + statement.text)
        if apart and denied & set(topics(row.words)) and shared > 1 and not _negates(row.text):
            return row
    return None


# -- what is denied or not confirmed -----------------------------------------------------------------------


def _put_against(table: _Table, statement: Statement, *, early: bool) -> None:
    """Set a denial or non-confirmation on the row it is about; without one it makes a row of its own.

    What is denied near the top is the story itself, worded otherwise elsewhere: the row is what is denied.
    Further down nobody else puts it forward, and the row is the source's own positive statement.
    """
    if statement.backward:
        for row in _before(table, statement):
            row.statements.append(statement)
        return
    new = _row(statement)
    about = (
        _about(table, new, statement)
        or _claimed(table, new, statement)
        or _pointed(table, new, statement)
        or _touched(table, new, statement)
    )
    if about:
        about.statements.append(statement)
        return
    if statement.otherwise:
        table.add(_row(replace(statement, text=statement.otherwise, stance="asserts", noun=False)))
        return
    flat = (
        statement.stance == "denies"
        and not statement.noun
        and (not early or " any " in f" {statement.text.lower()}")
    )
    opposite = wording.negated(statement.text) if flat else None
    if statement.stance == "denies" and _negates(
        statement.text
    ):  # "says it is not true: no death was reported"
        opposite = statement.text
    table.add(_row(replace(statement, text=opposite, stance="asserts")) if opposite else new)


def _about(table: _Table, new: Row, statement: Statement) -> Row | None:
    """Return the row of another source that holds most of a statement's words."""
    wanted = _without_names(new.words, statement)

    def held(row: Row) -> int:
        return (topics(row.words) & wanted).total()

    def share(row: Row) -> float:
        part = held(row) / max(wanted.total(), 1)
        return part if row.first.source != statement.source or part >= _TURNED else 0.0

    def closeness(row: Row) -> tuple[float, float]:
        return share(row), likeness(topics(row.words), wanted)

    best = max(table.near(new.words), key=closeness, default=None)
    if best is None or share(best) < DENIED or held(best) < min(2, wanted.total()) or _negates(best.text):
        return None
    ours, theirs = _values(new), _values(best)
    return None if ours and theirs and not ours & theirs else best


def _values(row: Row) -> frozenset[float]:
    """Return the numbers of a row whatever their bounds: who denies four denies "at least four"."""
    return frozenset(value for bounds in row.numbers for value in bounds if value is not None)


def topics(words: Counter[str]) -> Counter[str]:
    """Return words brought to what they are about, so that "died" answers "killed"; light verbs left out."""
    topics, light = grammar.topics(), grammar.stems("light")
    return Counter({topics.get(word, word): n for word, n in words.items() if word not in light})


def _claimed(table: _Table, new: Row, statement: Statement) -> Row | None:
    """Of "no information to corroborate the claims by X that p", return X's row that comes nearest to p."""
    if not re.search(r"\b(?:claims?|reports?|allegations?)\s+(?:by|of|from)\b", statement.run):
        return None
    named = [r for r in table.rows[-_BACK * 10 :] if r.first.source.is_named]
    held = [r for r in named if names.mentioned(r.first.source.name, statement.run)]
    return max(held, key=lambda row: (row.words & new.words).total(), default=None)


def _pointed(table: _Table, new: Row, statement: Statement) -> Row | None:
    """Of "disputes the liver figure", return the row shortly before that the bare noun points at."""
    if not statement.noun or statement.stance == "asserts":
        return None
    wanted = _without_names(new.words, statement)
    others = [r for r in table.near(new.words) if r.first.source != statement.source and not _negates(r.text)]
    near = [r for r in others if 0 < statement.sentence - r.first.sentence <= _LOOK_BACK]
    if near and statement.stance == "denies":
        return max(near, key=lambda row: (row.words & new.words).total())
    # "The turnaround numbers", "the allegation of late ballots": who put it forward may stand far above.
    claimed = [r for r in others if r.first.hedged or r.first.source.name != ARTICLE_VOICE]
    shares = [((topics(r.words) & wanted).total() / wanted.total(), r) for r in claimed if wanted]
    share, row = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return row if share >= _HALF else None


def _touched(table: _Table, new: Row, statement: Statement) -> Row | None:
    """Of "the clinic would not confirm that it had admitted anyone", return the near row that names a clinic.

    Somebody else has just put it forward, in other words that share at least half of the few there are.
    """
    if statement.stance != "does_not_confirm":
        return None
    wanted = topics(new.words)
    near = [
        (2 * (topics(r.words) & wanted).total() / max(wanted.total(), 1), r) for r in table.near(new.words)
        if 0 <= statement.sentence - r.first.sentence <= 3
        and r.first.source.name != statement.source.name and not _negates(r.text)
    ]  # fmt: skip
    share, row = max(near, key=lambda pair: pair[0], default=(0.0, None))
    return row if share >= 1 else None


_ACCOUNTS = re.compile(r"\b(?:accounts|claims|reports|versions)\b", re.IGNORECASE)


def _before(table: _Table, statement: Statement) -> list[Row]:
    """Return the rows that "could not be verified" or "denied the reports" is about.

    "The accounts" are all that others said before; else it is what was said last.
    """
    if statement.stance == "denies":
        return _denied_before(table, statement)
    earlier = [
        (s, row)
        for row in table.rows
        for s in row.statements
        if s.sentence < statement.sentence
        and s.stance == "asserts"
        and (s.source.name != statement.source.name or s.hedged)
        and (s.source.name != ARTICLE_VOICE or s.hedged)
    ]
    if not earlier:
        return []
    first = _reach(statement, [s for s, _ in earlier])
    return list({id(row): row for s, row in earlier if s.sentence >= first}.values())


_PLURAL = re.compile(
    r"\b(?:claims|allegations|accusations|charges|reports|rumours|all|everything|both|them|those|these)\b",
    re.IGNORECASE,
)
_UNLIKELY = -0.5
_LOOK_BACK = 4
"""Sentences before a denial among which is what it denies."""


def _denied_before(table: _Table, statement: Statement) -> list[Row]:
    """Return the rows that a denial without words of its own is about: one, or all of one voice.

    What somebody else put forward comes before the article's own statements, what the denial's sentence
    speaks of before the rest, the nearer before the further.
    """
    said = _without_names(Counter(content_words(statement.whole)), statement)

    def fit(earlier: Statement, row: Row) -> float:
        points = 2.0 if earlier.source.name != ARTICLE_VOICE else 1.5 * earlier.hedged
        points += min((topics(row.words) & said).total(), 2) + 0.5 * (
            earlier.paragraph == statement.paragraph
        )
        points -= 0.6 * (statement.sentence - earlier.sentence) + _negates(row.text) + 0.5 * earlier.aside
        return points

    candidates = [
        (fit(s, row), s, row)
        for row in table.within(max(statement.sentence - _LOOK_BACK * 2, 0), statement.sentence)
        for s in row.statements
        if 0 <= statement.sentence - s.sentence <= _LOOK_BACK
        and s.stance == "asserts"
        and (s.source.name != statement.source.name or s.hedged)
        and (s.sentence < statement.sentence or s.run not in statement.run)
    ]
    if not candidates:
        return []
    points, best, row = max(candidates, key=lambda c: (c[0], c[1].sentence))
    if points < _UNLIKELY:
        return []
    if not _PLURAL.search(statement.text):
        return [row]
    alike = (
        r
        for _, s, r in candidates
        if s.source.name == best.source.name and abs(s.sentence - best.sentence) <= 1
    )
    return list({id(r): r for r in alike}.values())


def _without_names(words: Counter[str], statement: Statement) -> Counter[str]:
    """Return the topics of words but for the names of whoever speaks: everybody's words hold those."""
    named = Counter(content_words(" ".join((statement.source.name, *statement.source.aliases))))
    rest = Counter({word: n for word, n in words.items() if word not in named})
    return topics(rest) or topics(words)


def _reach(statement: Statement, earlier: Sequence[Statement]) -> int:
    """Return the number of the first sentence a look back reaches."""
    if statement.stance == "does_not_confirm" and _ACCOUNTS.search(statement.text):
        return 0
    if re.match(r"none of\b", statement.text, re.IGNORECASE):
        same = (s.sentence for s in earlier if s.paragraph == statement.paragraph)
        return min(same, default=statement.sentence)
    return max(s.sentence for s in earlier)


_NEGATIONS = frozenset(
    ("not", "no", "never", "none", "nobody", "without", "cannot", "neither", "nothing", "nor")
)


def _negates(text: str) -> bool:
    words = text.lower().replace("’", "'").split()
    return any(w.strip('.,"') in _NEGATIONS or "n't" in w for w in words)


# -- rows as claims ----------------------------------------------------------------------------------------


def claim(row: Row, number: int) -> DraftClaim:
    """Return a row as a claim of the draft; whether it is a key one is not decided here."""
    when = next((t.text for t in times.find(row.text) if not times.is_duration(t.text)), None)
    return DraftClaim(
        id=number,
        text=printable(row.text),
        kind=row.first.kind,
        positions=_positions(row.statements),
        when=when,
    )


def _positions(statements: Sequence[Statement]) -> tuple[DraftPosition, ...]:
    """Join the statements of one source, stance and firmness to one position."""
    held: dict[tuple[str, str, bool], list[Statement]] = {}
    for statement in statements:
        held.setdefault((statement.source.name, statement.stance, statement.hedged), []).append(statement)
    return tuple(_position(group) for group in held.values())


def _position(group: Sequence[Statement]) -> DraftPosition:
    first = group[0]
    pointers = dict.fromkeys((s.sentence, s.anchor) for s in group)
    return DraftPosition(
        source=first.source.name,
        aliases=tuple(a for a in first.source.aliases if a != first.source.name)[:6],
        via=first.via,
        stance=first.stance,
        hedged=first.hedged,
        evidence=tuple(Pointer(sentence=number, anchor=anchor) for number, anchor in pointers),
    )
