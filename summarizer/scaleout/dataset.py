"""A Ray Dataset in, a folder of records out: the one that ``summarizer run --out`` writes."""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from summarizer import batch, wiring
from summarizer.domain.article import Article
from summarizer.domain.report import Failure
from summarizer.intake import LIMIT
from summarizer.intake.parquet import row_article
from summarizer.intake.unread import Unread
from summarizer.ledger import Job, Ledger, opened
from summarizer.scaleout.cluster import cluster
from summarizer.scaleout.pool import RayWorkers
from summarizer.settings import Settings

TABLE: Final = "records.parquet"
_ROWS: Final = 64
_LONGEST: Final = 512


@dataclass(slots=True)
class Counts:
    """What came of a dataset.

    Attributes:
        done: Reports made.
        failed: Failures, each with its record.
        found: Articles that had their report from an earlier call.
    """

    done: int = 0
    failed: int = 0
    found: int = 0


def summarize_dataset(  # noqa: PLR0913 - options by name, each with a default
    dataset: Any,
    settings: Settings,
    out: str | Path,
    *,
    workers: int = 2,
    concurrency: int = 8,
    fresh: bool = False,
    parquet: bool = False,
) -> Counts:
    """Summarise the rows of a Ray Dataset, and write a record for each into a folder.

    Columns are the fields of a JSON line: ``text``, and where there are any ``id``, ``title``,
    ``published``, ``source``, ``language``. A row without an id is given one that follows from its text.
    The folder is a run's: each record is written as it is finished; killed at any time, the same call goes
    on where it stopped, and asks for nothing that is there. Only one process at a time writes into it.

    Args:
        dataset: A ``ray.data.Dataset``; read as it is needed.
        settings: How summaries are made.
        out: The folder: ``reports.jsonl``, ``failures.jsonl``, ``ledger.jsonl``.
        workers: How many Ray actors.
        concurrency: Articles in hand at most, of all workers together.
        fresh: Remove what an earlier call left there.
        parquet: At the end, write ``records.parquet``, too: ``id``, ``source``, ``sha256``, ``report`` and
            ``failure``, the last two as JSON text, one of them null.

    Raises:
        SettingsError: The folder holds records of other settings, or Ray is not installed.
        OutputError: Records cannot be written.
        WorkersLost: No worker can be had.
    """
    folder, job, counts = Path(out), Job.of(wiring.pipeline(settings)), Counts()
    with cluster(workers), opened(folder, job, fresh=fresh) as ledger:
        (folder / TABLE).unlink(missing_ok=True)
        # On a thread of its own: an event loop may run in ours, as in a notebook.
        with ThreadPoolExecutor(1, "summarizer-dataset") as thread:
            run = _run(dataset, ledger, counts, RayWorkers(settings, workers, concurrency))
            thread.submit(asyncio.run, run).result()
        ledger.settle()
        if parquet:
            _write_table(ledger, folder / TABLE)
    return counts


async def _run(dataset: Any, ledger: Ledger, counts: Counts, pool: RayWorkers) -> None:
    inputs = _missing(batch.numbered(_articles(dataset)), ledger, counts)
    with pool:
        run = batch.Run(pool.summarize, concurrency=pool.concurrency)
        async for given, outcome in run.over(batch.ahead(inputs, pool.concurrency)):
            ledger.enter(given.index, outcome, given.again)
            failed = isinstance(outcome, Failure)
            counts.failed, counts.done = counts.failed + failed, counts.done + (not failed)


def _missing(inputs: Iterable[batch.Input], ledger: Ledger, counts: Counts) -> Iterator[batch.Input]:
    """Yield what the folder holds no report of."""
    for given in inputs:
        article = given.one if isinstance(given.one, Article) else None
        if ledger.standing(given.index, given.one.id, article, given.again) == "done":
            counts.found += 1
        else:
            yield given


def _articles(dataset: Any) -> Iterator[Article | Unread]:
    for table in dataset.iter_batches(batch_size=_ROWS, batch_format="pyarrow"):
        for row in table.to_pylist():
            name = _name(row)
            yield row_article(row, name, f"dataset#{name}", LIMIT)


def _name(row: dict[str, Any]) -> str:
    """Return what a row is called; rows come in any order, so that it must not hang on its place."""
    given = row.get("id")
    if isinstance(given, str | int) and (words := str(given).strip()):
        return words[:_LONGEST]
    text = json.dumps(row.get("text"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write_table(ledger: Ledger, path: Path) -> None:
    """Write all records, in the order of the inputs, as one table; a few in hand at a time."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    schema = pa.schema([(name, pa.string()) for name in ("id", "source", "sha256", "report", "failure")])
    new = path.with_suffix(".new")
    with ParquetWriter(new, schema) as writer:
        rows: list[dict[str, str | None]] = []
        for record in ledger.records():
            rows.append(_row(record))
            if len(rows) == _ROWS:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema))
    new.replace(path)


def _row(record: Any) -> dict[str, str | None]:
    failed = isinstance(record, Failure)
    text, article = record.to_json(), record.article
    return {
        "id": article.id,
        "source": article.source,
        "sha256": getattr(article, "sha256", None),
        "report": None if failed else text,
        "failure": text if failed else None,
    }
