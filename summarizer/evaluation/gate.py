"""The gate: floors that scores must not fall under, kept in a TOML file, one table a system and split.

[offline]
claims_f1 = 0.70
spans_exact = 1.0
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
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


def load_floors(file: Path, name: str) -> Floors:
    """Read the floors of one table: ``offline``, or ``model.test`` for one split.

    Raises:
        InputNotFound: There is no such file.
        SettingsError: It is no TOML, has no such table, or a metric or floor in it makes no sense.
    """
    table: Any = _tables(file)
    for part in name.split("."):
        table = table.get(part) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        raise SettingsError(f"No table [{name}].", where=str(file), mend="Add one with a floor a metric.")
    for metric, value in table.items():
        _check(file, name, metric, value)
    return {metric: float(value) for metric, value in table.items()}


def failed_floors(scores: Scores, floors: Floors) -> tuple[FailedFloor, ...]:
    """Return every floor that does not hold; what could not be measured does not hold."""
    had = ((metric, least, scores.value(metric)) for metric, least in floors.items())
    # Sums of ratios are exact up to the last bits; a floor of 2/3 must hold for 2 of 3.
    return tuple(
        FailedFloor(m, least, value) for m, least, value in had if value is None or value < least - 1e-9
    )


def raised(floors: Floors, scores: Scores, *, margin: float = 0.0, lower: bool = False) -> Floors:
    """Return floors moved up to what was measured, less ``margin``; invariants stand at 1.

    A floor moves down only where ``lower`` is given: a ratchet. Metrics without a floor get none.

    Raises:
        SettingsError: A floor would have to fall and ``lower`` is not given.
    """
    fallen = [str(floor) for floor in failed_floors(scores, floors)]
    if fallen and not lower:
        raise SettingsError(
            f"Floors would fall: {'; '.join(fallen)}.", mend="Where that is meant, give --lower."
        )
    moved = {name: max(0.0, _down((scores.value(name) or 0.0) - margin)) for name in floors}
    invariants = {m.name: 1.0 for m in METRICS if m.group == "invariant" and m.name in floors}
    return (moved if lower else {n: max(floors[n], moved[n]) for n in floors}) | invariants


def write_floors(file: Path, table: str, floors: Floors) -> None:
    """Put the floors of one table into a gate file; everything else in it stays as it is.

    Raises:
        InputNotFound: There is no such file.
        SettingsError: It is no TOML, or has no such table.
    """
    lines = file.read_text("utf-8").splitlines() if _tables(file) else []
    heads = [n for n, line in enumerate(lines) if line.strip() == f"[{table}]"]
    if not heads:
        raise SettingsError(f"No table [{table}].", where=str(file), mend="Add one with a floor a metric.")
    start = heads[0] + 1
    end = next((n for n in range(start, len(lines)) if lines[n].lstrip().startswith("[")), len(lines))
    body = [_renewed(line, floors) for line in lines[start:end]]
    file.write_text("\n".join([*lines[:start], *body, *lines[end:]]) + "\n", encoding="utf-8")


def _renewed(line: str, floors: Floors) -> str:
    name = line.partition("=")[0].strip()
    return f"{name} = {floors[name]:.3f}" if name in floors else line


def _down(value: float) -> float:
    """Round down to three places, so that what was measured stands above its floor."""
    return floor(value * 1000 + 1e-9) / 1000


def _tables(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise InputNotFound("No such gate file.", where=str(file)) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"Not TOML: {error}.", where=str(file)) from None


def _check(file: Path, table: str, metric: str, value: object) -> None:
    fit = [m.name for m in METRICS if m.group in {"score", "invariant"}]
    where = f"{file} [{table}] {metric}"
    if metric not in fit:
        raise SettingsError("No metric fit for a gate.", where=where, mend=f"Known: {', '.join(fit)}.")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise SettingsError(f"A floor is a number from 0 to 1, not {value!r}.", where=where)
