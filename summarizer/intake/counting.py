"""How many inputs paths hold, about: without reading an article."""

from collections.abc import Sequence
from pathlib import Path

from summarizer.errors import InputError
from summarizer.intake import disk, formats
from summarizer.intake.finding import Found, find
from summarizer.intake.unread import Unread

_PIECE = 1 << 20


def count(paths: Sequence[str]) -> int | None:
    """Return about how many inputs paths hold: an object a line of JSON Lines, an article a file.

    None where that cannot be told before: on standard input.
    """
    if "-" in paths:
        return None
    return sum(_held(found) for given in paths for found in find(given, quiet=True))


def _held(found: Found | Unread) -> int:
    if isinstance(found, Unread):
        return 1
    try:
        if found.ending in formats.LINES:
            return _line_ends(found.path, found.source)
        if found.ending == formats.PARQUET:
            from summarizer.intake import parquet

            return parquet.count(found.path, found.source)
    except InputError:
        return 1
    return 1


def _line_ends(path: Path, where: str) -> int:
    with disk.opened(path, where) as stream:
        return sum(piece.count(b"\n") for piece in iter(lambda: stream.read(_PIECE), b""))
