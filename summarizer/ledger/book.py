"""A folder of records and the ledger over them."""

import json
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from summarizer.domain.article import Article
from summarizer.domain.report import ErrorRecord, Failure, Outcome, Report
from summarizer.errors import OutputError, SettingsError
from summarizer.ledger.files import (
    FAILURES,
    FILES,
    JOB,
    LEDGER,
    NEW,
    REPORTS,
    Appending,
    clear,
    exchange,
    finish_exchange,
    is_filled,
    lines,
    told,
    write_whole,
)
from summarizer.ledger.job import FORMAT, Job
from summarizer.ledger.lock import locked
from summarizer.ledger.rows import OUTCOMES, Line, Rows, digest, dumped, entries, key
from summarizer.pipeline import fingerprint

Kind = Literal["report", "failure"]
Standing = Literal["new", "failed", "done", "changed"]
"""What a folder holds of an input: nothing, a failure, its report, or a report of an earlier text."""


@dataclass(slots=True)
class Opening:
    """What was found in a folder when it was opened.

    Attributes:
        reports: Reports that count as done.
        failures: Failures, to be tried again.
        notes: What was mended or taken in, a sentence each.
    """

    reports: int = 0
    failures: int = 0
    notes: list[str] = field(default_factory=list)


@contextmanager
def opened(folder: Path, job: Job, *, fresh: bool = False) -> Iterator["Ledger"]:
    """Open a folder to write records of a job into; it is made where it is missing.

    Nobody else can open it until the block ends, or the process does, however it ends.

    Args:
        folder: The folder.
        job: What makes the reports.
        fresh: Records that are there are removed.

    Raises:
        SettingsError: It holds records of another job, or another process writes into it.
        OutputError: It cannot be read or written.
    """
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder), ExitStack() as stack:
        with told(folder):
            if fresh:
                clear(folder)
            finish_exchange(folder)
            strangers = _agree(folder, job)
            ledger = Ledger(folder)
            stack.callback(ledger.close)
            ledger.load(taken_in=strangers)
            write_whole(folder / JOB, json.dumps({**job.model_dump(), "fingerprint": job.fingerprint}))
        yield ledger


def records(folder: Path) -> Iterator[Outcome]:
    """Yield the records of a folder in the order of the inputs; nothing is written, and no lock is taken.

    Raises:
        OutputError: A record cannot be read back.
        OSError: There is no ledger, or it may not be read.
    """
    yield from _read_back(folder, _rows(folder))


class Outcomes:
    """What the inputs of a folder had when it was looked at; nothing is written, and no lock is taken.

    Args:
        folder: The folder; without a ledger in it, no input has anything.

    Raises:
        OSError: The ledger may not be read.
    """

    def __init__(self, folder: Path) -> None:
        self._rows = _rows(folder) if (folder / LEDGER).exists() else Rows()

    def of(self, article_id: str, again: int = 0) -> Kind | None:
        """Return what an input has; arguments as for :meth:`Ledger.standing`."""
        number = self._rows.keys.find(key(article_id, again))
        return None if number is None else OUTCOMES[self._rows.kind[number]]


class Ledger:
    """Records of one job in one folder; see :func:`opened`.

    Attributes:
        opening: What was found.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.opening = folder, Opening()
        self._rows = Rows()  # of earlier runs: what this run enters is read anew where it is needed
        self._appending = {name: Appending(folder / name) for name in (*FILES, LEDGER)}
        self._lock = threading.Lock()  # inputs are looked up on one thread and entered on another
        self._last = -1
        self._stale = self._moved = self._unsorted = False

    def standing(self, index: int, article_id: str, article: Article | None, again: int = 0) -> Standing:
        """Return what the folder holds of an input, and note that it is this run's input ``index``.

        Args:
            index: Its place among the inputs.
            article_id: Its id.
            article: The article; None for an input that is none.
            again: How many inputs before it have its id.
        """
        with self._lock:
            number = self._rows.keys.find(key(article_id, again))
            if number is None:
                return "new"
            if self._rows.index[number] != index:
                self._rows.index[number], self._moved = index, True
            if self._rows.kind[number]:
                return "failed"
            same = article and digest(article) == self._rows.text[number]
            return "done" if same or article is None else "changed"

    def error(self, article_id: str, again: int = 0) -> ErrorRecord | None:
        """Return why an input failed in an earlier run; None where it did not.

        Raises:
            OutputError: Its record cannot be read back.
        """
        with self._lock:
            number = self._rows.keys.find(key(article_id, again))
            if number is None or not self._rows.kind[number]:
                return None
            _, start, size = self._rows.place(number)
        with told(self.folder), (self.folder / FAILURES).open("rb") as stream:
            stream.seek(start)
            record = _record(stream.read(size))
        if not isinstance(record, Failure):
            raise _no_record(self.folder / FAILURES, start)
        return record.error

    def enter(self, index: int, outcome: Outcome, again: int = 0) -> None:
        """Write a record and its line; what was there of the same input no longer counts.

        Raises:
            OutputError: It cannot be written; nothing of it stays.
        """
        kind = int(isinstance(outcome, Failure))
        file, ledger = self._appending[FILES[kind]], self._appending[LEDGER]
        sizes = file.size, ledger.size
        try:
            with told(self.folder):
                start, end = file.append(outcome.to_json())
                ledger.append(Line.of(index, outcome, again, (start, end)).to_json())
        except BaseException:
            file.cut(sizes[0])
            ledger.cut(sizes[1])
            raise
        with self._lock:
            self._stale |= self._rows.keys.find(key(outcome.article.id, again)) is not None
            self._note(index)

    def records(self) -> Iterator[Outcome]:
        """Yield the records in the order of the inputs.

        Raises:
            OutputError: A record cannot be read back.
        """
        yield from _read_back(self.folder, self._all())

    def settle(self, *, ordered: bool = False) -> None:
        """Take records that were replaced out of the files; nothing more can be entered.

        Afterwards the records outlive a crash of the machine, too. Needs as much room again as the files
        take, where there is something to do. It happens as a whole or not at all, whenever the process is
        killed.

        Args:
            ordered: Put the records and the ledger in the order of the inputs, too.

        Raises:
            OutputError: The files cannot be written; they stay as they were.
        """
        with told(self.folder):
            self.close(sync=True)
        sort = ordered and (self._unsorted or self._moved)
        if not (self._stale or self._moved or sort):
            return
        with told(self.folder):
            rows = self._all()
            order = rows.by_index() if ordered else rows.as_finished()
            exchange(self.folder, lambda: self._rewrite(rows, order, whole=self._stale or sort))
            self._rows, self._stale, self._moved = Rows(), False, False

    def close(self, *, sync: bool = False) -> None:
        """Free the files; with ``sync``, once they are on the disk."""
        for file in self._appending.values():
            file.close(sync=sync)

    def load(self, *, taken_in: bool) -> None:
        """Read what is there; cut what was torn, take in what was not entered.

        Args:
            taken_in: The reports are of an earlier version, which kept no ledger.
        """
        extents = [0, 0]
        for line in entries(self.folder, self._mend):
            kind = line.kind
            if line.end > self._appending[FILES[kind]].size:  # the machine went down before it was on disk
                self._appending[LEDGER].cut(line.at)
                break
            extents[kind] = max(extents[kind], line.end)
            self._put(line)
        self._take_in(0, extents[0])
        if taken_in:
            self._take_in(1, extents[1])
        else:  # a failure that was not entered is tried again like any other
            self._appending[FAILURES].cut(extents[1])
        failed = sum(self._rows.kind)
        self.opening.reports, self.opening.failures = len(self._rows.kind) - failed, failed

    def _mend(self, at: int, last: bool) -> None:
        """Deal with a line of the ledger that is none."""
        self._stale = True
        if last:
            self._appending[LEDGER].cut(at)
        else:
            self.opening.notes.append(f"{LEDGER} is damaged at byte {at:,}; that input is asked for again.")

    def _take_in(self, kind: int, extent: int) -> None:
        """Enter the whole records beyond what the ledger knows, and cut off what is torn."""
        file, taken = self._appending[FILES[kind]], 0
        start = extent
        for line in lines(file.path, extent):
            record, end = _record(line), start + len(line)
            if record is None or isinstance(record, Failure) != bool(kind):
                if end < file.size:
                    raise _no_record(file.path, start)
                break
            self._adopt(record, (start, end))
            start, taken = end, taken + 1
        if taken:
            self.opening.notes.append(f"{taken:,} taken in from {file.path.name}, not in the ledger before.")
        if start < file.size:
            self.opening.notes.append(f"{file.size - start:,} bytes cut from {file.path.name}: torn.")
            file.cut(start)

    def _adopt(self, record: Outcome, place: tuple[int, int]) -> None:
        again = 0
        if isinstance(record, Failure):  # never in place of another record
            while self._rows.keys.find(key(record.article.id, again)) is not None:
                again += 1
        entry = Line.of(len(self._rows.kind), record, again, place)
        entry.at = self._appending[LEDGER].append(entry.to_json())[0]
        self._put(entry)

    def _put(self, line: Line) -> None:
        """Take in a line that is there already."""
        self._stale |= self._rows.put(line)
        self._note(line.index)

    def _note(self, index: int) -> None:
        self._unsorted |= index < self._last
        self._last = index

    def _all(self) -> Rows:
        """Return the lines of this run, too, under the indexes that their inputs have in it."""
        rows = _rows(self.folder)
        known = self._rows.index  # numbered alike: its lines are those that rows begins with
        rows.index[: len(known)] = known
        return rows

    def _rewrite(self, rows: Rows, order: Iterable[int], *, whole: bool) -> None:
        """Write a new ledger with the lines that count, in an order, and where ``whole`` the records, too."""
        names = (*FILES, LEDGER)
        with ExitStack() as files:
            sources = [files.enter_context((self.folder / name).open("rb")) for name in names]
            copies = {
                name: files.enter_context((self.folder / (name + NEW)).open("wb"))
                for name in (names if whole else (LEDGER,))
            }
            for number in order:
                kind, start, size = rows.place(number)
                if copy := copies.get(names[kind]):
                    sources[kind].seek(start)
                    start = copy.tell()
                    copy.write(sources[kind].read(size))
                sources[2].seek(rows.at[number])
                line = json.loads(sources[2].readline())
                line |= {"index": rows.index[number], "start": start, "end": start + size}
                copies[LEDGER].write(dumped(line))
            for copy in copies.values():
                copy.flush()
                os.fsync(copy.fileno())


def _rows(folder: Path) -> Rows:
    """Read the last line of every input."""
    rows = Rows()
    for line in entries(folder, None):
        rows.put(line)
    return rows


def _record(line: bytes) -> Outcome | None:
    """Read a record; None where a line is none."""
    try:
        data = json.loads(line)
        return Failure.model_validate(data) if "error" in data else Report.from_dict(data)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _read_back(folder: Path, rows: Rows) -> Iterator[Outcome]:
    with (folder / REPORTS).open("rb") as reports, (folder / FAILURES).open("rb") as failures:
        for number in rows.by_index():
            kind, start, size = rows.place(number)
            stream = (reports, failures)[kind]
            stream.seek(start)
            record = _record(stream.read(size))
            if record is None:
                raise _no_record(folder / FILES[kind], start)
            yield record


def _no_record(path: Path, at: int) -> OutputError:
    return OutputError(
        "what stands there is no record; was the file changed?",
        where=f"{path}, byte {at:,}",
        mend=f"Take broken lines out and remove {LEDGER}: the next run makes it anew from the records.",
    )


def _agree(folder: Path, job: Job) -> bool:
    """Refuse records of another job; True where they are of a version that kept no ledger."""
    filled = [name for name in (*FILES, LEDGER) if is_filled(folder / name)]
    if not filled:
        return False
    if (folder / JOB).is_file():
        if differences := job.differences(_job(folder)):
            raise _other_job(folder, differences)
    else:
        _compare_reports(folder, job)
    return LEDGER not in filled


def _job(folder: Path) -> Job:
    try:
        data = json.loads((folder / JOB).read_bytes())
        if data["format"] != FORMAT:
            raise SettingsError(
                f"it is of format {data['format']}, and this version writes {FORMAT}.",
                where=str(folder / JOB),
                mend="Use the version that wrote it, or name another folder.",
            )
        return Job.model_validate({name: data[name] for name in Job.model_fields})
    except (ValueError, KeyError, TypeError):
        raise OutputError(
            "what made its records cannot be read.",
            where=str(folder / JOB),
            mend="Name another folder, or begin anew with --fresh.",
        ) from None


def _compare_reports(folder: Path, job: Job) -> None:
    """Refuse reports of an earlier version that this job would not make."""
    for line in lines(folder / REPORTS, 0) if is_filled(folder / REPORTS) else ():
        report = _record(line)
        if not isinstance(report, Report) or report.trace.fingerprint == fingerprint(job, report.article):
            continue
        trace = report.trace
        made = job.model_copy(update={"name": trace.backend, "model": trace.model, "prompt": trace.prompt})
        raise _other_job(folder, job.differences(made) or ["endpoint, parameters or rules"])


def _other_job(folder: Path, differences: list[str]) -> SettingsError:
    return SettingsError(
        f"holds records of another job; different now: {'; '.join(differences)}.",
        where=f"--out {folder}",
        mend="Name another folder, or replace them with --fresh.",
    )
