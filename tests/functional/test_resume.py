"""A run over an archive as a user meets it: killed, interrupted, given again; nothing lost, nothing twice."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.prompts import example

TEXT, REPLY = example()
SHORT = "Two trawlers sank off Norra on Monday, the coast guard said."
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent here")


def started(*arguments: object, in_group: bool = False, **environment: str) -> subprocess.Popen[str]:
    """Start ``summarizer run`` with a clean environment, in a process group of its own where asked for."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("OPENAI_", "SUMMARIZER_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "summarizer", "run", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**kept, "PYTHONIOENCODING": "utf-8", **environment},
        start_new_session=in_group,
        preexec_fn=heed,  # noqa: PLW1509 - our process has no threads that it could trip over
    )


def heed() -> None:
    """Have Ctrl-C heeded by a process, even where ours was started to ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``summarizer run`` to its end."""
    with started(*arguments, in_group=False, **environment) as process:
        out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines; none where there is no file."""
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def ids(path: Path) -> list[str]:
    """Return the ids in a file of records."""
    return [record["article"]["id"] for record in lines(path)]


def count(path: Path) -> int:
    """Count the lines of a file that is being written."""
    return path.read_bytes().count(b"\n") if path.exists() else 0


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """A feed of 200 articles, and two lines that are none."""
    path = tmp_path / "feed.jsonl"
    articles = [json.dumps({"id": f"a{n:03}", "text": f"{SHORT} Lamp {n} was lit."}) for n in range(200)]
    written = [*articles[:100], "no article", *articles[100:], '["neither"]', ""]
    path.write_text("\n".join(written), encoding="utf-8")
    return path


EXPECTED = [f"a{n:03}" for n in range(200)]


@pytest.mark.parametrize("options", [[], ["--ordered"]])
def test_a_run_that_is_killed_again_and_again_ends_with_every_article_once(
    feed: Path, tmp_path: Path, options: list[str]
) -> None:
    """Killed at random moments; each time the same command goes on, and at the end all is there once."""
    out, chance, kills = tmp_path / "out", random.Random(7), 0
    while True:
        enough = count(out / "ledger.jsonl") + chance.randrange(60)
        with started(feed, "--out", out, *options) as process:
            if kills == 3:
                _, told = process.communicate(timeout=120)
                break
            wait_for(lambda: count(out / "ledger.jsonl") >= enough or process.poll() is not None)  # noqa: B023 - called here
            time.sleep(chance.uniform(0.0, 0.02))
            process.kill()
            kills += 1
    assert process.returncode == 1  # two lines are no articles
    assert "found done" in told
    assert sorted(ids(out / "reports.jsonl")) == EXPECTED
    assert len(lines(out / "failures.jsonl")) == 2
    entered = lines(out / "ledger.jsonl")
    assert sorted(entry["index"] for entry in entered) == list(range(202))
    assert sorted(entry["id"] for entry in entered if entry["outcome"] == "report") == EXPECTED
    if options:
        assert ids(out / "reports.jsonl") == EXPECTED
        assert [entry["index"] for entry in entered] == list(range(202))


def test_a_run_against_an_endpoint_that_is_killed_pays_for_no_finished_article_again(
    endpoint: Any, says: Callable[..., Any], tmp_path: Path
) -> None:
    """Only what was in hand is asked for again, even without a cache."""
    endpoint.play({**says(json.dumps(REPLY)), "trickle": 0.0001})
    for n in range(30):
        (tmp_path / f"a{n:02}.txt").write_text(f"{TEXT}\n\nLamp {n} was lit.", encoding="utf-8")
    arguments = [tmp_path / "*.txt", "--out", tmp_path / "out", "--model", "scripted", "--no-cache"]
    for enough in (5, 15):
        with started(*arguments, "--concurrency", 3, OPENAI_BASE_URL=endpoint.base_url) as process:
            wait_for(lambda: count(tmp_path / "out/reports.jsonl") >= enough)  # noqa: B023 - called here
            process.kill()
    done = run(*arguments, OPENAI_BASE_URL=endpoint.base_url)
    assert done.returncode == 0, done.stderr
    assert sorted(ids(tmp_path / "out/reports.jsonl")) == [f"a{n:02}" for n in range(30)]
    assert 30 <= len(endpoint.requests) <= 30 + 2 * 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_finishes_what_is_in_hand(feed: Path, tmp_path: Path, number: int) -> None:
    """Exit code 130, what is done is kept and whole, and the message says how to go on."""
    out = tmp_path / "out"
    with started(feed, "--out", out, "--format", "csv", "--json-summary", tmp_path / "sum.json") as process:
        wait_for(lambda: count(out / "ledger.jsonl") > 3)
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "finishing what is in hand" in told
    assert "the same command goes on" in told.splitlines()[-1]
    assert "Traceback" not in told
    kept = ids(out / "reports.jsonl")
    assert 3 <= len(kept) < 200
    counts = json.loads((tmp_path / "sum.json").read_bytes())
    assert (counts["done"], counts["interrupted"], counts["exit_code"]) == (len(kept), True, 130)
    again = run(feed, "--out", out, "--format", "csv")
    assert f"{len(kept)} found done" in again.stderr.splitlines()[-1]
    assert sorted(ids(out / "reports.jsonl")) == EXPECTED
    with (out / "claims.csv").open(encoding="utf-8", newline="") as table:
        assert list(dict.fromkeys(row["article"] for row in csv.DictReader(table))) == EXPECTED


def test_the_second_signal_ends_at_once(endpoint: Any, says: Callable[..., Any], tmp_path: Path) -> None:
    """An answer that does not come is not waited for; what came before is kept."""
    endpoint.play(says(json.dumps(REPLY)), {"hang": True})
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"{TEXT}\n\nLamp {name} was lit.", encoding="utf-8")
    arguments = [tmp_path / "a.txt", tmp_path / "b.txt", "--model", "scripted", "--out", tmp_path / "out"]
    with started(*arguments, "--concurrency", 1, OPENAI_BASE_URL=endpoint.base_url) as process:
        wait_for(lambda: len(endpoint.requests) == 2)
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert any("finishing what is in hand" in line for line in process.stderr)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "1 done" in told
    assert "Traceback" not in told
    assert ids(tmp_path / "out/reports.jsonl") == ["a"]


def test_a_long_offline_article_does_not_keep_a_run_alive(tmp_path: Path) -> None:
    """The second signal ends it in the middle of its computing, and so does one with workers."""
    (tmp_path / "long.txt").write_text(
        "".join(f"{SHORT} Ada Holm denied that hall {n} had burned. " for n in range(9000)), encoding="utf-8"
    )
    for workers in (1, 2):
        out = tmp_path / f"out{workers}"
        with started(tmp_path / "long.txt", "--out", out, "--workers", workers) as process:
            wait_for((out / "ledger.jsonl").exists)
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=30)
        assert process.returncode == 130, told
        assert "Traceback" not in told
        assert ids(out / "reports.jsonl") == []


def test_an_interrupted_run_does_not_wait_for_standard_input(tmp_path: Path) -> None:
    """A pipe that nobody writes to holds nothing up, not even the end of the process."""
    reading, writing = os.pipe()
    os.write(writing, b'{"id": "a", "text": "Two trawlers sank off Norra on Monday."}\n')
    with subprocess.Popen(
        [sys.executable, "-m", "summarizer", "run", "-", "--out", str(tmp_path / "out")],
        stdin=reading, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        wait_for(lambda: count(tmp_path / "out/ledger.jsonl") == 1)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=30)
        os.close(writing)
        os.close(reading)
    assert process.returncode == 130
    assert "Fatal" not in told
    assert "1 done" in told.splitlines()[-1]


def test_two_runs_on_one_folder_are_one_too_many(feed: Path, tmp_path: Path) -> None:
    """The second is refused and changes nothing; the first goes on."""
    out = tmp_path / "out"
    with started(feed, "--out", out) as process:
        wait_for(lambda: count(out / "ledger.jsonl") > 1)
        process.send_signal(signal.SIGSTOP)
        second = run(feed, "--out", out, "--fresh")
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=60)
    assert second.returncode == 2
    assert f"another run writes into it (process {process.pid})" in second.stderr
    assert sorted(ids(out / "reports.jsonl")) == EXPECTED


def test_another_job_is_refused(endpoint: Any, says: Callable[..., Any], feed: Path, tmp_path: Path) -> None:
    """Another model in the same folder: the message names it, and nothing is sent."""
    endpoint.play(says(json.dumps(REPLY)))
    assert run(feed, "--out", tmp_path / "out").returncode == 1
    other = run(feed, "--out", tmp_path / "out", "--model", "scripted", OPENAI_BASE_URL=endpoint.base_url)
    assert other.returncode == 2
    assert "model 'scripted', not None" in other.stderr
    assert "--fresh" in other.stderr
    assert endpoint.requests == []


def test_a_changed_article_is_summarised_again_and_a_mended_one_for_the_first_time(tmp_path: Path) -> None:
    """Each has one record, of its text as it is now; and that is said."""
    for name, text in (("a", SHORT), ("b", SHORT), ("c", "")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    arguments = [tmp_path / "*.txt", "--out", tmp_path / "out"]
    assert run(*arguments).returncode == 1
    (tmp_path / "b.txt").write_text(f"{SHORT} It rained, said the office.", encoding="utf-8")
    (tmp_path / "c.txt").write_text(SHORT, encoding="utf-8")
    again = run(*arguments)
    assert again.returncode == 0, again.stderr
    assert "changed since an earlier run, and summarised again: b." in again.stderr
    assert "2 done, 0 failed, 1 found done" in again.stderr.splitlines()[-1]
    records = {record["article"]["id"]: record for record in lines(tmp_path / "out/reports.jsonl")}
    assert ids(tmp_path / "out/reports.jsonl") == ["a", "b", "c"]
    assert records["b"]["article"]["characters"] > len(SHORT)
    assert lines(tmp_path / "out/failures.jsonl") == []
    assert len(lines(tmp_path / "out/ledger.jsonl")) == 3


def test_a_report_outlives_its_article(tmp_path: Path) -> None:
    """An input that cannot be read any more is a failure of this run, and its report is kept."""
    path = tmp_path / "a.txt"
    path.write_text(SHORT, encoding="utf-8")
    assert run(path, "--out", tmp_path / "out").returncode == 0
    path.write_text("", encoding="utf-8")
    again = run(path, "--out", tmp_path / "out")
    assert again.returncode == 1
    assert "its report of an earlier run is kept" in again.stderr
    assert ids(tmp_path / "out/reports.jsonl") == ["a"]
    assert lines(tmp_path / "out/failures.jsonl") == []


def test_one_id_twice_is_one_report_and_one_failure_each_time(tmp_path: Path) -> None:
    """Given again, nothing is doubled."""
    for folder in ("in", "old"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(f"{SHORT} {folder}", encoding="utf-8")
    for _ in range(2):
        done = run(tmp_path / "in/a.txt", tmp_path / "old/a.txt", "--out", tmp_path / "out")
        assert done.returncode == 1
        assert "only the first of the two is taken" in done.stderr
        assert ids(tmp_path / "out/reports.jsonl") == ids(tmp_path / "out/failures.jsonl") == ["a"]
        assert len(lines(tmp_path / "out/ledger.jsonl")) == 2


@pytest.fixture
def uneven(endpoint: Any, says: Callable[..., Any], tmp_path: Path) -> list[object]:
    """Arguments of a run whose first answer comes last."""
    answer = says(json.dumps(REPLY))
    endpoint.play({**answer, "trickle": 0.001}, answer)
    for n in range(6):
        (tmp_path / f"a{n}.txt").write_text(f"{TEXT}\n\nLamp {n} was lit.", encoding="utf-8")
    first, *rest = sorted(tmp_path.glob("*.txt"))
    return [first, *rest, "--model", "scripted", "--base-url", endpoint.base_url, "--concurrency", 2]


@pytest.mark.parametrize(
    ("option", "in_order"), [(None, True), ("--ordered", True), ("--as-finished", False)]
)
def test_records_are_in_order_where_nothing_else_tells_whose_they_are(
    uneven: list[object], option: str | None, *, in_order: bool
) -> None:
    """On standard output in the order of the inputs, in a folder as finished; either can be chosen."""
    options = [option] if option else []
    out = run(*uneven, "--format", "jsonl", *options)
    assert out.returncode == 0, out.stderr
    found = [json.loads(line)["article"]["id"] for line in out.stdout.splitlines()]
    assert sorted(found) == [f"a{n}" for n in range(6)]
    assert (found == sorted(found)) is in_order


@pytest.mark.parametrize("option", ["--ordered", "--as-finished"])
def test_a_slow_article_holds_up_no_record_in_a_folder(
    uneven: list[object], tmp_path: Path, option: str
) -> None:
    """Written as they are finished; in order at the end where that was asked for."""
    out = tmp_path / "out"
    assert run(*uneven, "--out", out, option, "--format", "markdown").returncode == 0
    in_order = [f"a{n}" for n in range(6)]
    assert sorted(ids(out / "reports.jsonl")) == in_order
    assert (ids(out / "reports.jsonl") == in_order) is (option == "--ordered")
    told = (out / "report.md").read_text("utf-8")
    assert sorted(in_order, key=lambda name: told.index(f"*{name} ·")) == in_order


def test_workers_give_the_same_bytes(feed: Path, tmp_path: Path) -> None:
    """Two processes, in order, are one process but for the seconds."""

    def records(name: str, *options: object) -> list[dict[str, Any]]:
        run(feed, "--out", tmp_path / name, "--ordered", *options)
        found = lines(tmp_path / name / "reports.jsonl") + lines(tmp_path / name / "failures.jsonl")
        for record in found:
            record.get("trace", {}).pop("seconds", None)
        return found

    one, two = records("one"), records("two", "--workers", 2)
    assert len(one) == 202
    assert [json.dumps(record) for record in one] == [json.dumps(record) for record in two]


@pytest.fixture
def asking(endpoint: Any, says: Callable[..., Any], tmp_path: Path) -> list[object]:
    """Arguments of a run of twenty articles against an endpoint that takes a while."""
    endpoint.play({**says(json.dumps(REPLY)), "trickle": 0.0001})
    (tmp_path / "in").mkdir()
    for n in range(20):
        (tmp_path / f"in/a{n:02}.txt").write_text(f"{TEXT}\n\nLamp {n} was lit.", encoding="utf-8")
    model = ["--model", "scripted", "--base-url", endpoint.base_url, "--no-cache", "--concurrency", 4]
    return [tmp_path / "in", tmp_path / "none.txt", *model]


def test_workers_give_a_models_reports_as_one_process(
    endpoint: Any, asking: list[object], tmp_path: Path
) -> None:
    """The same bytes, in a folder and on standard output; each article asked about once."""
    found: list[object] = []
    for workers in (1, 2):
        out = tmp_path / str(workers)
        assert run(*asking, "--out", out, "--ordered", "--workers", workers).returncode == 1
        kept = lines(out / "reports.jsonl") + lines(out / "failures.jsonl")
        printed = run(*asking, "--format", "jsonl", "--workers", workers)
        for record in (records := [*kept, *map(json.loads, printed.stdout.splitlines())]):
            record.get("trace", {}).pop("seconds", None)
        assert len(records) == 42
        found.append([json.dumps(record) for record in records])
        found.append((out / "job.json").read_text("utf-8"))
    assert found[:2] == found[2:]
    assert len(endpoint.requests) == 80


def test_a_worker_that_is_killed_loses_no_article(
    endpoint: Any, says: Callable[..., Any], asking: list[object], tmp_path: Path
) -> None:
    """Its articles are asked about again, and every article has one report."""
    out, answer = tmp_path / "out", says(json.dumps(REPLY))
    endpoint.play(*[answer] * 4, {**answer, "trickle": 0.0005})
    with started(*asking, "--out", out, "--workers", 2) as process:
        wait_for(lambda: count(out / "reports.jsonl") >= 4 and len(endpoint.requests) == 8)
        shown = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(maxsplit=2) for line in shown.splitlines()]
        children = [int(pid) for pid, parent, args in rows if parent == str(process.pid) and "spawn" in args]
        assert len(children) == 2
        os.kill(children[0], signal.SIGKILL)
        endpoint.play(answer)
        _, told = process.communicate(timeout=120)
    assert process.returncode == 1, told
    assert "20 done, 1 failed" in told
    assert sorted(ids(out / "reports.jsonl")) == [f"a{n:02}" for n in range(20)]
    assert [f["error"]["type"] for f in lines(out / "failures.jsonl")] == ["InputNotFound"]
    assert len(endpoint.requests) == 20 + 2  # of its two places


@pytest.mark.parametrize("enough", [0, 4])
def test_a_signal_to_the_whole_group_finishes_what_workers_have_in_hand(
    asking: list[object], tmp_path: Path, enough: int
) -> None:
    """As Ctrl-C on a terminal sends it, from the first moment on: the workers leave it to who made them."""
    out = tmp_path / "out"
    with started(*asking, "--out", out, "--workers", 2, in_group=True) as process:
        wait_for(lambda: (out / "ledger.jsonl").exists() and count(out / "reports.jsonl") >= enough)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert "the same command goes on" in told.splitlines()[-1]
    kept = ids(out / "reports.jsonl")
    assert enough <= len(kept) < 20
    again = run(*asking, "--out", out, "--workers", 2)
    assert f"{20 - len(kept)} done, 1 failed" in again.stderr
    assert sorted(ids(out / "reports.jsonl")) == [f"a{n:02}" for n in range(20)]


def test_the_second_signal_ends_workers_at_once(endpoint: Any, asking: list[object], tmp_path: Path) -> None:
    """Answers that do not come are not waited for, and no process stays."""
    endpoint.play({"hang": True})
    with started(*asking, "--out", tmp_path / "out", "--workers", 2, in_group=True) as process:
        wait_for(lambda: len(endpoint.requests) == 4)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr
        assert any("finishing what is in hand" in line for line in process.stderr)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=30)  # to the end of what the workers, too, could write to
    assert process.returncode == 130, told
    assert "Traceback" not in told


def test_workers_do_not_outlive_a_run_that_is_killed(
    endpoint: Any, asking: list[object], tmp_path: Path
) -> None:
    """They end with it, in the middle of their requests."""
    endpoint.play({"hang": True})
    with started(*asking, "--out", tmp_path / "out", "--workers", 2) as process:
        wait_for(lambda: len(endpoint.requests) == 4)
        process.kill()
        process.communicate(
            timeout=30
        )  # the workers inherit standard error; it ends when the last of them has
    assert process.returncode == -signal.SIGKILL


def test_the_summary_has_all_counts(tmp_path: Path) -> None:
    """As JSON, whatever came of the run."""
    (tmp_path / "a.txt").write_text(SHORT, encoding="utf-8")
    arguments = [tmp_path / "a.txt", tmp_path / "none.txt", "--out", tmp_path / "out"]
    for done, found in ((1, 0), (0, 1)):
        run(*arguments, "--json-summary", tmp_path / "summary.json")
        counts = json.loads((tmp_path / "summary.json").read_bytes())
        assert (counts["done"], counts["found_done"], counts["failed"]) == (done, found, 1)
        assert counts["errors"] == {"InputNotFound": 1}
        assert counts["exit_code"] == 1
        assert not counts["interrupted"]


def test_tables_are_whole_after_going_on(tmp_path: Path) -> None:
    """What a later run adds stands beside what was there, and unasked-for tables of old records are gone."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(SHORT, encoding="utf-8")
    out = tmp_path / "out"
    run(tmp_path / "b.txt", "--out", out, "--format", "csv,html")
    run(tmp_path / "a.txt", tmp_path / "b.txt", "--out", out, "--format", "csv")
    with (out / "claims.csv").open(encoding="utf-8", newline="") as table:
        assert [row["article"] for row in csv.DictReader(table)] == ["a", "b"]
    assert not (out / "report.html").exists()
