"""Parquet: a row is an article or a failure of its own, and a few rows are in hand at a time."""

import builtins
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.intake import count

Write = Callable[[str, str | bytes], Path]
Outcomes = Callable[..., dict[str, Any]]


def table(folder: Path, name: str, **columns: list[Any]) -> None:
    """Write a table."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table(columns), folder / name)


def test_each_row_is_an_article(write: Write, outcomes: Outcomes) -> None:
    """Ids may be integers, days dates or times; other columns are let be; bad rows are failures."""
    folder = write("x.txt", "x").parent
    table(
        folder,
        "feed.parquet",
        text=["Al swam.", "Bo sank.", None, " "],
        id=[7, None, 8, 9],
        published=[dt.date(2024, 3, 31), None, None, None],
        title=["Swimming", None, None, None],
        views=[1, 2, 3, 4],
    )
    found = outcomes("feed.parquet")
    assert list(found) == ["7", "feed:2", "feed:3", "feed:4"]
    assert (found["7"].text, found["7"].title) == ("Al swam.", "Swimming")
    assert found["7"].published == dt.date(2024, 3, 31)
    assert found["feed:2"].source == "feed.parquet#2"
    assert found["feed:3"].startswith("MalformedInput feed.parquet#3: it has no field text")
    assert found["feed:4"].startswith("EmptyInput feed.parquet#4, field text: ")
    assert count([str(folder / "feed.parquet")]) == 4


def test_a_table_without_texts_is_one_failure(write: Write, outcomes: Outcomes) -> None:
    """It names the columns that there are."""
    table(write("x.txt", "x").parent, "feed.parquet", body=["Al swam."])
    assert outcomes("feed.parquet")["feed"].startswith(
        "MalformedInput feed.parquet: it has no column text, only 'body'."
    )


def test_what_is_no_table_is_one_failure(write: Write, outcomes: Outcomes) -> None:
    """A renamed or broken file is told."""
    pytest.importorskip("pyarrow")
    write("feed.parquet", b"PAR1 and then nothing")
    assert outcomes("feed.parquet")["feed"].startswith(
        "MalformedInput feed.parquet: this is no Parquet table"
    )


def test_without_pyarrow_it_is_said_what_to_install(
    write: Write, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is named."""
    real = builtins.__import__

    def missing(name: str, *arguments: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *arguments)

    write("feed.parquet", b"PAR1")
    monkeypatch.setattr(builtins, "__import__", missing)
    told = outcomes("feed.parquet")["feed"]
    assert told.startswith("UnreadableInput feed.parquet: Parquet is read with pyarrow")
    assert "[parquet]" in told
