"""Where records go: standard output, or the files of a folder, each written as soon as it is there."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Protocol

from summarizer.domain.report import Failure, Outcome, Report
from summarizer.errors import SettingsError

FORMATS = ("jsonl", "csv", "markdown", "terminal")
_FILES = {"csv": "claims.csv", "markdown": "report.md"}


class Output(Protocol):
    """Takes records one by one."""

    def write(self, outcome: Outcome) -> None:
        """Take one record."""
        ...


class _Stream:
    """One format on one text stream."""

    def __init__(self, stream: IO[str], render: Callable[[Outcome], str]) -> None:
        self._stream, self._render = stream, render

    def write(self, outcome: Outcome) -> None:
        if text := self._render(outcome):
            self._stream.write(text)
            self._stream.flush()


class _Several:
    """Every record to every output."""

    def __init__(self, outputs: list[Output]) -> None:
        self._outputs = outputs

    def write(self, outcome: Outcome) -> None:
        for output in self._outputs:
            output.write(outcome)


@contextmanager
def opened(out: Path | None, formats: str) -> Iterator[Output]:
    """Open the outputs that ``--out`` and ``--format`` name.

    Raises:
        SettingsError: A format nobody writes, or a folder that cannot be made.
    """
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    for name in wanted:
        if name not in FORMATS:
            raise SettingsError(
                f"no format {name!r}.", where="--format", mend=f"Known: {', '.join(FORMATS)}."
            )
    with ExitStack() as files:
        if out is None:
            yield _Several(
                [_Stream(sys.stdout, _renderer(name, sys.stdout)) for name in wanted or ["terminal"]]
            )
        else:
            yield _Several(list(_folder(out, wanted, files)))


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
    if name == "terminal":
        from summarizer.cli.terminal import page

        return lambda record: page(record, stream)
    return _line
