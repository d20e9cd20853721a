"""The fault matrix: what each fault between us and a model becomes, and how many requests it takes.

    python benchmarks/faults.py

Plays the rows of tests/functional/test_faults.py against a real server on loopback and prints them as a
Markdown table. Seconds are of this run, with small limits and a backoff of milliseconds; the waits that
endpoints ask for are real.
"""

import logging
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.conftest import Endpoint, completion, fault
from tests.functional.test_faults import ANSWERS, ATTEMPTS, ROWS, Row, answers, play


def line(row: Row, endpoint: Endpoint) -> str:
    """Play a row and return its line."""
    started = time.perf_counter()
    came = play(row, endpoint, answers(completion, fault))
    seconds = time.perf_counter() - started
    limits = ", ".join(f"{name} {value:g} s" for name, value in row.options.items())
    verdict = (
        "" if (type(came), len(endpoint.requests)) == (row.becomes, row.requests) else " **not as said**"
    )
    return (
        f"| {row.name}{f' ({limits})' if limits else ''} | {len(endpoint.requests)} | "
        f"{type(came).__name__}{verdict} | {seconds:.2f} |"
    )


def main() -> None:
    """Play every row and print the table."""
    logging.disable()
    print(f"A question may lose {ATTEMPTS} requests to the wire; {ANSWERS} answers may miss the schema.\n")
    print("| fault | requests | becomes | seconds |\n|---|--:|---|--:|")
    with Endpoint().running() as endpoint:
        for row in ROWS:
            print(line(row, endpoint))


if __name__ == "__main__":
    main()
