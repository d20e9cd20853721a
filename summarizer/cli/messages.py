"""What the command line says to the person: on standard error, a line each, steering no terminal."""

import sys

from summarizer.text.folding import printable


def say(message: object) -> None:
    """Write one message."""
    sys.stderr.write(f"summarizer: {' '.join(printable(str(message)).split())}\n")
