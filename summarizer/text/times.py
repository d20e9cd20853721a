"""Time expressions of events, and the days they name where the text fixes them."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
_FULL_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
_SHORT_WEEKDAY = r"(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?"
_DAY_NUMBER = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?\b"
_YEAR = r"(?:1[5-9]|20)[0-9]{2}\b"
_RANGE = r"\s?(?:-|–|—|to|and|or)\s?"
_NUMBER = (
    r"(?:[0-9]+(?:\.[0-9]+)?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[-\s](?:one|two|three|four|five|six|seven|eight|nine)\b)?"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|an?|several|a\s+few|a\s+couple\s+of|many|some|few|a\s+dozen|dozens\s+of|hundreds\s+of)\b"
)
_UNIT = r"(?:second|minute|hour|day|night|morning|evening|week|weekend|fortnight|month|quarter|year|summer|winter|season|decade|century|centurie|generation)s?\b"
_SPELL = r"(?:spring|summer|autumn|winter)\b"
_PART = r"(?:morning|afternoon|evening|night|lunchtime|midnight|noon)s?\b"
_AMOUNT = rf"{_NUMBER}(?:\s+(?:or|to)\s+{_NUMBER})?(?:\s+and\s+a\s+half)?[\s-]+(?:more\s+)?{_UNIT}"
_CLOCK = (
    r"(?:[0-9]{1,2}(?:[:.][0-9]{2})?\s?(?:[ap]\.m\.|[ap]m\b)|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b|[0-9]{4}\s?(?=GMT|UTC|hours|hrs|local)"
    r"|[0-9]{1,2}\.[0-9]{2}(?=\s?(?:GMT|UTC|BST|CET|EST|local))|(?:[0-9]{1,2}|[a-z]{3,6})\s+o['’]clock\b|noon\b|midnight\b)(?:\s+(?:GMT|UTC|BST|CET|EST|EDT|local\s+time))?"
)
_DATE = (
    rf"(?:(?:{_WEEKDAY}|{_SHORT_WEEKDAY}),?\s+(?:the\s+)?)?(?:"
    rf"{_MONTH}\s+{_DAY_NUMBER}(?:{_RANGE}(?:{_MONTH}\s+)?{_DAY_NUMBER})?(?:,?\s+{_YEAR})?"
    rf"|{_DAY_NUMBER}(?:\s+{_MONTH})?(?:{_RANGE}{_DAY_NUMBER})?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?"
    rf"|{_MONTH},?\s+(?:of\s+)?{_YEAR}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}\b|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\b|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}\b)"
)
_NAMED_DAY = rf"(?:{_WEEKDAY}(?:\s+{_PART})?|(?:yesterday|tomorrow)\b(?:\s+{_PART})?|today\b|tonight\b|overnight\b|(?:this|that|the\s+same|the\s+following|the\s+next|the\s+previous)\s+{_PART}|last\s+night\b|the\s+day\s+(?:before|after)(?:\s+(?:yesterday|tomorrow)\b)?)"
_NEAR = rf"(?:(?:last|next|this|that|the\s+(?:past|last|next|same|following|previous|coming|preceding))\s+(?:(?:few|several|couple\s+of|{_NUMBER})\s+)?(?:{_UNIT}|{_WEEKDAY}(?:\s+{_PART})?|{_FULL_MONTH}|{_SPELL}))"
_END = r"(?:the\s+)?(?:beginning|start|middle|end|turn|close|eve|morning|afternoon|evening|night|early\s+hours|small\s+hours|first\s+half|second\s+half|rest|day)\s+of\s+"
_DAWN = r"(?:dawn|dusk|daybreak|sunrise|sunset|nightfall|noon|midday|midnight|lunchtime)\b"
_EARLY = r"(?:(?:late|early|earlier|later|mid|shortly|just|some\s+time|sometime)[\s-]+(?:on\s+|in\s+)?)?"
_ON = r"(?:(?:on|in|at|by|since|until|till|from|before|after|during|through|throughout|around|about|over|within|as\s+of|as\s+early\s+as|for|up\s+to|between|starting|beginning|late|early|mid|earlier|later)\s+)*(?:the\s+)?"


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words that say when something happened: ``text[start:end]`` of what was read, preposition included."""

    start: int
    end: int
    text: str


def find(text: str) -> tuple[TimeExpression, ...]:
    """Return the time expressions of a text in reading order, each as long as it goes; they do not overlap."""
    return tuple(TimeExpression(start, end, text[start:end]) for start, end in _joined(text, _atoms(text)))


def resolve(words: str, published: date | None = None) -> tuple[date | None, date | None]:
    """Return the first and last day a time expression names; None on a side that nothing fixes.

    A year in the words fixes them; else weekdays, days and months are read against ``published``, as the latest such day
    on or before it unless the words look ahead. "Since" fixes the start only, "until" and "by" the end only.

    Args:
        words: Such as "on October 31", "since 2014", "late on Friday night".
        published: The day of the telling, where known.
    """
    spans = _days(words, published)
    if not spans:
        return None, None
    first, last = spans[0][0], spans[-1][1]
    if re.search(r"\bsince\b|\b(?:starting|beginning|as\s+of)\b|\bonwards?\b", words, re.IGNORECASE):
        return first, None
    if re.search(r"\b(?:until|till|by|up\s+to)\b", words, re.IGNORECASE):
        return None, last
    if len(spans) > 1 and not re.search(r"(?:-|–|—|\bto\b|\band\b|\bthrough\b)", words):
        return (first, last) if first <= last and spans[0] == spans[-1] else (None, None)
    if re.search(rf"\b(?:before|after|within)\s+(?:the\s+)?(?!{_DAWN})", words, re.IGNORECASE) and not re.search(rf"\b(?:before|after)\s+{_DAWN}", words, re.IGNORECASE):
        return None, None
    return (first, last) if first <= last else (None, None)


def is_duration(words: str) -> bool:
    """Tell whether a time expression is a length of time ("within 48 hours", "for 17 days") rather than a point in it."""
    return bool(re.fullmatch(rf"(?:for|within|in|during|over)?\s*(?:(?:about|some|at\s+least|more\s+than|up\s+to|under|over|nearly|almost)\s+)*{_AMOUNT}", words, re.IGNORECASE))


def is_calendar_word(word: str) -> bool:
    """Tell whether a word is the name of a month or weekday, in full or shortened."""
    return bool(_calendar_word().fullmatch(word))


@cache
def _calendar_word() -> re.Pattern[str]:
    return re.compile(rf"{_MONTH}|{_WEEKDAY}|{_SHORT_WEEKDAY}", re.IGNORECASE)


# Finding.


def _atoms(text: str) -> Iterator[tuple[int, int]]:
    for match in _expression().finditer(text):
        yield match.span()


@cache
def _expression() -> re.Pattern[str]:
    month_or_year = rf"(?:{_FULL_MONTH}(?:{_RANGE}{_FULL_MONTH})?(?:\s+{_YEAR})?|{_YEAR}(?:\s?[-–]\s?(?:{_YEAR}|[0-9]{{2}}\b)|\s+(?:and|to)\s+{_YEAR})?|the\s+(?:early\s+|late\s+|mid-)?(?:1[5-9]|20)[0-9]0s\b)"
    lead = r"(?:in|since|until|till|by|before|after|from|during|throughout|around|between|of|to|late|early|mid|last|next|through)"
    patterns = (
        rf"{_ON}(?:{_END})?(?:{_NEAR}|{_NAMED_DAY})(?:\s+(?:week|month|year)\b)?",
        rf"{_ON}(?:{_END})?{_DATE}",
        rf"{_ON}(?:{_END})?{lead}[\s-]+(?:(?:late|early|mid)[\s-]+)?{month_or_year}",
        rf"{_ON}{_END}(?:the\s+{_UNIT}|{month_or_year})",
        rf"(?:at|by|before|after|around|about|until|from|since|just\s+before|just\s+after|shortly\s+before|shortly\s+after)\s+(?:(?:about|around|just)\s+)?(?:{_DAWN}|{_CLOCK})",
        rf"{_CLOCK}(?=\s+(?:on|GMT|UTC|local)|,?\s+{_WEEKDAY})|[0-9]{{1,2}}(?:[:.][0-9]{{2}})?\s?(?:[ap]\.m\.|[ap]m\b)|[0-9]{{1,2}}:[0-9]{{2}}\b",
        rf"(?:(?:about|some|around|just|over|more\s+than|nearly|almost|less\s+than|only)\s+)*{_AMOUNT}\s+(?:ago|earlier|later|before|afterwards?|after|on|hence|from\s+now|from\s+today)\b",
        rf"(?:within|in|over|during)\s+(?:the\s+)?(?:(?:past|last|next|coming|previous|recent|following)\s+)(?:(?:few|several|couple\s+of|{_NUMBER})\s+)?{_UNIT}",
        rf"within\s+(?:the\s+)?(?:{_AMOUNT}|{_UNIT})|in\s+(?:recent|coming)\s+{_UNIT}",
        r"for\s+(?:the\s+)?(?:months|years|weeks|days|hours|decades|centuries|some\s+time|several\s+\w+s|many\s+\w+s|most\s+of\s+the\s+\w+)\b",
        rf"{_UNIT}\s+(?:ago|earlier|later)\b",
        rf"(?:in|during|by|until|since|before|throughout)\s+(?:the\s+)?(?:(?:early|late|last|next)\s+)?{_SPELL}(?:\s+of)?(?:\s+{_YEAR})?",
        r"at\s+(?:the|that|this)\s+(?:time|moment)\b|(?:the|that)\s+same\s+day\b|at\s+(?:night|dawn|dusk)\b|overnight\b|(?:over|at)\s+the\s+weekend\b",
    )
    flags = "(?i:{})"
    body = "|".join(patterns)
    del flags
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w])")


def _joined(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join neighbours: "before dawn" + "on Tuesday"."""
    held: tuple[int, int] | None = None
    for span in spans:
        if held and re.fullmatch(r",?\s{1,3}(?:of\s+)?", text[held[1] : span[0]]) and "\n\n" not in text[held[1] : span[0]]:
            held = (held[0], span[1])
            continue
        if held:
            yield held
        held = span
    if held:
        yield held


# Resolving.


@cache
def _anchor() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<iso>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"
        rf"|(?P<md_month>{_MONTH})\s+(?P<md_day>{_DAY_NUMBER})(?:{_RANGE}(?P<md_to>{_DAY_NUMBER})(?!\s*{_MONTH}))?(?:,?\s+(?P<md_year>{_YEAR}))?"
        rf"|(?P<dm_day>{_DAY_NUMBER})(?:{_RANGE}(?P<dm_to>{_DAY_NUMBER}))?\s+(?:of\s+)?(?P<dm_month>{_MONTH})(?:,?\s+(?P<dm_year>{_YEAR}))?"
        rf"|(?P<my_month>{_MONTH}),?\s+(?:of\s+)?(?P<my_year>{_YEAR})"
        rf"|(?P<month>{_FULL_MONTH})"
        r"|(?P<decade>\b(?:1[5-9]|20)[0-9]0)s\b"
        rf"|(?P<year>\b{_YEAR})"
        rf"|(?P<weekday>{_WEEKDAY})"
        r"|(?P<day>\b(?:yesterday|today|tonight|tomorrow|last\s+night|this\s+(?:morning|afternoon|evening))\b)"
        rf"|(?P<days>\b{_NUMBER})\s+days?\s+ago\b"
        r"|(?P<near>\b(?:last|this|next)\s+month\b)",
        re.IGNORECASE,
    )


def _days(words: str, published: date | None) -> list[tuple[date, date]]:
    """Return the days each anchor in the words names; a weekday beside a date adds nothing."""
    matches = list(_anchor().finditer(words))
    dated = [m for m in matches if m.lastgroup != "weekday"] if any(m["md_month"] or m["dm_month"] or m["iso"] for m in matches) else matches
    spans = [_span(m, words, published) for m in dated]
    return [s for s in spans if s] if all(spans) else []


def _span(match: re.Match[str], words: str, published: date | None) -> tuple[date, date] | None:
    try:
        return _absolute(match, words) or (_relative(match, words, published) if published else None)
    except (ValueError, OverflowError):  # 31 February, year 9999
        return None


def _absolute(match: re.Match[str], words: str) -> tuple[date, date] | None:
    if match["iso"]:
        day = date.fromisoformat(match["iso"])
        return day, day
    year = match["md_year"] or match["dm_year"] or (_later_year(words, match.end()) if match["md_month"] or match["dm_month"] or match["month"] else None)
    if year and (match["md_month"] or match["dm_month"]):
        return _date_in(match, int(year))
    if match["my_month"]:
        return _month(int(match["my_year"]), _month_number(match["my_month"]))
    if match["month"] and year:
        return _month(int(year), _month_number(match["month"]))
    if match["decade"]:
        return date(int(match["decade"]), 1, 1), date(int(match["decade"]) + 9, 12, 31)
    if match["year"]:
        return date(int(match["year"]), 1, 1), date(int(match["year"]), 12, 31)
    return None


def _later_year(words: str, end: int) -> str | None:
    """Return the year at the end of "from March 3 to March 9, 2024", which dates both."""
    match = re.search(rf"(?:-|–|\bto\b|\band\b|\bthrough\b|\buntil\b).*?({_YEAR})", words[end:])
    return match[1] if match else None


def _date_in(match: re.Match[str], year: int) -> tuple[date, date]:
    month = _month_number(match["md_month"] or match["dm_month"])
    first = _number(match["md_day"] or match["dm_day"])
    last = _number(match["md_to"] or match["dm_to"] or str(first))
    return date(year, month, first), date(year, month, last)


def _relative(match: re.Match[str], words: str, published: date) -> tuple[date, date] | None:
    ahead = bool(re.search(r"\b(?:next|coming|until|till|by|before|tomorrow)\b", words, re.IGNORECASE))
    if match["md_month"] or match["dm_month"]:
        return _nearest_year(lambda year: _date_in(match, year), published, ahead=ahead)
    if match["month"]:
        month = _month_number(match["month"])
        return _nearest_year(lambda year: _month(year, month), published, ahead=ahead)
    if match["weekday"]:
        day = _weekday(match["weekday"], words, published, ahead=ahead)
        return day, day
    if match["near"]:
        return _near_month(match["near"], published)
    return _near_day(match, published)


def _nearest_year(of_year: Callable[[int], tuple[date, date]], published: date, *, ahead: bool) -> tuple[date, date]:
    """Return the latest such days that began by ``published``; looking ahead, the first that have not ended."""
    days = of_year(published.year)
    if ahead and days[1] < published:
        return of_year(published.year + 1)
    if not ahead and days[0] > published:
        return of_year(published.year - 1)
    return days


def _weekday(name: str, words: str, published: date, *, ahead: bool) -> date:
    wanted = _DAYS.index(name.lower())
    if ahead:
        step = (wanted - published.weekday()) % 7
        return published + timedelta(days=step or (7 if re.search(r"\bnext\b", words, re.IGNORECASE) else 0))
    step = (published.weekday() - wanted) % 7
    return published - timedelta(days=step or (7 if re.search(r"\blast\b", words, re.IGNORECASE) else 0))


def _near_month(words: str, published: date) -> tuple[date, date]:
    shift = {"last": -1, "this": 0, "next": 1}[words.split()[0].lower()]
    index = published.year * 12 + published.month - 1 + shift
    return _month(index // 12, index % 12 + 1)


def _near_day(match: re.Match[str], published: date) -> tuple[date, date] | None:
    if match["days"]:
        from summarizer.text import numerals

        counted = [n.value for n in numerals.scan(match["days"])] or ([1.0] if match["days"].lower() in ("a", "an") else [])
        back = int(counted[0]) if counted else None
        day = None if back is None else published - timedelta(days=back)
    else:
        shift = {"yesterday": -1, "tomorrow": 1, "last night": -1}.get(re.sub(r"\s+", " ", (match["day"] or "").lower()), 0)
        day = published + timedelta(days=shift) if match["day"] else None
    return None if day is None else (day, day)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _month_number(word: str) -> int:
    return next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(word.lower().rstrip(".")[:3]))


def _number(word: str) -> int:
    return int(re.sub(r"\D", "", word))
