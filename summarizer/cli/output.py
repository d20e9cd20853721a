"""Where records go: standard output, or a folder; each written as soon as it may be."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Protocol

from summarizer.batch import Input
from summarizer.cli.messages import leave_quietly, named, say
from summarizer.cli.order import InOrder
from summarizer.cli.tally import Tally
from summarizer.domain.article import Article
from summarizer.domain.report import Outcome
from summarizer.errors import OutputError, SettingsError
from summarizer.jobs.sharing import Underway, refuse
from summarizer.ledger import Job, Ledger, opened

FORMATS = ("jsonl", "csv", "markdown", "html", "terminal")
_IN_WORDS = ("markdown", "terminal")
_TABLES = {"csv": "claims.csv", "markdown": "report.md", "html": "report.html"}
_NAMED = 20


class Sink(Protocol):
    """Takes the outcomes of a run.

    Attributes:
        tells_failures: Whether failures are told, in words, where messages to the person go.
    """

    @property
    def tells_failures(self) -> bool:
        """Whether saying a failure, too, would say it twice."""
        ...

    def missing(self, inputs: Iterable[Input]) -> Iterator[Input]:
        """Yield the inputs that are to be summarised; may be called on another thread."""
        ...

    def take(self, given: Input, outcome: Outcome) -> None:
        """Take what came of an input."""
        ...

    def finish(self, *, interrupted: Callable[[], bool]) -> None:
        """Put all in its final shape, unless the run is interrupted."""
        ...


def wanted_formats(formats: str) -> list[str]:
    """Read a comma list of formats.

    Raises:
        SettingsError: There is one that nobody writes.
    """
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    for name in wanted:
        if name not in FORMATS:
            raise SettingsError(
                f"no format {name!r}.", where="--format", mend=f"Known: {', '.join(FORMATS)}."
            )
    return wanted


class Printer:
    """Records on standard output, in some formats."""

    def __init__(self, formats: list[str]) -> None:
        wanted = formats or ["terminal"]
        self._renderers = [_renderer(name, sys.stdout) for name in wanted]
        self.tells_failures = any(name in _IN_WORDS for name in wanted) and _is_one_screen(
            sys.stdout, sys.stderr
        )

    def write(self, outcome: Outcome) -> None:
        """Write one record."""
        for render in self._renderers:
            if text := render(outcome):
                try:
                    sys.stdout.write(text)
                    sys.stdout.flush()
                except BrokenPipeError:
                    leave_quietly()


@contextmanager
def printed(formats: list[str], *, ordered: bool = True) -> Iterator[Sink]:
    """Print records: in the order of the inputs, or else as they are finished."""
    sink = _Printed(Printer(formats), ordered=ordered)
    try:
        yield sink
    finally:
        sink.close()


@contextmanager
def kept(
    folder: Path, formats: list[str], job: Job, tally: Tally, *, ordered: bool = False, fresh: bool = False
) -> Iterator[Sink]:
    """Keep records in a folder, and go on there where it was left.

    Args:
        folder: The folder; made where it is missing.
        formats: What to render from the records at the end.
        job: What makes the reports.
        tally: Told what was found done.
        ordered: At the end, put the records in the order of the inputs.
        fresh: Remove what an earlier run left there.

    Raises:
        SettingsError: It holds records or a batch of another job, or another run writes into it; or it holds
            a batch, and all is to begin anew.
        OutputError: It cannot be written.
    """
    refuse(folder, job, fresh=fresh)
    tables = [name for name in formats if name in _TABLES]
    with opened(folder, job, fresh=fresh) as ledger:
        refuse(folder, job, fresh=fresh)  # again: until now a batch may have been made there
        yield _Kept(ledger, Underway(folder), tables, tally, ordered=ordered, fresh=fresh)


class _Printed:
    """Records on standard output."""

    def __init__(self, printer: Printer, *, ordered: bool) -> None:
        self.tells_failures = printer.tells_failures
        self._write = printer.write
        self._order = InOrder(printer.write) if ordered else None

    def missing(self, inputs: Iterable[Input]) -> Iterator[Input]:
        yield from inputs

    def take(self, given: Input, outcome: Outcome) -> None:
        if self._order:
            self._order.take(given.index, outcome)
        else:
            self._write(outcome)

    def finish(self, *, interrupted: Callable[[], bool]) -> None:
        pass

    def close(self) -> None:
        if self._order:
            self._order.close()


class _Kept:
    """Records in a folder with a ledger, and tables made of them."""

    tells_failures = False

    def __init__(
        self,
        ledger: Ledger,
        underway: Underway,
        tables: list[str],
        tally: Tally,
        *,
        ordered: bool,
        fresh: bool,
    ) -> None:
        self._ledger, self._underway = ledger, underway
        self._tables, self._tally, self._ordered = tables, tally, ordered
        self._unreadable: set[int] = set()  # inputs that have a report, and cannot be read any more
        self._changed: list[str] = []
        self._waiting: list[str] = []
        self._untouched = not fresh
        if fresh:
            self._remove_tables()
        for note in ledger.opening.notes:
            say(f"{ledger.folder}: {note}")

    def missing(self, inputs: Iterable[Input]) -> Iterator[Input]:
        for given in inputs:
            article = given.one if isinstance(given.one, Article) else None
            standing = self._ledger.standing(given.index, given.one.id, article, given.again)
            if standing == "done" and article:
                self._tally.found += 1
                continue
            if self._underway.holds(given.one, given.again):
                self._tally.waiting += 1
                self._waiting += [given.one.id] if len(self._waiting) <= _NAMED else []
                continue
            if standing == "done":
                self._unreadable.add(given.index)
            elif standing == "changed":
                self._tally.changed += 1
                self._changed += [given.one.id] if len(self._changed) <= _NAMED else []
            yield given

    def take(self, given: Input, outcome: Outcome) -> None:
        if given.index in self._unreadable:
            say(f"{given.one.id}: cannot be read any more; its report of an earlier run is kept.")
            return
        if self._untouched:
            self._untouched = False
            self._remove_tables()
        self._ledger.enter(given.index, outcome, given.again)

    def finish(self, *, interrupted: Callable[[], bool]) -> None:
        if self._waiting:
            told, folder = named(self._waiting, self._tally.waiting, _NAMED), self._ledger.folder
            say(
                f"left to the batch in {folder}, which was asked about them: {told}. `summarizer batch "
                f"collect {folder}` makes their records; `summarizer batch cancel {folder}` ends the waiting."
            )
        if self._changed:
            told = named(self._changed, self._tally.changed, _NAMED)
            say(f"changed since an earlier run, and summarised again: {told}.")
        self._ledger.settle(ordered=self._ordered)
        if self._tables and not (not interrupted() and self._render(interrupted)):
            tables = " and ".join(_TABLES[name] for name in self._tables)
            say(f"{tables}: made when the run is through, or with `summarizer show {self._ledger.folder}`.")

    def _render(self, interrupted: Callable[[], bool]) -> bool:
        """Make the tables anew; False where that was interrupted."""
        folder = self._ledger.folder
        new = {folder / f"{_TABLES[name]}.new": name for name in self._tables}
        try:
            with ExitStack() as files:
                streams = [
                    (stream, _renderer(name, stream))
                    for path, name in new.items()
                    if (stream := files.enter_context(path.open("w", encoding="utf-8", newline="")))
                ]
                for record in self._ledger.records():
                    if interrupted():
                        return False
                    for stream, render in streams:
                        stream.write(render(record))
            for path in new:
                path.replace(path.with_suffix(""))
        except OSError as error:
            raise OutputError(
                f"the tables cannot be written: {error.strerror}.",
                where=f"--out {folder}",
                mend="The records are whole. Make room, then give the same command again.",
            ) from None
        finally:
            for path in new:
                path.unlink(missing_ok=True)
        return True

    def _remove_tables(self) -> None:
        for name in _TABLES.values():  # tables of earlier records would not belong to the new ones
            (self._ledger.folder / name).unlink(missing_ok=True)


def _is_one_screen(one: IO[str], other: IO[str]) -> bool:
    """Tell whether two streams end in the same terminal, pipe or file."""
    try:
        return os.path.sameopenfile(one.fileno(), other.fileno())
    except (AttributeError, OSError, ValueError):  # none, closed, or no stream of the system's
        return False


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
    return lambda record: record.to_json() + "\n"
