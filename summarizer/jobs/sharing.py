"""A folder that a batch shares with `summarizer run`: one job, and no article paid for by both."""

from pathlib import Path

from summarizer import ledger
from summarizer.domain.article import Article
from summarizer.errors import SettingsError
from summarizer.intake.unread import Unread
from summarizer.jobs.folder import Job


def refuse(out: Path, made_by: ledger.Job, *, fresh: bool) -> None:
    """Refuse a run that does not go together with the batch in its folder, if there is one.

    Args:
        out: The folder.
        made_by: What makes the run's reports.
        fresh: Whether the run is to remove records.

    Raises:
        SettingsError: It would remove the batch's records, or make others than the batch.
    """
    if not Job.is_in(out):
        return
    if fresh:
        raise SettingsError(
            "holds a batch, whose records --fresh would remove.",
            where=f"--out {out}",
            mend="Leave --fresh out to go on with them, or name another folder.",
        )
    if differences := made_by.differences(Job.opened(out).order.made_by):
        raise SettingsError(
            f"holds a batch of another job; different now: {'; '.join(differences)}.",
            where=f"--out {out}",
            mend="Give model and settings of the batch, or name another folder.",
        )


class Underway:
    """Inputs whose answers a batch in the folder owes, or has given and nobody collected.

    Args:
        out: The folder, which nobody else writes into meanwhile.
    """

    def __init__(self, out: Path) -> None:
        job = Job.opened(out) if Job.is_in(out) else None
        parts = [part for part in job.parts if part.is_open] if job else []
        numbers, inputs = {part.number for part in parts}, {index for part in parts for index in part.inputs}
        self._texts = {
            ledger.key(entry.id, entry.again): ledger.digest(entry.article)
            for entry in (job.entries() if job and parts else ())
            if entry.article and (entry.part in numbers or entry.index in inputs)
        }

    def holds(self, one: Article | Unread, again: int = 0) -> bool:
        """Tell whether the batch holds an input: with the text that it has now, where it can be read."""
        text = self._texts.get(ledger.key(one.id, again))
        return text is not None and (isinstance(one, Unread) or ledger.digest(one) == text)
