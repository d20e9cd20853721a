"""Records of a job: what the ledger does not know was not finished, and every input has one record."""

from pathlib import Path

import pytest

from summarizer.domain.report import ErrorRecord, FailedArticle, Failure
from summarizer.errors import SettingsError
from summarizer.jobs.journal import Journal, replacing
from summarizer.jobs.records import Records


def failure(index: int, message: str = "first") -> Failure:
    """Make the record of an input."""
    return Failure(article=FailedArticle(id=f"a{index}"), error=ErrorRecord(type="X", message=message))


def messages(out: Path) -> list[str]:
    """Return what the failures of a folder say."""
    lines = (out / "failures.jsonl").read_text("utf-8").splitlines()
    return [Failure.model_validate_json(line).error.message for line in lines]


def test_a_record_without_its_line_is_cut_off(tmp_path: Path) -> None:
    """A crash between record and ledger leaves the record to be written again, not twice."""
    Records(tmp_path).write(0, failure(0))
    with (tmp_path / "failures.jsonl").open("ab") as file:
        file.write(b'{"torn')
    with (tmp_path / "ledger.jsonl").open("ab") as file:
        file.write(b'{"index": 1, "outc')
    records = Records(tmp_path)
    assert records.outcomes == {0: "failure"}
    records.write(1, failure(1))
    assert messages(tmp_path) == ["first", "first"]


def test_records_of_somebody_else_are_not_cut_off(tmp_path: Path) -> None:
    """What `run` wrote into the same folder stays, and is told."""
    (tmp_path / "reports.jsonl").write_bytes(b"{}\n{}\n")
    with pytest.raises(SettingsError, match="did not write"):
        Records(tmp_path)
    assert (tmp_path / "reports.jsonl").read_bytes() == b"{}\n{}\n"


def test_who_only_looks_changes_nothing(tmp_path: Path) -> None:
    """Looking while another process writes does not cut off what it has in hand."""
    Records(tmp_path).write(0, failure(0))
    with (tmp_path / "failures.jsonl").open("ab") as file:
        file.write(b"half")
    with (tmp_path / "ledger.jsonl").open("ab") as file:
        file.write(b"half")
    assert Records(tmp_path, mend=False).outcomes == {0: "failure"}
    assert (tmp_path / "ledger.jsonl").read_bytes().endswith(b"half")
    assert (tmp_path / "failures.jsonl").read_bytes().endswith(b"half")


def test_a_later_record_replaces_an_earlier_one(tmp_path: Path) -> None:
    """After settling each input has one record, and the ledger says where."""
    records = Records(tmp_path)
    for index in range(3):
        records.write(index, failure(index, "Ölspur 1"))
    records.write(1, failure(1, "second"))
    records.settle()
    assert sorted(messages(tmp_path)) == ["second", "Ölspur 1", "Ölspur 1"]
    reopened = Records(tmp_path)
    assert [error.message for n in range(3) if (error := reopened.error(n))] == [
        "Ölspur 1",
        "second",
        "Ölspur 1",
    ]


class KilledError(BaseException):
    """Stands for kill -9."""


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_settling_that_is_killed_is_finished_at_the_next_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """Whichever of the files was replaced when the process died, nothing is lost."""
    records = Records(tmp_path)
    for index in range(3):
        records.write(index, failure(index))
    records.write(0, failure(0, "second"))
    done = 0

    def killing(path: Path) -> object:
        nonlocal done
        if done == kept:
            raise KilledError
        done += 1
        return replacing(path)

    with monkeypatch.context() as patch:
        patch.setattr("summarizer.jobs.records.replacing", killing)
        with pytest.raises(KilledError):
            records.settle()
    reopened = Records(tmp_path)
    assert reopened.outcomes == dict.fromkeys(range(3), "failure")
    reopened.settle()
    assert sorted(messages(tmp_path)) == ["first", "first", "second"]
    assert [error.message for n in range(3) if (error := reopened.error(n))] == ["second", "first", "first"]


def test_a_torn_last_line_of_a_journal_makes_room(tmp_path: Path) -> None:
    """The next line does not stick to it."""
    path = tmp_path / "journal.jsonl"
    Journal(path).add({"n": 1})
    with path.open("ab") as file:
        file.write(b'{"n"')
    assert Journal(path).lines() == [{"n": 1}]
    Journal(path).add({"n": 2})
    assert Journal(path).lines() == [{"n": 1}, {"n": 2}]
