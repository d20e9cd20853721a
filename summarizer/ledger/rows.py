"""The lines of a ledger: one for every input, and the last of each in a table of numbers."""

import json
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

from summarizer.domain.article import Article
from summarizer.domain.report import ArticleRecord, FailedArticle, Failure, Outcome, Tokens
from summarizer.ledger.files import LEDGER, lines
from summarizer.numbering import Numbering

OUTCOMES: Final[tuple[Literal["report"], Literal["failure"]]] = ("report", "failure")


@dataclass(slots=True)
class Line:
    """A line of the ledger.

    Attributes:
        digest: Of what the report depends on in the article, 16 hex digits.
        at: Where the line begins.
    """

    index: int
    id: str
    again: int
    sha256: str | None
    digest: int
    kind: int
    start: int
    end: int
    error: str | None = None
    tokens: Tokens | None = None
    at: int = 0

    @classmethod
    def of(cls, index: int, outcome: Outcome, again: int, place: tuple[int, int]) -> "Line":
        """Return the line for an outcome whose record has a place in its file."""
        about, kind = outcome.article, int(isinstance(outcome, Failure))
        took = outcome.error.tokens if isinstance(outcome, Failure) else outcome.trace.tokens
        error = outcome.error.type if isinstance(outcome, Failure) else None
        return cls(index, about.id, again, about.sha256, digest(about), kind, *place, error, took)

    @classmethod
    def read(cls, line: bytes, at: int) -> "Line":
        """Read a line; ValueError, KeyError or TypeError where it is none."""
        if not line.endswith(b"\n"):
            raise ValueError("torn")
        data = json.loads(line)
        kind = OUTCOMES.index(data["outcome"])
        start, end, index = data["start"], data["end"], data["index"]
        if not 0 <= start < end or index < 0:
            raise ValueError("no range")
        digest = int(data["digest"], 16)
        again = data.get("again", 0)
        return cls(index, str(data["id"]), again, data["sha256"], digest, kind, start, end, at=at)

    def to_json(self) -> str:
        """Return the line as it is written, without its end."""
        data: dict[str, Any] = {"index": self.index, "id": self.id}
        if self.again:
            data["again"] = self.again
        data |= {"sha256": self.sha256, "digest": f"{self.digest:016x}", "outcome": OUTCOMES[self.kind]}
        data |= {"start": self.start, "end": self.end}
        if self.error:
            data["error"] = self.error
        if self.tokens and self.tokens.input:
            data["tokens"] = self.tokens.model_dump()
        return dumped(data).decode()[:-1]


class Rows:
    """The last line of every input, some fifty bytes each: no string, no object."""

    def __init__(self) -> None:
        self.keys = Numbering()
        self.index, self.text, self.at = array("I"), array("Q"), array("Q")
        self.start, self.size = array("Q"), array("I")
        self.kind = bytearray()

    def put(self, line: Line) -> bool:
        """Take a line; True where it replaces one."""
        number = self.keys.number(key(line.id, line.again))
        values = (line.index, line.digest, line.start, line.end - line.start, line.at, line.kind)
        columns = (self.index, self.text, self.start, self.size, self.at, self.kind)
        replaces = number < len(self.kind)
        for column, value in zip(columns, values, strict=True):
            if replaces:
                column[number] = value
            else:
                column.append(value)
        return replaces

    def place(self, number: int) -> tuple[int, int, int]:
        """Return which file a record is in, where it begins, and how many bytes it takes."""
        return self.kind[number], self.start[number], self.size[number]

    def by_index(self) -> Iterator[int]:
        """Yield the numbers in the order of the inputs."""
        return _sorted(self.index)

    def as_finished(self) -> Iterator[int]:
        """Yield the numbers in the order of their lines."""
        return _sorted(self.at)


def _sorted(keys: "array[int]") -> Iterator[int]:
    if all(one <= other for one, other in pairwise(keys)):
        return iter(range(len(keys)))
    # One integer each, not two and a tuple: there may be a hundred thousand.
    packed = sorted(key << 32 | number for number, key in enumerate(keys))
    return (both & 0xFFFFFFFF for both in packed)


def entries(folder: Path, mend: Callable[[int, bool], None] | None) -> Iterator[Line]:
    """Yield the lines of a ledger; ``mend`` is told where one is none, and whether it is the last."""
    path = folder / LEDGER
    if mend and not path.exists():
        return
    at, size = 0, path.stat().st_size
    for line in lines(path, 0, torn=True):
        try:
            entry = Line.read(line, at)
        except (ValueError, KeyError, TypeError):
            if mend:
                mend(at, at + len(line) >= size)
        else:
            yield entry
        at += len(line)


def key(article_id: str, again: int) -> str:
    """Return what stands for an input: its id, and how many inputs before it have that id."""
    return f"{article_id}\0{again}" if again else article_id


def digest(about: Article | ArticleRecord | FailedArticle) -> int:
    """Return 64 bits over what a report depends on in its article."""
    parts = (about.sha256, about.title, str(about.published), about.language)
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "big")


def dumped(data: Mapping[str, Any]) -> bytes:
    """Return a line of JSON, its end included."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
