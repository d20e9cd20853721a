"""The folder of a batch: one record for every input, whatever happens to the process."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from summarizer import ledger
from summarizer.batch import failure
from summarizer.domain.article import Article
from summarizer.domain.report import Outcome
from summarizer.errors import InputNotFound, OutputError, SettingsError
from summarizer.ledger import FAILURES, JOB, LEDGER, REPORTS, Job
from summarizer.settings import Settings
from summarizer.wiring import pipeline

PIPELINE = pipeline(Settings())
MODEL = Settings(model="one", base_url="http://127.0.0.1:9/v1")
HERE = Job.of(PIPELINE)
FILES = (REPORTS, FAILURES, LEDGER)
forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here")


def article(number: int, more: str = "") -> Article:
    """Make an article; ``more`` changes its text."""
    text = f"Two trawlers sank off Norra on Monday, the coast guard said. Lamp {number} was lit.{more}"
    return Article(text=text, id=f"a{number}")


def report(number: int, more: str = "") -> Outcome:
    """Make the report of an article."""
    return asyncio.run(PIPELINE.summarize(article(number, more)))


def failed(number: int) -> Outcome:
    """Make a failure of an article."""
    return failure(article(number), InputNotFound("no such file.", where=f"a{number}.txt"))


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in (folder / name).read_bytes().splitlines()]


def ids(folder: Path, name: str) -> list[str]:
    """Return the ids in a file of records."""
    return [record["article"]["id"] for record in lines(folder, name)]


def is_whole(folder: Path) -> bool:
    """Tell whether the ledger's lines cover the bytes of the records, each once."""
    for name, outcome in ((REPORTS, "report"), (FAILURES, "failure")):
        data, at = (folder / name).read_bytes(), 0
        entries = [line for line in lines(folder, LEDGER) if line["outcome"] == outcome]
        for line in sorted(entries, key=lambda line: line["start"]):
            record = json.loads(data[line["start"] : line["end"]])
            if line["start"] != at or record["article"]["id"] != line["id"]:
                return False
            at = line["end"]
        if at != len(data):
            return False
    return len({(line["id"], line.get("again")) for line in lines(folder, LEDGER)}) == len(
        lines(folder, LEDGER)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two reports and a failure."""
    out = tmp_path / "out"
    with ledger.opened(out, HERE) as book:
        for index, outcome in enumerate((report(0), failed(1), report(2))):
            book.enter(index, outcome)
    return out


def test_every_input_has_a_line_that_points_at_its_record(folder: Path) -> None:
    """Index, id, digest, outcome and the bytes of the record."""
    assert is_whole(folder)
    first, second, third = lines(folder, LEDGER)
    assert (first["index"], first["id"], first["sha256"]) == (0, "a0", article(0).sha256)
    assert (second["outcome"], second["error"]) == ("failure", "InputNotFound")
    assert third["start"] == first["end"]
    assert json.loads((folder / JOB).read_bytes())["fingerprint"] == HERE.fingerprint


def test_a_folder_that_is_opened_again_knows_what_it_has(folder: Path) -> None:
    """Done, failed, changed, new; and the records in the order of the inputs as they are now."""
    with ledger.opened(folder, HERE) as book:
        assert (book.opening.reports, book.opening.failures, book.opening.notes) == (2, 1, [])
        assert book.standing(2, "a0", article(0)) == "done"
        assert book.standing(1, "a1", article(1)) == "failed"
        assert book.standing(0, "a2", article(2, " It rained.")) == "changed"
        assert book.standing(3, "a3", article(3)) == "new"
        assert book.standing(4, "a0", None) == "done"
        dated = article(0).model_copy(update={"title": "Two trawlers"})
        assert book.standing(2, "a0", dated) == "changed"
        assert [record.article.id for record in book.records()] == ["a2", "a1", "a0"]


def test_what_is_made_again_takes_the_place_of_what_was_there(folder: Path) -> None:
    """A failure that is a report now, and a report of a changed text, stand there once."""
    with ledger.opened(folder, HERE) as book:
        book.enter(1, report(1))
        book.enter(2, report(2, " It rained."))
        book.settle()
    assert ids(folder, REPORTS) == ["a0", "a1", "a2"]
    assert ids(folder, FAILURES) == []
    assert is_whole(folder)
    assert lines(folder, LEDGER)[2]["sha256"] == article(2, " It rained.").sha256


def test_records_can_be_put_in_the_order_of_the_inputs(tmp_path: Path) -> None:
    """However they were finished; the ledger, too."""
    with ledger.opened(tmp_path, HERE) as book:
        for index in (3, 0, 2, 1):
            book.enter(index, failed(index) if index == 2 else report(index))
        book.settle(ordered=True)
        assert [record.article.id for record in book.records()] == ["a0", "a1", "a2", "a3"]
    assert ids(tmp_path, REPORTS) == ["a0", "a1", "a3"]
    assert [line["index"] for line in lines(tmp_path, LEDGER)] == [0, 1, 2, 3]
    assert is_whole(tmp_path)
    assert [record.article.id for record in ledger.records(tmp_path)] == ["a0", "a1", "a2", "a3"]


def test_inputs_of_one_id_have_a_record_each(tmp_path: Path) -> None:
    """A second input of an id has its own line, this time and the next."""
    for _ in range(2):
        with ledger.opened(tmp_path, HERE) as book:
            if book.standing(0, "a0", article(0)) == "new":
                book.enter(0, report(0))
            book.enter(1, failed(0), 1)
            book.settle()
        assert ids(tmp_path, REPORTS) == ids(tmp_path, FAILURES) == ["a0"]
        assert is_whole(tmp_path)


def test_what_an_input_has_can_be_looked_up_without_the_lock(folder: Path, tmp_path: Path) -> None:
    """While another process writes, and what it has half written is neither told nor touched."""
    with ledger.opened(folder, HERE) as book:
        book.enter(3, failed(0), 1)
        for name in FILES:
            with (folder / name).open("ab") as file:
                file.write(b'{"torn')
        before = {name: (folder / name).read_bytes() for name in FILES}
        has = ledger.Outcomes(folder)
        assert [has.of(f"a{n}") for n in range(4)] == ["report", "failure", "report", None]
        assert (has.of("a0", 1), has.of("a0", 2)) == ("failure", None)
        assert {name: (folder / name).read_bytes() for name in FILES} == before
    assert ledger.Outcomes(tmp_path / "none").of("a0") is None


def test_why_an_input_failed_is_known_to_the_next_run(folder: Path) -> None:
    """The error of its record; none for a report, or for an input that is new."""
    with ledger.opened(folder, HERE) as book:
        assert (book.error("a0"), book.error("a1", 1), book.error("a9")) == (None, None, None)
        error = book.error("a1")
        assert error
        assert (error.type, "a1.txt" in error.message) == ("InputNotFound", True)
        (folder / FAILURES).write_bytes(b"x" * (folder / FAILURES).stat().st_size)
        with pytest.raises(OutputError, match="no record"):
            book.error("a1")


def stages(folder: Path) -> Iterator[dict[str, bytes]]:
    """Yield what the files may hold when the process is killed: every third byte of all that is written."""
    whole = {name: (folder / name).read_bytes() for name in FILES}
    held = dict.fromkeys(FILES, b"")
    for line in whole[LEDGER].splitlines(keepends=True):
        entry = json.loads(line)
        name = REPORTS if entry["outcome"] == "report" else FAILURES
        for file, data in ((name, whole[name][entry["start"] : entry["end"]]), (LEDGER, line)):
            before = held[file]
            for size in {*range(0, len(data), 97), 1, len(data) - 1, len(data)}:
                yield {**held, file: before + data[:size]}
            held[file] = before + data


def test_a_process_that_dies_while_it_writes_loses_what_it_had_in_hand(folder: Path, tmp_path: Path) -> None:
    """Wherever it is cut, the next run finds whole records only, and ends with each input once."""
    for n, stage in enumerate(stages(folder)):
        out = tmp_path / str(n)
        out.mkdir()
        for name, data in stage.items():
            (out / name).write_bytes(data)
        shutil.copy(folder / JOB, out)
        whole = stage[REPORTS].count(b"\n")
        with ledger.opened(out, HERE) as book:
            assert book.opening.reports == whole
            for index in range(3):
                if book.standing(index, f"a{index}", article(index)) != "done":
                    book.enter(index, failed(1) if index == 1 else report(index))
            book.settle()
        assert sorted(ids(out, REPORTS)) == ["a0", "a2"], n
        assert ids(out, FAILURES) == ["a1"], n
        assert is_whole(out), n
        shutil.rmtree(out)


_SETTLE = """
import os, signal, sys
from pathlib import Path
from typing import Any
from summarizer.ledger import Job, opened
from tests.unit.ledger.test_ledger import HERE, report

out, count = Path(sys.argv[1]), 0
for limit in range(200):
    folder = out / str(limit)
    with opened(folder, HERE) as book:
        for index in (3, 0, 1):
            book.enter(index, report(index))
    pid = os.fork()
    if not pid:
        count = 0
        def audit(event, arguments):
            global count
            if event in {"open", "os.rename", "os.remove", "os.truncate"}:
                count += 1
                if count == limit:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(audit)
        with opened(folder, HERE) as book:
            book.enter(1, report(1, " It rained."))
            book.settle(ordered=True)
        os._exit(0)
    if os.waitpid(pid, 0)[1] == 0 and limit:
        print(limit)
        break
"""


@forking
def test_a_process_that_dies_while_it_puts_records_in_order_loses_none(tmp_path: Path) -> None:
    """Killed at every call that opens, renames or removes a file; the next opening has all, in one order."""
    here = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", _SETTLE, str(tmp_path)], env={**os.environ, "PYTHONPATH": str(here)},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    killed = int(done.stdout)
    assert killed > 15
    for limit in range(killed + 1):
        out = tmp_path / str(limit)
        with ledger.opened(out, HERE) as book:
            found = [record.article.id for record in book.records()]
            assert found == ["a0", "a1", "a3"], limit
            book.settle()
        assert is_whole(out), limit
        assert not list(out.glob("*.new")), limit


def test_another_job_is_refused_with_what_differs(folder: Path) -> None:
    """The message names it and what to do, and nothing is changed."""
    before = {name: (folder / name).read_bytes() for name in (*FILES, JOB)}
    other = Job.of(pipeline(MODEL))
    with pytest.raises(SettingsError) as refused, ledger.opened(folder, other):
        pass
    for part in ("name 'openai', not 'offline'", "model 'one', not None", "--fresh", "another folder"):
        assert part in str(refused.value)
    assert {name: (folder / name).read_bytes() for name in (*FILES, JOB)} == before
    with ledger.opened(folder, other, fresh=True) as book:
        assert (book.opening.reports, book.opening.failures) == (0, 0)
    assert (folder / REPORTS).read_bytes() == b""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"temperature": 0.5}, "parameters"),
        ({"base_url": "http://127.0.0.1:8/v1"}, "base_url 'http://127.0.0.1:8/v1'"),
        ({"attempts": 1}, "attempts 1, not 2"),
        ({"section_tokens": 900}, "sections"),
    ],
)
def test_settings_that_make_other_reports_make_another_job(changed: dict[str, object], said: str) -> None:
    """Those that only make it faster or dearer do not."""
    job = Job.of(pipeline(MODEL))
    other = Job.of(pipeline(MODEL.model_copy(update=changed)))
    assert said in "; ".join(other.differences(job))
    faster = MODEL.model_copy(update={"timeout": 5.0, "transport_attempts": 2, "cache": True})
    assert Job.of(pipeline(faster)).differences(job) == []


def test_no_key_is_kept(tmp_path: Path) -> None:
    """What tells jobs apart holds nothing secret."""
    settings = Settings.make({}, model="one", api_key="sk-secret", base_url="http://user:pw@127.0.0.1:9/v1")
    with ledger.opened(tmp_path, Job.of(pipeline(settings))):
        pass
    written = (tmp_path / JOB).read_text("utf-8")
    assert "sk-secret" not in written
    assert "pw" not in written


def test_a_folder_of_an_earlier_version_is_taken_in(folder: Path) -> None:
    """Its reports count as done where this job would have made them."""
    (folder / LEDGER).unlink()
    (folder / JOB).unlink()
    with ledger.opened(folder, HERE) as book:
        assert (book.opening.reports, book.opening.failures) == (2, 1)
        assert "2 taken in from reports.jsonl" in " ".join(book.opening.notes)
        assert book.standing(0, "a0", article(0)) == "done"
    assert is_whole(folder)


def test_a_folder_of_an_earlier_version_by_another_model_is_refused(folder: Path) -> None:
    """Its reports say what made them; they are let be."""
    (folder / LEDGER).unlink()
    (folder / JOB).unlink()
    before = (folder / REPORTS).read_bytes()
    with (
        pytest.raises(SettingsError, match="model 'one', not None"),
        ledger.opened(folder, Job.of(pipeline(MODEL))),
    ):
        pass
    other_rules = HERE.model_copy(update={"identity": {"rules": "others"}})
    with pytest.raises(SettingsError, match="rules"), ledger.opened(folder, other_rules):
        pass
    assert (folder / REPORTS).read_bytes() == before
    assert not (folder / LEDGER).exists()


def test_reports_are_not_cut_off_behind_a_broken_line(folder: Path) -> None:
    """Only a torn end is cut; a file that somebody broke in the middle is told."""
    (folder / LEDGER).unlink()
    data = (folder / REPORTS).read_bytes()
    (folder / REPORTS).write_bytes(b'{"broken\n' + data)
    with pytest.raises(OutputError, match="no record"), ledger.opened(folder, HERE):
        pass
    assert (folder / REPORTS).read_bytes() == b'{"broken\n' + data


def test_a_damaged_line_of_the_ledger_costs_one_article(folder: Path) -> None:
    """It is told and asked for again, and stands there once."""
    first, *rest = (folder / LEDGER).read_bytes().splitlines(keepends=True)
    (folder / LEDGER).write_bytes(b"x" * (len(first) - 1) + b"\n" + b"".join(rest))
    with ledger.opened(folder, HERE) as book:
        assert "damaged at byte 0" in book.opening.notes[0]
        assert book.standing(0, "a0", article(0)) == "new"
        assert book.standing(2, "a2", article(2)) == "done"
        book.enter(0, report(0))
        book.settle()
    assert sorted(ids(folder, REPORTS)) == ["a0", "a2"]
    assert is_whole(folder)


def test_a_folder_of_a_newer_version_is_refused(folder: Path) -> None:
    """Its format is named; nothing is guessed."""
    data = json.loads((folder / JOB).read_bytes())
    (folder / JOB).write_text(json.dumps({**data, "format": 99}), encoding="utf-8")
    with pytest.raises(SettingsError, match="format 99"), ledger.opened(folder, HERE):
        pass


def test_two_runs_never_write_into_one_folder(folder: Path) -> None:
    """The second is refused while the first is there, and not after it."""
    with ledger.opened(folder, HERE), pytest.raises(SettingsError, match="another run writes into it"):
        ledger.opened(folder, HERE).__enter__()
    with ledger.opened(folder, HERE) as book:
        assert book.opening.reports == 2


@forking
def test_a_killed_process_holds_no_folder(tmp_path: Path) -> None:
    """Its lock goes with it."""
    code = (
        "import sys, time; from pathlib import Path; from tests.unit.ledger.test_ledger import HERE\n"
        "from summarizer.ledger import opened\n"
        "with opened(Path(sys.argv[1]), HERE): print('held', flush=True); time.sleep(60)"
    )
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, env=here
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()
        with pytest.raises(SettingsError, match=f"process {holder.pid}"), ledger.opened(tmp_path, HERE):
            pass
        holder.kill()
    with ledger.opened(tmp_path, HERE) as book:
        assert book.opening.reports == 0


@forking
def test_a_full_disk_is_told_and_leaves_nothing_torn(tmp_path: Path) -> None:
    """Whatever is there is whole, and the same command goes on."""
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from tests.unit.ledger.test_ledger import HERE, report; from summarizer.ledger import opened\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "with opened(Path(sys.argv[1]), HERE) as book:\n"
        "    for n in range(9): book.enter(n, report(n))\n"
    )
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=here, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert "OutputError" in done.stderr
    assert "cannot be written" in done.stderr
    assert is_whole(tmp_path)
    with ledger.opened(tmp_path, HERE) as book:
        assert 0 < book.opening.reports < 9
        assert book.opening.notes == []


def test_an_interrupted_write_leaves_nothing_torn(folder: Path) -> None:
    """What cannot be entered as a whole is not entered."""
    broken = report(0).model_copy(update={"article": None})
    with ledger.opened(folder, HERE) as book:
        with suppress(AttributeError):
            book.enter(3, broken)
        book.enter(3, report(3))
    assert is_whole(folder)
    assert ids(folder, REPORTS) == ["a0", "a2", "a3"]
