"""The command line: ``summarizer run | show | prompt | schema | doctor | eval | cache``."""

import sys

from summarizer.cli import exits
from summarizer.cli.app import app
from summarizer.errors import SummarizerError

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with its exit code; whatever happens is told in a sentence."""
    from summarizer.cli.messages import say

    try:
        app()
    except SummarizerError as error:
        say(error)
        sys.exit(exits.USAGE)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        say(f"{where}{error.strerror or error}.")
        sys.exit(exits.USAGE)
    except (ValueError, RecursionError) as error:
        say(f"an input is not of the shape it should be: {type(error).__name__}: {str(error)[:300]}")
        sys.exit(exits.USAGE)
