"""JSON Lines as a stream: one line in hand at a time, each line an article or a failure of its own."""

import codecs
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain, count
from typing import BinaryIO, NamedTuple

from summarizer.domain.article import Article
from summarizer.errors import EmptyInput, InputError, MalformedInput
from summarizer.intake import disk, records
from summarizer.intake.binary import refuse_controls, refuse_signature
from summarizer.intake.decoding import decode
from summarizer.intake.unread import Unread
from summarizer.intake.values import refuse_blank

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OBJECT = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"')
# Of an object or a list of objects over several lines; no news text begins so.
_WHOLE = re.compile(r'\s*(?:\[\s*)?\{\s*"')
_ONE_A_LINE = "Give one JSON object a line; a single object over many lines needs the ending .json."


class Line(NamedTuple):
    """A line of a stream, its end included, or the first part of one that is too long."""

    number: int
    data: bytes
    whole: bool

    @property
    def filled(self) -> bool:
        """Whether there is more in it than white space and a byte order mark."""
        return bool(self.data.removeprefix(codecs.BOM_UTF8).strip())

    @property
    def last(self) -> bool:
        """Whether no line end follows."""
        return not self.data.endswith(b"\n")


def articles(stream: BinaryIO, *, name: str, source: str, limit: int) -> Iterator[Article | Unread]:
    """Yield an article or an Unread for each line that is not blank.

    Raises:
        EmptyInput: There is no such line.
        BinaryInput: The stream begins as no text does.
        UndecodableInput: A UTF-16 stream is broken.
        OversizedInput: A UTF-16 stream, which is read as a whole, has more bytes than the limit.
    """
    lines = _utf8(_lines(stream, limit), source, limit)
    first = next((line for line in lines if line.filled), None)
    if first is None:
        raise EmptyInput("it holds no line.", where=source, mend=_ONE_A_LINE)
    refuse_signature(first.data, source)
    refuse_controls(first.data, source)
    yield from _articles(chain([first], lines), name, source, limit)


def articles_or_text(stream: BinaryIO, *, name: str, source: str, limit: int) -> Iterator[Article | Unread]:
    """Yield the articles of JSON lines or of a whole JSON text, else the stream's text as one article.

    JSON lines are taken for such where the first filled line begins an object with a field, or at least half
    of them do: a line above them that is no JSON is then a failure of its own, not a story. What begins as a
    whole JSON text does and is none is told as broken.

    Raises:
        InputError: It is neither.
    """
    lines = _utf8(_lines(stream, limit), source, limit)
    head = list(_head(lines, limit))
    if head and _OBJECT.match(head[-1].data):
        yield from _articles(chain(head, lines), name, source, limit)
        return
    data = _whole(chain(head, lines), source, limit)
    text = decode(data, source)
    refuse_blank(text, source)
    if records.holds_json(text) or _WHOLE.match(text):
        yield from records.articles(text, name=name, source=source)
    elif _are_objects(data):
        yield from _articles(_lines(BytesIO(data), limit), name, source, limit)
    else:
        yield Article(text=text, id=name, source=source)


def _are_objects(data: bytes) -> bool:
    """Tell whether at least half of the filled lines begin an object."""
    filled = [line for line in data.splitlines() if line.strip()]
    return 2 * sum(bool(_OBJECT.match(line)) for line in filled) >= len(filled)


def _articles(lines: Iterable[Line], name: str, source: str, limit: int) -> Iterator[Article | Unread]:
    for line in lines:
        if line.filled:
            numbered, where = f"{name}:{line.number}", f"{source}:{line.number}"
            try:
                yield _article(line, numbered, where, limit)
            except InputError as error:
                yield Unread(numbered, where, error)


def _article(line: Line, name: str, where: str, limit: int) -> Article:
    if not line.whole:
        raise disk.oversized("the line", where, limit)
    text = decode(line.data, where)
    if line.last and text.lstrip().startswith("{") and not text.rstrip().endswith("}"):
        raise MalformedInput(
            "the file ends in the middle of this object.", where=where, mend="It was cut off; write it anew."
        )
    return records.article(records.parsed(text, where, mend=_ONE_A_LINE), name=name, source=where)


def _lines(stream: BinaryIO, limit: int) -> Iterator[Line]:
    for number in count(1):
        data = stream.readline(limit + 1)
        if not data:
            return
        whole = len(data) <= limit or data.endswith(b"\n")
        yield Line(number, data, whole)
        while not whole:
            rest = stream.readline(limit)
            whole = not rest or rest.endswith(b"\n")


def _utf8(lines: Iterator[Line], source: str, limit: int) -> Iterator[Line]:
    """Yield the lines; those of a UTF-16 stream, whose line ends are no single bytes, anew from its text."""
    first = next(lines, None)
    if first is None:
        return
    if first.data.startswith(_UTF16):
        text = decode(_whole(chain([first], lines), source, limit), source)
        yield from _lines(BytesIO(text.encode()), limit)
    else:
        yield first
        yield from lines


def _head(lines: Iterator[Line], limit: int) -> Iterator[Line]:
    """Yield the lines up to the first filled one, or up to the limit of bytes."""
    size = 0
    for line in lines:
        yield line
        size += len(line.data)
        if line.filled or size > limit:
            return


def _whole(lines: Iterable[Line], source: str, limit: int) -> bytes:
    """Return all bytes of the lines, or refuse them before they fill the memory."""
    parts, size = [], 0
    for line in lines:
        parts.append(line.data)
        size += len(line.data)
        if size > limit:
            raise disk.oversized("it", source, limit)
    return b"".join(parts)
