"""Where records go: standard output, or the files of a folder, each written as soon as it is there."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Protocol

from summarizer.cli.messages import leave_quietly
from summarizer.domain.report import Failure, Outcome, Report
from summarizer.errors import SettingsError

FORMATS = ("jsonl", "csv", "markdown", "html", "terminal")
_IN_WORDS = ("markdown", "terminal")
_FILES = {"csv": "claims.csv", "markdown": "report.md", "html": "report.html"}


class Output(Protocol):
    """Takes records one by one.

    Attributes:
        tells_failures: Whether failures are told, in words, where messages to the person go.
    """

    @property
    def tells_failures(self) -> bool:
        """Whether saying a failure, too, would say it twice."""
        ...

    def write(self, outcome: Outcome) -> None:
        """Take one record."""
        ...


class _Stream:
    """One format on one text stream."""

    def __init__(
        self, stream: IO[str], render: Callable[[Outcome], str], *, tells_failures: bool = False
    ) -> None:
        self._stream, self._render, self.tells_failures = stream, render, tells_failures

    def write(self, outcome: Outcome) -> None:
        if text := self._render(outcome):
            try:
                self._stream.write(text)
                self._stream.flush()
            except BrokenPipeError:
                leave_quietly()


class _Several:
    """Every record to every output."""

    def __init__(self, outputs: list[Output]) -> None:
        self._outputs = outputs
        self.tells_failures = any(output.tells_failures for output in outputs)

    def write(self, outcome: Outcome) -> None:
        for output in self._outputs:
            output.write(outcome)


@contextmanager
def opened(out: Path | None, formats: str, *, fresh: bool = False) -> Iterator[Output]:
    """Open the outputs that ``--out`` and ``--format`` name.

    Args:
        out: Folder for the records; None for standard output.
        formats: Names of formats, joined by commas.
        fresh: Records of an earlier run in the folder may be replaced.

    Raises:
        SettingsError: A format nobody writes, a folder that cannot be made or that holds earlier records.
    """
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    for name in wanted:
        if name not in FORMATS:
            raise SettingsError(
                f"no format {name!r}.", where="--format", mend=f"Known: {', '.join(FORMATS)}."
            )
    with ExitStack() as files:
        if out is None:
            yield _Several([_printed(name) for name in wanted or ["terminal"]])
        else:
            _refuse_earlier(out, fresh=fresh)
            yield _Several(list(_folder(out, wanted, files)))


def _printed(name: str) -> Output:
    tells = name in _IN_WORDS and _is_one_screen(sys.stdout, sys.stderr)
    return _Stream(sys.stdout, _renderer(name, sys.stdout), tells_failures=tells)


def _is_one_screen(one: IO[str], other: IO[str]) -> bool:
    """Tell whether two streams end in the same terminal, pipe or file."""
    try:
        return os.path.sameopenfile(one.fileno(), other.fileno())
    except (AttributeError, OSError, ValueError):  # none, closed, or no stream of the system's
        return False


def _refuse_earlier(out: Path, *, fresh: bool) -> None:
    """Refuse a folder with records that somebody may have paid for, unless they may be replaced."""
    held = [name for name in ("reports.jsonl", "failures.jsonl") if _is_filled(out / name)]
    if held and not fresh:
        raise SettingsError(
            f"holds {' and '.join(held)} of an earlier run.",
            where=f"--out {out}",
            mend="Name another folder, or replace them with --fresh.",
        )
    for name in _FILES.values():  # tables of earlier records would not belong to the new ones
        (out / name).unlink(missing_ok=True)


def _is_filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _folder(out: Path, wanted: list[str], files: ExitStack) -> Iterator[Output]:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, kind in (("reports.jsonl", Report), ("failures.jsonl", Failure)):
            stream = files.enter_context((out / name).open("w", encoding="utf-8"))
            yield _Stream(stream, partial(_line_of, kind))
        for name in wanted:
            if name in _FILES:
                stream = files.enter_context((out / _FILES[name]).open("w", encoding="utf-8", newline=""))
                yield _Stream(stream, _renderer(name, stream))
    except OSError as error:
        raise SettingsError(f"cannot write: {error.strerror}.", where=f"--out {out}") from None


def _line(record: Outcome) -> str:
    return record.to_json() + "\n"


def _line_of(kind: type[Outcome], record: Outcome) -> str:
    return _line(record) if isinstance(record, kind) else ""


def _renderer(name: str, stream: IO[str]) -> Callable[[Outcome], str]:
    if name == "csv":
        from summarizer.exporters.csv import Table

        return Table().render
    if name == "markdown":
        from summarizer.exporters.markdown import render

        return render
    if name == "html":
        from summarizer.exporters.html import Page

        return Page().render
    if name == "terminal":
        from summarizer.cli.terminal import page

        return lambda record: page(record, stream)
    return _line
