"""What a job's answers are worked through with."""

from dataclasses import dataclass

from summarizer.jobs.answers import Answers
from summarizer.jobs.folder import Job
from summarizer.ledger import Ledger
from summarizer.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Work:
    """A job, its answers, the pipeline over these, and where the records go."""

    job: Job
    records: Ledger
    answers: Answers
    pipeline: Pipeline
