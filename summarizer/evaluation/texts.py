"""The texts of labels that are published without them, found by digest whatever their files are called."""

import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from summarizer.domain.article import Article
from summarizer.errors import InputError, InputNotFound
from summarizer.intake import LIMIT, Unread, disk, read, read_file


@dataclass(frozen=True, slots=True)
class Texts:
    """What was found.

    Attributes:
        articles: By SHA-256 of the text, lower-case hex.
        unread: What could not be read, a sentence each; of interest only where a text was not found.
    """

    articles: dict[str, Article] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def find_texts(place: Path, wanted: Collection[str]) -> Texts:
    """Look for texts in a folder, subfolders included, or in one file.

    A file may be the text itself under any name, or any form that ``summarizer run`` reads: a page, a record
    or a line of JSON whose text has the digest. Nothing is normalised: other line ends, another text.

    Args:
        place: A folder or a file.
        wanted: Digests of texts.

    Raises:
        InputNotFound: There is no such place.
    """
    if not place.exists():
        raise InputNotFound(
            "No such folder.", where=str(place), mend="--articles names the folder that holds the texts."
        )
    missing = set(wanted)
    found: dict[str, Article] = {}
    unread: list[str] = []
    for look in (_by_bytes, _by_text):  # the second opens pages and records, so only where it is needed
        for article in look(place, missing, unread) if missing else ():
            found[article.sha256] = article
            missing.discard(article.sha256)
            if not missing:
                return Texts(found)
    return Texts(found, tuple(unread))


def _by_bytes(place: Path, missing: Collection[str], unread: list[str]) -> Iterator[Article]:
    """Yield the files that are a missing text byte for byte."""
    for path in _files(place):
        try:
            raw = disk.contents(path, path.as_posix(), LIMIT)
        except InputError as error:
            unread.append(str(error))
            continue
        digest = hashlib.sha256(raw).hexdigest()
        if digest in missing and (article := _article(path, raw, digest)):
            yield article


def _by_text(place: Path, missing: Collection[str], unread: list[str]) -> Iterator[Article]:
    """Yield the articles with a missing text that pages and records hold."""
    for article in read([str(place)]):
        if isinstance(article, Unread):
            unread.append(str(article.error))
        elif article.sha256 in missing:
            yield article


def _article(path: Path, raw: bytes, digest: str) -> Article | None:
    """Return the text a file is, with what the intake knows of it; None where it is no UTF-8."""
    try:
        known = read_file(path)
    except InputError:
        known = None
    if known and known.sha256 == digest:
        return known
    try:
        return Article(text=raw.decode("utf-8"), id=path.name, source=path.as_posix())
    except UnicodeDecodeError:
        return None


def _files(place: Path) -> Iterator[Path]:
    """Yield a file, or the files below a folder, sorted; links to folders are not followed."""
    if place.is_file():
        yield place
    for folder, inner, names in os.walk(place):
        inner.sort()
        yield from (Path(folder) / name for name in sorted(names))
