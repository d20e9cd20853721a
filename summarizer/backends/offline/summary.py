"""Writes headline and summary from rows: the most central ones, each with who says it and how firmly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.backends.offline import centrality, grammar
from summarizer.backends.offline.claims import Row
from summarizer.domain.draft import DraftClaim, DraftPosition, DraftSentence
from summarizer.domain.vocabulary import ARTICLE_VOICE, CONTESTED, UNNAMED, derive_status
from summarizer.text import names

_LONGEST_HEADLINE = 90
_LONG_ROW = 260
_SENTENCES = 5
_ROWS_A_SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Told:
    """A headline, a summary and the ids of the rows told: a key row is one the summary cites."""

    headline: DraftSentence
    sentences: tuple[DraftSentence, ...]
    key: frozenset[int]


def tell(rows: Sequence[Row], claims: Sequence[DraftClaim]) -> Told:
    """Return headline and summary of a claim table; both empty where it is."""
    if not claims:
        return Told(DraftSentence(text=""), (), frozenset())
    weights = _weights(rows, claims)
    order = sorted(range(len(claims)), key=lambda i: (-weights[i], i))
    groups = _groups(rows, claims, order)
    sentences = tuple(_sentence([claims[i] for i in group]) for group in sorted(groups))
    key = frozenset(claims[i].id for group in groups for i in group)
    return Told(_headline(claims[order[0]]), sentences, key)


# -- which rows --------------------------------------------------------------------------------------------


def _weights(rows: Sequence[Row], claims: Sequence[DraftClaim]) -> list[float]:
    """Return how much each row matters: central, early, contested, held by several, and no mere aside."""
    priors = [1.0 / (1.0 + 0.35 * i) for i in range(len(rows))]
    central = centrality.rank([row.words for row in rows], priors)
    return [w * _standing(row, claim) for w, row, claim in zip(central, rows, claims, strict=True)]


_BOUND = re.compile(r"(?:He|She|It|They|This|These|Those|That|We|I|There|Here|You)\b")


def _standing(row: Row, claim: DraftClaim) -> float:
    """Weigh what a row is: contested rows up; asides, loose pronouns, bare nouns and long rows down."""
    weight = 1 + 0.2 * (len(claim.positions) - 1)
    weight *= 1.5 if derive_status(claim.positions) in CONTESTED else 1.0
    weight *= 0.4 if all(s.aside for s in row.statements) else 1.0
    weight *= 0.5 if _BOUND.match(claim.text) else 1.0
    weight *= 1.0 if grammar.has_finite(grammar.lex(claim.text)) else 0.3
    return weight * (0.6 if len(claim.text) > _LONG_ROW else 1.0)


def _groups(rows: Sequence[Row], claims: Sequence[DraftClaim], order: Sequence[int]) -> list[list[int]]:
    """Choose rows by weight, none twice said; near rows of one voice share a summary sentence."""
    groups: list[list[int]] = []
    for i in order:
        if any(centrality.likeness(rows[i].words, rows[j].words) > 0.5 for g in groups for j in g):
            continue
        home = next((g for g in groups if len(g) < _ROWS_A_SENTENCE and _belong(rows, claims, g[0], i)), None)
        if home is not None:
            home.append(i)
            home.sort()
        elif len(groups) < _SENTENCES:
            groups.append([i])
    return groups


def _belong(rows: Sequence[Row], claims: Sequence[DraftClaim], a: int, b: int) -> bool:
    """Tell whether two rows can be told in one breath: one plain voice, and near each other."""
    voices = [{(p.source, p.stance, p.hedged) for p in claims[i].positions} for i in (a, b)]
    near = abs(rows[a].statements[0].paragraph - rows[b].statements[0].paragraph) <= 1
    short = len(claims[a].text) + len(claims[b].text) < 320
    return near and short and voices[0] == voices[1] and len(voices[0]) == 1


# -- how they are told -------------------------------------------------------------------------------------


def _sentence(group: Sequence[DraftClaim]) -> DraftSentence:
    text = _told(group[0])
    that = "that " if _speaker(group[0]) else ""  # what one voice says stays that voice's to the last row
    for claim in group[1:]:
        text = f"{text.rstrip('.')}; {that}{_lowered(claim.text)}"
    return DraftSentence(text=text, claims=tuple(c.id for c in group))


def _headline(claim: DraftClaim) -> DraftSentence:
    """Return the top row as a headline, its voice kept."""
    text = _shortened(claim.text.rstrip("."))
    return DraftSentence(
        text=_told(claim.model_copy(update={"text": f"{text}."})).rstrip("."), claims=(claim.id,)
    )


def _shortened(text: str) -> str:
    """Cut a long text at its last comma that leaves a whole clause."""
    while len(text) > _LONGEST_HEADLINE and ", " in text:
        shorter, _, rest = text.rpartition(", ")
        if " and " in rest or ":" in text or not grammar.has_finite(grammar.lex(shorter)):
            break
        text = shorter
    return text


def _told(claim: DraftClaim) -> str:
    """Return a row as a sentence that never states as plain fact what is only somebody's word."""
    for_it = [p for p in claim.positions if p.stance == "asserts"]
    against = [p for p in claim.positions if p.stance != "asserts"]
    told = _asserted(claim, for_it) if for_it else ""
    for position in _distinct(against):
        told = _opposed(told, claim, position)
    return told


def _asserted(claim: DraftClaim, holders: Sequence[DraftPosition]) -> str:
    flat = [p for p in holders if not p.hedged]
    if any(p.source == ARTICLE_VOICE for p in flat):
        return claim.text
    said = _lowered(claim.text)
    if flat:
        who = " and ".join(dict.fromkeys(_name(p) for p in flat[:2]))
        via = f", as reported by {flat[0].via}," if flat[0].via and _name(flat[0]) != flat[0].via else ""
        if claim.kind == "opinion":  # "the city should pay" is held, not reported
            return f"According to {who}{via.rstrip(',')}, {said}"
        return f"{_capital(who)}{via} said that {said}"
    first = holders[0]
    if first.source == ARTICLE_VOICE:
        return f"Reportedly, {said}"
    if re.match(rf"{UNNAMED}: (?:it )?(?:is|was|are|were)\b", first.source):
        words = first.source.split(": ", 1)[1]
        return f"{'It ' if not words.startswith('it ') else ''}{words} that {said}".replace("it ", "It ", 1)
    return f"{_capital(_name(first))} said it was possible that {said}"


def _speaker(claim: DraftClaim) -> bool:
    """Tell whether a row is told as what somebody said."""
    return any(p.stance == "asserts" and p.source != ARTICLE_VOICE for p in claim.positions) and not any(
        p.stance == "asserts" and p.source == ARTICLE_VOICE and not p.hedged for p in claim.positions
    )


def _opposed(told: str, claim: DraftClaim, position: DraftPosition) -> str:
    who = _name(position)
    article = position.source == ARTICLE_VOICE
    if position.stance == "denies":
        return (
            f"{told.rstrip('.')}; {who} denies this."
            if told
            else f"{_capital(who)} denies {_at_issue(claim)}"
        )
    if told:
        doubt = "this could not be confirmed" if article else f"{who} does not confirm this"
        return f"{told.rstrip('.')}; {doubt}."
    if article:
        return f"It could not be confirmed {_at_issue(claim, sure=True)}"
    return f"{_capital(who)} could not confirm {_at_issue(claim)}"


def _at_issue(claim: DraftClaim, *, sure: bool = False) -> str:
    """Return a row as the object of a verb: "that …", or the bare noun phrase it is."""
    noun = not sure and not grammar.has_finite(grammar.lex(claim.text))
    return f"{'' if noun else 'that '}{_lowered(claim.text)}"


def _distinct(positions: Sequence[DraftPosition]) -> list[DraftPosition]:
    return list({(p.source, p.stance): p for p in positions}.values())[:3]


def _name(position: DraftPosition) -> str:
    if position.source == ARTICLE_VOICE:
        return "the article"
    name = position.source.removeprefix(f"{UNNAMED}:").strip()
    return f"the {name}" if _TAKES_ARTICLE.search(name) else name or "an unnamed source"


_TAKES_ARTICLE = re.compile(
    r"^(?!the\b)(?!\S+['’]s\b)(?:\S+\s)*(?:ministry|department|command|committee|council|union|mission|federation|coalition|agency|trust|board|office|alliance"
    r"|observatory|brigade|army|military|authority)\b",
    re.IGNORECASE,
)


def _lowered(text: str) -> str:
    """Lower a sentence's first letter unless it opens with a name, an acronym or a number."""
    first = re.split(r"[\s,’']", text, maxsplit=1)[0]
    common = first.lower() in grammar.determiners() | grammar.prepositions() | grammar.pronouns() | {
        "there",
        "no",
        "nobody",
        "nothing",
        "people",
    }
    if common and first != "I":
        return text[:1].lower() + text[1:]
    named = any(name.start == 0 for name in names.find(f"{text} {text}"))
    return text if named or not first[1:].islower() or first[:1].islower() else _lowered_plural(text, first)


def _lowered_plural(text: str, first: str) -> str:
    """Lower an opening word only where it cannot be a name: a plural, an adverb."""
    return text[:1].lower() + text[1:] if first.endswith(("s", "ly")) else text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
