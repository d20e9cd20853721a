"""Every number written in a text, in digits or in words, with its value and place."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from summarizer.text.lexicons import REMEMBERED, table
from summarizer.text.patterns import any_of, compile_bounded

NumeralKind = Literal["cardinal", "ordinal", "share"]

CURRENCY_SIGNS = "$£€¥₹₽₺₪₩₦"

_DIGIT_LIMIT = 18  # a longer run of digits is an identifier
_VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as written: ``text[start:end]``.

    Attributes:
        value: What it says: "4.7 million" is 4700000, "a dozen" 12; a share is in per cent to one decimal
            ("a third" is 33.3).
        kind: ``cardinal``, ``ordinal`` ("third", "3rd") or ``share`` ("a third", "half of").
    """

    start: int
    end: int
    value: float
    kind: NumeralKind


@lru_cache(maxsize=REMEMBERED)
def scan(text: str) -> tuple[Numeral, ...]:
    """Return every numeral of a text in reading order; they do not overlap."""
    found = (_numeral(text, match) for match in _pattern().finditer(text))
    return tuple(n for n in found if n is not None)


@cache
def _pattern() -> re.Pattern[str]:
    tables = table("numbers")
    units = any_of([w for w, v in tables["words"].items() if v < 10])
    tens = any_of([w for w, v in tables["words"].items() if v >= 20])
    teens = any_of([w for w, v in tables["words"].items() if 10 <= v < 20])
    scales = any_of(tables["scales"])
    above = any_of([w for w in tables["scales"] if w != "hundred"])
    small = rf"(?:{tens}(?:[-‐‑\s]{units}\b)?|{teens}|{units})\b"
    group = rf"(?:(?:{small}|a)[\s-]+hundred(?:\s+and\s+{small}(?![\s-]+hundred))?\b|{small})"
    digits = r"(?:[0-9]{1,3}(?:[,\xa0\u2009\u202f][0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?[½¼¾⅓⅔]?|[½¼¾⅓⅔]"
    ordinals = any_of(tables["ordinals"])
    parts = any_of(tables["parts"])
    halved = any_of(
        (
            "hour",
            "mile",
            "kilomet",
            "day",
            "year",
            "century",
            "decade",
            "month",
            "minute",
            "second",
            "tonne",
            "acre",
            "percent",
            "per cent",
        )
    )
    # What every branch begins with, looked at once: most places in a text are none of it.
    spoken = {w[0] for w in (*tables["words"], *tables["ordinals"], "a", "half", "quarter")}
    return compile_bounded(
        rf"""
        (?<!\w)(?=[0-9½¼¾⅓⅔{"".join(sorted(spoken))}])(?:
        (?P<mixed>(?<![\w.])(?:[0-9]+|{small})\s+and\s+
            (?:a\s+(?P<mixed_part>half|quarter|third)|three[\s-](?P<mixed_quarters>quarters))\b
            (?:\s+(?P<mixed_scale>{scales})\b)?)
        | (?P<half_scale>\b(?:half|(?P<quarter>(?:a\s+)?quarter\s+of))[\s-]an?\s+(?P<half_of>{scales})\b)
        | (?P<single>(?<![\w-])(?<!not\s)a\s+single\b(?=\s+[a-z]))
        | (?P<half_unit>\bhalf\s+an?(?=\s+{halved}))
        | (?P<share>(?<![\w-])(?P<numerator>an?|{units}|[0-9])[\s-](?P<part>{parts})\b)
        | (?P<half>(?<![\w-])half\b(?!-))
        | (?P<ordinal_digits>(?<![\w])(?<![0-9][.,])[0-9]+(?=(?:st|nd|rd|th)\b)(?:st|nd|rd|th))
        | (?P<digits>(?<![\w½¼¾⅓⅔])(?<![0-9][.,])(?P<figure>{digits})(?![0-9])
            (?:(?P<suffix>\s?{any_of(tables["suffixes"])}\b|m\b)
            |(?:[\s-]*(?P<scale>{scales})\b(?:\s+(?P<scale_twice>{above})\b)?)?))
        | (?P<ordinal>(?<![\w-])(?:{tens}[-\s])?{ordinals}\b)
        | (?P<words>(?<![\w-])(?:{group}|a(?=[\s-]+{scales}\b))
            (?:[\s-]+{scales}\b(?:\s+(?:and\s+)?{group}(?=\s|\W|$))?)*)
        )""",
        re.IGNORECASE | re.VERBOSE,
    )


def _numeral(text: str, match: re.Match[str]) -> Numeral | None:
    return next(read for name, read in _READERS.items() if match[name] is not None)(text, match)


def _mixed(text: str, match: re.Match[str]) -> Numeral | None:
    del text
    words = match["mixed"].split()
    part = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}.get((match["mixed_part"] or "").lower(), 0.75)
    whole = float(words[0]) if words[0].isdigit() else _spoken(words[0])
    scale = table("numbers")["scales"].get((match["mixed_scale"] or "").lower(), 1)
    return _cardinal(match, (whole + part) * scale)


def _half_scale(text: str, match: re.Match[str]) -> Numeral | None:
    del text
    return _cardinal(
        match, (0.25 if match["quarter"] else 0.5) * table("numbers")["scales"][match["half_of"].lower()]
    )


def _half_unit(text: str, match: re.Match[str]) -> Numeral | None:
    del text
    return _cardinal(match, 0.5)


def _single(text: str, match: re.Match[str]) -> Numeral | None:
    del text
    return _cardinal(match, 1.0)


def _share(text: str, match: re.Match[str]) -> Numeral | None:
    top, part = match["numerator"].lower(), match["part"].lower()
    count = 1.0 if top in ("a", "an") else float(top) if top.isdigit() else _spoken(top)
    if count > 1 and not part.endswith("s"):  # "two third parties", "one second"
        return None
    if count == 1 and not _is_fraction(text, match, part):
        return Numeral(match.start("part"), match.end(), table("numbers")["parts"][part], "ordinal")
    if of := _OF_A_MEASURE.match(text, match.end()):  # "a quarter of a percentage point" is .25 of one
        value = round(count / table("numbers")["parts"][part], 6)
        return Numeral(match.start(), of.end(), value, "cardinal")
    return Numeral(*match.span(), round(100 * count / table("numbers")["parts"][part], 1), "share")


_OF_A_MEASURE = compile_bounded(
    r"\s+of\s+an?(?=\s+(?:percentage\s+point|point|second|minute|hour|mile|kilomet|met(?:re|er)|inch|degree|tonne|ton|acre"
    r"|lit(?:re|er)|pint|cent|century|gram)s?\b)"
)


def _is_fraction(text: str, match: re.Match[str], part: str) -> bool:
    if part == "half" or text[match.end("numerator")] == "-":
        return True
    after, before = (
        text[match.end() : match.end() + 8],
        text[max(0, match.start() - 14) : match.start()].lower(),
    )
    return bool(
        re.match(r"\s+of\b", after)
        or re.search(r"(?:than|nearly|almost|about|over|roughly|around|by|under|up|down)\s+$", before)
    )


def _half(text: str, match: re.Match[str]) -> Numeral | None:
    after, before = (
        text[match.end() : match.end() + 8],
        text[max(0, match.start() - 14) : match.start()].lower(),
    )
    counted = re.match(r"\s+(?:of|the|its|their|his|her|our|my|all|those|these)\b", after)
    qualified = re.search(r"(?:than|nearly|almost|about|over|roughly|around|by|least|under|to)\s+$", before)
    ordinal = re.search(r"(?:first|second|latter|other|former|final)\s+$", before)
    return Numeral(*match.span(), 50.0, "share") if (counted or qualified) and not ordinal else None


def _ordinal_digits(text: str, match: re.Match[str]) -> Numeral | None:
    del text
    digits = match["ordinal_digits"][:-2]
    return Numeral(*match.span(), float(digits), "ordinal") if len(digits) <= _DIGIT_LIMIT else None


def _digits(text: str, match: re.Match[str]) -> Numeral | None:
    figure = re.sub(r"[,\s]", "", match["figure"])
    if len(figure) > _DIGIT_LIMIT:
        return None
    vulgar = _VULGAR.get(figure[-1], 0.0)
    value = float((figure[:-1] or "0") if vulgar else figure) + vulgar
    suffix = (match["suffix"] or "").strip().lower()
    if suffix == "m":
        return _with_m(text, match, value)
    tables = table("numbers")
    for factor in (
        tables["suffixes"].get(suffix),
        *(tables["scales"].get((match[g] or "").lower()) for g in ("scale", "scale_twice")),
    ):
        value *= factor or 1
    return _cardinal(match, value)


def _with_m(text: str, match: re.Match[str], value: float) -> Numeral:
    """Read "300m": millions beside a currency sign or before people, else the number of metres."""
    money = any(sign in text[max(0, match.start() - 10) : match.start()] for sign in CURRENCY_SIGNS)
    if money or re.match(
        r"\s+(?:people|children|dollars|euros|pounds|barrels)\b", text[match.end() : match.end() + 12]
    ):
        return _cardinal(match, value * 1_000_000)
    return Numeral(match.start(), match.end("figure"), value, "cardinal")


def _ordinal(text: str, match: re.Match[str]) -> Numeral | None:
    del text
    words = re.split(r"[-\s]+", match["ordinal"].lower())
    tables = table("numbers")
    return Numeral(
        *match.span(),
        sum(tables["words"].get(w, 0) for w in words[:-1]) + tables["ordinals"][words[-1]],
        "ordinal",
    )


def _words(text: str, match: re.Match[str]) -> Numeral | None:
    del text
    return _cardinal(match, _spoken(match["words"]))


def _spoken(words: str) -> float:
    tables, total, current = table("numbers"), 0.0, 0.0
    for word in re.split(r"[-‐‑\s]+", words.lower()):
        if word in tables["words"]:
            current += tables["words"][word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in tables["scales"]:
            total, current = total + (current or 1) * tables["scales"][word], 0.0
    return total + current


def _cardinal(match: re.Match[str], value: float) -> Numeral:
    return Numeral(*match.span(), round(value, 6), "cardinal")


_READERS: dict[str, Callable[[str, re.Match[str]], Numeral | None]] = {
    "mixed": _mixed,
    "half_scale": _half_scale,
    "half_unit": _half_unit,
    "single": _single,
    "share": _share,
    "half": _half,
    "ordinal_digits": _ordinal_digits,
    "digits": _digits,
    "ordinal": _ordinal,
    "words": _words,
}
