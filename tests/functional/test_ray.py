"""Workers elsewhere: the same reports as without, whoever is killed; skipped where Ray is not installed."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from summarizer import prompts
from summarizer.errors import SettingsError
from summarizer.scaleout import RayWorkers, pool
from summarizer.settings import Settings

TEXT, REPLY = prompts.example()
KEY = "sk-very-secret-key"

pytestmark = [
    pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed (the extra ray)"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]


@pytest.fixture
def scratch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a short name for what Ray writes: its sockets allow no other."""
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.delenv("RAY_ADDRESS", raising=False)
        yield Path(folder)


@pytest.fixture
def slow(endpoint: Any, says: Callable[..., Any]) -> Any:
    """An endpoint that answers after a fifth of a second."""

    def value() -> str:
        time.sleep(0.2)
        return "yes"

    endpoint.play(says(json.dumps(REPLY)) | {"headers": {"x_slow": value}})
    return endpoint


def write(path: Path, number: int) -> Path:
    """Write a file of articles to which the scripted reply is a good one."""
    lines = [json.dumps({"id": f"a{n:03}", "text": f"{TEXT}\n\nLamp {n} was lit."}) for n in range(number)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def start(endpoint: Any, *arguments: object) -> "subprocess.Popen[str]":
    """Start ``summarizer run`` with an endpoint and a key in its environment."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("OPENAI_", "SUMMARIZER_"))}
    ours = {"OPENAI_BASE_URL": endpoint.base_url, "OPENAI_API_KEY": KEY, "SUMMARIZER_MODEL": "scripted"}
    return subprocess.Popen(
        [sys.executable, "-m", "summarizer", "run", *map(str, arguments)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", env={**kept, **ours, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def run(endpoint: Any, *arguments: object) -> str:
    """Run it, and return what it said; it ends well."""
    process = start(endpoint, *arguments)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, (out, err)
    return err


def records(out: Path, name: str = "reports.jsonl") -> list[str]:
    """Return the records of a run, in the order of the inputs, without the seconds that each took."""
    made = [json.loads(line) for line in (out / name).read_text("utf-8").splitlines()]
    for record in made:
        record.get("trace", {}).pop("seconds", None)
    return [json.dumps(record) for record in sorted(made, key=lambda record: str(record["article"]["id"]))]


def finished(out: Path) -> int:
    """Return how many articles a run has finished so far."""
    ledger = out / "ledger.jsonl"
    return len(ledger.read_bytes().splitlines()) if ledger.exists() else 0


def workers_of(pid: int) -> list[int]:
    """Return the processes of Ray's workers that descend from a process."""
    parents, names = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat, words = (folder / "stat").read_text(), (folder / "cmdline").read_bytes()
        except OSError:
            continue
        child = int(folder.name)
        parents[child], names[child] = int(stat.rpartition(")")[2].split()[1]), words

    def descends(one: int) -> bool:
        return one == pid or (parents.get(one, 0) > 1 and descends(parents[one]))

    return [one for one, name in names.items() if name.startswith(b"ray::Worker") and descends(one)]


def wait_for(happened: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Wait until something has happened in a process that runs."""
    while not happened():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def test_two_workers_make_the_same_reports_one_killed_and_nobody_learns_the_key(
    slow: Any, scratch: Path, tmp_path: Path
) -> None:
    """Byte for byte but for the seconds; a worker that is killed costs requests that are made again."""
    articles = write(tmp_path / "in.jsonl", 60)
    common = (articles, "--no-cache", "--concurrency", 8)
    run(slow, *common, "--out", tmp_path / "here")
    process = start(slow, *common, "--out", tmp_path / "ray", "--runner", "ray", "--workers", 2)
    wait_for(lambda: finished(tmp_path / "ray") > 10, process)
    workers = workers_of(process.pid)
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    logs = [path.read_bytes() for path in scratch.rglob("*") if path.is_file()]
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out) == (0, ""), err
    assert "a worker died, and is replaced" in err
    assert records(tmp_path / "ray") == records(tmp_path / "here")
    assert (tmp_path / "ray/failures.jsonl").read_bytes() == b""
    assert 120 <= len(slow.requests) <= 124  # at most what the killed one had in hand
    assert logs
    assert KEY.encode() not in b"".join(logs) + err.encode()
    assert not list(scratch.glob("ray-*"))


@pytest.mark.usefixtures("scratch")
def test_a_killed_driver_goes_on_where_it_stopped(slow: Any, tmp_path: Path) -> None:
    """What is written is not asked again; each article has one report, the same as without Ray."""
    articles = write(tmp_path / "in.jsonl", 40)
    run(slow, articles, "--no-cache", "--out", tmp_path / "here")
    common = (articles, "--no-cache", "--out", tmp_path / "ray", "--runner", "ray")
    process = start(slow, *common)
    wait_for(lambda: finished(tmp_path / "ray") > 10, process)
    process.kill()
    process.communicate()
    had = finished(tmp_path / "ray")
    before = len(slow.requests)
    assert f"{had} found done" in run(slow, *common)
    assert records(tmp_path / "ray") == records(tmp_path / "here")
    assert len(slow.requests) - before <= 40 - had + 8  # some of the killed one's were on their way
    assert f"{40} found done" in run(slow, *common)


@pytest.mark.usefixtures("scratch")
def test_ctrl_c_finishes_what_is_in_hand(slow: Any, tmp_path: Path) -> None:
    """Sent to all processes, as a terminal does: the workers leave it to the one that asked."""
    articles = write(tmp_path / "in.jsonl", 200)
    out = tmp_path / "ray"
    process = start(slow, articles, "--no-cache", "--out", out, "--runner", "ray")
    wait_for(lambda: finished(out) > 10, process)
    for pid in (*workers_of(process.pid), process.pid):
        os.kill(pid, signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130, err
    assert "the same command goes on" in err
    assert 10 < len(records(out)) < 200
    assert "worker died" not in err


def scripted(name: str, endpoint: Any, folder: Path) -> Any:
    """Run a function of tests/ray_scripts.py in a process of its own, and return what it gives."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.ray_scripts", name, endpoint.base_url, str(folder)],
        capture_output=True, text=True, check=False, timeout=300, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def ready(endpoint: Any, says: Callable[..., Any]) -> Any:
    """An endpoint that answers at once."""
    endpoint.play(says(json.dumps(REPLY)))
    return endpoint


def test_an_article_that_kills_its_workers_takes_no_other_with_it(ready: Any, scratch: Path) -> None:
    """It is told as what it is, and those that were in hand beside it have their reports."""
    made = scripted("poison", ready, scratch)
    assert made.pop("poison").startswith("WorkerDied: poison: the workers that summarised it died, 4 times")
    assert made == {f"a{n}": "Report" for n in range(6)}


def test_a_run_without_any_worker_ends_and_says_so(ready: Any, scratch: Path) -> None:
    """No article is blamed for it, and no record made."""
    made = scripted("nobody", ready, scratch)
    assert made["error"].startswith("WorkersLost: Ray: no worker could be had")
    assert made["ledger"] == 0


def test_a_worker_that_would_make_other_reports_is_refused(ready: Any, scratch: Path) -> None:
    """As one with another version of the package would."""
    said = scripted("stranger", ready, scratch)
    assert said.startswith("WorkersLost: ")
    assert "package '0.0.1', not" in said


def test_a_dataset_becomes_the_folder_of_a_run(ready: Any, scratch: Path) -> None:
    """Parquet in and out; what is there is found, a row that is no article has its failure."""
    made = scripted("dataset", ready, scratch)
    assert made["first"] == {"done": 7, "failed": 1, "found": 0}
    assert made["second"] == {"done": 5, "failed": 0, "found": 7}
    assert len(ready.requests) == 12
    ids = [str(n) for n in range(12)]
    assert sorted(row["id"] for row in made["table"]) == sorted([*ids, "99"])
    reports = [json.loads(row["report"]) for row in made["table"] if row["report"]]
    assert sorted(report["article"]["id"] for report in reports) == sorted(ids)
    (failed,) = [json.loads(row["failure"]) for row in made["table"] if row["failure"]]
    assert failed["error"]["type"] == "EmptyInput"
    assert len(records(scratch / "out")) == 12


def test_workers_share_one_limit() -> None:
    """Even parts that make the whole; each worker has one article at least."""
    assert pool.shares(8, 2) == [4, 4]
    assert pool.shares(10, 4) == [3, 3, 2, 2]
    with pytest.raises(SettingsError, match="9 workers cannot share 8 articles"):
        RayWorkers(Settings(model="m", base_url="http://h"), 9, 8)
    assert RayWorkers(Settings(), 3, 8).concurrency == 3
    if "requests_per_minute" in Settings.model_fields:
        whole = Settings.model_validate({"requests_per_minute": 90, "tokens_per_minute": 300})
        plain = pool._plain(whole, 3)
        assert (plain["requests_per_minute"], plain["tokens_per_minute"]) == (30, 100)


def test_secrets_reach_workers_and_relative_paths_mean_the_same_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings come out of their plain form as they were."""
    monkeypatch.chdir(tmp_path)
    settings = Settings.make({}, api_key=KEY, cache="redis://:word@h/0", prices="p.toml")
    again = Settings.model_validate(json.loads(json.dumps(pool._plain(settings, 1))))
    assert again == settings.model_copy(update={"prices": tmp_path / "p.toml"})
