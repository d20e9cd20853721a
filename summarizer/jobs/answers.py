"""The files that came back, by request: which line answers it, or whether one may still come."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.jobs.folder import Job, Part
from summarizer.jobs.parts import digests

log = logging.getLogger(__name__)

_CODES = {"expired": "batch_expired", "cancelled": "batch_cancelled", "completed": "no_line"}
_UNSENT = {"error": {"code": "batch_cancelled"}}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a line stands."""

    path: Path
    start: int
    size: int

    def read(self) -> dict[str, Any]:
        with self.path.open("rb") as file:
            file.seek(self.start)
            line: dict[str, Any] = json.loads(file.read(self.size))
        return line


class Answers:
    """What became of the requests of a job; lines are read when they are asked for.

    Of a request that was sent again the last batch counts.

    Attributes:
        strange: Lines that no request of theirs asked for, second lines for one request, unreadable ones.
    """

    def __init__(self, job: Job) -> None:
        self._standing: dict[str, _Place | dict[str, Any] | None] = {}
        self.strange: list[str] = []
        for part in job.parts:
            asked = dict.fromkeys(digests(job.path_of(part)))
            self._standing |= dict.fromkeys(asked, None if part.is_live else _otherwise(part))
            for place, line in lines(job, part, self.strange):
                self._take(line.get("custom_id"), place, line, asked)

    def line(self, digest: str) -> dict[str, Any] | None:
        """Return the line for a request; None where there is none yet, or nobody asked."""
        found = self._standing.get(digest)
        return found.read() if isinstance(found, _Place) else found

    def is_underway(self, digest: str) -> bool:
        """Tell whether a batch holds the request and has not answered."""
        return digest in self._standing and self._standing[digest] is None

    def _take(self, digest: object, place: _Place, line: dict[str, Any], asked: dict[str, None]) -> None:
        name = f"{place.path.name} at byte {place.start:,}"
        if not isinstance(digest, str) or digest not in asked:
            self.strange.append(f"{name}: a line that nothing was asked for")
        elif not isinstance(known := self._standing[digest], _Place):
            self._standing[digest] = place
        else:
            self.strange.append(f"{name}: a second line for one request")
            if _is_answer(line) and not _is_answer(known.read()):
                self._standing[digest] = place


def lines(job: Job, part: Part, strange: list[str] | None = None) -> Iterator[tuple[_Place, dict[str, Any]]]:
    """Give the readable lines of a part's files, and where they stand; the others are listed as strange."""
    for name in part.ended.files if part.ended else ():
        path, start = job.folder / "answers" / name, 0
        with path.open("rb") as file:
            for data in file:
                place = _Place(path, start, len(data))
                start += len(data)
                if (line := _read(data)) is not None:
                    yield place, line
                elif strange is not None and data.strip():
                    strange.append(f"{name} at byte {place.start:,}: a line that cannot be read")


def _read(data: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None


def _is_answer(line: dict[str, Any]) -> bool:
    response = line.get("response")
    return isinstance(response, dict) and response.get("status_code") == 200


def _otherwise(part: Part) -> dict[str, Any]:
    """Return the line that stands for requests which the files of a part that ended do not name."""
    if part.ended is None:
        return _UNSENT
    code = _CODES.get(part.ended.status, f"batch_{part.ended.status}")
    return {"error": {"code": code, "message": part.ended.problem}}
