"""What tests/functional/test_ray.py does in Python, in processes of their own: Ray leaves things behind."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer import prompts
from summarizer.domain.article import Article
from summarizer.domain.report import Report
from summarizer.errors import SummarizerError
from summarizer.scaleout import RayWorkers, cluster, pool, summarize_dataset, worker
from summarizer.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT, _ = prompts.example()
POISON = "This sentence kills."


class Doomed(worker.Worker):
    """Dies over an article with a certain sentence."""

    async def summarize(self, article: dict[str, Any]) -> tuple[str, list[str]]:
        if POISON in article["text"]:
            os._exit(1)
        return await super().summarize(article)


def poison(settings: Settings, _folder: Path) -> Any:
    """Summarise seven articles at once, one of which kills."""
    # Ray's processes import it by name, and have no __main__ of ours.
    from tests import ray_scripts

    worker.Worker = ray_scripts.Doomed  # type: ignore[misc]
    articles = [Article(text=f"{TEXT}\n\nLamp {n} was lit.", id=f"a{n}") for n in range(6)]
    articles.insert(3, Article(text=f"{TEXT}\n\n{POISON}", id="poison"))
    made = _summarized(RayWorkers(settings, 2, 8), *articles)
    return {article.id: _told(one) for article, one in zip(articles, made, strict=True)}


def nobody(settings: Settings, folder: Path) -> Any:
    """Have no time to wait for a worker."""
    pool.START = 0.001  # type: ignore[misc]
    with cluster():
        import ray

        rows = ray.data.from_items([{"text": f"{TEXT} {n}"} for n in range(3)])
        try:
            summarize_dataset(rows, settings, folder / "out")
        except SummarizerError as error:
            return {"error": _told(error), "ledger": (folder / "out/ledger.jsonl").stat().st_size}
    return None


def stranger(settings: Settings, _folder: Path) -> Any:
    """Want reports of another version."""
    workers = RayWorkers(settings, 1, 1)
    workers._job = workers._job.model_copy(update={"package": "0.0.1"})
    return _told(_summarized(workers, Article(text=TEXT))[0])


def dataset(settings: Settings, folder: Path) -> Any:
    """Summarise a part of some rows, and then all of them."""
    rows = [{"id": n, "text": f"{TEXT}\n\nLamp {n} was lit.", "desk": "x"} for n in range(12)]
    with cluster():
        import ray

        first = ray.data.from_items([*rows[:7], {"id": 99, "text": " ", "desk": "x"}])
        one = summarize_dataset(first, settings, folder / "out")
        ray.data.from_items(rows).write_parquet(str(folder / "in"))
        whole = ray.data.read_parquet(str(folder / "in"))
        two = summarize_dataset(whole, settings, folder / "out", parquet=True)
        table = ray.data.read_parquet(str(folder / "out/records.parquet")).take_all()
    names = ("done", "failed", "found")
    first_, second = ({name: getattr(each, name) for name in names} for each in (one, two))
    return {"first": first_, "second": second, "table": table}


def _summarized(workers: RayWorkers, *articles: Article) -> list[Any]:
    async def all_of_them() -> list[Any]:
        with workers:
            made = (workers.summarize(article) for article in articles)
            return await asyncio.gather(*made, return_exceptions=True)

    return asyncio.run(all_of_them())


def _told(made: Any) -> str:
    return "Report" if isinstance(made, Report) else f"{type(made).__name__}: {made}"


def main(name: str, base_url: str, folder: str) -> None:
    """Run one, and print what it gives."""
    todo: Callable[[Settings, Path], Any] = globals()[name]
    settings = Settings.make({}, model="scripted", base_url=base_url, api_key="sk-very-secret-key")
    made = todo(settings, Path(folder))
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main(*sys.argv[1:])
