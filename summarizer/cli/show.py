"""``summarizer show``: saved reports rendered again, without a model."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from summarizer import ledger
from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.cli.output import Printer, wanted_formats
from summarizer.domain.report import Failure, Outcome, Report
from summarizer.errors import InputError, InputNotFound, MalformedInput


def show_reports(paths: list[str], formats: str) -> int:
    """Render every record of the files on standard output; 1 where a line is no record."""
    failed = False
    printer = Printer(wanted_formats(formats))
    for path in paths:
        for record in records(path):
            if isinstance(record, InputError):
                say(record)
                failed = True
            else:
                printer.write(record)
    return exits.FAILED if failed else 0


def records(path: str) -> Iterator[Outcome | InputError]:
    """Yield every record of a file, a folder or standard input, and an error for what is none.

    Those of a folder with a ledger come in the order of the inputs.
    """
    if path == "-":
        yield from _lines("standard input", sys.stdin)
        return
    place = Path(path)
    if (place / ledger.LEDGER).is_file():
        yield from ledger.records(place)
        return
    files = [place / "reports.jsonl", place / "failures.jsonl"] if place.is_dir() else [place]
    found = [file for file in files if file.is_file()]
    if not found:
        yield InputNotFound(
            "no reports here.", where=path, mend="Give a reports.jsonl or a folder of `run --out`."
        )
    for file in found:
        with file.open(encoding="utf-8") as lines:
            yield from _lines(str(file), lines)


def _lines(name: str, lines: Iterable[str]) -> Iterator[Outcome | InputError]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            yield Failure.model_validate(data) if "error" in data else Report.from_dict(data)
        except (ValueError, TypeError, AttributeError) as error:
            said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            yield MalformedInput(f"no report: {said}.", where=f"{name}:{number}")
