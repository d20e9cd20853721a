"""How long a failed request waits: what endpoints ask for in three ways, and what is done without."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tenacity import Future

from summarizer.backends.openai.waiting import retry_after, waiting


class Failed(Exception):
    """An error with response headers."""

    def __init__(self, **headers: str) -> None:
        super().__init__("no")
        self.response = SimpleNamespace(headers={k.replace("_", "-"): v for k, v in headers.items()})


def state(number: int, error: Exception) -> Any:
    """Return what tenacity tells about an attempt that failed."""
    outcome = Future(number)
    outcome.set_exception(error)
    return SimpleNamespace(attempt_number=number, outcome=outcome)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "2"}, 2.0),
        ({"retry_after": "0.5"}, 0.5),
        ({"retry_after_ms": "1500"}, 1.5),
        ({"retry_after_ms": "20", "retry_after": "7"}, 0.02),
        ({"retry_after_ms": "soon", "retry_after": "7"}, 7.0),
        ({"retry_after": "-3"}, 0.0),
        ({"retry_after": "nan"}, 0.0),
        ({"retry_after": "inf"}, float("inf")),
        ({"retry_after": "Sat, 21 Nov 2026 10:00:30 GMT", "date": "Sat, 21 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"retry_after": "Sat, 21 Nov 2026 10:00:30 -0000", "date": "Sat, 21 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"retry_after": "Sat, 21 Nov 1998 10:00:00 GMT"}, 0.0),
        ({"retry_after": "later"}, None),
        ({"retry_after": ""}, None),
        ({}, None),
    ],
)
def test_what_an_endpoint_asks_for_is_read(headers: dict[str, str], seconds: float | None) -> None:
    """Milliseconds come first, then seconds, then a date by the endpoint's own clock."""
    assert retry_after(Failed(**headers)) == seconds


def test_a_date_without_a_clock_beside_it_is_read_by_ours() -> None:
    """A date some time ahead is about that time ahead."""
    ahead = datetime.now(UTC) + timedelta(hours=1)
    asked = retry_after(Failed(retry_after=format_datetime(ahead, usegmt=True)))
    assert asked is not None
    assert 3000 < asked <= 3600


def test_errors_without_a_response_ask_for_nothing() -> None:
    """A broken connection has no headers."""
    assert retry_after(ConnectionError()) is None
    assert retry_after(None) is None


@given(st.text(max_size=60))
def test_no_header_is_too_odd_to_read(value: str) -> None:
    """Whatever stands in the header, the answer is a number of seconds or nothing."""
    asked = retry_after(Failed(retry_after=value, date=value))
    assert asked is None or asked >= 0


@given(st.floats(0, 60), st.integers(1, 10))
def test_what_is_asked_for_is_never_cut_short(asked: float, number: int) -> None:
    """The wait is at least what was asked for, and little more."""
    waited = waiting(0.5)(state(number, Failed(retry_after=str(asked))))
    assert asked <= waited <= asked * 1.1 + 1e-9


@given(st.integers(1, 12))
def test_without_a_word_the_wait_doubles_to_a_limit(number: int) -> None:
    """It begins at the backoff, with at most as much jitter, and ends at 20 seconds."""
    waited = waiting(0.5)(state(number, ConnectionError()))
    doubled = 0.5 * 2 ** (number - 1)
    assert min(doubled, 20.0) <= waited <= min(doubled + 0.5, 20.0)
