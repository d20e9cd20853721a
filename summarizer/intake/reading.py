"""The two doors of the intake: many paths to many articles, one file to one article."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

from summarizer.domain.article import Article
from summarizer.errors import EmptyInput, InputError, MalformedInput, UnknownFormat, UnreadableInput
from summarizer.intake import disk, formats, jsonlines, markdown, pages, parquet, records
from summarizer.intake.charset import declared
from summarizer.intake.decoding import decode
from summarizer.intake.finding import Found, find
from summarizer.intake.unread import Unread
from summarizer.intake.values import refuse_blank

LIMIT = 20_000_000
STANDARD_INPUT = "-"


def read(paths: Sequence[str], *, limit: int = LIMIT) -> Iterator[Article | Unread]:
    """Yield the articles that paths hold, and an :class:`Unread` for each input that is none.

    Nothing is opened before it is asked for, and nothing is raised for an input. Arguments keep their order;
    files of a folder or glob come sorted. An article's id is its file's stem, or for a file found below a
    folder its path from there without the ending; a JSON field ``id`` wins, and without it a JSON line or
    item gets its number after a colon.

    Args:
        paths: Files (.txt .md .html .htm .json .jsonl .ndjson .parquet), folders, globs (``**`` too), or
            ``-`` for standard input. A path that exists is never taken for a glob.
        limit: Bytes one file, or one line of a JSONL file, may have.
    """
    for given in paths:
        if given == STANDARD_INPUT:
            yield from _standard_input(limit)
            continue
        for found in find(given):
            yield from [found] if isinstance(found, Unread) else _articles(found, limit)


def read_file(path: Path, *, limit: int = LIMIT) -> Article:
    """Read the one article of a file.

    Raises:
        InputError: The file is missing, unreadable, too large, of an unknown ending, empty, binary, cannot be
            decoded, is malformed, or holds more than one article.
    """
    found = Found.at(path)
    articles = list(islice(_articles(found, limit), 2))
    if not articles:
        raise EmptyInput("it holds no article.", where=found.source)
    first = articles[0]
    if isinstance(first, Unread):
        raise first.error
    if len(articles) > 1:
        what = "it holds more than one article, and one is asked for here."
        raise MalformedInput(what, where=found.source, mend="Use `summarizer run`, or intake.read in Python.")
    return first


def _articles(found: Found, limit: int) -> Iterator[Article | Unread]:
    """Yield what one file holds; its own failure is an outcome too."""
    try:
        if found.ending in formats.LINES:
            with disk.opened(found.path, found.source) as stream:
                yield from jsonlines.articles(stream, name=found.id, source=found.source, limit=limit)
        elif found.ending == formats.JSON:
            text = decode(disk.contents(found.path, found.source, limit), found.source)
            yield from records.articles(text, name=found.id, source=found.source)
        elif found.ending == formats.PARQUET:
            yield from parquet.articles(found.path, name=found.id, source=found.source, limit=limit)
        else:
            yield _article(found, limit)
    except InputError as error:
        yield Unread(found.id, found.source, error)


def _article(found: Found, limit: int) -> Article:
    if found.ending not in formats.ARTICLES:
        raise _unknown(found)
    data = disk.contents(found.path, found.source, limit)
    if found.ending in formats.PAGES:
        page = pages.extract(decode(data, found.source, declared=declared(data, found.source)), found.source)
        return Article(
            text=page.text, id=found.id, source=found.source, title=page.title, published=page.published
        )
    text = decode(data, found.source)
    refuse_blank(text, found.source)
    title, published = markdown.head(text) if found.ending in formats.MARKDOWN else (None, None)
    return Article(text=text, id=found.id, source=found.source, title=title, published=published)


def _unknown(found: Found) -> UnknownFormat:
    disk.check(found.path, found.source)  # a missing file is missing, whatever its ending
    what = f"nobody here reads {found.ending} files." if found.ending else "its name has no ending."
    mend = formats.MENDS.get(found.ending, "If it is plain text, rename it to .txt.")
    return UnknownFormat(what, where=found.source, mend=f"{mend} Read are {formats.SPOKEN}.")


def _standard_input(limit: int) -> Iterator[Article | Unread]:
    source = "stdin"
    try:
        if sys.stdin is None:
            raise UnreadableInput("there is no standard input.", where=source, mend="Give a file instead.")
        with disk.faults(source), _own_stream(sys.stdin) as stream:
            yield from jsonlines.articles_or_text(stream, name=source, source=source, limit=limit)
    except InputError as error:
        yield Unread(source, source, error)


@contextmanager
def _own_stream(given: TextIO) -> Iterator[BinaryIO]:
    """Open the same file once more: Python's own stream, locked by a thread that waits, breaks its exit."""
    try:
        number = os.dup(given.fileno())
    except (OSError, ValueError):  # no stream of the system's
        yield given.buffer
        return
    with open(number, "rb") as stream:  # noqa: PTH123 - no path
        yield stream
