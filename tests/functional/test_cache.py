"""What was asked and paid for once is not asked again, and no state of the cache loses a run."""

import asyncio
import json
import os
import pickle
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from summarizer import batch, prompts, wiring
from summarizer.api import Summarizer
from summarizer.cache import contents
from summarizer.domain.article import Article
from summarizer.domain.report import Failure, Report
from summarizer.settings import Settings

TEXT, REPLY = prompts.example()
KEY = "sk-very-secret-key"


def start(endpoint: Any, place: object, *arguments: object) -> "subprocess.Popen[str]":
    """Start ``summarizer`` with an endpoint, a key and a place for the cache in its environment."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("OPENAI_", "SUMMARIZER_"))}
    ours = {
        "OPENAI_BASE_URL": endpoint.base_url,
        "OPENAI_API_KEY": KEY,
        "SUMMARIZER_MODEL": "scripted",
        "SUMMARIZER_CACHE": str(place),
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "summarizer", *map(str, arguments)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", env=kept | ours,
    )  # fmt: skip


def run(endpoint: Any, place: object, *arguments: object) -> tuple[int, str, str]:
    """Run ``summarizer`` and return exit code, output and messages."""
    process = start(endpoint, place, *arguments)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def write(folder: Path, number: int) -> Path:
    """Write articles that differ and to which the scripted reply is a good one."""
    folder.mkdir()
    for n in range(number):
        (folder / f"a{n:02}.txt").write_text(f"{TEXT}\n\nLamp {n} was lit.", encoding="utf-8")
    return folder


def records(out: Path) -> list[dict[str, Any]]:
    """Return the reports of a run, by id, without what may differ between two."""
    made = [json.loads(line) for line in (out / "reports.jsonl").read_text("utf-8").splitlines()]
    for record in made:
        for name in ("seconds", "cached"):
            del record["trace"][name]
    return sorted(made, key=lambda record: str(record["article"]["id"]))


def report(endpoint: Any, folder: Path, *texts: str, **given: Any) -> list[Report]:
    """Report on texts in this process, all at once."""
    settings = Settings.make({}, **{
        "model": "scripted", "base_url": endpoint.base_url, "api_key": KEY, "cache": folder, "attempts": 1,
    } | given)  # fmt: skip

    async def gather() -> dict[int, Any]:
        pipeline = wiring.pipeline(settings)
        articles = [Article(text=text, id=f"a{n}") for n, text in enumerate(texts or [TEXT])]
        try:
            return {n: made async for n, made in batch.outcomes(pipeline, articles)}
        finally:
            await pipeline.backend.aclose()

    made = [outcome for _, outcome in sorted(asyncio.run(gather()).items())]
    assert not [one.error for one in made if isinstance(one, Failure)]
    return made


def after(seconds: float) -> Callable[[], str]:
    """Return a header's value that takes its time."""

    def value() -> str:
        time.sleep(seconds)
        return "yes"

    return value


@pytest.fixture
def good(says: Callable[..., Any]) -> Any:
    """An answer to the schema, a tenth of a second after the question."""
    return says(json.dumps(REPLY)) | {"headers": {"x_slow": after(0.1)}}


def test_a_second_run_asks_nothing_and_gives_the_same_reports(
    endpoint: Any, good: Any, tmp_path: Path
) -> None:
    """No request, the same bytes but for what the run took, and a trace that says so."""
    endpoint.play(good)
    articles = write(tmp_path / "in", 3)
    first = run(endpoint, tmp_path / "cache", "run", articles, "--ordered", "--out", tmp_path / "1")
    assert (first[0], len(endpoint.requests)) == (0, 3), first
    second = run(endpoint, tmp_path / "cache", "run", articles, "--ordered", "--out", tmp_path / "2")
    assert (second[0], len(endpoint.requests)) == (0, 3), second
    assert records(tmp_path / "1") == records(tmp_path / "2")
    for out, cached, tokens in (("1", False, 100), ("2", True, 100)):
        for line in (tmp_path / out / "reports.jsonl").read_text("utf-8").splitlines():
            trace = json.loads(line)["trace"]
            assert (trace["cached"], trace["tokens"]["input"]) == (cached, tokens)
    third = run(
        endpoint, tmp_path / "cache", "run", articles, "--ordered", "--no-cache", "--out", tmp_path / "3"
    )
    assert (third[0], len(endpoint.requests)) == (0, 6)


def test_off_keeps_nothing(endpoint: Any, good: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`SUMMARIZER_CACHE=off` asks each time, and makes no folder, of that name or elsewhere."""
    endpoint.play(good)
    articles, empty = write(tmp_path / "in", 1), tmp_path / "empty"
    empty.mkdir()
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(empty))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.chdir(empty)
    for number in (1, 2):
        assert run(endpoint, Path("off"), "run", articles, "--out", tmp_path / f"{number}")[0] == 0
        assert len(endpoint.requests) == number
    assert "no answer is kept" in run(endpoint, Path("off"), "cache", "info")[2]
    assert list(empty.iterdir()) == []


def test_two_processes_at_once_pay_once(endpoint: Any, good: Any, tmp_path: Path) -> None:
    """Two runs over the same fifty articles at the same time make fifty requests, and a third makes none."""
    endpoint.play(good)
    articles = write(tmp_path / "in", 50)
    outs = [tmp_path / "1", tmp_path / "2", tmp_path / "3"]
    running = [
        start(endpoint, tmp_path / "cache", "run", articles, "--ordered", "--out", out) for out in outs[:2]
    ]
    said = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert len(endpoint.requests) == 50
    again = run(endpoint, tmp_path / "cache", "run", articles, "--ordered", "--out", outs[2])
    assert (again[0], len(endpoint.requests)) == (0, 50), again
    assert records(outs[0]) == records(outs[1]) == records(outs[2])
    assert len(records(outs[0])) == 50
    assert len({json.dumps(request) for request in endpoint.requests}) == 50


def test_two_processes_at_once_whose_questions_fail_each_ask(
    endpoint: Any, says: Callable[..., Any], tmp_path: Path
) -> None:
    """Who waited for a question that failed asks for itself; a run after both asks anew, and keeps it."""
    endpoint.play(says("no JSON") | {"headers": {"x_slow": after(0.3)}})
    articles, cache = write(tmp_path / "in", 1), tmp_path / "cache"
    running = [start(endpoint, cache, "run", articles, "--ordered", "--out", tmp_path / out) for out in "12"]
    said = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [1, 1], said
    assert len(endpoint.requests) == 4
    endpoint.play(says(json.dumps(REPLY)))
    codes = [run(endpoint, cache, "run", articles, "--ordered", "--out", tmp_path / out)[0] for out in "34"]
    assert (codes, len(endpoint.requests)) == ([0, 0], 5)


def test_a_run_that_is_killed_holds_nobody_up_for_long(endpoint: Any, good: Any, tmp_path: Path) -> None:
    """The lease of a dead process lapses, and the next run asks."""
    endpoint.play({**good, "headers": {"x_slow": after(3)}})
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    code = "import summarizer.cache.store as s, summarizer.cli as c; s.LEASE = 0.5; c.main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "run", tmp_path / "a.txt", "--model", "scripted"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "OPENAI_BASE_URL": endpoint.base_url, "OPENAI_API_KEY": KEY,
             "SUMMARIZER_CACHE": str(tmp_path / "cache")},
    )  # fmt: skip
    try:
        while not endpoint.requests:
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    endpoint.play(good)
    (made,) = report(endpoint, tmp_path / "cache", TEXT)
    assert not made.trace.cached
    assert len(endpoint.requests) == 2


def test_two_tasks_at_once_are_one_request(endpoint: Any, good: Any, tmp_path: Path) -> None:
    """The same text twice in one batch is paid for once: by the first, and the second says so."""
    endpoint.play(good)
    made = report(endpoint, tmp_path / "cache", TEXT, TEXT)
    assert len(endpoint.requests) == 1
    assert sorted((one.trace.cached, one.trace.tokens.input) for one in made) == [(False, 100), (True, 100)]
    assert made[0].claims == made[1].claims


@pytest.mark.parametrize(
    "changed", [{"temperature": 0.5}, {"max_output_tokens": 900}, {"model": "other"}, {"api_key": "another"}]
)
def test_a_changed_question_is_asked(
    endpoint: Any, good: Any, tmp_path: Path, changed: dict[str, Any]
) -> None:
    """Parameters and model make another question of it; the key does not."""
    endpoint.play(good)
    report(endpoint, tmp_path / "cache")
    (made,) = report(endpoint, tmp_path / "cache", **changed)
    assert len(endpoint.requests) == (1 if "api_key" in changed else 2)
    assert made.trace.cached == ("api_key" in changed)


def test_another_endpoint_prompt_or_text_is_asked(
    endpoint: Any, good: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the answer depends on beside the parameters is part of the question too."""
    endpoint.play(good)
    report(endpoint, tmp_path / "cache")
    report(endpoint, tmp_path / "cache", base_url=endpoint.base_url.replace("127.0.0.1", "localhost"))
    assert len(endpoint.requests) == 2
    report(endpoint, tmp_path / "cache", TEXT + " It rained.")
    assert len(endpoint.requests) == 3
    message = prompts.report_messages
    monkeypatch.setattr(
        prompts, "report_messages", lambda *a: [{"role": "system", "content": "Anew."}, *message(*a)[1:]]
    )
    report(endpoint, tmp_path / "cache")
    assert len(endpoint.requests) == 4


def test_a_question_that_ended_well_is_kept_with_its_re_asks(
    endpoint: Any, says: Callable[..., Any], tmp_path: Path
) -> None:
    """The second run replays answers that missed the schema, or were cut off, with those that mended them."""
    chain = [
        says('{"sources": []}'),
        says('{"sources": [', finish="length"),
        says(""),
        says(json.dumps(REPLY)),
    ]
    endpoint.play(*chain)
    (first,) = report(endpoint, tmp_path / "cache", shape_attempts=4)
    assert len(endpoint.requests) == 4
    (second,) = report(endpoint, tmp_path / "cache", shape_attempts=4)
    assert len(endpoint.requests) == 4
    assert (first.trace.tokens.input, second.trace.tokens.input) == (400, 400)
    assert second.trace.cached
    assert first.claims == second.claims


def test_the_same_question_again_within_a_draft_gets_another_answer(
    endpoint: Any, says: Callable[..., Any], tmp_path: Path
) -> None:
    """A re-ask that is the one before word for word is not answered with the answer that was no good."""
    endpoint.play(*[says("no JSON")] * 3, says(json.dumps(REPLY)))
    traces = [report(endpoint, tmp_path / "cache", shape_attempts=5)[0].trace for _ in range(2)]
    assert len(endpoint.requests) == 4
    assert [trace.tokens.input for trace in traces] == [400, 400]


@pytest.mark.parametrize(
    "answer",
    [
        {"content": '{"sources": []}'},
        {"content": "no JSON"},
        {"content": None, "refusal": "I cannot."},
        {"content": "", "finish": "content_filter"},
        {"content": '{"sources": [', "finish": "length"},
        {"content": ""},
    ],
)
@pytest.mark.parametrize("shape_attempts", [1, 3])
def test_a_question_that_failed_keeps_nothing(
    endpoint: Any, says: Callable[..., Any], tmp_path: Path, answer: dict[str, Any], shape_attempts: int
) -> None:
    """Answers that miss the schema to the last re-ask, refused, filtered, cut and empty ones: asked anew."""
    endpoint.play(says(**answer))
    with pytest.raises(AssertionError):
        report(endpoint, tmp_path / "cache", shape_attempts=shape_attempts)
    assert contents(tmp_path / "cache").entries == 0
    before = len(endpoint.requests)
    endpoint.play(*[says(json.dumps(REPLY))] * 9)
    (made,) = report(endpoint, tmp_path / "cache")
    assert len(endpoint.requests) == before + 1
    assert not made.trace.cached


def test_an_answer_that_checks_find_fault_with_is_kept(
    endpoint: Any, says: Callable[..., Any], tmp_path: Path
) -> None:
    """Only the shape decides: answers to the schema are replayed to better checks, whatever these say."""
    reply = json.loads(json.dumps(REPLY))
    reply["claims"][0]["p"] = ["1 @99"]
    endpoint.play(says(json.dumps(reply)))
    first, second = (report(endpoint, tmp_path / "cache")[0] for _ in range(2))
    assert len(endpoint.requests) == 1
    assert [f for f in first.findings if f.severity == "error"]
    assert first.findings == second.findings


def test_a_replay_that_fails_is_asked_anew_the_time_after(
    endpoint: Any, says: Callable[..., Any], tmp_path: Path
) -> None:
    """Fewer re-asks than were needed end a replay too early; that does not fail for ever."""
    endpoint.play(says("no JSON"), says("{}"), says(json.dumps(REPLY)))
    report(endpoint, tmp_path / "cache", shape_attempts=3)
    with pytest.raises(AssertionError, match="no answer met the schema"):
        report(endpoint, tmp_path / "cache", shape_attempts=2)
    assert len(endpoint.requests) == 3
    report(endpoint, tmp_path / "cache", shape_attempts=2)
    assert len(endpoint.requests) == 4


class Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, crater: Path) -> None:
        self._crater = crater

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self._crater),)


def test_planted_rows_are_refused_and_replaced(
    endpoint: Any, good: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A pickle is not run, a file not read or deleted; both articles are asked anew, with one warning."""
    endpoint.play(good)
    texts = [TEXT, TEXT + " It rained."]
    first = report(endpoint, tmp_path / "cache", *texts)
    (tmp_path / "mine.txt").write_text("mine")
    with closing(sqlite3.connect(tmp_path / "cache" / "cache.db")) as database, database:
        (one, two) = [row[0] for row in database.execute("SELECT rowid FROM Cache")]
        database.execute("UPDATE Cache SET mode = 4, value = ? WHERE rowid = ?",
                         (pickle.dumps(Bomb(tmp_path / "crater")), one))  # fmt: skip
        database.execute("UPDATE Cache SET mode = 3, value = NULL, filename = ? WHERE rowid = ?",
                         ("../mine.txt", two))  # fmt: skip
    second = report(endpoint, tmp_path / "cache", *texts)
    third = report(endpoint, tmp_path / "cache", *texts)
    assert len(endpoint.requests) == 4
    assert [r.claims for r in first] == [r.claims for r in second] == [r.claims for r in third]
    assert [r.trace.cached for r in third] == [True, True]
    assert not (tmp_path / "crater").exists()
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert len([r for r in caplog.records if r.name.startswith("summarizer.cache")]) == 1


@pytest.mark.parametrize("how", ["truncated", "garbage", "read-only", "a file for a folder"])
def test_a_broken_cache_costs_requests_and_nothing_else(
    endpoint: Any, good: Any, tmp_path: Path, how: str
) -> None:
    """The run is whole and says once what is wrong; clearing mends it."""
    endpoint.play(good)
    articles, cache = write(tmp_path / "in", 2), tmp_path / "cache"
    report(endpoint, cache)
    database = cache / "cache.db"
    whole = database.read_bytes()
    if how == "a file for a folder":
        database.unlink()
        cache.rmdir()
        cache.write_text("no folder")
    else:
        database.write_bytes({
            "truncated": whole[: len(whole) // 2],
            "garbage": os.urandom(20_000),
            # A format newer than it can write is to SQLite a file that it may only read, whoever runs it.
            "read-only": whole[:18] + b"\x09" + whole[19:],
        }[how])  # fmt: skip
    code, _, err = run(endpoint, cache, "run", articles, "--out", tmp_path / "out")
    assert code == 0, err
    assert len(records(tmp_path / "out")) == 2
    assert len(endpoint.requests) == 3
    assert len([line for line in err.splitlines() if line.startswith("cache ")]) == 1
    assert "Traceback" not in err
    if how != "a file for a folder":
        assert run(endpoint, cache, "cache", "clear")[0] == 0
        report(endpoint, cache)
        report(endpoint, cache)
        assert len(endpoint.requests) == 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of file sizes are a thing of POSIX")
def test_a_full_disk_costs_requests_and_nothing_else(endpoint: Any, good: Any, tmp_path: Path) -> None:
    """Where the database may not grow, every article is asked for and none is lost."""
    endpoint.play(good)
    articles = write(tmp_path / "in", 4)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        "import summarizer.cli as c; c.main()"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, "run", articles, "--model", "scripted", "--format", "jsonl"],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
        env={**os.environ, "OPENAI_BASE_URL": endpoint.base_url, "OPENAI_API_KEY": KEY,
             "SUMMARIZER_CACHE": str(tmp_path / "cache")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(endpoint.requests) == 4
    assert len([line for line in done.stderr.splitlines() if line.startswith("cache ")]) == 1


def test_the_key_is_nowhere_in_the_cache(endpoint: Any, good: Any, tmp_path: Path) -> None:
    """Neither an answer, nor what it is kept under, nor a leftover of the database holds it."""
    endpoint.play(good)
    report(endpoint, tmp_path / "cache", TEXT, TEXT + " It rained.")
    with closing(sqlite3.connect(tmp_path / "cache" / "cache.db")) as database:
        database.execute("SELECT 1 FROM Cache").fetchone()  # keeps the write-ahead log where there is one
        files = list((tmp_path / "cache").iterdir())
        assert files
        for file in files:
            assert KEY.encode() not in file.read_bytes()
            assert KEY not in file.name


def test_cache_info_and_clear(endpoint: Any, good: Any, tmp_path: Path) -> None:
    """Folder, entries and bytes are told; clearing leaves none, and the next run asks again."""
    endpoint.play(good)
    articles, cache = write(tmp_path / "in", 2), tmp_path / "cache"
    assert run(endpoint, cache, "cache", "info")[1].split()[:4] == ["folder", str(cache), "entries", "0"]
    assert not cache.exists()
    report(endpoint, cache, *(file.read_text("utf-8") for file in sorted(articles.iterdir())))
    code, told, _ = run(endpoint, cache, "cache", "info")
    assert code == 0
    assert told.split()[:5] == ["folder", str(cache), "entries", "2", "bytes"]
    assert int(told.split()[5]) == sum(file.stat().st_size for file in cache.iterdir())
    code, told, _ = run(endpoint, cache, "cache", "clear")
    assert (code, told.split()[1]) == (0, "2")
    assert run(endpoint, cache, "cache", "info")[1].split()[:4] == ["folder", str(cache), "entries", "0"]


def test_in_python_answers_are_kept_where_it_is_asked_for(
    endpoint: Any, good: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``cache=True`` keeps them in the user's folder, a path there; without ``cache`` nothing is kept."""
    endpoint.play(good)
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "users"))
    for given in ({}, {"cache": False}, {"cache": tmp_path / "mine"}, {"cache": True}):
        for _ in range(2):
            with Summarizer("scripted", base_url=endpoint.base_url, api_key=KEY, **given) as summarizer:
                summarizer.summarize(TEXT)
    assert len(endpoint.requests) == 6
    assert {path.name for path in tmp_path.iterdir()} == {"users", "mine"}


def test_doctor_asks_the_endpoint_itself(endpoint: Any, good: Any, tmp_path: Path) -> None:
    """An answer of yesterday says nothing about an endpoint of today."""
    endpoint.play(good)
    for _ in range(2):
        assert run(endpoint, tmp_path / "cache", "doctor")[0] == 0
    assert len(endpoint.requests) == 2 * 3
    assert not (tmp_path / "cache").exists()
