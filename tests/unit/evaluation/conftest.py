"""Fixtures: a labelled case of our own, and the report that says what its labels say."""

from pathlib import Path

import pytest

from summarizer.domain.report import Report
from summarizer.evaluation.gold import Case, load_case
from summarizer.evaluation.gold_report import gold_report

FOLDER = Path(__file__).parents[2] / "data" / "cases" / "orrin-ferry-fire"


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder of a case with every kind of row."""
    return FOLDER


@pytest.fixture(scope="session")
def case() -> Case:
    """The case in it."""
    return load_case(FOLDER)


@pytest.fixture(scope="session")
def perfect(case: Case) -> Report:
    """The report a perfect system would have written."""
    return gold_report(case)
