"""Numbers that are no figures: ages, dates, years, times, names, addresses, scores, idioms."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from summarizer.text import counted, times
from summarizer.text.lexicons import table, words
from summarizer.text.numerals import CURRENCY_SIGNS, Numeral
from summarizer.text.patterns import any_of, compile_bounded
from summarizer.text.qualifiers import qualified_before

_CONTEXT = 40


def without(text: str, numerals: Sequence[Numeral]) -> list[Numeral]:
    """Return those of a text's numerals that may be figures."""
    if not numerals:
        return []
    spans = sorted(_spans(text))
    kept: list[Numeral] = []
    following, reach = 0, 0
    for numeral in numerals:
        while following < len(spans) and spans[following][0] < numeral.end:
            reach = max(reach, spans[following][1])
            following += 1
        if reach <= numeral.start and not _stands_idle(text, numeral):
            kept.append(numeral)
    return kept


def is_pronoun(text: str, numeral: Numeral) -> bool:
    """Tell whether "one" stands for a noun rather than counts: "whether one existed"."""
    return text[numeral.start : numeral.end].lower() == "one" and not counted.matter_after(text, numeral.end)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _patterns():
        for match in pattern.finditer(text):
            yield match.span("no") if "no" in pattern.groupindex else match.span()
    yield from ((t.start, t.end) for t in times.find(text) if not _is_length(t.text))


def _is_length(words: str) -> bool:
    """Tell whether a time is told by a length, which is a figure: "nine years ago", "the past 72 hours"."""
    return times.is_duration(words) or bool(_elapsed().search(words))


@cache
def _elapsed() -> re.Pattern[str]:
    measure = r"(?:second|minute|hour|day|night|week|month|year|decade|centur)(?:s|y|ies)?"
    return compile_bounded(rf"\b{_count()}\s+{measure}\b", re.IGNORECASE)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    any_case = (*_ages(), *_IDENTIFIERS, *_idioms())
    return (*(compile_bounded(p, re.IGNORECASE) for p in any_case), *(compile_bounded(p) for p in _names()))


def _number() -> str:
    """Return a pattern for a small number in digits or words."""
    spelled = any_of(table("numbers")["words"])
    return rf"(?:[0-9]{{1,3}}|{spelled}(?:[-‐‑\s]{spelled})?)\b"


def _count() -> str:
    """Return a pattern for a number as it stands before a measure."""
    return rf"(?:[0-9][0-9,.]{{0,12}}(?:\s+(?:million|billion))?|{any_of(table('numbers')['words'])})"


def _ages() -> tuple[str, ...]:
    lead = r"aged|ages?|ages?\s+(?:of|as|at)|turned|turning"
    number, persons = _number(), any_of(words("numbers", "idioms", "aged"))
    return (
        rf"\b(?:{lead})\s+(?:between\s+|over\s+|under\s+|about\s+)?{number}(?:\s*(?:to|and|-|–)\s*{number})?",
        rf"\b{number}(?:[-‐‑](?:years?|months?|weeks?|days?)[-‐‑]olds?\b|\s+(?:years?|months?)\s+(?:old|of\s+age)\b)",
        rf"\b{persons}\s+(?:aged\s+)?(?:over|under|above|below)\s+[0-9]{{1,2}}\b(?!\s*(?:%|per|[a-z]+s\b))",
        r"\b(?:over|under|mid|pre|post|sub)[-‐‑][0-9]+s?\b",
        r"\b(?:[0-9]{2}|[0-9]{4})s\b",
    )


_IDENTIFIERS = (
    # telephone numbers
    r"(?<![\w.])\(?0[0-9]{2,5}\)?(?:[\s.-][0-9]{2,5}){1,4}\b",
    r"\+[0-9]{1,3}(?:[\s.-]?\(?[0-9]{2,5}\)?){2,5}\b",
    r"\b[0-9]{3}[-.\s][0-9]{3}[-.\s][0-9]{4}\b",
    # versions, slashes, list numbers
    r"\b[0-9]+(?:\.[0-9]+){2,}\b",
    r"\b(?:19|20)[0-9]{2}[-–/][0-9]{2}\b",
    r"\b[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?\b",
    r"(?:^|(?<=\n)|(?<=:\s)|(?<=\s\s))[0-9]{1,2}[.)]\s",
    # 155mm shells, the 200m final, CVE-2031-4471
    r"\b[0-9]+\s?mm\s+(?=shells?|guns?|rounds?|howitzers?|artillery|mortars?)",
    r"\b[0-9,]+m\s+(?=final|heats?|race|title|record|champion|butterfly|freestyle|hurdles|sprint)",
    r"\b[a-z]{2,5}-[0-9]{2,4}-[0-9]+\b",
    # net zero, zero-hours
    r"\bnet[-\s]zero\b|\bzero[-‐‑](?:hours?|emissions?|carbon|day)\b",
    r"\b(?:voting|retirement|pension|school(?:-leaving)?|minimum)\s+age\s+(?:to|of|from|at|was|is)\s+[0-9]{1,2}\b",
    # Mi-28, G7, 4x4
    r"(?<![a-z])[a-z]{1,20}[-‐‑]?[0-9]{1,20}(?:\.[0-9]+)?(?:[-‐‑]?[a-z]+)?\b",
    r"(?<!\w)[0-9]{1,20}[a-z]{1,20}[0-9]\w*",
)


def _idioms() -> tuple[str, ...]:
    idioms = table("numbers")["idioms"]
    return (
        rf"\b{any_of(idioms['one_after'])}\s+(?P<no>one)\b",
        rf"\bthe\s+(?P<no>two)\s+{any_of(idioms['the_two'])}\b",
        rf"\btwo\s*{any_of(idioms['two_then'])}\b",
        rf"\b{_number()}\s+(?:o['’]clock|in\s+the\s+(?:early\s+)?(?:morning|afternoon|evening)|at\s+night)\b",
        r"\bat\s+(?P<no>[0-9]{1,2}\.[0-5][0-9])(?=[,;)]|\.?$|\.\s|\s+(?:on|and|in|p\.?m|a\.?m)\b)",
        r"\bone[-‐‑](?:on[-‐‑]one|by[-‐‑]one|off|way|time|sided|party|stop|day|another)\b|\bone\s+by\s+one\b",
        r"\b(?:at|on|from|in)\s+(?P<no>one)\s+(?:point|hand|end|side|corner|stroke|way|sense|word)\b",
        r"\b(?:square|point|number|plan)\s+(?:one|two|three)\b|\btwo\s+cents\b|\bzero[-‐‑](?:sum|tolerance|hour)\b",
        r"\b(?:channel|radio|tv)\s+(?:[a-z]+\s+)?(?P<no>[0-9]+)\b",
    )


def _names() -> tuple[str, ...]:
    idioms = table("numbers")["idioms"]
    spelled = any_of(table("numbers")["words"])
    more = r"(?!\s*(?:%|per\s|,[0-9]{3}|\.[0-9]|(?:million|billion|thousand|hundred)\b))"
    return (
        # 12 Mill Lane
        rf"\b[0-9]{{1,5}}[A-Za-z]?,?\s+(?:[A-Z][\w'’]{{0,30}}\s+){{1,3}}{any_of(idioms['streets'])}\b",
        # Sam Fell, 52, a baker; Sam Fell (52)
        r"(?<=[A-Z][a-z])\w{0,30},\s(?P<no>[0-9]{1,3})(?=[,.;)]|\s+and\b|\s*$)",
        r"\b[A-Z][\w'’-]{1,40}\s\((?P<no>[0-9]{1,2})\)",
        # Gate 4, Operation Seven, Boeing 737
        rf"\b(?i:{any_of(idioms['designators'])})\s+(?:№\s?|#)?(?P<no>[0-9]+(?:\.[0-9]+)?[A-Za-z]?|(?i:{spelled}))\b{more}",
        r"\bBig\s(?P<no>Two|Three|Four|Five|Six)\b",
        r"[#№]\s?(?P<no>[0-9]+)\b",
        # OmniGate 4
        rf"\b[A-Z][a-z]+[A-Z]\w{{0,20}}\s(?P<no>[0-9]{{1,4}})\b{more}",
    )


def _stands_idle(text: str, numeral: Numeral) -> bool:
    """Tell whether a number stands there without counting: a year, a score, a name's number, "one of the"."""
    written = text[numeral.start : numeral.end].lower()
    after, before = (
        text[numeral.end : numeral.end + _CONTEXT],
        text[max(0, numeral.start - _CONTEXT) : numeral.start],
    )
    if written == "one":
        return bool(_one_idle().match(after)) and not (_is_bound(text, numeral) or _ONE_OF.match(after))
    if _RATE.search(before):
        return True
    if not written.isdigit():
        return False
    if (written[0] == "0" and len(written) > 1) or (
        re.match(r"[^\W\d_]", after) and not counted.measure_after(text, numeral.end)
    ):
        return True
    return _is_year(text, numeral, before, after) or _is_of_name(text, numeral, before, after)


# "One of the two bottles" counts; "one of the oldest", "one of the few" and "one of those who" do not.
_ONE_OF = compile_bounded(
    r"\s+of\s+(?:the|its|his|her|their|our|(?:the\s+)?[A-Z][\w-]*['’]s?)\s+"
    r"(?!(?:most|least|best|worst|few|fewer|last|first|main|many|top|reasons|ways|things)\b|\w+est\b)"
    r"(?:[\w-]+\s+){0,3}?(?:[a-z]+s|[a-z]*(?:men|people|children))\b"
)


@cache
def _one_idle() -> re.Pattern[str]:
    then = any_of(words("numbers", "idioms", "one_then"))
    return compile_bounded(
        rf"(?:\s+|(?=[-'’])){then}(?!\w)|\s+day\b|\s+\w+\s+(?:who|said|told|says)\b|\s*[,.;:?!)]|\s*$",
        re.IGNORECASE,
    )


def _is_bound(text: str, numeral: Numeral) -> bool:
    return qualified_before(text, numeral.start, duration=False, joined=False)[0] != ""


def _is_year(text: str, numeral: Numeral, before: str, after: str) -> bool:
    if numeral.end - numeral.start != 4 or not 1000 <= numeral.value <= 2100:
        return False
    if re.search(rf"[{CURRENCY_SIGNS}]\s?$", before) or counted.measure_after(text, numeral.end):
        return False
    if _DATED.search(before) or (numeral.value >= 1900 and re.match(r"\s?[-–/]\s?[0-9]{2,4}\b", after)):
        return not _PERSONS.match(after)
    counts = (
        re.match(r"\s+(?:[a-z]+\s)?[a-z]+s\b", after) or _PERSONS.match(after) or _is_bound(text, numeral)
    )
    return numeral.value >= 1900 and not counts


_DATED = compile_bounded(
    r"\b(?:in|since|until|till|from|during|of|the|by|before|after|early|late|mid|year|and|to"
    r"|19[0-9]{2}\s?[-–/]|20[0-9]{2}\s?[-–/])\s*$",
    re.IGNORECASE,
)
_PERSONS = compile_bounded(
    r"\s+(?:people|men|women|children|troops|soldiers|civilians|fighters|homes|houses|jobs|workers|cases|votes)\b"
)


# The base of a rate: "deaths per 1,000 births".
_RATE = compile_bounded(r"\bper\s+$", re.IGNORECASE)


def is_score(text: str, numeral: Numeral) -> bool:
    """Tell "won 3-1", "a 2-1 win" and "ruled 7-2" from a range, which rises; its numbers count one by one."""
    before, after = text[max(0, numeral.start - _CONTEXT) : numeral.start], text[numeral.end :][:_CONTEXT]
    ahead = re.match(r"[-–]([0-9]{1,3})\b(?:\s+(?P<then>\w+))?", after)
    if ahead is None or not text[numeral.start : numeral.end].isdigit():
        return False
    won = ahead["then"] in words("numbers", "idioms", "scores")
    return won or numeral.value >= int(ahead[1]) or bool(_played().search(before))


@cache
def _played() -> re.Pattern[str]:
    return compile_bounded(rf"\b{any_of(words('numbers', 'idioms', 'scores'))}\b[^.]{{0,25}}$", re.IGNORECASE)


def _is_of_name(text: str, numeral: Numeral, before: str, after: str) -> bool:
    """Tell "Dagger 6" from "In Tesh 12 people": a capitalised word in the sentence, a number, no noun."""
    name = re.search(r"(?<![.!?:\n“\"])[ \t]([A-Z]\w+)[ \t]$", before)
    if not name or times.is_calendar_word(name[1]) or name[1].isupper() or numeral.end - numeral.start > 4:
        return False
    if counted.measure_after(text, numeral.end) or re.match(r"\s*[-–]?\s*(?:to|or|and)?\s*[0-9]", after):
        return False
    return counted.noun_after(text, numeral.end) is None
