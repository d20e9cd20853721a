"""Promises of finding and resolving time expressions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text import times

TUESDAY = date(2024, 3, 5)
PIECES = st.sampled_from(
    [
        "on",
        "in",
        "late",
        "since",
        "until",
        "by the end of",
        "Friday",
        "March",
        "31",
        "2014",
        "May 3",
        "night",
        ",",
        "\n\n",
        "two",
        "weeks",
        "ago",
        "last",
        "the",
        "at 3 p.m.",
        "noon",
        "February 31",
        "next",
        "9999",
        "to",
        "-",
    ]
)
ANY_TEXT = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=20).map(" ".join))


@pytest.mark.parametrize(
    "words",
    [
        "on Tuesday",
        "last week",
        "in March",
        "on October 31",
        "two weeks ago",
        "since 2014",
        "over the last two days",
        "late on Friday night",
        "earlier Wednesday",
        "at 3 p.m.",
        "by the end of the year",
        "within a month",
        "before dawn on Tuesday",
        "at 6:15 p.m. on Saturday",
        "a few days earlier",
        "in the early 1990s",
        "between 2010 and 2014",
        "from Monday to Friday",
        "for months",
    ],
)
def test_a_time_expression_is_found_whole(words: str) -> None:
    """The run found is as long as the expression goes, preposition included."""
    assert [t.text for t in times.find(f"The mill burned {words}.")] == [words]


@pytest.mark.parametrize(
    "text",
    ["The guard may march past.", "It is to last seven weeks.", "It held 2014 sacks.", "He sat in the sun."],
)
def test_words_that_only_look_like_times_are_none(text: str) -> None:
    """Verbs, counts and things are no time expressions."""
    assert times.find(text) == ()


def test_an_expression_does_not_cross_a_blank_line() -> None:
    """What stands in another paragraph is another expression."""
    assert [t.text for t in times.find("It went on after\n\n15:30\n\nMonday")] == ["15:30", "Monday"]


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("on October 31, 2016", date(2016, 10, 31), date(2016, 10, 31)),
        ("on 31 October 2016", date(2016, 10, 31), date(2016, 10, 31)),
        ("on 2016-10-31", date(2016, 10, 31), date(2016, 10, 31)),
        ("in March 2015", date(2015, 3, 1), date(2015, 3, 31)),
        ("in 2015", date(2015, 1, 1), date(2015, 12, 31)),
        ("since 2014", date(2014, 1, 1), None),
        ("until March 2015", None, date(2015, 3, 31)),
        ("from March 3 to March 9, 2024", date(2024, 3, 3), date(2024, 3, 9)),
        ("between 2010 and 2014", date(2010, 1, 1), date(2014, 12, 31)),
        ("on Tuesday", None, None),
        ("on October 31", None, None),
        ("on February 31, 2016", None, None),
    ],
)
def test_a_stated_year_fixes_the_days(words: str, start: date | None, end: date | None) -> None:
    """Without a day of publication only dates with a year are resolved."""
    assert times.resolve(words) == (start, end)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("on Tuesday", TUESDAY, TUESDAY),
        ("earlier Wednesday", date(2024, 2, 28), date(2024, 2, 28)),
        ("late on Friday night", date(2024, 3, 1), date(2024, 3, 1)),
        ("next Tuesday", date(2024, 3, 12), date(2024, 3, 12)),
        ("last Tuesday", date(2024, 2, 27), date(2024, 2, 27)),
        ("yesterday morning", date(2024, 3, 4), date(2024, 3, 4)),
        ("two days ago", date(2024, 3, 3), date(2024, 3, 3)),
        ("on October 31", date(2023, 10, 31), date(2023, 10, 31)),
        ("in August", date(2023, 8, 1), date(2023, 8, 31)),
        ("last month", date(2024, 2, 1), date(2024, 2, 29)),
        ("since Friday", date(2024, 3, 1), None),
        ("until Friday", None, date(2024, 3, 8)),
        ("by the end of June", None, date(2024, 6, 30)),
        ("last week", None, None),
        ("two weeks ago", None, None),
        ("at 3 p.m.", None, None),
        ("after Monday", None, None),
    ],
)
def test_the_day_of_publication_fixes_days_and_months(
    words: str, start: date | None, end: date | None
) -> None:
    """Weekdays, days and months are the latest by the day of publication; vaguer words stay open."""
    assert times.resolve(words, TUESDAY) == (start, end)


@pytest.mark.parametrize(
    ("words", "length"), [("within 48 hours", True), ("two weeks ago", False), ("on Friday", False)]
)
def test_a_length_of_time_is_told_from_a_point(words: str, length: bool) -> None:
    """Durations are figures; points in time are not."""
    assert times.is_duration(words) is length


@given(ANY_TEXT)
def test_any_text_can_be_searched(text: str) -> None:
    """Whatever the text: expressions are its own characters, ordered and apart."""
    reached = 0
    for found in times.find(text):
        assert reached <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        reached = found.end


@given(ANY_TEXT, st.none() | st.dates())
def test_any_words_can_be_resolved(words: str, published: date | None) -> None:
    """Whatever the words: no error, and the first day never comes after the last."""
    start, end = times.resolve(words, published)
    assert start is None or end is None or start <= end
