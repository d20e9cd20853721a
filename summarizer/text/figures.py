"""Figures of a text: cardinal numbers, shares, sums of money, distances and durations, as bounds with units.

Ages, dates, years, clock times, ordinals, designations, addresses, telephone numbers and scores are no
figures; `numbers` gives those too, for asking whether a number occurs at all.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from summarizer.text import counted, nofigures, numerals
from summarizer.text.counted import Counted
from summarizer.text.lexicons import REMEMBERED, table, words
from summarizer.text.numerals import Numeral
from summarizer.text.patterns import any_of, compile_bounded
from summarizer.text.qualifiers import Side, past_qualifier, qualified_after, qualified_before

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


@lru_cache(maxsize=REMEMBERED)
def read(text: str) -> tuple[Quantity, ...]:
    """Return the figures of a text in reading order; they do not overlap."""
    candidates = nofigures.without(text, [n for n in numerals.scan(text) if n.kind != "ordinal"])
    quantities: list[Quantity] = []
    for amount in _amounts(text, candidates):
        quantity = _quantity(text, amount, quantities)
        previous = quantities[-1] if quantities else None
        if quantity and not (
            previous and (quantity.start < previous.end or _converts(text, previous, quantity))
        ):
            quantities.append(quantity)
    return tuple(quantities)


def numbers(text: str) -> tuple[Numeral, ...]:
    """Return every number of a text, ordinals, dates, years and ages included, as values with spans."""
    return numerals.scan(text)


def unsupported(text: str, evidence: str) -> tuple[Numeral, ...]:
    """Return the numbers of a text whose value its evidence lacks ("eleven" is 11, "a pair" is 2)."""
    given = {n.value for n in numerals.scan(evidence)}
    given |= {value for value, implied in _IMPLIED.items() if implied.search(evidence)}
    return tuple(n for n in numerals.scan(text) if n.value not in given)


def compatible(a: Quantity, b: Quantity) -> bool:
    """Tell whether two figures say the same: equal bounds, and units that do not contradict each other."""
    return (a.low, a.high) == (b.low, b.high) and _units_agree(a.unit, b.unit)


def bound_flipped(a: Quantity, b: Quantity) -> bool:
    """Tell whether two figures bound one number from different sides: "up to 250" and "at least 250"."""
    shared = {a.low, a.high} & {b.low, b.high} - {None}
    return bool(shared) and _side(a) != _side(b)


_IMPLIED = {
    1.0: compile_bounded(r"\b(?:an?|one|single|sole|lone|first|once|another)\b", re.IGNORECASE),
    2.0: compile_bounded(r"\b(?:pair|couple|both|twice|twins?|second|doubled?)\b", re.IGNORECASE),
    12.0: compile_bounded(r"\bdozen\b", re.IGNORECASE),
}


def _side(quantity: Quantity) -> Side:
    if quantity.low is None:
        return "high"
    return "low" if quantity.high is None else ""


def _units_agree(a: str, b: str) -> bool:
    return a == b or not a or not b or not (a in _symbols() or b in _symbols())


@cache
def _symbols() -> frozenset[str]:
    return frozenset(u for kind in table("numbers")["kinds"].values() for u in kind) | {"%"}


# Numbers joined: ranges and ratios.


@dataclass(frozen=True, slots=True)
class _Amount:
    """One number, or two that make one figure ("two or three", "one in five")."""

    first: Numeral
    last: Numeral
    low: float
    high: float
    form: Literal["plain", "range", "ratio"] = "plain"

    @property
    def share(self) -> bool:
        return self.first.kind == "share" or self.form == "ratio"


def _amounts(text: str, candidates: Sequence[Numeral]) -> Iterator[_Amount]:
    index = 0
    while index < len(candidates):
        first, rest = candidates[index], candidates[index + 1 : index + 2]
        pair = next(
            (p for second in rest if (p := _ratio(text, first, second) or _range(text, first, second))), None
        )
        yield pair or _Amount(first, first, first.value, first.value)
        index += 2 if pair else 1


def _ratio(text: str, first: Numeral, second: Numeral) -> _Amount | None:
    """Read "one in five", "nine out of ten" and "one truck in three" as shares."""
    gap = text[first.end : second.start]
    if not _RATIO.fullmatch(gap) or (first.value != 1 and not _BARE_RATIO.fullmatch(gap)):
        return None
    if not 0 < first.value < second.value <= 1_000_000 or counted.measure_after(text, second.end):
        return None
    if _counts_both(text, gap, second):
        return None
    share = round(100 * first.value / second.value, 1)
    return _Amount(first, second, share, share, "ratio")


def _counts_both(text: str, gap: str, second: Numeral) -> bool:
    """Tell "two out of seven samples", which counts samples, from "nine out of ten people", a share."""
    return "out" in gap and second.value not in (10, 100, 1000) and bool(counted.noun_after(text, second.end))


_RATIO = compile_bounded(r"(?:\s+\w{1,20})?\s+(?:in|out\s+of)(?:\s+every)?\s+")
_BARE_RATIO = compile_bounded(r"\s+(?:in|out\s+of|of\s+every)(?:\s+every)?\s+")


def _range(text: str, first: Numeral, second: Numeral) -> _Amount | None:
    """Read "two or three", "10-12", "between 10 and 12" as one figure."""
    if (
        second.start - first.end > 30
        or nofigures.is_score(text, first)
        or "share" in (first.kind, second.kind)
        or not _joins(text, first, second)
    ):
        return None
    low, high = _in_scale_of(text, first, second), second.value
    return _Amount(first, second, low, high, "range") if low <= high else None


def _joins(text: str, first: Numeral, second: Numeral) -> bool:
    joint = _JOINT.fullmatch(text, first.end, second.start)
    if joint is None:
        return False
    unit = counted.measure_after(text, first.end) if joint["unit"] else None
    if joint["unit"] and (not unit or joint["sign"]):  # "rose 9.3% to $17"; "two men and three"
        return False
    if joint["sign"] and not text[max(0, first.start - 1) : first.start].strip():
        return False
    before = text[max(0, first.start - 60) : first.start].lower()
    if joint["word"] == "and":
        return bool(re.search(r"\bbetween\s+(?:about\s+|around\s+)?\W{0,3}$", before))
    if joint["word"] == "to" and re.search(
        r"\bfrom\s+\W{0,3}$", before
    ):  # "rose from 10 to 12" gives two figures
        return not _change().search(before)
    return True


@cache
def _change() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(words('numbers', 'idioms', 'changes'))}\b")


_JOINT = compile_bounded(
    rf"(?P<unit>\s?[\w%.]{{1,14}})??\s*(?P<word>[-‐‑–—]|\bto\b|\bor\b|\band\b)\s*"
    rf"(?P<sign>(?:US|A|C)?[{numerals.CURRENCY_SIGNS}])?"
)


def _in_scale_of(text: str, first: Numeral, second: Numeral) -> float:
    """Return the first number of "10 to 12 million" in the second one's scale."""
    scaled = _SCALED.fullmatch(text, second.start, second.end)
    if (
        not scaled
        or not re.fullmatch(r"[0-9.]+|[a-z-]+", text[first.start : first.end], re.IGNORECASE)
        or first.value >= 1000
    ):
        return first.value
    plain = numerals.scan(scaled["plain"])
    factor = second.value / plain[0].value if plain and plain[0].value else 1
    low = round(first.value * factor, 6)
    return low if low <= second.value else first.value


_SCALED = compile_bounded(
    r"(?P<plain>[0-9.]+|[a-z-]+)[\s-]*(?:hundred|thousand|million|billion|trillion|dozen|[bmt]n|m|k)",
    re.IGNORECASE,
)


# Figures.


def _quantity(text: str, amount: _Amount, before: Sequence[Quantity]) -> Quantity | None:
    """Return the figure an amount makes, or None where it only stands there ("one" as a pronoun)."""
    sign = _CURRENCY.search(text, max(0, amount.first.start - 6), amount.first.start)
    written = sign.start() if sign else amount.first.start
    side, start = qualified_before(
        text, written, duration=_duration(text, amount), joined=amount.form == "range"
    )
    noun = _counted(text, start, amount, _currency(sign), before)
    if not noun.unit and not side and nofigures.is_pronoun(text, amount.first):
        return None
    late, end = qualified_after(text, amount.last.end, noun.end)
    sign_of = -1 if noun.unit in _SIGNED and _NEGATIVE.search(text, max(0, start - 8), start) else 1
    quantity = Quantity(start, end, sign_of * amount.low, sign_of * amount.high, noun.unit, noun.of)
    return _bounded(text, quantity, late or side, before)


_SIGNED = ("°C", "°F", "degrees", "%")
_NEGATIVE = compile_bounded(r"(?:\bminus\s+|(?:^|\s)[-−])$")


def _bounded(text: str, quantity: Quantity, side: Side, before: Sequence[Quantity]) -> Quantity:
    """Open the side that a qualifier leaves open, and say what is counted where only the words before do."""
    if side == "low":
        quantity = replace(quantity, high=None)
    elif side == "high":
        quantity = replace(quantity, low=None)
    if not quantity.of:
        return replace(quantity, of=_subject(text, quantity.start))
    fate = "" if quantity.unit in _symbols() or quantity.unit == "times" else _fate(text, quantity, before)
    return replace(quantity, of=_befallen(quantity.of, fate)) if fate else quantity


def _befallen(of: str, fate: str) -> str:
    """Put what befell those counted behind their noun: "soldiers killed in a clash"."""
    match = _preposition().search(of)
    at = match.start() if match else len(of)
    return f"{of[:at]} {fate}{of[at:]}"


@cache
def _preposition() -> re.Pattern[str]:
    return re.compile(rf"\s{any_of(words('numbers', 'nouns', 'prepositions'))}\s")


def _duration(text: str, amount: _Amount) -> bool:
    measure = counted.measure_after(text, amount.last.end)
    return measure is not None and measure.unit in words("numbers", "kinds", "time")


_CURRENCY = compile_bounded(
    r"(?P<code>(?<!\w)(?:US|HK|NZ|[ACS])?\$|[£€¥₹₽₺₪₩₦]|(?<!\w)(?:USD|EUR|GBP|CHF|Rs\.?))\s?$"
)


def _currency(sign: re.Match[str] | None) -> str:
    unit: str = table("numbers")["currencies"].get(sign["code"].rstrip("."), "$") if sign else ""
    return unit


def _counted(text: str, start: int, amount: _Amount, currency: str, before: Sequence[Quantity]) -> Counted:
    end = past_qualifier(text, amount.last.end)
    if currency:
        return Counted(end, currency, counted.purpose_after(text, end))
    if amount.share:
        return Counted(end, "%", counted.share_of(text, end) or _ratio_of(text, amount))
    measured = counted.measure_after(text, end)
    if measured:
        return measured
    if counted.fate_after(text, end) and counted.counts_people(text, start, end):
        return Counted(end, "people", f"people {counted.fate_after(text, end)}")
    return counted.noun_after(text, end, single=amount.high == 1) or _elliptic(text, start, end, before)


def _ratio_of(text: str, amount: _Amount) -> str:
    """Return what "one truck in three" is a share of."""
    between = re.match(r"\s+(\w+)\s+(?:in|out)\b", text[amount.first.end : amount.last.start])
    return (
        counted.plural(between[1])
        if between and amount.form == "ratio" and between[1] not in ("in", "out", "of")
        else ""
    )


def _elliptic(text: str, start: int, end: int, before: Sequence[Quantity]) -> Counted:
    """Name what is counted where no noun follows: "put the toll at 19", "four of them children"."""
    group = _OF_THEM.match(text, end, end + 60)
    if group and group["noun"] and counted.is_plural(group["noun"]):
        return Counted(group.end(), group["noun"].lower(), group["noun"])
    if counted.counts_people(text, start, end):
        return Counted(end, "people", "people")
    nouns = (q for q in reversed(before[-4:]) if q.unit and q.unit not in _symbols())
    carried = next(nouns, None)
    if carried is None or start - carried.end > 250 or re.search(r"\n\s*\n", text[carried.end : start]):
        return Counted(end, "", counted.matter_after(text, end))
    matter = counted.matter_after(text, end) or counted.fate_after(text, end)
    return Counted(end, carried.unit, f"{carried.unit} {matter}".strip() if matter else carried.of)


_OF_THEM = compile_bounded(r"\s+of\s+(?:them|whom|which)(?:\s+(?P<noun>[^\W\d_]+))?")


def _fate(text: str, quantity: Quantity, before: Sequence[Quantity]) -> str:
    """Return the verb before a figure, or before the list it stands in: "destroyed two guns, two mortars"."""
    fates = words("numbers", "nouns", "fates")
    if any(word in fates for word in quantity.of.split()):
        return ""
    fate = counted.fate_before(text, quantity.start)
    if fate or not before or not _LISTED.fullmatch(text, before[-1].end, quantity.start):
        return fate
    last = before[-1].of.rpartition(" ")[2]
    return last if last in fates else ""


_LISTED = compile_bounded(r",?\s+(?:and\s+)?")


def _subject(text: str, start: int) -> str:
    """Return what a figure is said of where nothing follows it: "annual sales of", "put the toll at"."""
    clause = re.split(r"[.,;:!?()\"“”\n]", text[max(0, start - 70) : start])[-1]
    match = _SUBJECT.search(re.sub(r"\b(?:last|this|next)\s+(?:week|month|year)\b", "", clause))
    if not match:
        return ""
    stops = words("numbers", "nouns", "stops")
    kept: list[str] = []
    for word in match[1].split():
        kept = [] if word.lower() in stops else [*kept, word]
    return " ".join(kept[-2:])


_SUBJECT = compile_bounded(
    r"((?:[^\W\d_][\w'’-]*\s+){1,4})"
    r"(?:of|at|to|by|was|were|is|are|reached|hit|totalled|totaled|cost|costs|worth)\s+$"
)


def _converts(text: str, previous: Quantity, quantity: Quantity) -> bool:
    """Tell whether a figure repeats the one before in another unit: "2 miles (3.2 km)"."""
    gap, after = text[previous.end : quantity.start], text[quantity.end : quantity.end + 1]
    bracketed = re.fullmatch(r"\s?[(\[]\s?(?:or\s+)?", gap) and after in (")", "]", ";", ",")
    spelled = re.fullmatch(r",?\s+or\s+", gap) and previous.unit != quantity.unit
    kinds: Iterable[list[str]] = table("numbers")["kinds"].values()
    return bool(bracketed or spelled) and any(previous.unit in k and quantity.unit in k for k in kinds)
