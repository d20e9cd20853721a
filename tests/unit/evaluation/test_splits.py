"""Which cases are held out."""

from pathlib import Path

import pytest

from summarizer.errors import MalformedInput
from summarizer.evaluation.splits import of_split


def cases(tmp_path: Path, splits: str | None) -> list[Path]:
    """Make three case folders and a file of splits."""
    folders = [tmp_path / name for name in ("ash", "elm", "oak")]
    for folder in folders:
        folder.mkdir()
    if splits is not None:
        (tmp_path / "splits.toml").write_text(splits, encoding="utf-8")
    return folders


def test_what_is_not_held_out_is_development(tmp_path: Path) -> None:
    """The file names the test split; all else is dev; without a split asked for all is taken."""
    folders = cases(tmp_path, 'test = ["elm"]\n')
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
    [('test = ["yew"]', "No such case here: yew"), ("test = 3", "list of case ids"), ("test", "TOML")],
)
def test_splits_that_make_no_sense_are_refused(tmp_path: Path, text: str, message: str) -> None:
    """A misspelt id would silently put a held-out case into development."""
    with pytest.raises(MalformedInput, match=message):
        of_split(cases(tmp_path, text), "dev")
