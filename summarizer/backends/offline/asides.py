"""Finds the asides of a stretch: relative clauses, participial tails and suppositions set off by commas."""

import re
from dataclasses import dataclass

from summarizer.backends.offline import grammar
from summarizer.backends.offline.stretches import Clause, Stretch, after_comma


@dataclass(frozen=True, slots=True)
class Aside:
    """An aside: lexemes ``first`` to ``last`` and the clause they make."""

    first: int
    last: int
    clause: Clause


def find(stretch: Stretch) -> list[Aside]:
    """Return the asides of a stretch in order, none within another."""
    asides: list[Aside] = []
    for i in range(1, len(stretch.lexemes)):
        if (asides and i < asides[-1].last) or stretch.depths[i]:
            continue
        aside = _relative(stretch, i) or _supposed(stretch, i) or _participial(stretch, i)
        if aside:
            asides.append(aside)
    return asides


def _relative(stretch: Stretch, i: int) -> Aside | None:
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
    if word == "that":
        antecedent = re.split(r"\bof (?=[A-Z])", antecedent)[-1]
    if word == "where":
        innermost = re.split(r"\bof (?=the\b)", antecedent)[-1]
        clause = Clause(own, tail=f"in {innermost}", aside=True)
    else:
        lead = f"{antecedent}'s" if word == "whose" else antecedent
        clause = Clause(own, lead=lead, aside=True, who=word == "who")
    return Aside(i - comma, last, clause)


def _has_main_verb(stretch: Stretch, verb: int, last: int) -> bool:
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


def _relative_end(stretch: Stretch, i: int, comma: bool) -> int:
    """Return where the relative clause ends: where the main clause goes on, else at the end."""
    stops = {";", "—", "--"} | ({","} if comma else set())
    for j in range(i + 2, len(stretch.lexemes)):
        turns = stretch.lower(j) == "," and stretch.lower(j + 1) == "but"
        if stretch.depths[j] == 0 and (turns or (stretch.lower(j) in stops and not _in_list(stretch, j))):
            return j
    return len(stretch.lexemes) - (stretch.lower(len(stretch.lexemes) - 1) in {".", "!", "?"})


def _in_list(stretch: Stretch, comma: int) -> bool:
    """Tell whether a comma only parts the items of a list ("watches, rings and chains")."""
    if stretch.verb(comma + 1, comma + 3) is not None:
        return False
    for j in range(comma + 1, min(comma + 7, len(stretch.lexemes))):
        if grammar.is_finite(stretch.lexemes, j):
            return False
        if stretch.lower(j) in {"and", "or"}:
            return not grammar.is_finite(stretch.lexemes, j + 1) if j + 1 < len(stretch.lexemes) else True
    return False


def _antecedent(stretch: Stretch, end: int) -> str:
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


def _is_relative_that(stretch: Stretch, i: int) -> bool:
    """Tell whether a "that" after a comma stands for a name ("the alliance, that for years has run …")."""
    after = stretch.lower(i + 1)
    opens = after in grammar.prepositions() or (
        i + 1 < len(stretch.lexemes) and grammar.is_finite(stretch.lexemes, i + 1)
    )
    return stretch.lower(i - 1) == "," and opens and stretch.lexemes[i - 2].text[:1].isupper()


def _person_described(stretch: Stretch, end: int) -> str:
    """Return whom a "who" is about: brothers in "two brothers from the mill", a name before an apposition."""
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


def _thing_described(stretch: Stretch, end: int) -> str:
    """Return what a supposition is about, over a region in commas ("the hotel in Marl, northern Ostra,")."""
    near = _antecedent(stretch, end)
    first = end - len(grammar.lex(near))
    region = stretch.lower(first) not in grammar.determiners() and stretch.lexemes[end - 1].text[:1].isupper()
    if not (near and region and stretch.lower(first - 1) == ","):
        return near
    place = _antecedent(stretch, first - 1)
    start = first - 1 - len(grammar.lex(place))
    if stretch.lower(start - 1) not in {"in", "at", "near"}:
        return place
    whole = _antecedent(stretch, start - 1)
    return f"{whole} {stretch.words(start - 1, first - 1)}" if whole else place


_DESCRIBING = frozenset({"a", "an", "the", "former", "then"})


_SUPPOSED = frozenset({"considered", "believed", "thought", "reportedly", "allegedly", "purportedly"})


def _supposed(stretch: Stretch, i: int) -> Aside | None:
    """A ", reportedly used as …" or ", believed to be …" after a noun."""
    if stretch.lower(i - 1) != "," or stretch.lower(i) not in _SUPPOSED:
        return None
    last = _relative_end(stretch, i, comma=True)
    antecedent = _thing_described(stretch, i - 1)
    if last - i < 4 or not antecedent:
        return None
    return Aside(i - 1, last, Clause((stretch.span(i, last),), lead=f"{antecedent} was", aside=True))


def _participial(stretch: Stretch, i: int) -> Aside | None:
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
        return Aside(i - 1, last, harmed)
    verb = stretch.verb(0, i) or 0
    subject = after_comma(stretch.words(0, verb)) if verb else ""
    done = grammar.in_tense(stretch.lower(i), stretch.lower(verb))
    if not subject or not done:
        return None
    return Aside(i - 1, last, Clause((stretch.span(i + 1, last),), lead=f"{subject} {done}", aside=True))


_HARM = {
    "killing": "killed",
    "injuring": "injured",
    "wounding": "wounded",
    "destroying": "destroyed",
    "damaging": "damaged",
}


def _harmed(stretch: Stretch, i: int, last: int) -> Clause | None:
    """Of "…, killing at least four people" say "at least four people were killed": who did it is not said."""
    done = _HARM.get(stretch.lower(i))
    inner = [stretch.lower(j) for j in range(i + 1, last)]
    if done is None or any(word in _HARM or word in {"and", "as", "when", "after"} for word in inner):
        return None
    one = inner[:1] in (["a"], ["an"], ["one"])
    return Clause((stretch.span(i + 1, last),), tail=f"{'was' if one else 'were'} {done}")
