"""The matching of rows against what adjudicators say: which threshold finds most and errs least.

    python benchmarks/threshold.py

For every adjudicated case the two annotators' tables are matched with the final one. A pair is right where
the adjudicator's map (evals/passes/map) has it. Prints precision, recall and F1 of the matching a threshold,
for the whole and for every other case, so that the choice can be seen to hold on cases it was not made on.
"""

from pathlib import Path
from typing import Any

import yaml

from summarizer.evaluation.gold import ARTICLE_FILE, load_case, load_labels
from summarizer.evaluation.gold_report import gold_report
from summarizer.evaluation.matching import THRESHOLD, match

ROOT = Path(__file__).parents[1] / "evals"
THRESHOLDS = [n / 20 for n in range(3, 15)]

Pairs = set[tuple[str, str, str, str]]
"""Case, annotator, final row, annotator's row."""


def told(case: str) -> Pairs:
    """Return the pairs that the adjudicator says are one."""
    rows: list[dict[str, Any]] = yaml.safe_load((ROOT / "passes/map" / f"{case}.yaml").read_text("utf-8"))
    return {
        (case, who, str(row["gold"]), str(theirs))
        for row in rows
        if row["gold"]
        for who in "AB"
        for theirs in row.get(who) or ()
    }


def found(case: str, threshold: float) -> Pairs:
    """Return the pairs that the matching makes."""
    folder = ROOT / "cases" / case
    gold = gold_report(load_case(folder)).claims
    pairs: Pairs = set()
    for who in "AB":
        labels = load_labels(folder / ARTICLE_FILE, ROOT / "passes" / who / f"{case}.yaml")
        matching = match(gold, gold_report(labels).claims, threshold=threshold)
        pairs |= {(case, who, p.gold.id, p.system.id) for p in matching.pairs}
    return pairs


def line(name: str, cases: list[str], threshold: float) -> str:
    """Return precision, recall and F1 on some cases."""
    right = set().union(*map(told, cases))
    made = set().union(*(found(case, threshold) for case in cases))
    both = len(right & made)
    precision, recall = both / len(made), both / len(right)
    return f"{name:6} {precision:.3f}  {recall:.3f}  {2 * both / (len(made) + len(right)):.3f}"


def main() -> None:
    """Print a line a threshold."""
    cases = sorted(path.stem for path in (ROOT / "passes/map").glob("*.yaml"))
    print(f"{len(cases)} adjudicated cases; in use: {THRESHOLD}\n        P      R      F1")
    for threshold in THRESHOLDS:
        print(f"at {threshold:.2f}")
        for name, some in (("all", cases), ("odd", cases[::2]), ("even", cases[1::2])):
            print("  " + line(name, some, threshold))


if __name__ == "__main__":
    main()
