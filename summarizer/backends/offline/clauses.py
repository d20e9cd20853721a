"""Cuts a stretch of a sentence into clauses that can each be true or false on their own.

Cuts are made at semicolons, before a conjunction that joins two verbs, before some subordinate clauses,
around relative clauses and before longer participial tails. A clause without a subject borrows one.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.backends.offline import grammar
from summarizer.backends.offline.grammar import Lexeme

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clause:
    """One proposition of a sentence.

    Attributes:
        pieces: Its own words, as spans of the sentence.
        lead: Words it needs from elsewhere in the sentence, before its own: a shared subject, an antecedent.
        tail: Words it needs after its own.
        aside: A relative clause or participial tail: background to the clause it hangs on.
        who: The antecedent is a person described ("who leads the group").
        loose: It only gives the time or contrast of the clause before it ("while …", "after …").
    """

    pieces: tuple[Span, ...]
    lead: str = ""
    tail: str = ""
    aside: bool = False
    who: bool = False
    loose: bool = False

    @property
    def start(self) -> int:
        """Index of its first own character."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Index after its last."""
        return self.pieces[-1][1]

    def words(self, text: str) -> str:
        """Return the clause's words in order, borrowed ones included."""
        own = " ".join(text[start:end].strip(" ,;") for start, end in self.pieces)
        return " ".join(filter(None, (self.lead, own, self.tail)))


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
    stretch = _Stretch(text, lexemes, _depths(lexemes), verbs, out[0])
    asides = _relatives(stretch)
    kept = [i for i in range(len(lexemes)) if not any(a.first <= i < a.last for a in asides)]
    mains = _mains(stretch, kept)
    clauses = [*mains, *(aside.clause for aside in asides)]
    return tuple(sorted(clauses, key=lambda c: c.start))


@dataclass(frozen=True, slots=True)
class _Stretch:
    text: str
    lexemes: tuple[Lexeme, ...]
    depths: tuple[int, ...]
    verbs: tuple[int, ...]
    hole: int

    def verb(self, first: int, last: int) -> int | None:
        """Return the first finite verb among the lexemes ``first`` to ``last``, or None."""
        place = bisect_left(self.verbs, first)
        return self.verbs[place] if place < len(self.verbs) and self.verbs[place] < last else None

    def span(self, first: int, last: int) -> Span:
        return self.lexemes[first].start, self.lexemes[last - 1].end

    def words(self, first: int, last: int) -> str:
        start, end = self.span(first, last)
        return self.text[start:end]

    def lower(self, i: int) -> str:
        return self.lexemes[i].lower if 0 <= i < len(self.lexemes) else ""


def _depths(lexemes: Sequence[Lexeme]) -> tuple[int, ...]:
    """Count the brackets and short quotations open before each lexeme."""
    depths, depth, quoted = [], 0, _in_quotations(lexemes)
    for i, lexeme in enumerate(lexemes):
        depth -= lexeme.text in ")]" and depth > 0
        depths.append(depth + (i in quoted))
        depth += lexeme.text in "(["
    return tuple(depths)


def _in_quotations(lexemes: Sequence[Lexeme]) -> frozenset[int]:
    """Return the lexemes inside quotations in which only part of the stretch stands."""
    marks = [i for i, x in enumerate(lexemes) if x.lower == '"']
    if len(marks) % 2:
        return frozenset()
    pairs = zip(marks[::2], marks[1::2], strict=True)
    return frozenset(i for first, last in pairs if first for i in range(first + 1, last))


# -- relative clauses and tails ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Aside:
    first: int
    last: int
    clause: Clause


def _relatives(stretch: _Stretch) -> list[_Aside]:
    asides: list[_Aside] = []
    for i in range(1, len(stretch.lexemes)):
        if (asides and i < asides[-1].last) or stretch.depths[i]:
            continue
        aside = _relative(stretch, i) or _supposed(stretch, i) or _participial(stretch, i)
        if aside:
            asides.append(aside)
    return asides


def _relative(stretch: _Stretch, i: int) -> _Aside | None:
    word = stretch.lower(i)
    if word == "that" and not _is_relative_that(stretch, i):
        return None
    if word == "who" and (stretch.lower(i + 1) == "else" or grammar.is_base(stretch.lower(i - 1))):
        return None
    if word not in {"which", "who", "where", "whose", "that"} or stretch.lower(i - 1) in {
        "of",
        "in",
        "to",
        "about",
        "on",
        "and",
        "or",
    }:
        return None
    comma = stretch.lower(i - 1) == ","
    last = _relative_end(stretch, i, comma)
    verb = stretch.verb(i + 1, last)
    closed = last < len(stretch.lexemes) - 1 and stretch.lower(last + 1) != "but"
    if verb is None or last - i < 4 or (not comma and closed):
        return None
    antecedent = _person_described(stretch, i - comma) if word == "who" else _antecedent(stretch, i - comma)
    if not antecedent or (not comma and _has_main_verb(stretch, verb, last)):
        return None
    own = (stretch.span(i + 1, last),)
    if word == "where":
        innermost = re.split(r"\bof (?=the\b)", antecedent)[-1]
        clause = Clause(own, tail=f"in {innermost}", aside=True)
    else:
        lead = f"{antecedent}'s" if word == "whose" else antecedent
        clause = Clause(own, lead=lead, aside=True, who=word == "who")
    return _Aside(i - comma, last, clause)


def _has_main_verb(stretch: _Stretch, verb: int, last: int) -> bool:
    """Tell whether a second verb can only be the main clause's ("doctors who were not involved differed")."""
    for j in range(verb + 2, last):
        before = stretch.lower(j - 1)
        linked = before in grammar.auxiliaries() | grammar.pronouns() | {
            "and",
            "or",
            "but",
            "not",
            "to",
            ",",
        } or before.endswith("ly")
        if grammar.is_finite(stretch.lexemes, j) and not linked:
            opened = {stretch.lower(k) for k in range(verb + 1, j)}
            if not opened & {
                "that",
                "which",
                "who",
                "when",
                "where",
                "because",
                "after",
                "before",
                "as",
                "if",
                "while",
                "and",
                "but",
            }:
                return True
    return False


def _relative_end(stretch: _Stretch, i: int, comma: bool) -> int:
    """Return where the relative clause ends: where the main clause goes on, else at the end."""
    stops = {";", "—", "--"} | ({","} if comma else set())
    for j in range(i + 2, len(stretch.lexemes)):
        turns = stretch.lower(j) == "," and stretch.lower(j + 1) == "but"
        if stretch.depths[j] == 0 and (turns or (stretch.lower(j) in stops and not _in_list(stretch, j))):
            return j
    return len(stretch.lexemes) - (stretch.lower(len(stretch.lexemes) - 1) in {".", "!", "?"})


def _in_list(stretch: _Stretch, comma: int) -> bool:
    """Tell whether a comma only parts the items of a list ("watches, rings and chains")."""
    if stretch.verb(comma + 1, comma + 3) is not None:
        return False
    for j in range(comma + 1, min(comma + 7, len(stretch.lexemes))):
        if grammar.is_finite(stretch.lexemes, j):
            return False
        if stretch.lower(j) in {"and", "or"}:
            return not grammar.is_finite(stretch.lexemes, j + 1) if j + 1 < len(stretch.lexemes) else True
    return False


def _antecedent(stretch: _Stretch, end: int) -> str:
    """Return the noun phrase that ends before lexeme ``end``."""
    first = end
    for j in range(end - 1, max(end - 14, -1), -1):
        word = stretch.lower(j)
        if not stretch.lexemes[j].is_word and word not in {"'", "-", "(", ")", '"'}:
            break
        if word in {"of", "for"} and first == j + 1 and j > 0:
            continue
        if word in grammar.prepositions() - {"of"} or word in {"and", "or", "but", "that", "who"}:
            break
        if grammar.is_finite(stretch.lexemes, j) or word == "to":
            break
        first = j
        if word in grammar.determiners() and stretch.lower(j - 1) != "of":
            break
    if stretch.lower(first) == "of":
        first += 1
    return stretch.words(first, end) if first < end else ""


def _is_relative_that(stretch: _Stretch, i: int) -> bool:
    """Tell whether a "that" after a comma stands for a name ("the alliance, that for years has run …")."""
    after = stretch.lower(i + 1)
    opens = after in grammar.prepositions() or (
        i + 1 < len(stretch.lexemes) and grammar.is_finite(stretch.lexemes, i + 1)
    )
    return stretch.lower(i - 1) == "," and opens and stretch.lexemes[i - 2].text[:1].isupper()


def _person_described(stretch: _Stretch, end: int) -> str:
    """Return whom a "who" is about: "two brothers" of "two brothers from the mill"."""
    near = _antecedent(stretch, end)
    first = end - len(grammar.lex(near)) if near else end
    before = stretch.lower(first - 1)
    if near and before in {"in", "from", "of", "at", "near", "for"}:
        further = _antecedent(stretch, first - 1)
        near = f"{further} {stretch.words(first - 1, end)}" if further else near
        first -= 1 + len(grammar.lex(further))
    if stretch.lower(first - 1) == "," and stretch.lower(first) in _DESCRIBING:
        named = _antecedent(stretch, first - 1)
        return named if named[:1].isupper() and " " in named else near
    return near


_DESCRIBING = frozenset({"a", "an", "the", "former", "then"})


_SUPPOSED = frozenset({"considered", "believed", "thought", "reportedly", "allegedly", "purportedly"})


def _supposed(stretch: _Stretch, i: int) -> _Aside | None:
    """A ", reportedly used as …" or ", believed to be …" after a noun."""
    if stretch.lower(i - 1) != "," or stretch.lower(i) not in _SUPPOSED:
        return None
    last = _relative_end(stretch, i, comma=True)
    antecedent = _antecedent(stretch, i - 1)
    if last - i < 4 or not antecedent:
        return None
    return _Aside(i - 1, last, Clause((stretch.span(i, last),), lead=f"{antecedent} was", aside=True))


def _participial(stretch: _Stretch, i: int) -> _Aside | None:
    """A ", putting them within 3 km" tail with a figure or a fair length."""
    if (
        stretch.lower(i - 1) != ","
        or not grammar.is_gerund(stretch.lower(i))
        or stretch.lower(i) == "including"
    ):
        return None
    last = _relative_end(stretch, i, comma=False)
    if last - i < 5 or stretch.verb(0, i) is None:
        return None
    if harmed := _harmed(stretch, i, last):
        return _Aside(i - 1, last, harmed)
    verb = stretch.verb(0, i) or 0
    subject = _after_comma(stretch.words(0, verb)) if verb else ""
    done = grammar.in_tense(stretch.lower(i), stretch.lower(verb))
    if not subject or not done:
        return None
    return _Aside(i - 1, last, Clause((stretch.span(i + 1, last),), lead=f"{subject} {done}", aside=True))


_HARM = {
    "killing": "killed",
    "injuring": "injured",
    "wounding": "wounded",
    "destroying": "destroyed",
    "damaging": "damaged",
}


def _harmed(stretch: _Stretch, i: int, last: int) -> Clause | None:
    """Of "…, killing at least four people" say "at least four people were killed": who did it is not said."""
    done = _HARM.get(stretch.lower(i))
    inner = [stretch.lower(j) for j in range(i + 1, last)]
    if done is None or any(word in _HARM or word in {"and", "as", "when", "after"} for word in inner):
        return None
    one = inner[:1] in (["a"], ["an"], ["one"])
    return Clause((stretch.span(i + 1, last),), tail=f"{'was' if one else 'were'} {done}")


def _after_comma(subject: str) -> str:
    """Return a subject without the adverbial before it ("On Monday, the union") and without an age."""
    subject = re.sub(r",\s\d{1,3},?\s*$", "", subject)
    return subject.rstrip(", ").rsplit(", ", 1)[-1]


# -- main clauses ------------------------------------------------------------------------------------------


def _mains(stretch: _Stretch, kept: Sequence[int]) -> list[Clause]:
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
            subject = _after_comma(_joined(stretch, run[:verb]))
            auxiliary = _shared_auxiliary(stretch, run, verb)
        modal = _modal(stretch, run)
        loose = bool(clauses) and stretch.lower(kept[first]) in _LOOSE
        clauses.append(Clause(_pieces(stretch, run), lead=lead, loose=loose))
    return clauses


_LOOSE = frozenset({"while", "whereas", "although", "though", "as", "after", "hours"})


def _trimmed(stretch: _Stretch, run: Sequence[int]) -> list[int]:
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


def _is_bound(stretch: _Stretch, i: int) -> bool:
    """Tell whether an "as" belongs to a figure or comparison ("as many as 60", "as well as")."""
    return stretch.lower(i) == "as" and stretch.lower(i + 2) == "as"


def _is_cut(stretch: _Stretch, kept: Sequence[int], k: int) -> bool:
    """Tell whether a new clause starts at place ``k`` of what is kept."""
    i = kept[k]
    if stretch.depths[i] or _is_bound(stretch, i) or _is_bound(stretch, i - 2):
        return False
    word, before = stretch.lower(i), stretch.lower(kept[k - 1])
    if word in {"and", "but", "yet"}:
        return _joins_verbs(stretch, kept, k, after_comma=before == ",")
    if before == "," and (word == "hours" and stretch.lower(i + 1) == "after"):
        return True
    return word == ";" or (before == "," and _goes_on(stretch, kept, k)) or _subordinates(stretch, kept, k)


def _subordinates(stretch: _Stretch, kept: Sequence[int], k: int) -> bool:
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
        listed = before == "and" or (before == "," and "and that" in stretch.text)
        return listed and _opens_clause(stretch, kept, k)
    return word in _LOOSE and not (word == "after" and before == ",") and _opens_clause(stretch, kept, k)


def _joins_verbs(stretch: _Stretch, kept: Sequence[int], k: int, *, after_comma: bool) -> bool:
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
    if _goes_on(stretch, kept, k + 1):
        return len(kept) - k > 3
    if grammar.is_finite(stretch.lexemes, nxt) or _continues_passive(stretch, left, i, nxt):
        return len(kept) - k > 3
    return _opens_clause(stretch, kept, k)


def _goes_on(stretch: _Stretch, kept: Sequence[int], k: int) -> bool:
    """Tell whether a bare verb at ``k`` shares the modal before it ("would meet …, ask … and look …")."""
    if k >= len(kept) or not grammar.is_base(stretch.lower(kept[k])) or k + 2 >= len(kept):
        return False
    after = stretch.lower(kept[k + 1])
    return bool(_modal(stretch, kept[:k])) and (
        after in grammar.determiners() | grammar.prepositions() or after.endswith("s")
    )


def _modal(stretch: _Stretch, run: Sequence[int]) -> str:
    """Return the last modal of a run with no other verb form after its own."""
    for i in reversed(run):
        if stretch.lower(i) in {"will", "would", "should", "can", "could", "must", "may", "might", "shall"}:
            return stretch.lexemes[i].text
        if grammar.is_finite(stretch.lexemes, i):
            return ""
    return ""


def _continues_passive(stretch: _Stretch, left: int, i: int, nxt: int) -> bool:
    """Tell whether "was arrested … and charged …" goes on."""
    return grammar.is_participle(stretch.lower(nxt)) and bool(
        _auxiliaries_before_participle(stretch, left, i)
    )


def _auxiliaries_before_participle(stretch: _Stretch, left: int, i: int) -> str:
    for j in range(left, i - 1):
        if stretch.lower(j) in grammar.auxiliaries() and grammar.is_participle(stretch.lower(j + 1)):
            return stretch.lexemes[j].text
    return ""


def _opens_clause(stretch: _Stretch, kept: Sequence[int], k: int) -> bool:
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


def _shared_auxiliary(stretch: _Stretch, run: Sequence[int], verb: int) -> str:
    """Return the auxiliaries a following participle would share ("had been", "were")."""
    words: list[str] = []
    for i in run[verb:]:
        word = stretch.lower(i)
        if word in grammar.auxiliaries() or (words and word.endswith("ly")):
            words.append(stretch.lexemes[i].text)
        else:
            return " ".join(words) if words and grammar.is_participle(word) else ""
    return ""


def _joined(stretch: _Stretch, run: Sequence[int]) -> str:
    return " ".join(stretch.text[start:end].strip(" ,;") for start, end in _pieces(stretch, run))


def _pieces(stretch: _Stretch, run: Sequence[int]) -> tuple[Span, ...]:
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
