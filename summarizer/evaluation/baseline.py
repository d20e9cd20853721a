"""Scores kept from an earlier run, and what became better or worse since, row by row.

A baseline is a JSON file: of each case the digest of its article, numerator and denominator of every metric,
and where each metric missed. It holds no text of article, labels or report.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from summarizer.domain.base import Value
from summarizer.errors import InputNotFound, MalformedInput
from summarizer.evaluation import statistics
from summarizer.evaluation.score import CaseScore, Scores

TESTED = ("claims_f1", "positions_f1", "contested_recall", "key_coverage")
"""What a drop is tested in; more tests would raise more false alarms."""
ROWS = (
    "claims_recall",
    "source_f1",
    "stance_accuracy",
    "hedged_accuracy",
    "status_accuracy",
    "contested_recall",
    "figures_f1",
    "conflicts_recall",
    "key_coverage",
)
"""Metrics whose misses name rows of the labels, which stay the same from run to run."""


class KeptMetric(Value):
    """One metric of one case: its sums, and the rows of the labels that it missed."""

    numerator: float
    denominator: float
    misses: tuple[str, ...] = ()


class KeptCase(Value):
    """One case of an earlier run; ``sha256`` is of its labels' article."""

    sha256: str
    metrics: Mapping[str, KeptMetric]


class Baseline(Value):
    """An earlier run: what was scored, and every case by its id."""

    system: str
    cases: Mapping[str, KeptCase]


@dataclass(frozen=True, slots=True)
class Flip:
    """A row of the labels that one run got right and the other did not."""

    case: str
    row: str
    metric: str
    worse: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """One metric before and after, on the cases that both runs have.

    Attributes:
        p: Of the paired sign-flip test that it got worse, adjusted by Holm; None where it is not tested.
    """

    metric: str
    before: float | None
    after: float | None
    p: float | None = None

    @property
    def change(self) -> float:
        """After less before; 0 where either was not measured."""
        return 0.0 if self.before is None or self.after is None else self.after - self.before

    @property
    def is_worse(self) -> bool:
        """Whether it fell by more than chance explains."""
        return self.p is not None and self.p < 1 - statistics.LEVEL and self.change < 0


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed since a baseline.

    Attributes:
        flips: Rows that turned, those that got worse first.
        uncompared: Cases that only one of the runs has, or whose text changed.
    """

    system: str
    moved: Mapping[str, Moved]
    flips: tuple[Flip, ...]
    uncompared: tuple[str, ...]

    @property
    def worse(self) -> tuple[Moved, ...]:
        """The tested metrics that fell by more than chance explains."""
        return tuple(m for m in self.moved.values() if m.is_worse)


def keep(scores: Scores, system: str) -> Baseline:
    """Return what a later run is compared with."""
    return Baseline(system=system, cases={case.id: _kept(case) for case in scores.cases})


def dump(baseline: Baseline) -> str:
    """Return a baseline as JSON, a line a metric, so that a change reads well in a diff."""
    data = baseline.model_dump(mode="json")
    cases = ",\n".join(f"  {json.dumps(name)}: {_case_json(case)}" for name, case in data["cases"].items())
    return f'{{"system": {json.dumps(data["system"])}, "cases": {{\n{cases}\n}}}}\n'


def load(file: Path) -> Baseline:
    """Read a baseline.

    Raises:
        InputNotFound: There is no such file.
        MalformedInput: It is no baseline.
    """
    try:
        return Baseline.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise InputNotFound(
            "No such baseline.", where=str(file), mend="Write one with --save-baseline."
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(map(str, first["loc"]))
        raise MalformedInput(f"Not a baseline: {path}: {first['msg']}.", where=str(file)) from None


def difference(before: Baseline, scores: Scores) -> Difference:
    """Return what changed, metric by metric and row by row, on the cases that both have."""
    after = {case.id: case for case in scores.cases}
    shared = [n for n, kept in before.cases.items() if n in after and kept.sha256 == after[n].sha256]
    pairs = [(before.cases[n], after[n]) for n in shared]
    return Difference(
        system=before.system,
        moved=_moved(pairs),
        flips=tuple(sorted((f for b, a in pairs for f in _flips(b, a)), key=lambda f: not f.worse)),
        uncompared=tuple(sorted({*before.cases, *after} - set(shared))),
    )


_Pairs = list[tuple[KeptCase, CaseScore]]


def _kept(case: CaseScore) -> KeptCase:
    return KeptCase(
        sha256=case.sha256,
        metrics={
            name: KeptMetric(
                numerator=ratio.numerator,
                denominator=ratio.denominator,
                misses=tuple(sorted({m.where for m in ratio.misses})) if name in ROWS else (),
            )
            for name, ratio in case.metrics.items()
        },
    )


def _case_json(case: Mapping[str, Any]) -> str:
    metrics = ",\n".join(f"    {json.dumps(n)}: {json.dumps(m)}" for n, m in case["metrics"].items())
    return f'{{"sha256": {json.dumps(case["sha256"])}, "metrics": {{\n{metrics}}}}}'


def _moved(pairs: _Pairs) -> dict[str, Moved]:
    names = (
        [n for n in pairs[0][1].metrics if all(n in before.metrics for before, _ in pairs)] if pairs else []
    )
    counts = {name: _counts(pairs, name) for name in names}
    tested = [n for n in TESTED if n in counts]
    ps = statistics.holm({n: statistics.p_worse(*counts[n]) for n in tested})
    return {
        name: Moved(name, statistics.ratio(before), statistics.ratio(after), ps.get(name))
        for name, (before, after) in counts.items()
    }


def _counts(pairs: _Pairs, metric: str) -> tuple[statistics.Counts, statistics.Counts]:
    before = [(b.metrics[metric].numerator, b.metrics[metric].denominator) for b, _ in pairs]
    after = [(a.metrics[metric].numerator, a.metrics[metric].denominator) for _, a in pairs]
    return before, after


def _flips(before: KeptCase, after: CaseScore) -> Iterator[Flip]:
    for metric in ROWS:
        old = set(before.metrics[metric].misses) if metric in before.metrics else set()
        new = {m.where: m.why for m in after.metrics[metric].misses}
        yield from (
            Flip(after.id, r, metric, worse=True, why=new[r]) for r in new if r not in old and _is_row(r)
        )
        yield from (Flip(after.id, r, metric, worse=False) for r in sorted(old - set(new)) if _is_row(r))


def _is_row(where: str) -> bool:
    """Tell a row of the labels from one of the report, whose ids mean nothing in another run."""
    return not where.startswith("claims[")
