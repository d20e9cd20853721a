"""Files that grow by whole lines, and files that take the place of others: nothing torn stays."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from summarizer.errors import OutputError

REPORTS: Final = "reports.jsonl"
FAILURES: Final = "failures.jsonl"
LEDGER: Final = "ledger.jsonl"
JOB: Final = "job.json"
FILES: Final = (REPORTS, FAILURES)
NEW: Final = ".new"
_EXCHANGE: Final = "exchange"


class Appending:
    """A file that grows by whole lines, each handed to the system at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = path.open("ab", buffering=0)
        self.size = self._file.seek(0, os.SEEK_END)

    def append(self, line: str) -> tuple[int, int]:
        """Write a line and return the range of its bytes; OSError where it cannot be written as a whole."""
        assert self._file
        data = memoryview(line.encode() + b"\n")
        start, written = self.size, 0
        while written < len(data):
            written += self._file.write(data[written:]) or 0
        self.size += len(data)
        return start, self.size

    def cut(self, size: int) -> None:
        """Take off what is beyond a size."""
        assert self._file
        self._file.truncate(size)
        self.size = size

    def close(self, *, sync: bool = False) -> None:
        """Free the file; with ``sync``, once it is on the disk."""
        if self._file:
            if sync:
                os.fsync(self._file.fileno())
            self._file.close()
            self._file = None


def lines(path: Path, start: int, *, torn: bool = False) -> Iterator[bytes]:
    """Yield the lines of a file from a place on; one without an end only where asked for."""
    with path.open("rb") as stream:
        stream.seek(start)
        for line in stream:
            if torn or line.endswith(b"\n"):
                yield line


def is_filled(path: Path) -> bool:
    """Tell whether there is a file with something in it."""
    return path.is_file() and path.stat().st_size > 0


def clear(folder: Path) -> None:
    """Remove all that a ledger's folder holds, the records too."""
    names = (_EXCHANGE, LEDGER, *FILES, JOB)
    for name in (*names, *(name + NEW for name in names)):
        (folder / name).unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write a small file such that it is there as a whole or not at all."""
    new = path.with_name(path.name + NEW)
    new.write_text(text + "\n", encoding="utf-8")
    new.replace(path)


def exchange(folder: Path, write: Callable[[], None]) -> None:
    """Write new files beside the old and put them in their place, all or none."""
    try:
        write()
        write_whole(folder / _EXCHANGE, "the .new files are whole")
    except BaseException:
        finish_exchange(folder)
        raise
    finish_exchange(folder)


def finish_exchange(folder: Path) -> None:
    """Put whole new files in place; remove what was not finished."""
    whole = (folder / _EXCHANGE).exists()
    for name in (*FILES, LEDGER):
        new = folder / (name + NEW)
        if whole and new.exists():
            new.replace(folder / name)
        new.unlink(missing_ok=True)
    for name in (_EXCHANGE, _EXCHANGE + NEW, JOB + NEW):
        (folder / name).unlink(missing_ok=True)


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Tell the system's errors as ours."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written or read: {error.strerror or error}.",
            where=f"--out {folder}",
            mend="What is there is whole. Make room or mend it; the same command then goes on.",
        ) from None
