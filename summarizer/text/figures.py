"""Figures of a text: cardinal numbers, shares, sums of money, distances and durations, read as bounds with units.

Ages, dates, years, clock times, ordinals, model and unit designations, addresses, telephone numbers and scores are no
figures; `numbers` gives those too, for asking whether a number occurs at all.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from summarizer.text import counted, numerals, times
from summarizer.text.numerals import Numeral, any_of, lexicon

__all__ = ["Numeral", "Quantity", "bound_flipped", "compatible", "numbers", "read", "unsupported"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure: at least ``low``, at most ``high``.

    Attributes:
        start: Index where it starts, its qualifier ("more than") included.
        end: Index after the measure or the noun counted.
        low: Lower bound, or None.
        high: Upper bound, or None; equal to ``low`` for a plain number.
        unit: A symbol (%, $, km) or a plain plural noun ("vehicles"); "" where the text gives none.
        of: What is counted or measured, in the text's words; "" where the text gives none.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    unit: str
    of: str


def read(text: str) -> tuple[Quantity, ...]:
    """Return the figures of a text in reading order; they do not overlap."""
    excluded = _Excluded(_no_figures(text))
    candidates = [n for n in numerals.scan(text) if n.kind != "ordinal" and not excluded.covers(n.start, n.end)]
    amounts = [a for a in _amounts(text, candidates) if not _is_idle(text, a)]
    quantities: list[Quantity] = []
    for amount in amounts:
        quantity = _quantity(text, amount, quantities[-1] if quantities else None)
        if quantities and (quantity.start < quantities[-1].end or _is_conversion(text, quantities[-1], quantity)):
            continue
        quantities.append(quantity)
    return tuple(quantities)


def numbers(text: str) -> tuple[Numeral, ...]:
    """Return every number of a text, ordinals, dates, years and ages included, as values with spans."""
    return numerals.scan(text)


def unsupported(text: str, evidence: str) -> tuple[Numeral, ...]:
    """Return the numbers of a text whose value does not occur in its evidence ("eleven" is 11, "a pair" is 2)."""
    given = {n.value for n in numerals.scan(evidence)}
    given |= {value for value, words in _IMPLIED.items() if words.search(evidence)}
    return tuple(n for n in numerals.scan(text) if n.value not in given)


def compatible(a: Quantity, b: Quantity) -> bool:
    """Tell whether two figures say the same: equal bounds, and units that do not contradict each other."""
    return (a.low, a.high) == (b.low, b.high) and _units_agree(a.unit, b.unit)


def bound_flipped(a: Quantity, b: Quantity) -> bool:
    """Tell whether two figures share a number but bound it from different sides: "up to 250" and "at least 250"."""
    shared = {a.low, a.high} & {b.low, b.high} - {None}
    return bool(shared) and (a.low, a.high) != (b.low, b.high) and (_side(a) != _side(b))


_IMPLIED = {
    1.0: re.compile(r"\b(?:an?|one|single|sole|lone|first|once|another)\b", re.IGNORECASE),
    2.0: re.compile(r"\b(?:pair|couple|both|twice|twins?|second|doubled?)\b", re.IGNORECASE),
    12.0: re.compile(r"\bdozen\b", re.IGNORECASE),
}


def _side(quantity: Quantity) -> str:
    if quantity.low is None:
        return "below"
    return "above" if quantity.high is None else "at"


def _units_agree(a: str, b: str) -> bool:
    symbols = {u for kind in lexicon()["kinds"].values() for u in kind} | {"%"}
    return a == b or not a or not b or (a not in symbols and b not in symbols)


# What is no figure.


class _Excluded:
    """Spans in which no figure stands, asked in reading order."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._next = 0
        self._reach = 0

    def covers(self, start: int, end: int) -> bool:
        while self._next < len(self._spans) and self._spans[self._next][0] < end:
            self._reach = max(self._reach, self._spans[self._next][1])
            self._next += 1
        return self._reach > start


def _no_figures(text: str) -> Iterable[tuple[int, int]]:
    for pattern in _exclusions():
        for match in pattern.finditer(text):
            yield match.span("no") if "no" in pattern.groupindex else match.span()
    yield from ((t.start, t.end) for t in times.find(text) if not times.is_duration(t.text))


@cache
def _exclusions() -> tuple[re.Pattern[str], ...]:
    idioms = lexicon()["idioms"]
    number = any_of(lexicon()["words"])
    aged = any_of(idioms["aged"])
    designators = any_of([d for d in idioms["designators"] if d not in ("#", "№")])
    flagged = (
        # ages
        rf"\b(?:aged|ages?|turned|turning)\s+(?:between\s+|over\s+|under\s+)?(?:[0-9]{{1,3}}|{number})\b(?:\s*(?:to|and|-|–)\s*(?:[0-9]{{1,3}}|{number})\b)?",
        rf"\b(?:[0-9]{{1,3}}|{number})(?:[-‐‑\s](?:{number}))?(?:[-‐‑](?:years?|months?|weeks?|days?)[-‐‑]olds?\b|\s+(?:years?|months?)\s+(?:old|of\s+age)\b)",
        rf"\b{aged}\s+(?:aged\s+)?(?:over|under|above|below)\s+[0-9]{{1,2}}\b(?!\s*(?:%|per|[a-z]+s\b))",
        r"\b(?:over|under|mid|pre|post|sub)[-‐‑][0-9]+s?\b",
        r"\b(?:[0-9]{2}|[0-9]{4})s\b",
        # telephone numbers, dotted numbers, identifiers
        r"(?<![\w.])(?:\+[0-9]{1,3}[\s.-]?)?\(?0[0-9]{2,5}\)?(?:[\s.-][0-9]{2,5}){1,4}\b",
        r"\+[0-9]{1,3}(?:[\s.-]?\(?[0-9]{2,5}\)?){2,5}\b",
        r"\b[0-9]{3}[-.\s][0-9]{3}[-.\s][0-9]{4}\b",
        r"\b[0-9]+(?:\.[0-9]+){2,}\b",
        r"\b9/11\b|\b24/7\b|\b[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?\b",
        # designations
        r"[A-Za-z]+[-‐‑]?[0-9]+(?:\.[0-9]+)?(?:[-‐‑]?[A-Za-z]+)?\b|[A-Za-z]+[-‐‑][0-9]+\b|[0-9]+[A-Za-z]+[0-9]\w*",
        # idioms
        rf"\b{any_of(idioms['one_after'])}\s+(?P<no>one)\b",
        rf"\bthe\s+(?P<no>two)\s+{any_of(idioms['the_two'])}\b",
        rf"\btwo\s*(?:{any_of(idioms['two_then'])})\b",
        r"\bone[-‐‑](?:on[-‐‑]one|by[-‐‑]one|off|way|time|sided|party|stop|day)\b|\bone\s+by\s+one\b|\b(?:at|on|from|in)\s+one\s+(?:point|hand|end|side|corner|stroke|way)\b",
        r"\bsquare\s+one\b|\bpoint\s+of\s+no\b|\btwo\s+(?:cents|weeks'?\s+notice)\b|\b(?:number|plan)\s+(?:one|two|three)\b",
    )
    exact = (
        # 12 Mill Lane
        rf"\b[0-9]{{1,5}}[A-Za-z]?,?\s+(?:[A-Z][\w'’]*\s+){{1,3}}{any_of(idioms['streets'])}\b",
        # Smith, 52, a baker; Smith (52)
        r"(?<=[A-Za-z.’'])(?<![a-z]s),\s(?P<no>[0-9]{1,3})(?=[,.;)]|\s*$|\s+and\b)(?<!\d{4})",
        r"[A-Z][\w'’-]+\s\((?P<no>[0-9]{1,2})\)",
        # Gate 4, Operation Seven, Boeing 737
        rf"\b(?i:{designators})\s+(?:№\s?|#)?(?P<no>[0-9]+[A-Za-z]?|(?i:{number}))\b(?!\s*(?:%|per\s|,[0-9]{{3}}|\.[0-9]|million|billion|thousand|hundred))",
        r"[#№]\s?(?P<no>[0-9]+)\b",
    )
    return (*(re.compile(p, re.IGNORECASE) for p in flagged), *(re.compile(p) for p in exact))


def _is_idle(text: str, amount: "_Amount") -> bool:
    """Tell whether a number stands there without counting: years, scores, names in digits, "one of the"."""
    first = amount.first
    written = text[first.start : amount.last.end]
    after, before = text[amount.last.end : amount.last.end + 40], text[max(0, first.start - 40) : first.start]
    if written.lower() == "one":
        return bool(_one_idle().match(after)) and not _LOW_OR_HIGH(before)
    if re.fullmatch(r"[0-9]{4}(?:\s*[-–/]\s*[0-9]{2,4})?", written) and _is_year(first.value, before, after):
        return True
    return _is_score(text, amount, before, after) or _is_part_of_name(text, first, before, after)


@cache
def _one_idle() -> re.Pattern[str]:
    return re.compile(rf"(?:\s+|(?=[-'’])){any_of(lexicon()['idioms']['one_then'])}(?!\w)|\s+day\b|\s+\w+\s+(?:who|said|told)\b|\s*[,.;:?!)]|\s*$", re.IGNORECASE)


def _LOW_OR_HIGH(before: str) -> bool:  # noqa: N802 - placeholder
    return _qualifier(before)[0] in ("low", "high")


def _is_year(value: float, before: str, after: str) -> bool:
    if not 1000 <= value <= 2100 or re.search(rf"[{numerals._CURRENCY_SIGNS}]\s*$", before):
        return False
    if re.search(r"\b(?:in|since|until|till|from|during|of|the|by|before|after|early|late|mid|election|year)\s+$", before, re.IGNORECASE):
        return not re.match(r"\s+(?:people|men|women|children|troops|soldiers|civilians|homes|jobs|tonnes|tons|km|miles|metres|meters|years|hours)\b", after)
    return value >= 1900 and not (re.match(r"\s+[a-z]+s\b", after) or _LOW_OR_HIGH(before))


def _is_score(text: str, amount: "_Amount", before: str, after: str) -> bool:
    if amount.first is amount.last and not re.match(r"[-–][0-9]{1,2}\b", after) and not re.search(r"\b[0-9]{1,2}[-–]$", before):
        return False
    if amount.first is not amount.last and not re.fullmatch(r"[0-9]{1,3}\s*[-–]\s*[0-9]{1,3}", text[amount.first.start : amount.last.end]):
        return False
    words = any_of(lexicon()["idioms"]["scores"])
    falling = amount.first is amount.last or amount.first.value >= amount.last.value
    return falling or bool(re.match(rf"\s+{words}\b", after) or re.search(rf"\b{words}\b[^.]{{0,25}}$", before))


def _is_part_of_name(text: str, first: Numeral, before: str, after: str) -> bool:
    """Tell "Windows 11" or "Dagger 6" from "In Mosul 12 people": a capitalised word, the bare number, and no noun after it."""
    if not re.fullmatch(r"[0-9]{1,4}", text[first.start : first.end]):
        return False
    name = re.search(r"(?<![.!?:\n“\"])[ \t]([A-Z][\w]+)\s$", before)
    if not name or times.is_calendar_word(name[1]) or name[1].isupper() or counted.measure_after(text, first.end):
        return False
    return counted.noun_after(text, first.end) is None and not re.match(r"\s*[-–]?\s*(?:to|or|and)?\s*[0-9]", after)


# Numbers joined to ranges, and their bounds.


@dataclass(frozen=True, slots=True)
class _Amount:
    first: Numeral
    last: Numeral
    low: float
    high: float


def _amounts(text: str, candidates: list[Numeral]) -> Iterable[_Amount]:
    index = 0
    while index < len(candidates):
        first = candidates[index]
        second = candidates[index + 1] if index + 1 < len(candidates) else None
        pair = _ratio(text, first, second) or _range(text, first, second) if second else _ratio(text, first, None)
        yield pair or _Amount(first, first, first.value, first.value)
        index += 2 if pair and pair.last is not first else 1


def _range(text: str, first: Numeral, second: Numeral) -> _Amount | None:
    gap = text[first.end : second.start]
    if len(gap) > 30 or not _joins(text, first, gap):
        return None
    low, high = _scaled(text, first, second), second.value
    if low > high or "share" in (first.kind, second.kind):
        return None
    return _Amount(first, second, low, high)


def _joins(text: str, first: Numeral, gap: str) -> bool:
    joint = re.fullmatch(rf"\s?(?:%|[\w.]{{1,12}})?\s*(?P<word>-|–|—|to|or|and)\s*(?:[{numerals._CURRENCY_SIGNS}])?", gap)
    unit = re.fullmatch(r"\s?(?P<unit>%|[\w.]{1,12})\s+\S.*", gap.strip("\n"))
    if joint is None:
        return False
    if unit and unit["unit"] not in ("to", "or", "and") and counted.measure_after(text, first.end) is None:
        return False
    before = text[max(0, first.start - 60) : first.start]
    if joint["word"] == "and":
        return bool(re.search(r"\bbetween\s+(?:[^\w\s]|about\s+)?$", before, re.IGNORECASE))
    if joint["word"] == "to" and re.search(rf"\bfrom\s+\S?$", before):
        return not re.search(rf"\b{any_of(lexicon()['idioms']['changes'])}\b", before, re.IGNORECASE)
    return True


def _scaled(text: str, first: Numeral, second: Numeral) -> float:
    """Return the first number of "10 to 12 million" in the second one's scale."""
    scale = re.search(r"(?:hundred|thousand|million|billion|trillion|bn|mn|tn|m|k)$", text[second.start : second.end], re.IGNORECASE)
    bare = re.fullmatch(r"[0-9.]+|[a-z-]+", text[first.start : first.end], re.IGNORECASE) and first.value < 1000
    if not scale or not bare:
        return first.value
    plain = re.match(r"[0-9.]+", text[second.start : second.end])
    factor = second.value / float(plain[0]) if plain and plain[0].strip(".").count(".") < 2 and float(plain[0]) else _word_factor(scale[0])
    return round(first.value * factor, 6) if first.value * factor <= second.value else first.value


def _word_factor(scale: str) -> float:
    factor: float = lexicon()["scales"].get(scale.lower(), 1)
    return factor


def _ratio(text: str, first: Numeral, second: Numeral | None) -> _Amount | None:
    """Read "one in five" and "nine out of ten" as shares."""
    if second is None or second.kind != "cardinal" or not 0 < first.value < second.value or second.value > 1_000_000:
        return None
    gap = text[first.end : second.start]
    in_or_of = r"\s+(?:in|out\s+of|of)\s+every\s+" if first.value != 1 else r"\s+(?:\w+\s+)?(?:in|out\s+of)\s+(?:every\s+)?"
    if not re.fullmatch(rf"{in_or_of}|\s+(?:in|out\s+of)\s+", gap) or counted.measure_after(text, second.end):
        return None
    share = round(100 * first.value / second.value, 1)
    return _Amount(replace(first, kind="share"), second, share, share)


def _quantity(text: str, amount: _Amount, previous: Quantity | None) -> Quantity:
    first, last = amount.first, amount.last
    currency = _currency(text, first, last)
    start = currency[0] if currency else first.start
    side, start = _qualified(text, start, amount)
    after = _counted(text, amount, currency, previous)
    side, end = _qualified_after(text, last.end, after.end, side)
    low, high = _bounds(amount, side)
    return Quantity(start, end, low, high, after.unit, after.of or _subject(text, start))


def _bounds(amount: _Amount, side: str) -> tuple[float | None, float | None]:
    if side == "low":
        return amount.low, None
    return (None, amount.high) if side == "high" else (amount.low, amount.high)


@cache
def _qualifiers() -> re.Pattern[str]:
    sides = lexicon()["qualifiers"]
    groups = "|".join(rf"(?P<{side}>{any_of(sides[side])})" for side in ("low", "high", "about"))
    return re.compile(rf"(?<![\w-])(?:(?P<between>between|from)|{groups}|(?P<tilde>[~≈>]))\s*(?:the\s+)?$", re.IGNORECASE)


def _qualifier(before: str) -> tuple[str, int]:
    """Return the side a qualifier at the end of a string bounds ("low", "high", "about" or "") and its length."""
    best = ""
    length = 0
    for at in range(len(before)):
        match = _qualifiers().match(before, at)
        if match:
            length, best = len(before) - at, match.lastgroup or ""
            break
    return best, length


def _qualified(text: str, start: int, amount: _Amount) -> tuple[str, int]:
    """Return the side and where the figure starts with all its qualifiers ("about", "more than about")."""
    side, begin = "", start
    for _ in range(3):
        before = text[max(0, begin - 40) : begin]
        found, length = _qualifier(before)
        if not found or (found == "low" and _is_during(text, begin, length, amount)) or before[-length:].isspace():
            break
        if found == "high" and amount.first is not amount.last and before[-length:].strip().lower() == "within":
            break
        begin -= length
        side = found if found in ("low", "high") and side not in ("low", "high") else side
    return side, begin


def _is_during(text: str, start: int, length: int, amount: _Amount) -> bool:
    """Tell "over 18 months" meaning in the course of them, from "for over 18 months"."""
    measure = counted.measure_after(text, amount.last.end)
    if text[start - length : start].strip().lower() != "over" or not measure or measure.unit not in lexicon()["kinds"]["time"]:
        return False
    before = text[max(0, start - length - 20) : start - length]
    return not re.search(r"\b(?:for|in|last(?:ed|ing|s)?|took|takes|after|of|is|was|were|spent|served|just|well|little|slightly)\s+$", before)


def _qualified_after(text: str, number_end: int, end: int, side: str) -> tuple[str, int]:
    if text.startswith(("+", "-plus"), number_end):
        return "low", max(end, number_end + 1)
    sides = lexicon()["qualifiers"]
    for name in ("low", "high", "about"):
        for at in (number_end, end):
            match = re.compile(rf"\s*,?\s+{any_of(sides['after_' + name])}\b", re.IGNORECASE).match(text, at, at + 40)
            if match:
                return (name if name != "about" else side), max(end, match.end())
    return side, end


@cache
def _currency_before() -> re.Pattern[str]:
    codes = lexicon()["currencies"]
    return re.compile(rf"(?P<code>{any_of([c for c in codes if not c[-1].isalpha()])}|\b{any_of([c for c in codes if c[-1].isalpha()])}\.?)\s?$")


def _currency(text: str, first: Numeral, last: Numeral) -> tuple[int, str] | None:
    """Return where a currency sign before the number starts, and the unit."""
    match = _currency_before().search(text, max(0, first.start - 5), first.start)
    if match is None:
        return None
    del last
    return match.start(), lexicon()["currencies"][match["code"].rstrip(".")]


def _counted(text: str, amount: _Amount, currency: tuple[int, str] | None, previous: Quantity | None) -> counted.Counted:
    end = amount.last.end
    if text.startswith("+", end):
        end += 1
    if currency:
        return counted.Counted(end, currency[1], counted.purpose_after(text, end))
    if amount.first.kind == "share":
        return counted.Counted(end, "%", counted.share_of(text, end))
    return counted.measure_after(text, end) or counted.noun_or_group_after(text, end, single=amount.high == 1) or _elliptic(text, amount, previous)


def _elliptic(text: str, amount: _Amount, previous: Quantity | None) -> counted.Counted:
    """Name what is counted where no noun follows: "at least 30 were killed", "19, four of them children"."""
    end = amount.last.end
    if counted.is_casualty(text, end) or counted.is_toll(text, amount.first.start):
        return counted.Counted(end, "people", counted.fate_after(text, end) or "people")
    if previous and "." not in text[previous.end : amount.first.start] and "\n\n" not in text[previous.end : amount.first.start] and amount.first.start - previous.end < 80:
        return counted.Counted(end, previous.unit, counted.fate_after(text, end))
    return counted.Counted(end, "", "")


def _subject(text: str, start: int) -> str:
    """Return the words a figure is said of where none follow it: "annual sales of", "the toll at"."""
    before = text[max(0, start - 70) : start]
    clause = re.split(r"[.,;:!?()\"“”\n]", before)[-1]
    match = re.search(r"((?:[^\W\d_][\w'’-]*\s+){1,3}?)(?:of|at|to|by|was|were|is|are|reached|hit|totalled|totaled)\s+$", clause)
    if not match:
        return ""
    words = [w for w in match[1].split() if w.lower() not in lexicon()["nouns"]["stops"]]
    return " ".join(words)


def _is_conversion(text: str, previous: Quantity, quantity: Quantity) -> bool:
    gap = text[previous.end : quantity.start]
    bracketed = re.fullmatch(r"\s?[(\[]\s?", gap) and text[quantity.end : quantity.end + 1] in (")", "]", ";", ",")
    spelled = re.fullmatch(r",?\s+or\s+|,\s+", gap) and previous.unit != quantity.unit and text[quantity.end : quantity.end + 1] == ","
    kinds = lexicon()["kinds"].values()
    return bool(bracketed or spelled) and any(previous.unit in k and quantity.unit in k for k in kinds)
