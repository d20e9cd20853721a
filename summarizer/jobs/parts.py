"""Requests into files: each a line, no file over the provider's limits, no request twice."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Literal

from summarizer.backends.openai.batching import URL
from summarizer.backends.openai.postponed import digest_of
from summarizer.errors import OversizedInput
from summarizer.jobs.folder import Limits, Part, part_path
from summarizer.jobs.journal import sync, sync_folder

_HEAD = b'{"custom_id": "'
_DIGITS = 32


class Writer:
    """Writes requests into the files of parts; nothing counts before the job takes the parts in.

    Args:
        folder: The job's.
        kind: What the parts ask for.
        limits: Of one file.
        first: Number of the first part.
    """

    def __init__(
        self, folder: Path, kind: Literal["draft", "repair", "again"], limits: Limits, first: int = 1
    ) -> None:
        self._folder, self._kind, self._limits, self._first = folder, kind, limits, first
        self._parts: list[Part] = []
        self._seen: dict[str, int] = {}  # in which of the parts
        self._inputs: defaultdict[int, list[int]] = defaultdict(list)
        self._file: IO[bytes] | None = None
        self._held, self._size, self._sha256 = 0, 0, hashlib.sha256()

    @property
    def requests(self) -> int:
        """How many there are so far."""
        return len(self._seen)

    def add(
        self, body: Mapping[str, Any], where: str | None = None, index: int | None = None
    ) -> tuple[str, int]:
        """Write a request, unless it is there, and return its digest and the number of its part.

        Args:
            body: What is asked.
            where: The article's file, or its id, for an error.
            index: The input to be noted on the part.

        Raises:
            OversizedInput: It is longer than a file may be.
        """
        digest = digest_of(body)
        if digest not in self._seen:
            self._add(digest, body, where)
            self._seen[digest] = len(self._parts)
        if index is not None:
            self._inputs[self._seen[digest]].append(index)
        return digest, self._first + self._seen[digest]

    def finish(self) -> list[Part]:
        """Close the last file and return the parts."""
        self._close()
        for place, part in enumerate(self._parts):
            part.inputs = tuple(self._inputs[place])
        if self._parts:
            sync_folder(self._folder / "requests")
        return self._parts

    def _add(self, digest: str, body: Mapping[str, Any], where: str | None) -> None:
        line = _line(digest, body)
        if len(line) > self._limits.bytes:
            raise OversizedInput(
                f"its request has {len(line):,} bytes; a batch file may have {self._limits.bytes:,}.",
                where=where,
                mend="Raise --max-bytes, or use `summarizer run`.",
            )
        if self._held == self._limits.requests or self._size + len(line) > self._limits.bytes:
            self._close()
        self._write(line)

    def _write(self, line: bytes) -> None:
        if self._file is None:
            path = part_path(self._folder, self._first + len(self._parts))
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb")
        self._file.write(line)
        self._sha256.update(line)
        self._held, self._size = self._held + 1, self._size + len(line)

    def _close(self) -> None:
        if self._file is None:
            return
        with self._file as file:
            sync(file)
        number = self._first + len(self._parts)
        self._parts.append(Part(number, self._kind, self._sha256.hexdigest(), self._held, self._size))
        self._file, self._held, self._size, self._sha256 = None, 0, 0, hashlib.sha256()


def digests(path: Path) -> Iterator[str]:
    """Give the digests of the requests in a file."""
    with path.open("rb") as file:
        for line in file:
            yield line[len(_HEAD) : len(_HEAD) + _DIGITS].decode()


def _line(digest: str, body: Mapping[str, Any]) -> bytes:
    line = {"custom_id": digest, "method": "POST", "url": URL, "body": body}
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"
