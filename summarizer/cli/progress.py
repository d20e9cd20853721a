"""How far a run is: a bar on a terminal, else a line now and then; nothing for a run that is over at once."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from summarizer.cli.messages import say
from summarizer.cli.tally import Tally, dollars

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_BAR_AFTER, _LINE_AFTER, LINES_APART = 1.0, 10.0, 10.0
"""Seconds."""


class Progress(Protocol):
    """Shows how far a run is."""

    def show(self) -> None:
        """Show it anew; to be called often, and cheap."""
        ...


@contextmanager
def shown(tally: Tally, count: Callable[[], int | None], *, bar: bool) -> Iterator[Progress]:
    """Show a run's progress on standard error while the block runs.

    Args:
        tally: What is shown; others change it.
        count: Returns how many inputs there are, about, or None; called on a thread, once it is of interest.
        bar: Standard error is a terminal, and nothing else writes to it.
    """
    total = _Total(count)
    shown = _Bar(tally, total) if bar else _Lines(tally, total)
    try:
        yield shown
    finally:
        shown.close()


def table(tally: Tally) -> str:
    """Return what came of a run, a line a count."""
    rows = {
        "done": f"{tally.done:,}",
        "of these from the cache": f"{tally.cached:,}" if tally.cached else "",
        "found done": f"{tally.found:,}" if tally.found else "",
        "changed since": f"{tally.changed:,}" if tally.changed else "",
        "left to the batch": f"{tally.waiting:,}" if tally.waiting else "",
        "left by the limit": f"{tally.left:,}" if tally.left else "",
        "failed": f"{tally.failed:,}",
        **{f"  {error}": f"{number:,}" for error, number in tally.errors.most_common()},
        "seconds": f"{tally.seconds:,.1f}",
        "articles a second": f"{tally.rate:,.1f}",
    }
    if tally.price is not None:
        rows |= {
            "tokens in": f"{tally.tokens.input:,}",
            "of these cached there": f"{tally.tokens.cached_input:,}",
            "tokens out": f"{tally.tokens.output:,}",
            "cost": tally.money,
        }
    return "\n".join(f"  {name:<28}{value:>16}" for name, value in rows.items() if value) + "\n"


class _Total:
    """The number of inputs, counted on a thread of its own when it is first asked for."""

    def __init__(self, count: Callable[[], int | None]) -> None:
        self._count, self._begun = count, False
        self.known: int | None = None

    def begin(self) -> None:
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._run, name="summarizer-count", daemon=True).start()

    def _run(self) -> None:
        self.known = self._count()

    def left(self, tally: Tally) -> int | None:
        """Return how many are still to come, about."""
        return None if self.known is None else max(0, self.known - tally.finished - tally.passed)


class _Lines:
    """A line now and then."""

    def __init__(self, tally: Tally, total: _Total) -> None:
        self._tally, self._total, self._next = tally, total, _LINE_AFTER

    def show(self) -> None:
        if self._tally.seconds < self._next:
            return
        self._total.begin()
        self._next = self._tally.seconds + LINES_APART
        say("; ".join([_done(self._tally, self._total), *_speed(self._tally, self._total)]) + ".")

    def close(self) -> None:
        pass


class _Bar:
    """A bar that stays where it is, and is gone at the end."""

    def __init__(self, tally: Tally, total: _Total) -> None:
        self._tally, self._total = tally, total
        self._bar: Bar | None = None
        self._drawn = 0.0

    def show(self) -> None:
        tally = self._tally
        if tally.seconds < max(_BAR_AFTER, self._drawn + 0.2):
            return
        self._drawn = tally.seconds
        if self._bar is None:
            self._total.begin()
            self._bar = _new_bar()
            self._bar.start()
        self._bar.update(
            self._bar.task_ids[0],
            completed=tally.finished + tally.passed,
            total=self._total.known,
            said=_done(tally, self._total),
            more=" · ".join(_speed(tally, self._total)),
        )
        self._bar.refresh()

    def close(self) -> None:
        if self._bar:
            self._bar.stop()


def _new_bar() -> "Bar":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = BarColumn(bar_width=24), TextColumn("{task.fields[said]}"), TextColumn("{task.fields[more]}")
    bar = Progress(*columns, console=Console(file=sys.stderr), auto_refresh=False, transient=True)
    bar.add_task("", total=None, said="", more="")
    return bar


def _done(tally: Tally, total: _Total) -> str:
    of = f" of about {total.known:,}" if total.known is not None else ""
    cached = f" ({tally.cached:,} from the cache)" if tally.cached else ""
    found = f", {tally.found:,} found done" if tally.found else ""
    return f"{tally.done:,} done{cached}, {tally.failed:,} failed{found}{of}"


def _speed(tally: Tally, total: _Total) -> Iterator[str]:
    left = total.left(tally)
    yield f"{tally.rate:,.1f} a second"
    if tally.price is not None:
        yield f"{tally.tokens.input:,} + {tally.tokens.output:,} tokens"
        yield tally.money + _foreseen(tally, left)
    if left is not None and tally.finished:
        yield f"about {_time(left / tally.rate)} left"


def _foreseen(tally: Tally, left: int | None) -> str:
    if left is None or not tally.finished or tally.unpriced:
        return ""
    return f", about {dollars(tally.cost * (1 + left / tally.finished))} in all"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
