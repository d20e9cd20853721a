"""What a folder of cases holds, and which of them are held out."""

from pathlib import Path

import pytest

from summarizer.errors import MalformedInput
from summarizer.evaluation.corpus import About, census, of_split
from summarizer.evaluation.gold import Case


def cases(tmp_path: Path, splits: str | None) -> list[Path]:
    """Make three case folders and a file of splits."""
    folders = [tmp_path / name for name in ("ash", "elm", "oak")]
    for folder in folders:
        folder.mkdir()
    if splits is not None:
        (tmp_path / "corpus.toml").write_text(splits, encoding="utf-8")
    return folders


def test_what_is_not_held_out_is_development(tmp_path: Path) -> None:
    """The file names the test split; all else is dev; without a split asked for all is taken."""
    folders = cases(tmp_path, '[elm]\nsplit = "test"\n[oak]\ndomain = "courts"\n')
    assert [f.name for f in of_split(folders, "test")] == ["elm"]
    assert [f.name for f in of_split(folders, "dev")] == ["ash", "oak"]
    assert [f.name for f in of_split(folders, None)] == ["ash", "elm", "oak"]


def test_without_a_file_nothing_is_held_out(tmp_path: Path) -> None:
    """A folder of one's own needs no splits."""
    folders = cases(tmp_path, None)
    assert len(of_split(folders, "dev")) == 3
    assert of_split(folders, "test") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[yew]\nsplit = "test"', "No such case here: yew"),
        ('[elm]\nsplit = "hidden"', "Wrong at elm.split"),
        ("elm = 3", "Wrong at elm"),
        ("elm", "TOML"),
    ],
)
def test_splits_that_make_no_sense_are_refused(tmp_path: Path, text: str, message: str) -> None:
    """A misspelt id would silently put a held-out case into development."""
    with pytest.raises(MalformedInput, match=message):
        of_split(cases(tmp_path, text), "dev")


def test_a_census_counts_what_cases_hold(case: Case) -> None:
    """Rows, positions of each kind and what is known of the articles are counted."""
    counted = census([(case, About(domain="disasters", genre="wire")), (case, About(injection=True))])
    assert (counted["articles"], counted["claims"], counted["disputed claims"]) == (2, 28, 4)
    assert (counted["denying positions"], counted["not confirming positions"]) == (4, 2)
    assert (counted["hedged positions"], counted["figures"], counted["conflicts"]) == (4, 14, 4)
    assert (counted["sources outside the sentence"], counted["with furniture"]) == (2, 2)
    assert (counted["domains"], counted["genres"], counted["injections"]) == (1, 1, 1)
