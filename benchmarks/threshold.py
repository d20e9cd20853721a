"""The matching of rows against what readers say: which threshold finds most and errs least.

    python benchmarks/threshold.py

Two sets of tables are matched with the final labels. Annotators: the two passes of every case; a pair is
right where the adjudicator's map (evals/passes/map) has it. Reports: what a model wrote of fourteen
development cases; a pair is right where a reader of article and both tables called the rows the same
(evals/pairs). Prints precision, recall and F1 a threshold, for the whole and for every other case, so that
the choice can be seen to hold on cases it was not made on.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

from summarizer.domain.report import Claim, Evidence, Position
from summarizer.evaluation.gold import ARTICLE_FILE, load_case, load_labels
from summarizer.evaluation.gold_report import gold_report
from summarizer.evaluation.matching import THRESHOLD, match

ROOT = Path(__file__).parents[1] / "evals"
THRESHOLDS = [n / 20 for n in range(3, 15)]

Pairs = set[tuple[str, str, str, str]]
"""Case, whose table, final row, row of that table."""


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a list in a file."""
    return list(yaml.safe_load(path.read_text("utf-8")))


def annotators(case: str, threshold: float) -> tuple[Pairs, Pairs]:
    """Return the pairs of annotators' rows that the adjudicator made, and those that the matching makes."""
    folder = ROOT / "cases" / case
    gold = gold_report(load_case(folder)).claims
    right = {
        (case, who, str(row["gold"]), str(theirs))
        for row in rows(ROOT / "passes/map" / f"{case}.yaml")
        if row["gold"]
        for who in "AB"
        for theirs in row.get(who) or ()
    }
    made: Pairs = set()
    for who in "AB":
        labels = load_labels(folder / ARTICLE_FILE, ROOT / "passes" / who / f"{case}.yaml")
        made |= pairs(case, who, gold, gold_report(labels).claims, threshold)
    return right, made


def reports(case: str, threshold: float) -> tuple[Pairs, Pairs]:
    """Return the pairs of a report's rows that its reader made, and those that the matching makes."""
    labels = load_case(ROOT / "cases" / case)
    entries = rows(ROOT / "pairs" / f"{case}.yaml")
    table = tuple(_claim(f"c{n}", row, labels.article.text) for n, row in enumerate(entries, 1))
    right = {(case, "", row["same"], f"c{n}") for n, row in enumerate(entries, 1) if "same" in row}
    return right, pairs(case, "", gold_report(labels).claims, table, threshold)


def pairs(case: str, who: str, gold: Iterable[Claim], table: Iterable[Claim], threshold: float) -> Pairs:
    """Return the pairs that the matching makes."""
    matching = match(tuple(gold), tuple(table), threshold=threshold)
    return {(case, who, p.gold.id, p.system.id) for p in matching.pairs}


def line(name: str, both: Iterable[tuple[Pairs, Pairs]]) -> str:
    """Return precision, recall and F1 on some cases."""
    each = list(both)
    right, made = (set[tuple[str, str, str, str]]().union(*(pair[n] for pair in each)) for n in (0, 1))
    hit = len(right & made)
    return (
        f"{name:16} {hit / len(made):.3f}  {hit / len(right):.3f}  {2 * hit / (len(made) + len(right)):.3f}"
    )


def main() -> None:
    """Print three lines a threshold and set."""
    sets: dict[str, Callable[[str, float], tuple[Pairs, Pairs]]] = {
        "passes/map": annotators,
        "pairs": reports,
    }
    print(f"in use: {THRESHOLD}\n                    P      R      F1")
    for folder, both in sets.items():
        cases = sorted(path.stem for path in (ROOT / folder).glob("*.yaml"))
        for threshold in THRESHOLDS:
            print(f"{len(cases)} of {folder}, at {threshold:.2f}")
            for name, some in (("all", cases), ("odd", cases[::2]), ("even", cases[1::2])):
                print("  " + line(name, (both(case, threshold) for case in some)))


def _claim(claim_id: str, row: dict[str, Any], text: str) -> Claim:
    evidence = tuple(Evidence(start=a, end=b, quote=text[a:b]) for a, b in row["evidence"])
    shown = Position(source="article", stance="asserts", evidence=evidence)
    return Claim(id=claim_id, text=row["text"], positions=(shown,))


if __name__ == "__main__":
    main()
