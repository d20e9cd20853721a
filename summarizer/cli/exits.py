"""Exit codes of the command line."""

FAILED = 1
"""Some articles failed; each has a record, the rest is whole."""
USAGE = 2
"""Wrong usage or settings."""
GATE = 3
"""A floor of ``eval`` did not hold."""
WAITING = 4
"""Batches are still running, or not collected: the same command again, later."""
INTERRUPTED = 130
"""Interrupted; what was finished is kept."""
