"""Time expressions of events, and the days they name where the text fixes them."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from summarizer.text import numerals
from summarizer.text.lexicons import REMEMBERED
from summarizer.text.patterns import compile_bounded


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words that say when something happened: ``text[start:end]`` of what was read, preposition included."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=REMEMBERED)
def find(text: str) -> tuple[TimeExpression, ...]:
    """Return the time expressions of a text in reading order; each as long as it goes."""
    spans = _joined(text, (m.span() for m in _expression().finditer(text)))
    trimmed = ((_own_start(text, *span), span[1]) for span in spans)
    return tuple(TimeExpression(start, end, text[start:end]) for start, end in trimmed)


def resolve(words: str, published: date | None = None) -> tuple[date | None, date | None]:
    """Return the first and last day a time expression names; None on a side that nothing fixes.

    A year in the words fixes them; else weekdays, days and months are read against ``published``, as the
    latest such day on or before it unless the words look ahead. "Since" fixes the start only, "until" and
    "by" the end only.

    Args:
        words: Such as "on October 31", "since 2014", "late on Friday night".
        published: The day of the telling, where known.
    """
    words = words[:_LONGEST]
    spans, lead = _days(words, published)
    if (
        not spans
        or _VAGUE.search(words)
        or re.search(r"\b(?:before|after)\s+(?:the\s+)?$", lead, re.IGNORECASE)
    ):
        return None, None
    first, last = spans[0][0], spans[-1][1]
    if len(spans) > 1 and (first > last or not _JOINED_DAYS.search(words)):
        return None, None
    if re.search(r"\b(?:since|onwards?|starting|beginning\s+(?:on|in)|as\s+of)\b", words, re.IGNORECASE):
        return first, None
    if len(spans) == 1 and re.match(r"from\b", words.strip(), re.IGNORECASE):
        return first, None
    if len(spans) == 1 and re.search(r"\b(?:until|till|by|up\s+to)\b", words, re.IGNORECASE):
        return None, last
    return first, last


def is_duration(words: str) -> bool:
    """Tell whether a time expression is a length of time ("within 48 hours") rather than a point in it."""
    return bool(_duration().fullmatch(words))


@lru_cache(maxsize=REMEMBERED)
def is_calendar_word(word: str) -> bool:
    """Tell whether a word is the name of a month or weekday, in full or shortened."""
    return bool(_calendar_word().fullmatch(word))


_LONGEST = 300  # characters of a time expression worth reading

# The grammar. Names of months and weekdays need their capital; every other word may stand in any case.


def _any_case(pattern: str) -> str:
    return f"(?i:{pattern})"


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_FULL_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
_MONTH = rf"(?:{_FULL_MONTH}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
_SHORT_WEEKDAY = r"(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?\b"
_YEAR = r"(?:(?:1[5-9]|20)[0-9]{2}\b(?![.,]?[0-9]|%))"
_DECADE = r"(?:1[5-9]|20)[0-9]0s\b"
_TO = r"\s?(?:-|–|—|to|and|or)\s?"
_COUNT = _any_case(
    r"(?:[0-9]+(?:\.[0-9]+)?"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[-\s](?:one|two|three|four|five|six|seven|eight|nine)\b)?"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen"
    r"|a\s+few|a\s+couple\s+of|a\s+dozen|an?|several|many|some|few|dozens\s+of|hundreds\s+of)\b"
)
_UNIT = _any_case(
    r"(?:second|minute|hour|day|night|morning|evening|week|weekend|fortnight|month|quarter|year|summer"
    r"|winter|season|decade|century|centurie|generation)s?\b"
)
_SEASON = _any_case(r"(?:spring|summer|autumn|winter)\b")
_PART = _any_case(r"(?:morning|afternoon|evening|night|lunchtime)s?\b")
_DAWN = _any_case(r"(?:dawn|dusk|daybreak|sunrise|sunset|nightfall|noon|midday|midnight|lunchtime)\b")
_AMOUNT = _COUNT + _any_case(rf"(?:\s+(?:or|to)\s+{_COUNT})?(?:\s+and\s+a\s+half)?[\s-]+(?:more\s+)?{_UNIT}")
_ZONE = r"(?:\s+(?:GMT|UTC|BST|CET|EST|EDT|(?i:local\s+time)))"
_CLOCK = (
    r"(?:[0-9]{1,2}(?:[:.][0-9]{2})?\s?(?i:[ap]\.m\.|[ap]m\b)|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b"
    rf"|(?<![0-9],)(?<![0-9])[0-9]{{1,2}}\.?[0-9]{{2}}(?={_ZONE}|\s+(?:hours|hrs)\b)"
    rf"|(?i:[0-9]{{1,2}}|[a-z]{{3,6}})\s+o['’]clock\b){_ZONE}?"
)
_DATE = (
    rf"(?:(?:{_WEEKDAY}|{_SHORT_WEEKDAY}),?\s+(?i:the\s+)?)?(?:"
    rf"{_MONTH}\s+{_DAY}(?![:.][0-9])(?:{_TO}(?:{_MONTH}\s+)?{_DAY}(?![:.][0-9]))?(?:,?\s+{_YEAR})?"
    rf"|{_DAY}(?:\s+{_MONTH})?(?:{_TO}{_DAY})?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?"
    rf"|{_MONTH},?\s+(?:of\s+)?{_YEAR}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}\b|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\b|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}\b)"
)
_NAMED_DAY = (
    rf"(?:{_WEEKDAY}(?:\s+{_PART})?|"
    + _any_case(
        rf"(?:yesterday|tomorrow)\b(?:\s+{_PART})?|today\b|tonight\b|last\s+night\b"
        r"|the\s+day\s+(?:before\s+yesterday|after\s+tomorrow)\b"
        rf"|(?:this|that|the\s+same|the\s+following|the\s+next|the\s+previous)\s+{_PART}"
    )
    + ")"
)
# "To last seven weeks" and "in his last month" are no such thing.
_NEAR = _any_case(
    rf"(?:(?<!\bto\s)(?<!will\s)(?<!uld\s)(?:last|next|this|(?<=at\s)that"
    r"|(?<=he\s)(?:past|same|following|previous|coming|preceding|recent))\s+"
    rf"(?:(?:few|several|couple\s+of|{_COUNT})\s+)?(?:{_UNIT}|{_SEASON})"
    rf"|(?:last|next|this)\s+(?-i:{_WEEKDAY}(?:\s+{_PART})?|{_FULL_MONTH}))"
)
_SPAN_OF_YEARS = (
    rf"(?:{_FULL_MONTH}(?:{_TO}{_FULL_MONTH})?(?:\s+{_YEAR})?"
    rf"|{_YEAR}(?:\s?[-–]\s?(?:{_YEAR}|[0-9]{{2}}\b)|\s+(?:and|to)\s+{_YEAR})?"
    rf"|(?i:the\s+)?(?i:early\s+|late\s+|mid-)?{_DECADE})"
)
_PREPOSITION = _any_case(
    r"(?:on|in|at|by|since|until|till|from|before|after|during|through|throughout|around|over|within"
    r"|as\s+of|between|about|starting|beginning)\b"
)
_AT = _any_case(r"(?:at|by|before|after|around|about|until|from|since)\b")
_DEGREE = _any_case(
    r"(?:late|early|earlier|later|mid|shortly|just"
    r"|as\s+early\s+as|as\s+late\s+as|as\s+recently\s+as|some\s?time)\b"
)
_LEAD = rf"(?:{_DEGREE}\s+)?(?:{_PREPOSITION}\s+)?(?:{_DEGREE}[\s-]+)?(?i:the\s+)?(?:{_DEGREE}[\s-]+)?"
_END_OF = _any_case(
    r"(?:beginning|start|middle|end|turn|close|eve|morning|afternoon|evening|night|early\s+hours|small\s+hours"
    r"|first\s+half|second\s+half|rest|day)\s+of\s+"
)
_ABOUT = _any_case(
    r"(?:(?:about|some|around|just|over|more\s+than|nearly|almost|less\s+than"
    r"|at\s+least|only|under|up\s+to)\s+){0,3}"
)
# A bare month or year is a time only after a word like these: "March" walks and "may" permits.
_NEEDED = _any_case(
    r"(?:in|since|until|till|by|before|after|from|during|throughout|around|between|of|to"
    r"|late|early|mid|through)"
)


_WITHIN_PARAGRAPH = r"(?:[^\S\n]{1,4}(?:\n[^\S\n]{0,8})?|\n[^\S\n]{0,8})"  # white space, but no blank line


@cache
def _expression() -> re.Pattern[str]:
    patterns = (
        rf"{_LEAD}(?:{_END_OF})?(?i:the\s+)?(?:{_NEAR}|{_NAMED_DAY})",
        rf"{_LEAD}(?:{_END_OF})?{_DATE}",
        rf"{_LEAD}{_END_OF}(?:(?i:the|this|that|last|next)\s+{_UNIT}|{_SPAN_OF_YEARS})",
        rf"(?:{_DEGREE}\s+)?{_NEEDED}[\s-]+(?:{_DEGREE}[\s-]+)?{_SPAN_OF_YEARS}",
        rf"(?:{_DEGREE}\s+)?{_AT}\s+(?i:(?:about|around|just)\s+)?(?:{_DAWN}|{_CLOCK})",
        rf"{_CLOCK}",
        _ABOUT + _AMOUNT + _any_case(r"\s+(?:ago|earlier|later|afterwards?|hence|from\s+(?:now|today))\b"),
        _ABOUT + _AMOUNT + _any_case(r"\s+(?:before|after)\b(?:\s+(?:his|her|its|their)\s+[a-z]+)?"),
        _any_case(rf"within\s+(?:the\s+)?(?:{_AMOUNT}|{_UNIT})|in\s+(?:recent|coming)\s+{_UNIT}"),
        _any_case(
            r"for\s+(?:(?:the\s+)?(?:months|years|weeks|days|hours|decades|centuries)|some\s+time"
            r"|(?:several|many)\s+[a-z]+s"
            rf"|(?:most|much)\s+of\s+the\s+{_UNIT})\b"
        ),
        _any_case(r"(?:minutes|hours|days|weeks|months|years|decades)\s+(?:ago|earlier|later)\b"),
        _any_case(
            rf"(?:in|during|by|until|since|before|throughout|from)\s+(?:the\s+)?(?:(?:early|late|last|next)\s+)?"
            rf"{_SEASON}(?:\s+(?:of\s+)?{_YEAR})?"
        ),
        _any_case(
            r"at\s+(?:the|that|this)\s+(?:time|moment)\b|(?:on\s+)?(?:the|that)\s+same\s+day\b"
            r"|at\s+night\b|overnight\b|(?:over|at)\s+the\s+weekend\b"
        ),
    )
    return compile_bounded(rf"(?<![\w-])(?:{'|'.join(patterns)})(?!\w)".replace(r"\s+", _WITHIN_PARAGRAPH))


@cache
def _duration() -> re.Pattern[str]:
    return compile_bounded(rf"(?:for|within|in|over)?\s*{_ABOUT}{_AMOUNT}", re.IGNORECASE)


@cache
def _calendar_word() -> re.Pattern[str]:
    return compile_bounded(rf"{_MONTH}|{_WEEKDAY}|{_SHORT_WEEKDAY}", re.IGNORECASE)


def _joined(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join neighbours: "before dawn" + "on Tuesday", "on Tuesday" + ", Oct. 14"."""
    held: tuple[int, int] | None = None
    for span in spans:
        if held and _belong_together(text, held[1], span[0]):
            held = (held[0], span[1])
            continue
        if held:
            yield held
        held = span
    if held:
        yield held


def _own_start(text: str, start: int, end: int) -> int:
    match = _NOT_OF_IT.match(text, start, end)
    return match.end() if match else start


# "The" is part of "the last week", not of "the May 2014 vote"; "at" is not of "at last year's price".
_NOT_OF_IT = compile_bounded(
    rf"(?:[Tt]he\s+(?={_MONTH}|{_WEEKDAY}|{_DAY}\s)|(?i:at|through|about|from)\s+(?=(?i:last|this)\s))?"
)


def _belong_together(text: str, end: int, start: int) -> bool:
    if _SPACE.fullmatch(text, end, start):
        return True
    return bool(_LINK.fullmatch(text, end, start)) and (text[start].isupper() or text[start].isdigit())


_SPACE = compile_bounded(r"[ \t\xa0]{1,2}(?:of )?|[ \t]?\r?\n[ \t]?")
_LINK = compile_bounded(r",\s|\s(?:and|to|or|through)\s|\s?[-–—]\s?")


# Resolving.

_VAGUE = compile_bounded(
    r"\b(?:(?:half|quarter|beginning|start|middle|rest)\s+of\s+(?:the\s+)?[0-9]{4}"
    r"|(?:early|late|mid|spring|summer|autumn|winter)(?:-|\s+)(?:of\s+|in\s+)?(?:the\s+)?[0-9]{4}s?)\b",
    re.IGNORECASE,
)
_JOINED_DAYS = compile_bounded(r"-|–|—|\b(?:to|and|through|until)\b", re.IGNORECASE)


@cache
def _anchor() -> re.Pattern[str]:
    return compile_bounded(
        r"(?P<iso>\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b)"
        rf"|\b(?P<md_month>{_MONTH})\s+(?P<md_day>{_DAY})(?:{_TO}(?P<md_to>{_DAY})(?!\s*{_MONTH}))?"
        rf"(?:,?\s+(?P<md_year>{_YEAR}))?"
        rf"|\b(?P<dm_day>{_DAY})(?:{_TO}(?P<dm_to>{_DAY}))?"
        rf"\s+(?:of\s+)?(?P<dm_month>{_MONTH})(?:,?\s+(?P<dm_year>{_YEAR}))?"
        rf"|\b(?P<my_month>{_MONTH}),?\s+(?:of\s+)?(?P<my_year>{_YEAR})"
        rf"|\b(?P<month>{_FULL_MONTH})"
        r"|\b(?P<decade>(?:1[5-9]|20)[0-9]0)s\b"
        rf"|(?<![\w/.:-])(?P<year>{_YEAR})(?!{_ZONE}|\s+(?:hours|hrs)\b)"
        rf"|\b(?P<weekday>{_WEEKDAY})"
        r"|\b(?P<day>yesterday|today|tonight|tomorrow|last\s+night|this\s+(?:morning|afternoon|evening))\b"
        rf"|\b(?P<days>{_COUNT})\s+days?\s+ago\b"
        r"|\b(?P<near>(?:last|this|next)\s+month)\b",
        re.IGNORECASE,
    )


def _days(words: str, published: date | None) -> tuple[list[tuple[date, date]], str]:
    """Return the days each anchor names (none where one stays open), and the words before the first."""
    matches = list(_anchor().finditer(words))
    if any(
        m["md_month"] or m["dm_month"] or m["iso"] for m in matches
    ):  # a weekday beside a date adds nothing
        matches = [m for m in matches if not m["weekday"]]
    spans = [_span(m, words, published) for m in matches]
    fixed = [s for s in spans if s]
    return (fixed if len(fixed) == len(spans) else []), words[: matches[0].start()] if matches else ""


def _span(match: re.Match[str], words: str, published: date | None) -> tuple[date, date] | None:
    try:
        return _absolute(match, words) or (_relative(match, words, published) if published else None)
    except (ValueError, OverflowError):  # 31 February; a day before the year 1
        return None


def _absolute(match: re.Match[str], words: str) -> tuple[date, date] | None:
    if match["iso"]:
        day = date.fromisoformat(match["iso"])
        return day, day
    if match["my_month"]:
        return _month(int(match["my_year"]), _month_number(match["my_month"]))
    if match["decade"]:
        return date(int(match["decade"]), 1, 1), date(int(match["decade"]) + 9, 12, 31)
    if match["year"]:
        return date(int(match["year"]), 1, 1), date(int(match["year"]), 12, 31)
    year = match["md_year"] or match["dm_year"] or _later_year(words[match.end() :])
    if year is None:
        return None
    return _dated(match, int(year)) if match["md_month"] or match["dm_month"] or match["month"] else None


def _later_year(rest: str) -> str | None:
    """Return the year that "from March 3 to March 9, 2024" gives both its days."""
    match = re.search(
        rf"(?:-|–|\b(?:to|and|through|until)\b)[^0-9]*(?:[0-9]{{1,2}}[^0-9]+)?({_YEAR})", rest[:80]
    )
    return match[1] if match else None


def _dated(match: re.Match[str], year: int) -> tuple[date, date]:
    """Return the days of a date or month in a year."""
    if match["month"]:
        return _month(year, _month_number(match["month"]))
    month = _month_number(match["md_month"] or match["dm_month"])
    first = _number(match["md_day"] or match["dm_day"])
    return date(year, month, first), date(
        year, month, _number(match["md_to"] or match["dm_to"] or str(first))
    )


def _relative(match: re.Match[str], words: str, published: date) -> tuple[date, date] | None:
    ahead = bool(_AHEAD.search(words)) and not re.search(r"\blast\b", words, re.IGNORECASE)
    if match["md_month"] or match["dm_month"] or match["month"]:
        return _nearest(lambda year: _dated(match, year), published, ahead=ahead)
    if match["weekday"]:
        day = _weekday(match["weekday"], words, published, ahead=ahead)
        return day, day
    return _month_near(match["near"], published) if match["near"] else _day_near(match, published)


_AHEAD = compile_bounded(r"\b(?:next|coming|until|till|by|before)\b", re.IGNORECASE)


def _nearest(
    of_year: Callable[[int], tuple[date, date]], published: date, *, ahead: bool
) -> tuple[date, date]:
    """Return the latest such days begun by ``published``; looking ahead, the first not ended."""
    days = of_year(published.year)
    if ahead and days[1] < published:
        return of_year(published.year + 1)
    if not ahead and days[0] > published:
        return of_year(published.year - 1)
    return days


def _weekday(name: str, words: str, published: date, *, ahead: bool) -> date:
    wanted = _WEEKDAYS.index(name.lower())
    if ahead:
        step = (wanted - published.weekday()) % 7
        return published + timedelta(days=step or (7 if re.search(r"\bnext\b", words, re.IGNORECASE) else 0))
    step = (published.weekday() - wanted) % 7
    return published - timedelta(days=step or (7 if re.search(r"\blast\b", words, re.IGNORECASE) else 0))


def _month_near(words: str, published: date) -> tuple[date, date]:
    shift = {"last": -1, "this": 0, "next": 1}[words.split(maxsplit=1)[0].lower()]
    index = published.year * 12 + published.month - 1 + shift
    return _month(index // 12, index % 12 + 1)


def _day_near(match: re.Match[str], published: date) -> tuple[date, date] | None:
    if match["days"]:
        back = _days_back(match["days"])
        if back is None:
            return None
        day = published - timedelta(days=back)
    else:
        words = " ".join(match["day"].lower().split())
        day = published + timedelta(days={"yesterday": -1, "last night": -1, "tomorrow": 1}.get(words, 0))
    return day, day


def _days_back(words: str) -> int | None:
    """Return how many days "two days ago" goes back; None for "several"."""
    if words.lower() in ("a", "an"):
        return 1
    counted = numerals.scan(words)
    return int(counted[0].value) if len(counted) == 1 and counted[0].value.is_integer() else None


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _month_number(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1


def _number(word: str) -> int:
    return int(re.sub(r"\D", "", word))
