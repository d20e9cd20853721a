"""Provider batches as a user meets them: the reports of `run` at half the price, whatever ends on the way."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from summarizer import Settings, ledger
from summarizer.cli import batches, exits
from summarizer.cli.run import Ask, run_articles
from summarizer.domain.article import Article
from summarizer.errors import SettingsError
from summarizer.jobs import sending
from summarizer.jobs.journal import Journal
from summarizer.ledger.files import Appending
from summarizer.prompts import example
from tests.conftest import completion, fault
from tests.provider import Provider

TEXT, REPLY = example()
KEY = "sk-very-secret-key"
PRICES = "[scripted]\ninput = 100\ncached_input = 10\noutput = 1000\n"
BROKEN = json.loads(json.dumps(REPLY)) | {"summary": [{"t": "Nine hundred lamps burned.", "c": [1]}]}
"""A table whose summary has a figure that the article has not: checks ask for a repair."""
MENDED: dict[str, Any] = {
    "add_sources": [],
    "claims": [],
    "drop": [],
    "conflicts": [],
    "key": [],
    "headline": [],
}
SHAPES = {"Reply": REPLY, "Repair": MENDED | {"summary": REPLY["summary"]}}


def shape_of(body: dict[str, Any]) -> str:
    """Return which shape a request asks for."""
    return str(body["response_format"]["json_schema"]["name"])


def well(body: dict[str, Any]) -> Any:
    """Answer every request well."""
    return completion(json.dumps(SHAPES[shape_of(body)]))


def with_errors(body: dict[str, Any]) -> Any:
    """Answer with a draft in which checks find errors, and with its repair."""
    return completion(json.dumps(BROKEN if shape_of(body) == "Reply" else SHAPES["Repair"]))


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that answers well, and an environment that names it."""
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "SUMMARIZER_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr(sending, "SETTLE", 0.0)
    with Provider(well).running() as server:
        assert isinstance(server, Provider)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[int], Path]:
    """Make a folder with so many articles."""

    def made(count: int) -> Path:
        folder = tmp_path / "in"
        folder.mkdir()
        for n in range(count):
            (folder / f"a{n:03}.txt").write_text(f"{TEXT}\n\nLamp {n} was lit.", encoding="utf-8")
        return folder

    return made


def submit(*paths: Path, out: Path, **limits: int) -> int:
    """Submit articles to the scripted model."""
    return batches.submit(list(map(str, paths)), out, {"model": "scripted"} if paths else {}, limits)


def lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def plain(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report without what may differ, cost included."""
    kept = {n: v for n, v in report["trace"].items() if n not in {"seconds", "cached", "cost_usd"}}
    return report | {"trace": kept}


def run(*paths: Path, out: Path, model: str = "scripted", fresh: bool = False) -> int:
    """Summarise articles at once, with the scripted model."""
    ask = Ask(out=out, ordered=True, fresh=fresh, summary=out.with_suffix(".json"))
    return run_articles(list(map(str, paths)), Settings.make(model=model), ask)


def by_run(paths: Path, out: Path) -> list[dict[str, Any]]:
    """Return what `run` reports against the same answers."""
    run(paths, out=out)
    return lines(out / "reports.jsonl")


def counts(out: Path) -> dict[str, Any]:
    """Return what the last run into a folder counted."""
    counted: dict[str, Any] = json.loads(out.with_suffix(".json").read_text("utf-8"))
    return counted


def each_in_one_live_batch(provider: Provider, count: int) -> None:
    """Assert that no request is lost and none is paid for twice."""
    asked = Counter(line["custom_id"] for batch in provider.live() for line in provider.lines_of(batch))
    assert len(asked) == count
    assert set(asked.values()) == {1}


def test_a_round_trip_gives_the_reports_of_run(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """Same answers, same reports, in the order of the inputs; and the ledger knows where each stands."""
    inputs, out = folder(5), tmp_path / "out"
    assert submit(inputs, out=out, requests=2) == 0
    assert batches.collect(out, "batch", None) == exits.WAITING
    assert provider.finish() == 3
    assert batches.collect(out, "batch", None) == 0
    made = lines(out / "reports.jsonl")
    assert list(map(plain, made)) == list(map(plain, by_run(inputs, tmp_path / "run")))
    data = (out / "reports.jsonl").read_bytes()
    for line in lines(out / "ledger.jsonl"):
        report = json.loads(data[line["start"] : line["end"]])
        assert (report["article"]["id"], report["article"]["sha256"]) == (line["id"], line["sha256"])
    assert [line["index"] for line in lines(out / "ledger.jsonl")] == list(range(5))


def test_a_request_is_the_one_that_run_sends(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """Messages, schema and parameters of a batch's line are those of the ordinary way."""
    sent: list[dict[str, Any]] = []
    inputs = folder(1)

    def noting(body: dict[str, Any]) -> Any:
        sent.append(body)
        return with_errors(body)

    provider.answering = noting
    by_run(inputs, tmp_path / "run")
    submit(inputs, out=tmp_path / "out")
    provider.finish()
    batches.collect(tmp_path / "out", "batch", None)
    asked = [line["body"] for batch in provider.batches.values() for line in provider.lines_of(batch)]
    assert asked == sent[:2]
    assert shape_of(asked[1]) == "Repair"


def test_repairs_go_in_a_second_batch_and_come_out_as_by_run(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """Drafts with errors have no record before their repair is answered; then they are as from `run`."""
    provider.answering = with_errors
    inputs, out = folder(3), tmp_path / "out"
    submit(inputs, out=out)
    provider.finish()
    assert batches.collect(out, "batch", None) == exits.WAITING
    assert lines(out / "reports.jsonl") == []
    assert batches.collect(out, "batch", None) == exits.WAITING
    assert len(provider.batches) == 2
    provider.finish()
    assert batches.collect(out, "batch", None) == 0
    made = lines(out / "reports.jsonl")
    assert list(map(plain, made)) == list(map(plain, by_run(inputs, tmp_path / "run")))
    assert {report["trace"]["attempts"] for report in made} == {2}


def test_repairs_at_once_give_the_same_at_a_mixed_price(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """`--repair now` asks over the ordinary way; the draft is at half price, the repair at the full one."""
    provider.answering = with_errors
    inputs, out, prices = folder(3), tmp_path / "out", tmp_path / "prices.toml"
    prices.write_text(PRICES, encoding="utf-8")
    submit(inputs, out=out)
    provider.finish()
    assert batches.collect(out, "now", prices) == 0
    assert (provider.chats, len(provider.batches)) == (3, 1)
    made = lines(out / "reports.jsonl")
    whole = (100 * 100 + 10 * 1000) / 1e6
    assert [report["trace"]["cost_usd"] for report in made] == pytest.approx([1.5 * whole] * 3)
    assert list(map(plain, made)) == list(map(plain, by_run(inputs, tmp_path / "run")))


def test_a_repair_that_a_batch_holds_is_not_asked_at_once(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """Who changes to `--repair now` while repairs are in a batch waits for them and pays once."""
    provider.answering = with_errors
    submit(folder(2), out=tmp_path / "out")
    provider.finish()
    batches.collect(tmp_path / "out", "batch", None)
    assert batches.collect(tmp_path / "out", "now", None) == exits.WAITING
    assert provider.chats == 0


def test_without_repairs_the_findings_stay(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """`--repair none` keeps drafts with what checks found, and sends nothing."""
    provider.answering = with_errors
    submit(folder(2), out=tmp_path / "out")
    provider.finish()
    assert batches.collect(tmp_path / "out", "none", None) == 0
    made = lines(tmp_path / "out/reports.jsonl")
    assert all(any(f["severity"] == "error" for f in report["findings"]) for report in made)
    assert [report["trace"]["attempts"] for report in made] == [1, 1]
    assert len(provider.batches) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", ["POST /v1/files", "POST /v1/batches"])
def test_a_connection_that_breaks_makes_nothing_twice(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, step: str, moment: str
) -> None:
    """An upload or batch that was taken before the connection broke is found, not made again."""
    provider.faults = [(step, moment)]
    assert submit(folder(4), out=tmp_path / "out", requests=2) == 0
    each_in_one_live_batch(provider, 4)
    assert len(provider.files) == 2


class KilledError(BaseException):
    """Stands for kill -9: nothing after it runs but the process's end."""


MOMENTS = ["before", "torn", "after"]
"""When the process is killed: before a line is on disk, with half of it there, or after."""


def kill_at(monkeypatch: pytest.MonkeyPatch, number: int, moment: str) -> list[int]:
    """Have the process killed at a line of the job's journal, of a file of records or of their ledger."""
    add, append, count = Journal.add, Appending.append, [0]

    def is_reached() -> bool:
        count[0] += 1
        return count[0] == number

    def adding(self: Journal, line: Any) -> None:
        if not is_reached():
            return add(self, line)
        if moment == "after":
            add(self, line)
        if moment == "torn":
            with self._path.open("ab") as file:
                file.write(json.dumps(line).encode()[:9])
        raise KilledError

    def appending(self: Appending, line: str) -> tuple[int, int]:
        if not is_reached():
            return append(self, line)
        if moment == "after":
            append(self, line)
        if moment == "torn":
            assert self._file
            self._file.write(line.encode()[: len(line) // 2])
        # A process that is killed does not cut off what it wrote.
        monkeypatch.setattr(Appending, "cut", lambda *_: None)
        raise KilledError

    monkeypatch.setattr(Journal, "add", adding)
    monkeypatch.setattr(Appending, "append", appending)
    return count


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_between_any_two_steps_of_submitting_loses_and_doubles_nothing(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, moment: str
) -> None:
    """Killed at each line that is written down and gone on with, every request is in one live batch."""
    inputs = folder(3)
    (inputs / "b.txt").write_text("", encoding="utf-8")
    steps = 0
    for number in range(1, 100):
        provider.batches.clear()
        provider.files.clear()
        out = tmp_path / f"out{number}"
        with pytest.MonkeyPatch.context() as patch:
            reached = kill_at(patch, number, moment)
            with suppress(KilledError):
                submit(inputs, out=out, requests=2)
        if reached[0] < number:
            break
        steps += 1
        submit(inputs, out=out, requests=2)
        each_in_one_live_batch(provider, 3)
        assert len(lines(out / "failures.jsonl")) == 1
    assert steps == 1 + 2 + 2 * 4  # the plan, a failure and its line, and four lines a batch


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_between_any_two_steps_of_collecting_loses_and_doubles_nothing(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, moment: str
) -> None:
    """Killed at each line, collecting goes on: one record an article, one batch for the repairs."""
    inputs = folder(2)

    def some_errors(body: dict[str, Any]) -> Any:
        return (with_errors if "Lamp 1" in body["messages"][1]["content"] else well)(body)

    provider.answering = some_errors
    steps = 0
    for number in range(1, 100):
        provider.batches.clear()
        provider.files.clear()
        out = tmp_path / f"out{number}"
        submit(inputs, out=out)
        provider.finish()
        with pytest.MonkeyPatch.context() as patch:
            reached = kill_at(patch, number, moment)
            with suppress(KilledError):
                batches.collect(out, "batch", None)
                provider.finish()
                batches.collect(out, "batch", None)
        if reached[0] < number:
            break
        steps += 1
        batches.collect(out, "batch", None)
        each_in_one_live_batch(provider, 3)
        provider.finish()
        assert batches.collect(out, "batch", None) == 0
        assert sorted(report["article"]["id"] for report in lines(out / "reports.jsonl")) == ["a000", "a001"]
        each_in_one_live_batch(provider, 3)
    drafts = 1 + 2 + 1 + 1 + 4  # files here, a record and its line, the repairs' plan, collected, their batch
    assert steps == drafts + 1 + 2 + 1  # files here, a record and its line, collected


def test_killed_for_good_after_the_batch_was_taken(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """A process that dies without a word between the batch and its record finds the batch again."""
    inputs, out = folder(2), tmp_path / "out"
    program = (
        "import os, sys\n"
        "from summarizer.jobs.journal import Journal\n"
        "add = Journal.add\n"
        "def dying(self, line):\n"
        "    if line.get('event') == 'created':\n"
        "        os.kill(os.getpid(), 9)\n"
        "    add(self, line)\n"
        "Journal.add = dying\n"
        "from summarizer.cli import main\n"
        "main()\n"
    )
    arguments = ["batch", "submit", str(inputs), "--out", str(out), "--model", "scripted"]
    done = subprocess.run([sys.executable, "-c", program, *arguments], check=False, timeout=120)
    assert done.returncode == -9
    assert len(provider.batches) == 1
    assert submit(out=out) == 0
    each_in_one_live_batch(provider, 2)
    assert len(provider.batches) == 1


def test_of_two_batches_for_one_part_one_is_kept(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """Where a slow request made a second batch, the older is taken and the other cancelled."""
    inputs, out = folder(2), tmp_path / "out"
    with pytest.MonkeyPatch.context() as patch:
        kill_at(patch, 5, "before")
        with pytest.raises(KilledError):
            submit(inputs, out=out)
    (first,) = provider.batches.values()
    provider.batches["batch_late"] = replace(first, id="batch_late", created_at=first.created_at + 1)
    assert submit(out=out) == 0
    assert {batch.id: batch.status for batch in provider.batches.values()} == {
        "batch_0": "in_progress",
        "batch_late": "cancelling",
    }


def test_of_a_failed_repair_the_repair_alone_is_asked_again(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """The draft is paid for and stays; who has waited enough takes it with its findings."""
    provider.answering = with_errors
    out = tmp_path / "out"
    submit(folder(2), out=out)
    provider.finish()
    batches.collect(out, "batch", None)
    provider.finish(status="expired", answered=lambda n: n == 0)
    assert batches.collect(out, "batch", None) == exits.FAILED
    assert len(lines(out / "failures.jsonl")) == 1
    submit(out=out)
    (again,) = provider.lines_of(list(provider.batches.values())[-1])
    assert shape_of(again["body"]) == "Repair"
    assert batches.collect(out, "none", None) == exits.WAITING  # the batch is still there to be paid for
    assert lines(out / "failures.jsonl") == []
    assert [report["trace"]["attempts"] for report in lines(out / "reports.jsonl")] == [2, 1]


def test_an_expired_batch_leaves_failures_that_are_asked_again(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """What was answered in time is reported; the rest says so, and goes out again alone."""
    inputs, out = folder(4), tmp_path / "out"
    submit(inputs, out=out)
    provider.finish(status="expired", answered=lambda n: n < 3)
    assert batches.collect(out, "batch", None) == exits.FAILED
    (failure,) = lines(out / "failures.jsonl")
    assert failure["error"]["type"] == "EndpointTimeout"
    assert "submit" in failure["error"]["message"]
    assert batches.collect(out, "batch", None) == exits.FAILED
    assert submit(out=out) == 0
    assert submit(out=out) == 0
    assert [len(provider.lines_of(batch)) for batch in provider.batches.values()] == [4, 1]
    provider.finish()
    assert batches.collect(out, "batch", None) == 0
    assert lines(out / "failures.jsonl") == []
    assert len(lines(out / "reports.jsonl")) == 4
    assert [line["outcome"] for line in lines(out / "ledger.jsonl")] == ["report"] * 4


def test_cancelled_requests_are_failures_and_can_be_asked_again(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """Cancelling ends what runs; nothing that was asked is lost sight of."""
    out = tmp_path / "out"
    submit(folder(2), out=out)
    assert batches.cancel(out) == 0
    assert batches.cancel(out) == 0
    provider.cancelled()
    assert batches.collect(out, "batch", None) == exits.FAILED
    assert [one["error"]["type"] for one in lines(out / "failures.jsonl")] == ["RequestCancelled"] * 2
    assert submit(out=out) == 0
    each_in_one_live_batch(provider, 2)


def test_cancelling_before_all_was_sent_finds_what_was(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """A batch that was made and not noted is cancelled too; what was never sent is not sent later."""
    out = tmp_path / "out"
    inputs = folder(4)
    with pytest.MonkeyPatch.context() as patch:
        kill_at(patch, 5, "before")  # plan, uploading, uploaded, creating, created
        with pytest.raises(KilledError):
            submit(inputs, out=out, requests=2)
    assert batches.cancel(out) == 0
    assert [batch.status for batch in provider.batches.values()] == ["cancelling"]
    provider.cancelled()
    assert batches.collect(out, "batch", None) == exits.FAILED
    assert len(lines(out / "failures.jsonl")) == 4
    assert len(provider.batches) == 1


def test_lines_of_the_error_file_become_failures_in_our_words(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """An HTTP error in a batch is told as the same error of the ordinary way is, without the key."""

    def answering(body: dict[str, Any]) -> Any:
        if "Lamp 1" in body["messages"][1]["content"]:
            return fault(429, f"slow down, {KEY}")
        if "Lamp 2" in body["messages"][1]["content"]:
            return fault(400, "too long", code="context_length_exceeded")
        return completion(None, refusal="I would rather not")

    provider.answering = answering
    out = tmp_path / "out"
    submit(folder(3), out=out)
    provider.finish()
    assert batches.collect(out, "batch", None) == exits.FAILED
    refused, later, too_long = (one["error"] for one in lines(out / "failures.jsonl"))
    assert (refused["type"], refused["tokens"]["input"]) == ("AnswerRefused", 100)
    assert later["type"] == "EndpointOverloaded"
    assert too_long["type"] == "RequestRejected"
    assert "context" in too_long["message"]


def test_strange_lines_are_passed_over_and_said(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown name, a second line, a torn line: reports come out of the others, and each is told."""

    def spoil(out: list[bytes], _err: list[bytes]) -> None:
        torn = out.pop()
        strange = json.dumps({**json.loads(out[0]), "custom_id": "nobody"}).encode()
        out.extend([out[0], strange, torn[: len(torn) // 2]])

    out = tmp_path / "out"
    submit(folder(3), out=out)
    provider.finish(spoil=spoil)
    assert batches.collect(out, "batch", None) == exits.FAILED
    assert len(lines(out / "reports.jsonl")) == 2
    (failure,) = lines(out / "failures.jsonl")
    assert failure["error"]["type"] == "EndpointGarbled"
    said = capsys.readouterr().err
    for words in ("nothing was asked for", "a second line", "cannot be read"):
        assert words in said


def test_an_answer_that_misses_the_schema_is_a_failure_that_says_so(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """So is one that was cut off; neither starts another request by itself."""
    provider.answering = lambda body: (
        completion("no table")
        if "Lamp 0" in body["messages"][1]["content"]
        else completion('{"sources": [', finish="length")
    )
    out = tmp_path / "out"
    submit(folder(2), out=out)
    provider.finish()
    assert batches.collect(out, "now", None) == exits.FAILED
    malformed, cut = (one["error"] for one in lines(out / "failures.jsonl"))
    assert malformed["type"] == "AnswerMalformed"
    assert "schema" in malformed["message"]
    assert cut["type"] == "AnswerTruncated"
    assert malformed["tokens"]["output"] == cut["tokens"]["output"] == 10
    assert (provider.chats, len(provider.batches)) == (0, 1)


def test_planning_logs_no_error(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What is not asked yet is no fault: no library reports it, and users' logging is as it was."""
    provider.answering = with_errors
    caplog.set_level("DEBUG")
    out = tmp_path / "out"
    submit(folder(2), out=out)
    provider.finish()
    assert batches.collect(out, "batch", None) == exits.WAITING
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
    provider.finish(status="expired", answered=lambda _: False)
    assert batches.collect(out, "batch", None) == exits.FAILED
    (logger,) = {record.name for record in caplog.records if record.levelname == "ERROR"}
    assert logger.startswith("instructor")


def test_many_articles_are_split(provider: Provider, folder: Callable[[int], Path], tmp_path: Path) -> None:
    """250 articles in parts of 100 are three batches, and all of them are reported."""
    out = tmp_path / "out"
    assert submit(folder(250), out=out, requests=100) == 0
    assert [len(provider.lines_of(batch)) for batch in provider.batches.values()] == [100, 100, 50]
    each_in_one_live_batch(provider, 250)
    provider.finish()
    assert batches.collect(out, "batch", None) == 0
    assert len(lines(out / "reports.jsonl")) == 250


def test_a_file_has_no_more_bytes_than_allowed(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """Parts are cut by bytes as well; an article whose request alone is longer is a failure."""
    inputs, out = folder(4), tmp_path / "out"
    (inputs / "b.txt").write_text(f"{TEXT} {'The lamp was lit. ' * 600}", encoding="utf-8")
    submit(inputs, out=tmp_path / "measure")
    one = (tmp_path / "measure/batch/requests/0001.jsonl").read_bytes().index(b"\n") + 1
    provider.files.clear()
    assert submit(inputs, out=out, bytes=2 * one + 10) == exits.FAILED
    assert [one["error"]["type"] for one in lines(out / "failures.jsonl")] == ["OversizedInput"]
    assert all(len(content) <= 2 * one + 10 for _, content in provider.files.values())
    asked = [content.count(b"\n") for _, content in provider.files.values()]
    assert asked == [2, 2]


def test_what_cannot_be_sent_is_recorded_or_named(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Empty and missing inputs and second ids are failures; a long article is left, without a record."""
    inputs, out = folder(1), tmp_path / "out"
    (inputs / "empty.txt").write_text(" \n", encoding="utf-8")
    (inputs / "long.txt").write_text("\n\n".join([TEXT] * 120), encoding="utf-8")
    assert submit(inputs, inputs / "a000.txt", tmp_path / "none.txt", out=out) == exits.FAILED
    assert [one["error"]["type"] for one in lines(out / "failures.jsonl")] == [
        "EmptyInput",
        "DuplicateId",
        "InputNotFound",
    ]
    assert "long" in capsys.readouterr().err.split("left without a record:")[1]
    each_in_one_live_batch(provider, 1)
    provider.finish()
    assert batches.collect(out, "batch", None) == exits.FAILED
    assert len(lines(out / "reports.jsonl")) == 1
    assert len(lines(out / "failures.jsonl")) == 3


def test_the_same_words_are_asked_once(provider: Provider, tmp_path: Path) -> None:
    """Two articles of the same text are one request and two reports, of which the second cost nothing."""
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    out = tmp_path / "out"
    submit(tmp_path / "one.txt", tmp_path / "two.txt", out=out)
    each_in_one_live_batch(provider, 1)
    provider.finish()
    assert batches.collect(out, "batch", None) == 0
    made = lines(out / "reports.jsonl")
    assert [report["article"]["id"] for report in made] == ["one", "two"]
    assert [report["trace"]["cached"] for report in made] == [False, True]


def test_a_download_that_breaks_off_is_taken_whole(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """Part of a file is never read as the whole; it is fetched again."""
    out = tmp_path / "out"
    submit(folder(2), out=out)
    provider.finish()
    provider.faults = [(r"GET /v1/files/.*/content", "cut")]
    assert batches.collect(out, "batch", None) == 0
    assert len(lines(out / "reports.jsonl")) == 2
    assert not list((out / "batch/answers").glob("*.part"))


def test_status_tells_states_counts_and_cost(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Running, ready and done are told apart by words and exit code; tokens cost half."""
    out, prices = tmp_path / "out", tmp_path / "prices.toml"
    prices.write_text(PRICES, encoding="utf-8")
    submit(folder(3), out=out, requests=2)
    assert batches.status(out, prices) == exits.WAITING
    assert "in_progress" in capsys.readouterr().out
    provider.finish()
    assert batches.status(out, prices) == 0
    assert f"collect {out}" in capsys.readouterr().out
    batches.collect(out, "batch", prices)
    provider.shutdown()  # nothing is asked any more
    assert batches.status(out, prices) == 0
    told = capsys.readouterr().out
    assert "3 reports, 0 failures, of 3 articles" in told
    assert "300 in (0 cached), 30 out" in told
    assert f"{3 * (100 * 100 + 10 * 1000) / 1e6 / 2:.4f} USD" in told
    assert "nothing; every article has its record" in told


def test_a_batch_that_fails_whole_says_why(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full queue at the provider fails a batch before it runs; its words reach the user."""
    out = tmp_path / "out"
    submit(folder(2), out=out)
    provider.fail("token_limit_exceeded", "Enqueued token limit reached")
    assert batches.collect(out, "batch", None) == exits.FAILED
    assert "Enqueued token limit reached" in lines(out / "failures.jsonl")[0]["error"]["message"]
    batches.status(out, None)
    assert "Enqueued token limit reached" in capsys.readouterr().out
    assert submit(out=out) == 0
    provider.finish()
    assert batches.collect(out, "batch", None) == 0


def test_the_key_is_written_nowhere(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file of the job and no message holds it."""
    provider.answering = lambda _: fault(401, f"bad key {KEY}")
    out = tmp_path / "out"
    submit(folder(1), out=out)
    provider.finish()
    batches.collect(out, "batch", None)
    batches.status(out, None)
    told = capsys.readouterr()
    ours = [path for path in out.rglob("*") if path.is_file() and "answers" not in path.parts]
    assert all(KEY.encode() not in path.read_bytes() for path in ours)
    assert KEY not in told.out + told.err


def test_a_job_keeps_to_its_settings_and_endpoint(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another model, other articles or another endpoint are refused before anything is sent."""
    inputs, out = folder(1), tmp_path / "out"
    submit(inputs, out=out)
    asked = len(provider.seen)
    with pytest.raises(SettingsError, match="model"):
        batches.submit([], out, {"model": "other"}, {})
    with pytest.raises(SettingsError, match="paths"):
        batches.submit([str(tmp_path)], out, {}, {})
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.example/v1")
    with pytest.raises(SettingsError, match=r"elsewhere\.example"):
        batches.collect(out, "batch", None)
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert batches.status(out, None) == exits.WAITING
    assert len(provider.seen) == asked + 1


def test_answers_to_another_prompt_are_refused(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """A version with other prompts says which one to collect with: a report names the prompt it came from."""
    out = tmp_path / "out"
    submit(folder(1), out=out)
    provider.finish()
    path = out / "batch/job.json"
    order = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(order | {"prompt": "report.v0#000000", "version": "0.0.9"}), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"0\.0\.9"):
        batches.collect(out, "batch", None)


def test_an_endpoint_without_batches_says_so(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that has chat completions alone is told apart."""
    provider.absent = True
    assert submit(folder(1), out=tmp_path / "out") == exits.FAILED
    assert "files and batches" in capsys.readouterr().err


def test_help_loads_no_vendor() -> None:
    """`summarizer batch --help` is as quick as the command line itself."""
    program = (
        "import sys\nsys.argv[1:] = ['batch', '--help']\nfrom summarizer.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('openai', 'instructor', 'tenacity', 'jinja2', 'genai_prices') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "submit" in done.stdout


def test_the_commands_are_wired(provider: Provider, folder: Callable[[int], Path], tmp_path: Path) -> None:
    """submit, status, collect and cancel work from a shell, with their exit codes."""

    def started(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "summarizer", "batch", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    out = tmp_path / "out"
    done = started("submit", folder(2), "--out", out, "--model", "openai/scripted", "--max-requests", 1)
    assert (done.returncode, len(provider.batches)) == (0, 2), done.stderr
    assert started("status", out).returncode == exits.WAITING
    provider.finish()
    assert started("collect", out, "--repair", "none").returncode == 0
    assert started("cancel", out).returncode == 0
    assert started("status", tmp_path / "nothing").returncode == exits.USAGE
    assert (
        started("submit", tmp_path, "--out", tmp_path / "new", "--model", "offline").returncode == exits.USAGE
    )


def test_an_article_keeps_its_text_and_day(tmp_path: Path, provider: Provider) -> None:
    """What a job keeps of an article is all that a report needs, whatever becomes of the file."""
    source = tmp_path / "two.jsonl"
    articles = [
        {"id": "x", "text": TEXT, "published": "2024-05-02", "title": "“Lamp”"},
        {"id": "y", "text": f"{TEXT}\r\nÜber \u2028 all."},
    ]
    source.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    submit(source, out=tmp_path / "out")
    source.unlink()
    provider.finish()
    assert batches.collect(tmp_path / "out", "batch", None) == 0
    first, second = lines(tmp_path / "out/reports.jsonl")
    assert (first["article"]["published"], first["article"]["title"]) == ("2024-05-02", "“Lamp”")
    assert second["article"]["sha256"] == Article(text=articles[1]["text"]).sha256


LONG = "\n\n".join([TEXT] * 120)
"""An article that takes more than one request."""


def test_a_finished_batch_is_gone_on_with_by_run(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Long articles and failures come into the same folder, by the command that is told, and no other."""
    inputs, out = folder(4), tmp_path / "out"
    (inputs / "long.txt").write_text(LONG, encoding="utf-8")
    submit(inputs, out=out)
    provider.finish(status="expired", answered=lambda n: n < 3)
    capsys.readouterr()
    assert batches.collect(out, "batch", None) == exits.FAILED
    told = capsys.readouterr().err
    url = provider.base_url
    assert f"summarizer run {inputs} --model scripted --out {out} --base-url {url}`" in told
    before = lines(out / "reports.jsonl")
    asked: list[str] = []

    def refusing(body: dict[str, Any]) -> Any:
        asked.append(body["messages"][1]["content"])
        return fault(400, "no")

    provider.answering = refusing
    assert run(inputs, out=out) == exits.FAILED
    assert [one["article"]["id"] for one in lines(out / "failures.jsonl")] == ["a003", "long"]
    assert any("Lamp 3" in text for text in asked)
    assert not any(f"Lamp {n}" in text for text in asked for n in range(3))
    assert submit(out=out) == 0  # what may go into a batch, again: not the long one
    assert [len(provider.lines_of(batch)) for batch in provider.live()] == [4, 1]
    batches.cancel(out)
    provider.cancelled()
    batches.collect(out, "batch", None)
    provider.answering = sections
    assert run(inputs, out=out) == 0, capsys.readouterr().err
    made = lines(out / "reports.jsonl")
    assert [one["article"]["id"] for one in made] == ["a000", "a001", "a002", "a003", "long"]
    assert made[:3] == before
    assert lines(out / "failures.jsonl") == []
    assert [line["index"] for line in lines(out / "ledger.jsonl")] == list(range(5))
    held = (out / "reports.jsonl").read_bytes(), (out / "ledger.jsonl").read_bytes()
    assert batches.collect(out, "batch", None) == 0
    assert batches.status(out, None) == 0
    assert "nothing; every article has its record" in capsys.readouterr().out
    assert ((out / "reports.jsonl").read_bytes(), (out / "ledger.jsonl").read_bytes()) == held


def test_a_run_beside_a_batch_asks_for_what_the_batch_has_not(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The long article is summarised at once; those under way are left to the batch, named and counted."""
    inputs, out = folder(2), tmp_path / "out"
    (inputs / "long.txt").write_text(LONG, encoding="utf-8")
    submit(inputs, out=out)
    provider.answering = sections
    assert run(inputs, out=out) == exits.WAITING
    told = capsys.readouterr().err
    assert "asked about them: a000, a001. `summarizer batch collect" in told
    assert "1 done, 0 failed, 2 left to the batch" in told
    assert (counts(out)["waiting"], counts(out)["exit_code"]) == (2, exits.WAITING)
    assert [one["article"]["id"] for one in lines(out / "reports.jsonl")] == ["long"]
    provider.finish()
    chats = provider.chats
    assert batches.collect(out, "batch", None) == 0
    assert run(inputs, out=out) == 0
    assert counts(out)["found_done"] == 3
    assert provider.chats == chats
    assert [one["article"]["id"] for one in lines(out / "reports.jsonl")] == ["a000", "a001", "long"]


def sections(body: dict[str, Any]) -> Any:
    """Answer requests of every kind."""
    part = {name: REPLY[name] for name in ("sources", "claims")}
    shape = body["response_format"]["json_schema"]
    wanted = shape["schema"]["properties"]
    if shape["name"] in SHAPES:
        return well(body)
    known = {**part, "headline": REPLY["headline"], "summary": REPLY["summary"]}
    return completion(json.dumps({name: known.get(name, []) for name in wanted}))


def killed_submitting(inputs: Path, out: Path, _: Provider) -> None:
    """Leave a job whose batch is made, and not noted."""
    with pytest.MonkeyPatch.context() as patch, suppress(KilledError):
        kill_at(patch, 5, "before")
        submit(inputs, out=out)


def submitted(inputs: Path, out: Path, _: Provider) -> None:
    """Leave a job whose batch runs."""
    submit(inputs, out=out)


def killed_collecting(inputs: Path, out: Path, provider: Provider) -> None:
    """Leave a job whose answers are here, and no record of them."""
    submit(inputs, out=out)
    provider.finish()
    with pytest.MonkeyPatch.context() as patch, suppress(KilledError):
        kill_at(patch, 1, "after")
        batches.collect(out, "batch", None)


def repairing(inputs: Path, out: Path, provider: Provider) -> None:
    """Leave a job whose repairs are under way."""
    provider.answering = with_errors
    submit(inputs, out=out)
    provider.finish()
    batches.collect(out, "batch", None)


def asked_again(inputs: Path, out: Path, provider: Provider) -> None:
    """Leave a job in which all failed and is asked about again."""
    submit(inputs, out=out)
    provider.finish(status="expired", answered=lambda _: False)
    batches.collect(out, "batch", None)
    submit(out=out)


def answered_again(inputs: Path, out: Path, provider: Provider) -> None:
    """Leave a job in which all failed, and whose second answers are here, without a record."""
    asked_again(inputs, out, provider)
    provider.finish()
    with pytest.MonkeyPatch.context() as patch, suppress(KilledError):
        kill_at(patch, 1, "after")
        batches.collect(out, "batch", None)


def repairing_again(inputs: Path, out: Path, provider: Provider) -> None:
    """Leave a job in which all failed, was answered at the second time, and is repaired."""
    provider.answering = with_errors
    asked_again(inputs, out, provider)
    provider.finish()
    batches.collect(out, "batch", None)


@pytest.mark.parametrize(
    "left",
    [
        killed_submitting,
        submitted,
        killed_collecting,
        repairing,
        asked_again,
        answered_again,
        repairing_again,
    ],
)
def test_a_run_never_pays_for_what_a_batch_was_asked(
    provider: Provider,
    folder: Callable[[int], Path],
    tmp_path: Path,
    left: Callable[[Path, Path, Provider], None],
) -> None:
    """However the batch was left: nothing is asked, and what the batch gives in the end is all there."""
    inputs, out = folder(2), tmp_path / "out"
    left(inputs, out, provider)
    assert run(inputs, out=out) == exits.WAITING
    assert (provider.chats, counts(out)["waiting"]) == (0, 2)
    submit(out=out)
    for _ in range(4):
        provider.finish()
        batches.collect(out, "batch", None)
    assert run(inputs, out=out) == 0
    assert counts(out)["found_done"] == 2
    assert provider.chats == 0
    assert [one["article"]["id"] for one in lines(out / "reports.jsonl")] == ["a000", "a001"]
    assert lines(out / "failures.jsonl") == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_after_a_kill_of_collecting_pays_for_nothing(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path, moment: str
) -> None:
    """Killed at each line, a run in between goes on with the folder and asks for nothing."""
    inputs = folder(2)
    for number in range(1, 100):
        out = tmp_path / f"out{number}"
        submit(inputs, out=out)
        provider.finish()
        with pytest.MonkeyPatch.context() as patch:
            reached = kill_at(patch, number, moment)
            with suppress(KilledError):
                batches.collect(out, "batch", None)
        if reached[0] < number:
            break
        run(inputs, out=out)
        assert batches.collect(out, "batch", None) == 0
        assert run(inputs, out=out) == 0
        assert [one["article"]["id"] for one in lines(out / "reports.jsonl")] == ["a000", "a001"]
        assert len(lines(out / "ledger.jsonl")) == 2
    assert number == 1 + 2 * 2 + 1 + 1  # files here, records and their lines, collected
    assert provider.chats == 0


def test_an_article_that_changed_under_way_is_summarised_as_it_is(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """`run` asks about the text of now, and the batch's answer to the old one does not replace it."""
    inputs, out = folder(2), tmp_path / "out"
    submit(inputs, out=out)
    (inputs / "a000.txt").write_text(f"{TEXT}\n\nLamp 0 went out.", encoding="utf-8")
    (inputs / "a001.txt").unlink()
    assert run(inputs, inputs / "a001.txt", out=out) == exits.WAITING
    assert (provider.chats, counts(out)["waiting"]) == (1, 1)
    provider.finish()
    assert batches.collect(out, "batch", None) == 0
    now = Article(text=f"{TEXT}\n\nLamp 0 went out.").sha256
    made = {one["article"]["id"]: one["article"]["sha256"] for one in lines(out / "reports.jsonl")}
    assert (list(made), made["a000"]) == (["a000", "a001"], now)
    assert lines(out / "failures.jsonl") == []


def test_two_inputs_of_one_id_keep_a_record_each(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """The second input of an id is a failure of its own, for a batch as for a run after it."""
    inputs, out = folder(1), tmp_path / "out"
    twice = (inputs, inputs / "a000.txt")
    submit(*twice, out=out)
    provider.finish()
    assert batches.collect(out, "batch", None) == exits.FAILED
    assert run(*twice, out=out) == exits.FAILED
    entered = [(line["id"], line.get("again"), line["outcome"]) for line in lines(out / "ledger.jsonl")]
    assert sorted(entered, key=str) == [("a000", 1, "failure"), ("a000", None, "report")]
    assert len(lines(out / "reports.jsonl")) == len(lines(out / "failures.jsonl")) == 1


def test_a_run_of_another_kind_is_refused_in_a_batchs_folder(
    provider: Provider, folder: Callable[[int], Path], tmp_path: Path
) -> None:
    """Another model, or beginning anew: before any record is there and after, and nothing is changed."""
    inputs, out = folder(1), tmp_path / "out"
    submit(inputs, out=out)
    for _ in range(2):
        before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        with pytest.raises(SettingsError, match="holds a batch of another job; different now: model 'other'"):
            run(inputs, out=out, model="other")
        with pytest.raises(SettingsError, match="--fresh would remove"):
            run(inputs, out=out, fresh=True)
        assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
        provider.finish()
        assert batches.collect(out, "batch", None) == 0


@pytest.mark.usefixtures("provider")
def test_one_at_a_time_works_on_a_folder(folder: Callable[[int], Path], tmp_path: Path) -> None:
    """While a run or a batch's command writes into it, the others are refused; looking is allowed."""
    inputs, out = folder(1), tmp_path / "out"
    submit(inputs, out=out)
    others: list[Callable[[], int]] = [
        lambda: submit(out=out),
        lambda: batches.collect(out, "batch", None),
        lambda: batches.cancel(out),
        lambda: run(inputs, out=out),
    ]
    with ledger.locked(out):
        for refused in others:
            with pytest.raises(SettingsError, match="another run writes into it"):
                refused()
        assert batches.status(out, None) == exits.WAITING
