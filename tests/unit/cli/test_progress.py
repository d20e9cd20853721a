"""Progress: what is told of a run, and when nothing is."""

import json
from typing import Any

import pytest

from summarizer.cli import progress
from summarizer.cli.tally import Tally
from summarizer.domain.report import Tokens


def tally(seconds: float, **counts: Any) -> Tally:
    """Make a tally of a run that began some seconds ago."""
    made = Tally(**counts)
    made.started -= seconds
    return made


def shown(given: Tally, capsys: pytest.CaptureFixture[str], total: int | None = 100) -> list[str]:
    """Return the lines that are said where there is no terminal."""
    with progress.shown(given, lambda: total, bar=False) as showing:
        for _ in range(3):
            showing.show()
    return capsys.readouterr().err.splitlines()


def test_a_short_run_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing in the first seconds."""
    assert shown(tally(3, done=5), capsys) == []


def test_a_long_run_says_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """Not one at every look."""
    (line,) = shown(tally(50, done=25, failed=5, found=7), capsys)
    assert line.startswith("summarizer: 25 done, 5 failed, 7 found done")
    assert "0.6 a second" in line


def test_money_and_time_to_come_are_told_where_they_can_be(capsys: pytest.CaptureFixture[str]) -> None:
    """By what was paid and took so far; nothing is foreseen where prices or the total are not known."""
    known: dict[str, Any] = {"done": 20, "cached": 2, "tokens": Tokens(input=4000, output=900), "cost": 2.0}
    given = tally(100, price=lambda _: 0.0, **known)
    with progress.shown(given, lambda: 100, bar=False) as showing:
        showing._total.known = 100  # type: ignore[attr-defined]
        showing.show()
    (line,) = capsys.readouterr().err.splitlines()
    for part in (
        "of about 100",
        "2 from the cache",
        "4,000 + 900 tokens",
        "10.00 USD in all",
        "6 min 40 s left",
    ):
        assert part in line
    (line,) = shown(tally(100, price=lambda _: None, unpriced=3, **known), capsys, None)
    assert "in all" not in line
    assert "left" not in line


def test_the_bar_is_on_standard_error_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """It is gone when the run is."""
    with progress.shown(tally(50, done=25), lambda: 100, bar=True) as showing:
        showing.show()
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err


def test_the_table_has_every_count_that_there_is() -> None:
    """Errors by their type; what did not happen is left out."""
    given = tally(10, done=3, failed=2, left=4)
    given.errors.update({"EmptyInput": 2})
    told = progress.table(given)
    rows = {name.strip(): value for name, value in (line.rsplit(maxsplit=1) for line in told.splitlines())}
    assert (rows["done"], rows["failed"], rows["EmptyInput"], rows["left by the limit"]) == (
        "3",
        "2",
        "2",
        "4",
    )
    assert "found done" not in rows
    assert "cost" not in rows


def test_the_summary_is_json() -> None:
    """Numbers, not words."""
    given = tally(10, price=lambda _: 0.0, done=3, cost=0.5)
    counts = json.loads(json.dumps(given.summary()))
    assert (counts["done"], counts["cost_usd"], counts["tokens"]["input"]) == (3, 0.5, 0)
    assert tally(1).summary()["cost_usd"] is None
