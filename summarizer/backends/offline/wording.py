"""Words a clause as a claim: without source, hedge or heat, and in the article's own words."""

import re
from dataclasses import dataclass

from summarizer.backends.offline import grammar
from summarizer.backends.offline.passages import Shape
from summarizer.domain.vocabulary import Kind
from summarizer.text import cues, loaded
from summarizer.text.folding import fold


@dataclass(frozen=True, slots=True)
class Wording:
    """A claim's words, and what taking the hedges out of them told.

    Attributes:
        nobody: Who is behind a passive of belief ("is believed to"), as words; "" where there is none.
    """

    text: str
    hedged: bool = False
    kind: Kind = "fact"
    nobody: str = ""


def worded(words: str, shape: Shape, speaker: str) -> Wording:
    """Return the claim a clause puts forward.

    Args:
        words: The clause's words, borrowed ones included.
        shape: How they hang on their cue.
        speaker: Whose words they are, for "to …" and "-ing" complements.
    """
    plain = " ".join(words.split())
    plain = _ELIDED.sub(r"\1 were \2", completed(plain, shape, speaker))
    unhedged = _unhedged(plain)
    text = _without_heat(unhedged.text)
    kind = unhedged.kind if unhedged.kind != "fact" else _kind(text)
    return Wording(sentence(text), unhedged.hedged, kind, unhedged.nobody)


_ELIDED = re.compile(
    r"^((?:[Dd]ozens|[Hh]undreds|[Ss]cores|[Mm]any|[Ss]everal|[Oo]thers|\d[\d,]*)(?: others| more| people)?) "
    r"(killed|wounded|injured|arrested|displaced|detained)\b"
)
"""What shares its auxiliary with the clause before: "31 were killed and dozens wounded"."""


def sentence(words: str) -> str:
    """Return words as a sentence: capital first, full stop last, no stray marks around them."""
    plain = _LEADING.sub("", _balanced(words.strip(" ,;:-—–*•#")).lstrip('"“ ')).strip(" ,;:-—–*")
    plain = _balanced(plain)
    if not plain:
        return ""
    plain = _TRAILING.sub("", plain)
    plain = plain.rstrip(".") if not re.search(r"\b[a-zA-Z]\.[a-zA-Z]\.$", plain) else plain
    plain = re.sub(r"\.(?=[\"”]$)", "", plain)
    return plain[:1].upper() + plain[1:] + ("" if plain.endswith((".", "?", "!")) else ".")


_TRAILING = re.compile(r"[,\s]+(?:which|who|where|and|but|or|that)$", re.IGNORECASE)
"""What is left of a clause that was cut off."""


_LEADING = re.compile(
    r"^(?:(?:and|but|however|nor|yet|so|also|that(?!['’]s|\s+(?:is|was|are|were|has|had|will|would"
    r"|does|did|can|could|never|simply)\b)|then|meanwhile|instead|as always|in fact|not surprisingly"
    r"|again|otherwise)\b,?\s+)+",
    re.IGNORECASE,
)


def _balanced(words: str) -> str:
    """Drop quotation marks and brackets that have lost their partner, and marks around the whole."""
    folded = fold(words)
    if folded.count('"') == 2 and folded[0] == '"' and folded.rstrip(".,").endswith('"'):
        words = words.strip('"“”').rstrip(' ,."”')
    elif folded.count('"') % 2:
        words = re.sub(r"[\"“”]", "", words)
    if words.count("(") != words.count(")"):
        words = words.replace("(", "").replace(")", "")
    return words


def coming(words: str) -> str:
    """Return what is expected of a counted noun ("sales of $2m by May" -> "sales will be $2m by May")."""
    if grammar.has_finite(grammar.lex(words.split(" if ", 1)[0])):
        return words
    return re.sub(
        r"^([^\d$£€,]{3,60}?)\s+of\s+(?=(?:about\s+|up\s+to\s+|at\s+least\s+)?[$£€\d])",
        r"\1 will be ",
        words,
        count=1,
    )


def existing(words: str) -> str:
    """Return what a bare noun phrase puts at issue ("any evidence", "a design fault" -> "There was a …")."""
    bare = re.sub(r"^any\s+", "", words.strip(), flags=re.IGNORECASE)
    plain = _with_article(bare) if bare != words.strip() else bare
    opens = plain.split(maxsplit=1)[0].lower() if plain else ""
    if (
        not plain
        or opens in {"the", "his", "her", "its", "their", "this", "that", "such"}
        or plain[0].isupper()
    ):
        return words
    if grammar.has_finite(grammar.lex(plain)):
        return words
    head = re.split(r"\s(?:of|in|by|on|for|to|at|from|with)\s", plain)[0]
    return f"there {'were' if head.endswith('s') and not head.endswith('ss') else 'was'} {plain}"


_MASS = re.compile(
    r"(?:evidence|information|damage|contact|truth|proof|money|help|harm|trouble|contamination|misuse|fraud|pressure|work"
    r"|\w+ing|\w+ism)$"
)


def _with_article(noun: str) -> str:
    """Return a bare noun phrase with the article that a single thing takes ("fault" -> "a fault")."""
    head = re.split(r"\s(?:of|in|by|on|for|to|at|from|with|about|that|having)\b", noun)[0]
    if not head or head.endswith("s") or _MASS.search(head) or head[0].isupper():
        return noun
    return f"{'an' if head[0] in 'aeiou' else 'a'} {noun}"


def involved(words: str, speaker: str) -> str:
    """Return what "denied any part in the raid" is about ("Renn had a part in the raid"), or the words."""
    found = _INVOLVED.match(words)
    return f"{speaker} had a {found[1]} in {words[found.end() :]}" if found and speaker else words


_INVOLVED = re.compile(r"(?:(?:any|all|a|having\s+any)\s+)?(part|involvement|role)\s+in\s+", re.IGNORECASE)


def completed(words: str, shape: Shape, speaker: str) -> str:
    """Complete a cue's complement to a statement ("to close the works" -> "Renn will close the works")."""
    plain = words.strip()
    who = speaker[:1].upper() + speaker[1:]
    deed = plain.removeprefix("to ")
    if shape == "infinitive" and deed.startswith("have "):
        return f"{who} had {deed.removeprefix('have ')}"
    by_speaker = {
        "asked": f"{who} should {deed}",
        "infinitive": f"{who} will {deed}",
        "gerund": f"{who} was {deed}",
    }
    if shape in by_speaker:
        return by_speaker[shape]
    if shape == "put":
        return re.sub(r"^(.{2,60}?)\s+(?:at\s+|(?=closer\s+to|nearer))", _is, plain, count=1)
    if shape == "accused":
        return re.sub(r"\sof\s+(?=\w+ing\b)", " is ", plain, count=1)
    return plain


def _is(subject: re.Match[str]) -> str:
    return f"{subject[1]} {'are' if subject[1].endswith('s') and not subject[1].endswith('ss') else 'is'} "


def should(words: str) -> str:
    """Return what an appeal asks for ("donors to act now" -> "Donors should act now")."""
    first, _, rest = words.strip().partition(" ")
    subject = {"him": "he", "her": "she", "them": "they", "us": "we"}.get(first.lower(), first)
    return re.sub(r"\s+to\s+", " should ", f"{subject} {rest}", count=1)


def will(words: str) -> str:
    """Return what is expected ("the cereals to be gone" -> "The cereals will be gone")."""
    return re.sub(r"\s+to\s+", " will ", words, count=1)


def negated(text: str) -> str | None:
    """Return the opposite of a statement, or None where the rules do not reach."""
    lexemes = grammar.lex(text)
    any_ = re.search(r"\bany\b", text, re.IGNORECASE)
    verb = grammar.first_finite(lexemes)
    if any_ and verb is not None and lexemes[verb].start > any_.start():
        none = "none" if re.match(r"\s+of\b", text[any_.end() :]) else "no"
        return text[: any_.start()] + none + text[any_.end() :] if any_.start() else none.title() + text[3:]
    if verb is None:
        return None
    word = lexemes[verb]
    if word.lower in grammar.auxiliaries():
        if word.lower.endswith(("n't", "not")):
            return None
        after = lexemes[verb + 1].lower if verb + 1 < len(lexemes) else ""
        if word.lower in {"had", "has", "have"} and not (
            grammar.is_participle(after) or after in {"not", "never", "also"}
        ):
            do = {"had": "did", "has": "does", "have": "do"}[word.lower]
            return f"{text[: word.start]}{do} not have{text[word.end :]}"
        return f"{text[: word.end]} not{text[word.end :]}"
    base = grammar.base_of_past(word.lower)
    return f"{text[: word.start]}did not {base}{text[word.end :]}" if base else None


# -- hedges ------------------------------------------------------------------------------------------------


_I_THINK = re.compile(
    r"(?:and\s+|but\s+|so\s+)?(?:I|[Ww]e)(?:['’]d)?\s+(?:\w+ly\s+|just\s+|still\s+|do\s+)?"
    r"(?:think|believe|suspect|guess|reckon|suppose|imagine|hope)\s+(?:that\s+)?(?=\w+\s+\w)"
)


def thought(words: str) -> str:
    """Return the "I think that" that words open with, a hedge rather than what is said, or ""."""
    found = _I_THINK.match(words)
    return found.group() if found else ""


def _unhedged(text: str) -> Wording:
    """Take out what softens a statement, and say what was found."""
    if opening := thought(text):
        inner = _unhedged(text[len(opening) :])
        return Wording(inner.text, True, inner.kind, inner.nobody)
    flat = _without_passive(text)
    plain = flat.text
    spans = [
        s
        for s in cues.find_removable_hedges(plain)
        if not _PREDICATE.search(plain[: s[0]] + plain[slice(*s)])
    ]
    for start, end in reversed(spans):
        plain = _cut(plain, start, end)
    settled = _without_modal(plain)
    hedged = flat.hedged or bool(spans) or settled != plain
    return Wording(settled, hedged, flat.kind, flat.nobody)


_PREDICATE = re.compile(
    r"(?:\b(?:is|are|was|were|be|more|less|most|quite|very|as|also)|['’]s)\s+likely$", re.IGNORECASE
)
"""A "likely" that is what the clause says, not how."""


def _cut(text: str, start: int, end: int) -> str:
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if before[-1:] in {'"', "“"} and after[:1] in {'"', "”"}:  # the quotation was the hedge alone
        before, after = before[:-1].rstrip(), after[1:].lstrip()
    if before.endswith(",") and after.startswith(","):
        after = after[1:].lstrip()
    return f"{before} {after}".strip() if before else after.lstrip(", ")


def _without_passive(text: str) -> Wording:
    """Read "Y is believed to have left" as "Y has left", "it is believed that p" as "p"."""
    found = cues.find_passive(text)
    if found is None:
        return Wording(text)
    subject, rest = text[: found.start].strip(), text[found.end :].strip()
    if found.link == "to" and not _INFINITIVE.match(rest):  # "was reported to the police"
        return Wording(text)
    impersonal = subject.lower().endswith("it") or found.link == "that"
    tense = "was" if found.auxiliary in {"was", "were"} else "is"
    nobody = f"{'it ' if impersonal else ''}{tense} {found.participle}"
    if found.link not in {"to", "that"}:
        return Wording(f"{subject} will come {found.link} {rest}", found.hedged, found.kind, nobody)
    if found.link == "that":
        return Wording(rest, found.hedged, found.kind, nobody)
    return Wording(
        f"{subject} {_finite(rest, found)}", found.hedged, found.kind, nobody if found.hedged else ""
    )


_INFINITIVE = re.compile(
    r"(?!(?:an?|the|its|his|her|their|our|my|this|that|any|all|some|no|police|staff)\b)[a-z]"
)


def _finite(infinitive: str, found: cues.Passive) -> str:
    """Turn "have left" after "is believed to" into "has left"."""
    if found.kind == "forecast":
        return f"will {infinitive}"
    first, _, rest = infinitive.partition(" ")
    plural = found.auxiliary in {"are", "were"}
    if first == "be":
        return f"{found.auxiliary} {rest}"
    if first == "have":
        return f"{'have' if plural else 'has'} {rest}"
    return f"{first if plural else grammar.third_person(first)} {rest}"


_PLURAL = r"(they|we|you|i|people|police|[a-z]+s)"
_MODALS = (
    (re.compile(r"\b(?:do|does)\s+not\s+(?:appear|seem)\s+to\s+have\s+been\b"), "was not"),
    (re.compile(r"\b(?:do|does)\s+not\s+(?:appear|seem)\s+to\s+have\b"), "has not"),
    (re.compile(r"\b(?:do|does)\s+not\s+(?:appear|seem)\s+to\s+be\b"), "is not"),
    (re.compile(r"\bdid\s+not\s+(?:appear|seem)\s+to\s+be\b"), "was not"),
    (re.compile(r"\bwould\s+(?:appear|seem)\s+to\s+be\b"), "is"),
    (re.compile(r"\bwould\s+(?:appear|seem)\s+to\s+have\b"), "has"),
    (re.compile(r"\b(?:may|might|could)\s+(?:well\s+|even\s+)?have\s+been\b"), "was"),
    (
        re.compile(rf"\b{_PLURAL}\s+(?:may|might|could)\s+(?:well\s+|even\s+)?have\b", re.IGNORECASE),
        r"\1 have",
    ),
    (re.compile(r"\b(?:may|might|could)\s+(?:well\s+|even\s+)?have\b"), "has"),
    (re.compile(r"\b(?:may|might)\s+(?:well\s+|even\s+)?be\b"), "is"),
    (re.compile(r"\b(?:may|might)\s+(?:well\s+|even\s+)?(?=[a-z])"), "will "),
    (re.compile(r"\bcould\s+(?=(?:begin|start|come|happen|take place|follow|lead|face)\b)"), "will "),
    (re.compile(r"\b(?:appears?|seems?)\s+to\s+be\b"), "is"),
    (re.compile(r"\b(?:appeared|seemed)\s+to\s+be\b"), "was"),
    (re.compile(r"\b(?:appears|seems)\s+to\s+have\b"), "has"),
    (re.compile(r"\b(?:alleges|purports|appears|seems)\s+to\s+show\b"), "shows"),
)
_SEEMING = re.compile(
    r"\b(?P<seem>appears?|seems?|appeared|seemed|alleges|purports?|tends?)\s+to\s+(?P<verb>[a-z]+)"
)


def _without_modal(text: str) -> str:
    for pattern, plain in _MODALS:
        text = pattern.sub(plain, text)
    return _SEEMING.sub(_plainly, text)


def _plainly(seeming: re.Match[str]) -> str:
    """Turn "appears to do" into "does"."""
    verb = seeming["verb"]
    return grammar.third_person(verb) if seeming["seem"].endswith("s") else verb


# -- heat --------------------------------------------------------------------------------------------------


def _without_heat(text: str) -> str:
    """Put the plain word in the place of a loaded one."""
    for found in reversed(loaded.find(text)):
        text = (
            f"{text[: found.start]}{found.neutral}{text[found.end :]}"
            if found.neutral
            else _cut(text, found.start, found.end)
        )
    return text


_FORECAST = re.compile(
    r"\b(?:will|won't|is going to|are going to|is to be|is imminent|are imminent)\b", re.IGNORECASE
)
_OPINION = re.compile(
    r"\b(?:should|ought to|must(?! have)|the most important|is worse|our greatest|unacceptable|shameful"
    r"|too (?:early|late|short)|best|worst)\b",
    re.IGNORECASE,
)


def _kind(text: str) -> Kind:
    if _FORECAST.search(text):
        return "forecast"
    return "opinion" if _OPINION.search(text) else "fact"
