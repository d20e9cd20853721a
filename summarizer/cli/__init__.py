"""The command line: ``summarizer run | show | prompt | schema | doctor | eval | cache``."""

import sys

from summarizer.cli import exits
from summarizer.cli.app import app
from summarizer.errors import SummarizerError

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        app()
    except SummarizerError as error:
        from summarizer.cli.messages import say

        say(error)
        sys.exit(exits.USAGE)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        sys.exit(0)
