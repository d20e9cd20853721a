"""The gate: floors that scores must not fall under, kept in a TOML file, one table a backend.

[offline]
claims_f1 = 0.70
spans_exact = 1.0
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.errors import InputNotFound, SettingsError
from summarizer.evaluation.metrics import METRICS
from summarizer.evaluation.score import Scores

Floors = Mapping[str, float]
"""The least value of each gated metric, by name."""


@dataclass(frozen=True, slots=True)
class FailedFloor:
    """A metric under its floor; ``value`` is None where there was nothing to measure."""

    metric: str
    floor: float
    value: float | None

    def __str__(self) -> str:
        had = "was not measured" if self.value is None else f"is {self.value:.3f}"
        return f"{self.metric} {had}; the floor is {self.floor:.3f}"


def load_floors(file: Path, backend: str) -> Floors:
    """Read the floors of one backend.

    Raises:
        InputNotFound: There is no such file.
        SettingsError: It is no TOML, has no such table, or a metric or floor in it makes no sense.
    """
    table = _tables(file).get(backend)
    if not isinstance(table, dict):
        raise SettingsError(f"No table [{backend}].", where=str(file), mend="Add one with a floor a metric.")
    for metric, floor in table.items():
        _check(file, backend, metric, floor)
    return {metric: float(floor) for metric, floor in table.items()}


def failed_floors(scores: Scores, floors: Floors) -> tuple[FailedFloor, ...]:
    """Return every floor that does not hold; what could not be measured does not hold."""
    had = ((metric, floor, scores.value(metric)) for metric, floor in floors.items())
    # Sums of ratios are exact up to the last bits; a floor of 2/3 must hold for 2 of 3.
    return tuple(
        FailedFloor(m, floor, value) for m, floor, value in had if value is None or value < floor - 1e-9
    )


def _tables(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise InputNotFound("No such gate file.", where=str(file)) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"Not TOML: {error}.", where=str(file)) from None


def _check(file: Path, backend: str, metric: str, floor: object) -> None:
    fit = [m.name for m in METRICS if m.group in {"score", "invariant"}]
    where = f"{file} [{backend}] {metric}"
    if metric not in fit:
        raise SettingsError("No metric fit for a gate.", where=where, mend=f"Known: {', '.join(fit)}.")
    if isinstance(floor, bool) or not isinstance(floor, int | float) or not 0 <= floor <= 1:
        raise SettingsError(f"A floor is a number from 0 to 1, not {floor!r}.", where=where)
