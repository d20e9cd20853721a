"""Lines on disk that outlive a crash."""

from pathlib import Path

from summarizer.jobs.journal import Journal


def test_a_torn_last_line_of_a_journal_makes_room(tmp_path: Path) -> None:
    """The next line does not stick to it."""
    path = tmp_path / "journal.jsonl"
    Journal(path).add({"n": 1})
    with path.open("ab") as file:
        file.write(b'{"n"')
    assert Journal(path).lines() == [{"n": 1}]
    Journal(path).add({"n": 2})
    assert Journal(path).lines() == [{"n": 1}, {"n": 2}]
