"""A gate holds or says which floor does not."""

from pathlib import Path

import pytest

from summarizer.domain.report import Report
from summarizer.errors import InputNotFound, SettingsError
from summarizer.evaluation.gate import failed_floors, load_floors
from summarizer.evaluation.gold import Case
from summarizer.evaluation.score import score_all


def test_floors_of_one_backend_are_read(tmp_path: Path) -> None:
    """Each backend has its own table."""
    file = write(tmp_path, "[offline]\nclaims_f1 = 0.7\nspans_exact = 1\n[openai]\nclaims_f1 = 0.9\n")
    assert load_floors(file, "offline") == {"claims_f1": 0.7, "spans_exact": 1.0}


def test_a_fallen_floor_is_named(case: Case, perfect: Report) -> None:
    """A metric under its floor is told with both numbers; one on its floor holds."""
    short = perfect.model_copy(update={"claims": perfect.claims[:7]})
    scores = score_all([(case, short)])
    (failed,) = failed_floors(scores, {"claims_recall": 0.7, "claims_precision": 1.0, "key_recall": 0.6})
    assert str(failed) == "claims_recall is 0.500; the floor is 0.700"


def test_what_is_not_measured_does_not_hold(case: Case, perfect: Report) -> None:
    """A report without conflicts has no conflict precision; a floor under it fails, not passes unseen."""
    scores = score_all([(case, perfect.model_copy(update={"conflicts": ()}))])
    (failed,) = failed_floors(scores, {"conflicts_precision": 0.1})
    assert str(failed) == "conflicts_precision was not measured; the floor is 0.100"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[offline]\nclaim_f1 = 0.7\n", "No metric fit for a gate"),
        ("[offline]\ntokens_per_claim = 0.7\n", "No metric fit for a gate"),
        ("[offline]\nclaims_f1 = 70\n", "from 0 to 1, not 70"),
        ("[offline]\nclaims_f1 = true\n", "from 0 to 1, not True"),
        ("[openai]\nclaims_f1 = 0.7\n", r"No table \[offline\]"),
        ("claims_f1 0.7", "Not TOML"),
    ],
)
def test_a_gate_that_makes_no_sense_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """A misspelt metric or a floor out of range never passes as a gate that holds."""
    with pytest.raises(SettingsError, match=message):
        load_floors(write(tmp_path, text), "offline")


def test_a_missing_gate_is_an_error(tmp_path: Path) -> None:
    """A gate file that is not there is no gate that holds."""
    with pytest.raises(InputNotFound, match=r"gate\.toml"):
        load_floors(tmp_path / "gate.toml", "offline")


def write(folder: Path, text: str) -> Path:
    """Write a gate file."""
    file = folder / "gate.toml"
    file.write_text(text)
    return file
