"""Limits: what headers say of them, and what is left between two answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.backends.openai.limits import Level, Rate, Told, seconds


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("50ms", 0.05),
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("2m59.56s", 179.56),
        ("1h2m3s", 3723.0),
        ("12", 12.0),
        (".5", 0.5),
        ("soon", None),
        ("", None),
        (None, None),
        ("-3s", None),
        ("1e9", None),
        ("1699999999", None),
    ],
)
def test_a_time_is_read_as_endpoints_write_it(words: str | None, meant: float | None) -> None:
    """Units in a row, or plain seconds; what is none, or a moment instead of a time, is nothing."""
    assert seconds(words) == (None if meant is None else pytest.approx(meant))


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_no_header_breaks_the_pace(limit: str, remaining: str, reset: str) -> None:
    """Whatever stands in the headers, a limit is read with a rate above none, or none is read."""
    headers = {
        "x-ratelimit-limit-requests": limit,
        "x-ratelimit-remaining-requests": remaining,
        "x-ratelimit-reset-requests": reset,
    }
    told = Told.read(headers, "requests")
    assert told is None or told.a_second > 0


@pytest.mark.parametrize(
    ("told", "a_second"),
    [
        (Told(1200, 1199, 0.05), 20.0),
        (Told(14400, 14370, 180.0), 1 / 6),  # a limit for a day
        (Told(1200, 10, 0.5), 20.0),  # what is left is of a second's worth
        (Told(600, 600, None), 10.0),
    ],
)
def test_how_fast_a_limit_fills_up_is_read_from_what_is_told(told: Told, a_second: float) -> None:
    """A minute is what limits are for, unless their reset says that it is longer."""
    assert told.a_second == pytest.approx(a_second)


def test_what_was_sent_since_an_answer_is_not_left() -> None:
    """Ten left and ten sent since is none; what fills up in the meantime is counted."""
    level = Level()
    level.take(0.0, 1)
    level.heard(Told(60, 10, 50.0), 0.0)
    for _ in range(10):
        assert level.wait(0.1, 1) == 0.0
        level.take(0.1, 1)
    assert level.wait(0.1, 1) > 0.5
    level.heard(Told(60, 0, 60.0), 0.1)
    assert level.wait(0.1, 1) == pytest.approx(1.0)
    assert level.wait(1.2, 1) == 0.0


def test_an_older_answer_does_not_undo_a_newer() -> None:
    """News of a request sent earlier is none."""
    level = Level()
    level.heard(Told(60, 0, 60.0), 5.0)
    level.heard(Told(60, 50, 10.0), 4.0)
    assert level.wait(5.0, 1) > 0


def test_a_rate_catches_up_a_late_timer_and_no_more() -> None:
    """After an idle hour no burst goes out."""
    rate = Rate(10)
    rate.take(0.0)
    went = 0
    while rate.wait(3600.0) == 0.0:
        rate.take(3600.0)
        went += 1
    assert went == 3
