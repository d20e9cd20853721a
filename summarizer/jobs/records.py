"""Where records go: reports.jsonl and failures.jsonl, and a ledger that says which input has which.

A record is written first, its line in the ledger after: what the ledger does not know was not finished, and
is cut off when the folder is opened again. A later record of an input replaces an earlier failure.
"""

import json
from pathlib import Path
from typing import Any, Literal

from summarizer.domain.report import ErrorRecord, Failure, Outcome, Report
from summarizer.errors import SettingsError
from summarizer.jobs.journal import Journal, replacing

Kind = Literal["report", "failure"]
_FILES: dict[str, str] = {"report": "reports.jsonl", "failure": "failures.jsonl"}


class Records:
    """The records of a folder; one writer at a time.

    Args:
        out: The folder.
        mend: Whether to cut off what a crash left; False for who only looks.

    Raises:
        SettingsError: There are records that the ledger does not know.
    """

    def __init__(self, out: Path, *, mend: bool = True) -> None:
        self._out = out
        self._ledger = Journal(out / "ledger.jsonl")
        if mend:
            self._finish_settling()
        self._lines: dict[int, dict[str, Any]] = {line["index"]: line for line in self._ledger.lines()}
        for kind in _FILES if mend else ():
            self._cut(kind)

    @property
    def outcomes(self) -> dict[int, Kind]:
        """What the inputs have that have a record."""
        return {index: line["outcome"] for index, line in self._lines.items()}

    def error(self, index: int) -> ErrorRecord | None:
        """Return the error of an input whose record is a failure; None where it is none."""
        line = self._lines.get(index)
        if line is None or line["outcome"] != "failure":
            return None
        with (self._out / _FILES["failure"]).open("rb") as file:
            file.seek(line["start"])
            return Failure.model_validate_json(file.read(line["end"] - line["start"])).error

    def write(self, index: int, outcome: Outcome) -> None:
        """Write the record of an input; an earlier one no longer counts."""
        kind = "report" if isinstance(outcome, Report) else "failure"
        with (self._out / _FILES[kind]).open("ab") as file:
            start = file.tell()
            file.write(outcome.to_json().encode() + b"\n")
            end = file.tell()
        about = {"index": index, "id": outcome.article.id, "sha256": outcome.article.sha256}
        line = {**about, "outcome": kind, "start": start, "end": end}
        self._ledger.add(line)
        self._lines[index] = line

    def settle(self) -> None:
        """Take failures that were replaced out of their file: every input has one record."""
        kept, at = [], 0
        path = self._out / _FILES["failure"]
        for line in sorted(self._lines.values(), key=lambda line: int(line["start"])):
            if line["outcome"] == "failure":
                size = line["end"] - line["start"]
                kept.append({**line, "start": at, "end": at + size, "from": line["start"]})
                at += size
        size = path.stat().st_size
        if at == size:
            return
        reports = [line for line in self._lines.values() if line["outcome"] == "report"]
        with replacing(self._next) as file:
            file.write(json.dumps({"size": size, "lines": [*reports, *kept]}).encode())
        self._finish_settling()
        self._lines = {line["index"]: line for line in self._ledger.lines()}

    @property
    def _next(self) -> Path:
        return self._out / "ledger.next.json"

    def _finish_settling(self) -> None:
        """Bring failures.jsonl and the ledger to what was decided, wherever this was left off."""
        if not self._next.exists():
            return
        decided = json.loads(self._next.read_bytes())
        path = self._out / _FILES["failure"]
        if path.stat().st_size == decided["size"]:  # it is still the old one
            data = path.read_bytes()
            with replacing(path) as file:
                for line in decided["lines"]:
                    if "from" in line:
                        file.write(data[line["from"] :][: line["end"] - line["start"]])
        with replacing(self._out / "ledger.jsonl") as file:
            for line in decided["lines"]:
                kept = {name: value for name, value in line.items() if name != "from"}
                file.write(json.dumps(kept, ensure_ascii=False).encode() + b"\n")
        self._next.unlink()

    def _cut(self, kind: str) -> None:
        path = self._out / _FILES[kind]
        known = max((line["end"] for line in self._lines.values() if line["outcome"] == kind), default=0)
        path.touch()
        if path.stat().st_size > known:
            with path.open("r+b") as file:
                file.seek(known)
                if file.read().count(b"\n") > 1:  # a crash leaves one at most
                    raise _not_ours(path)
                file.truncate(known)


def _not_ours(path: Path) -> SettingsError:
    return SettingsError(
        "holds records that this job did not write.",
        where=str(path),
        mend="Move them elsewhere: `summarizer run` and a batch job need a folder each.",
    )
