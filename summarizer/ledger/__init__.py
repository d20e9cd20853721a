"""A folder of records, each written as it is finished, and which input each of them is of.

reports.jsonl     a report a line
failures.jsonl    a failure a line
ledger.jsonl      an input a line: index, id, digests, outcome, the bytes of its record, what it took
job.json          what makes the reports: only the same job goes on here

A record is written first, then its line in the ledger, both straight to the system: a process that is killed
loses what it had in hand. A later line for an input replaces the earlier one; ``settle`` takes the records
so replaced out of the files.
"""

from summarizer.ledger.book import Kind, Ledger, Opening, Outcomes, Standing, opened, records
from summarizer.ledger.files import FAILURES, JOB, LEDGER, REPORTS
from summarizer.ledger.job import FORMAT, Job
from summarizer.ledger.lock import locked
from summarizer.ledger.rows import digest, key

__all__ = [
    "FAILURES",
    "FORMAT",
    "JOB",
    "LEDGER",
    "REPORTS",
    "Job",
    "Kind",
    "Ledger",
    "Opening",
    "Outcomes",
    "Standing",
    "digest",
    "key",
    "locked",
    "opened",
    "records",
]
