"""What the command line says to the person: on standard error, a line each, steering no terminal."""

import logging
import os
import sys

from summarizer.text.folding import printable


def say(message: object) -> None:
    """Write one message."""
    sys.stderr.write(f"summarizer: {' '.join(printable(str(message)).split())}\n")


def leave_quietly() -> None:
    """Leave because the reader of our pipe has seen enough; that is no failure."""
    # Nothing more can be written, and what is still buffered must not raise at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


class Told(logging.Handler):
    """Says log records to the person: what the intake passed over is not to be missed."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say one record."""
        say(record.getMessage())


def tell_of_intake() -> None:
    """Have what files were passed over said."""
    log = logging.getLogger("summarizer.intake")
    if not any(isinstance(handler, Told) for handler in log.handlers):
        log.addHandler(Told(logging.INFO))
        log.setLevel(logging.INFO)


def named(names: list[str], count: int, most: int) -> str:
    """Write the first names of many, and how many more there are."""
    more = f" and {count - most:,} more" if count > most else ""
    return f"{', '.join(names[:most])}{more}"
