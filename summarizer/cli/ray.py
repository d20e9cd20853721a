"""``summarizer run --runner ray``: what summarises is elsewhere; the rest of a run is the same."""

from collections.abc import Iterator
from contextlib import contextmanager

from summarizer.batch import Make
from summarizer.scaleout import RayWorkers
from summarizer.settings import Settings


@contextmanager
def ray_workers(settings: Settings, number: int, concurrency: int) -> Iterator[tuple[Make, int]]:
    """Give what makes reports, and how many articles are to be in hand.

    Raises:
        SettingsError: Ray is not installed, or there are more workers than articles in hand.
    """
    with RayWorkers(settings, number, concurrency) as workers:
        yield workers.summarize, workers.concurrency
