"""A later run beside an earlier one: which rows turned, which metrics fell, and what CI is told."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from summarizer.domain.report import Report
from summarizer.errors import InputNotFound, MalformedInput, SettingsError
from summarizer.evaluation import change, junit
from summarizer.evaluation.baseline import Baseline, difference, dump, keep, load
from summarizer.evaluation.gate import failed_floors, load_floors, raised, write_floors
from summarizer.evaluation.gold import Case
from summarizer.evaluation.score import Scores, score_all


def copies(case: Case, report: Report, spoilt: Report, count: int, bad: int) -> Scores:
    """Score many copies of a case, some of them with a spoilt report."""
    named = [Case(case.article, case.gold.model_copy(update={"id": f"case-{n}"})) for n in range(count)]
    return score_all((c, spoilt if n < bad else report) for n, c in enumerate(named))


def without_denials(report: Report) -> Report:
    """Leave out all that somebody denies or does not confirm."""
    claims = tuple(
        c.model_copy(
            update={"positions": tuple(p for p in c.positions if p.stance == "asserts") or c.positions}
        )
        for c in report.claims
    )
    return report.model_copy(update={"claims": claims})


@pytest.fixture
def before(case: Case, perfect: Report) -> Baseline:
    """A run of twelve cases in which all was right."""
    return keep(copies(case, perfect, perfect, 12, 0), "model")


def test_a_baseline_survives_its_file(before: Baseline, tmp_path: Path) -> None:
    """What is written is what is read, and it holds no text of the article."""
    file = tmp_path / "model.json"
    file.write_text(dump(before), encoding="utf-8")
    assert load(file) == before
    assert "ferry" not in file.read_text("utf-8").lower()


def test_an_unchanged_run_is_no_worse(case: Case, perfect: Report, before: Baseline) -> None:
    """The same reports: nothing turned, nothing fell."""
    found = difference(before, copies(case, perfect, perfect, 12, 0))
    assert (found.flips, found.worse, found.uncompared) == ((), (), ())
    assert all(m.change == 0 for m in found.moved.values())


def test_rows_that_turned_are_named(case: Case, perfect: Report, before: Baseline) -> None:
    """One spoilt report of twelve: its contested rows are named; so little is no proven fall."""
    found = difference(before, copies(case, perfect, without_denials(perfect), 12, 1))
    turned = {(f.case, f.row) for f in found.flips if f.worse and f.metric == "contested_recall"}
    assert turned == {("case-0", "c2"), ("case-0", "c4"), ("case-0", "c8")}
    assert not found.worse


def test_a_fall_everywhere_is_more_than_chance(case: Case, perfect: Report, before: Baseline) -> None:
    """Denials dropped in ten of twelve articles: contested recall fell beyond chance, claims did not."""
    found = difference(before, copies(case, perfect, without_denials(perfect), 12, 10))
    assert {m.metric for m in found.worse} == {"positions_f1", "contested_recall"}
    assert found.moved["claims_f1"].change == 0


def test_rows_that_were_mended_are_named_too(case: Case, perfect: Report) -> None:
    """A better run flips rows the other way and is never called worse."""
    poor = keep(copies(case, perfect, without_denials(perfect), 12, 12), "model")
    found = difference(poor, copies(case, perfect, perfect, 12, 0))
    assert found.flips
    assert not any(f.worse for f in found.flips)
    assert not found.worse


def test_cases_of_one_run_only_are_said(case: Case, perfect: Report, before: Baseline) -> None:
    """What cannot be compared is listed, not counted."""
    found = difference(before, copies(case, perfect, perfect, 13, 0))
    assert found.uncompared == ("case-12",)


def test_what_is_no_baseline_is_refused(tmp_path: Path) -> None:
    """A missing or foreign file says so."""
    with pytest.raises(InputNotFound, match="save-baseline"):
        load(tmp_path / "none.json")
    (tmp_path / "scores.json").write_text('{"system": 3}', encoding="utf-8")
    with pytest.raises(MalformedInput, match="Not a baseline"):
        load(tmp_path / "scores.json")


def test_a_page_tells_the_gate_and_the_rows_first(case: Case, perfect: Report, before: Baseline) -> None:
    """Markdown opens with the verdict; the rows that turned come before any table of scores."""
    scores = copies(case, perfect, without_denials(perfect), 12, 10)
    page = change.render_markdown(
        difference(before, scores), failed_floors(scores, {"contested_recall": 1.0})
    )
    assert page.startswith("**Gate: does not hold**")
    assert (
        page.index("contested\\_recall is")
        < page.index("Rows that got worse")
        < page.index("Metrics that moved")
    )
    assert change.render_markdown(None, ()).startswith("**Gate: holds**")


def test_junit_has_a_test_a_case_and_a_gate(case: Case, perfect: Report, before: Baseline) -> None:
    """CI shows which case got worse, on which row, and which floor does not hold."""
    scores = copies(case, perfect, without_denials(perfect), 12, 1)
    floors = {"contested_recall": 1.0, "claims_f1": 0.9}
    failed = failed_floors(scores, floors)
    suites = ET.fromstring(junit.render_junit(scores, floors, failed, difference(before, scores)).encode())
    counts = {s.get("name"): (s.get("tests"), s.get("failures")) for s in suites}
    assert counts == {"cases": ("12", "1"), "gates": ("2", "1")}
    (text,) = (
        f.text or ""
        for f in suites.iter("failure")
        if "case" not in (f.text or "") and "c8" in (f.text or "")
    )
    assert "c2 contested_recall" in text


def test_floors_move_up_and_only_up(case: Case, perfect: Report, tmp_path: Path) -> None:
    """The ratchet writes what was measured; a fall is refused unless it is asked for."""
    file = tmp_path / "gate.toml"
    file.write_text("# kept\n[model]\nclaims_f1 = 0.5\nspans_exact = 1.0\n\n[other]\nclaims_f1 = 0.1\n")
    good, poor = copies(case, perfect, perfect, 2, 0), copies(case, perfect, cut(perfect), 2, 2)
    write_floors(file, "model", raised(load_floors(file, "model"), good, margin=0.03))
    assert load_floors(file, "model") == {"claims_f1": 0.97, "spans_exact": 1.0}
    assert load_floors(file, "other") == {"claims_f1": 0.1}
    assert file.read_text().startswith("# kept\n")
    with pytest.raises(SettingsError, match=r"claims_f1 is 0\.\d+; the floor is 0\.970.*--lower"):
        raised(load_floors(file, "model"), poor)
    assert raised(load_floors(file, "model"), poor, lower=True)["claims_f1"] < 0.7


def cut(report: Report) -> Report:
    """Leave most rows out."""
    return report.model_copy(update={"claims": report.claims[:5]})
