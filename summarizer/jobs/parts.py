"""Requests into files: each a line, no file over the provider's limits, no request twice."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Literal

from summarizer.backends.openai.batching import URL
from summarizer.backends.openai.collected import digest_of
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
        self._seen: set[str] = set()
        self._file: IO[bytes] | None = None
        self._held, self._size, self._sha256 = 0, 0, hashlib.sha256()

    @property
    def requests(self) -> int:
        """How many there are so far."""
        return len(self._seen)

    def add(self, body: Mapping[str, Any], where: str | None = None) -> str:
        """Write a request, unless it is there, and return its digest.

        Args:
            body: What is asked.
            where: The article's file, or its id, for an error.

        Raises:
            OversizedInput: It is longer than a file may be.
        """
        digest = digest_of(body)
        if digest in self._seen:
            return digest
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
        self._seen.add(digest)
        return digest

    def finish(self, inputs: Sequence[int] = ()) -> list[Part]:
        """Close the last file and return the parts; ``inputs`` are those that are asked about again."""
        self._close()
        if self._parts:
            self._parts[0].inputs = tuple(inputs)
            sync_folder(self._folder / "requests")
        return self._parts

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
