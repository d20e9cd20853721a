"""Parquet tables: a row an article, a few rows in hand at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from summarizer.domain.article import Article
from summarizer.errors import InputError, MalformedInput, UnreadableInput
from summarizer.intake import disk, records
from summarizer.intake.unread import Unread

_ROWS = 64
_FIELDS = ("text", "id", "title", "published", "source", "language")


def articles(path: Path, *, name: str, source: str, limit: int) -> Iterator[Article | Unread]:
    """Yield an article or an Unread for each row; columns are the fields of a JSON line, others are let be.

    Ids may be integers, and days dates or times.

    Raises:
        UnreadableInput: pyarrow is not installed.
        MalformedInput: It is no Parquet table, or has no column ``text``.
    """
    with _opened(path, source) as table:
        columns = [column for column in table.schema_arrow.names if column in _FIELDS]
        if "text" not in columns:
            names = ", ".join(ascii(column) for column in table.schema_arrow.names[:8])
            what = f"it has no column text, only {names[:200]}."
            raise MalformedInput(what, where=source, mend="Call the articles' texts text.")
        rows = (
            row
            for batch in table.iter_batches(_ROWS, columns=columns, use_threads=False)
            for row in batch.to_pylist()
        )
        with _faults(source):
            for number, row in enumerate(rows, 1):
                yield row_article(row, f"{name}:{number}", f"{source}#{number}", limit)


def count(path: Path, source: str) -> int:
    """Return the number of rows.

    Raises:
        InputError: It cannot be read.
    """
    with _opened(path, source) as table:
        return int(table.metadata.num_rows)


def row_article(row: dict[str, Any], name: str, where: str, limit: int) -> Article | Unread:
    """Return the article of a row, or why there is none.

    Args:
        row: Its columns.
        name: Its id where it names none.
        where: Where it stands.
        limit: Characters of text at most.
    """
    text, given, published = row.get("text"), row.get("id"), row.get("published")
    if isinstance(given, int):
        row["id"] = str(given)
    if isinstance(published, date):  # a datetime is one, too
        row["published"] = published.isoformat()
    try:
        if isinstance(text, str) and len(text) > limit:
            raise disk.oversized("the row", where, limit)
        return records.article(row, name=name, source=where)
    except InputError as error:
        return Unread(name, where, error)


@contextmanager
def _opened(path: Path, source: str) -> Iterator[Any]:
    disk.check(path, source)
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise UnreadableInput(
            "Parquet is read with pyarrow, which is not installed.",
            where=source,
            mend="pip install 'grounded-summarizer[parquet]', or make it JSON Lines.",
        ) from None
    with _faults(source):
        table = ParquetFile(path, memory_map=False, pre_buffer=False)
    with table:
        yield table


@contextmanager
def _faults(source: str) -> Iterator[None]:
    from pyarrow import ArrowException

    try:
        with disk.faults(source):
            yield
    except (ArrowException, ValueError) as error:
        said = str(error).partition("\n")[0][:200].rstrip(".")
        raise MalformedInput(f"this is no Parquet table to be read: {said}.", where=source) from None
