"""The command line as a user meets it: what goes where, and which exit code."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.prompts import example

SAMPLES = Path(__file__).parents[2] / "samples"
TEXT, REPLY = example()


def run(*arguments: object, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m summarizer`` with a clean environment."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "summarizer", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**kept, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
        timeout=120,
    )


def test_a_run_without_anything_named_is_offline_and_says_so() -> None:
    """The first line on standard error says that no model is used and how to name one."""
    done = run("run", SAMPLES)
    assert done.returncode == 0
    assert "no language model" in done.stderr.splitlines()[0]
    assert "--model" in done.stderr.splitlines()[0]
    assert "who says what" in done.stdout


def test_out_holds_one_record_an_article_and_a_file_a_format(tmp_path: Path) -> None:
    """Reports, failures, CSV and Markdown stand in the folder, and standard output stays empty."""
    done = run(
        "run", SAMPLES, tmp_path / "none.txt", "--out", tmp_path / "out", "--format", "jsonl,csv,markdown"
    )
    assert done.returncode == 1
    assert done.stdout == ""
    reports = [json.loads(line) for line in (tmp_path / "out/reports.jsonl").read_text("utf-8").splitlines()]
    (failure,) = [
        json.loads(line) for line in (tmp_path / "out/failures.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(reports) == len(list(SAMPLES.glob("*.txt")))
    assert failure["error"]["type"] == "InputNotFound"
    with (tmp_path / "out/claims.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == sum(len(claim["positions"]) for report in reports for claim in report["claims"])
    assert "| claim |" in (tmp_path / "out/report.md").read_text("utf-8")


def test_every_span_of_a_report_is_verbatim(tmp_path: Path) -> None:
    """Offsets index the text exactly as decoded."""
    run("run", SAMPLES, "--out", tmp_path)
    texts = {path.stem: path.read_bytes().decode() for path in SAMPLES.glob("*.txt")}
    for line in (tmp_path / "reports.jsonl").read_text("utf-8").splitlines():
        report = json.loads(line)
        text = texts[report["article"]["id"]]
        for claim in report["claims"]:
            for position in claim["positions"]:
                assert position["evidence"]
                for span in position["evidence"]:
                    assert text[span["start"] : span["end"]] == span["quote"]
        assert all(sentence["claims"] for sentence in report["summary"])


def test_two_runs_give_the_same_bytes_but_for_the_seconds(tmp_path: Path) -> None:
    """Nothing else in a report depends on when it was made."""

    def records(out: Path) -> list[dict[str, Any]]:
        run("run", SAMPLES, "--out", out)
        made = [json.loads(line) for line in (out / "reports.jsonl").read_text("utf-8").splitlines()]
        for record in made:
            del record["trace"]["seconds"]
        return made

    assert records(tmp_path / "a") == records(tmp_path / "b")


def test_show_renders_saved_reports_again(tmp_path: Path) -> None:
    """The page shown later is the page shown at once, and other formats work too."""
    at_once = run("run", SAMPLES).stdout
    run("run", SAMPLES, "--out", tmp_path)
    assert run("show", tmp_path).stdout == at_once
    assert run("show", tmp_path / "reports.jsonl", "--format", "csv").stdout.startswith("article,claim,text")
    wrong = run("show", "-", stdin='{"no": "report"}\n')
    assert wrong.returncode == 1
    assert "standard input:1" in wrong.stderr


def test_standard_input_is_an_article() -> None:
    """Text on standard input is summarised."""
    done = run(
        "run", "-", "--format", "jsonl", stdin="Two trawlers sank off Norra on Monday, the coast guard said."
    )
    (report,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert report["claims"][0]["positions"][0]["source"].lower().endswith("coast guard")


def test_the_model_path_works_from_the_command_line(
    endpoint: Any, says: Callable[..., Any], tmp_path: Path
) -> None:
    """With an endpoint in the environment one request an article makes a report with its tokens."""
    endpoint.play(says(json.dumps(REPLY)))
    (tmp_path / "trawlers.txt").write_text(TEXT, encoding="utf-8")
    done = run(
        "run", tmp_path / "trawlers.txt", "--model", "openai/scripted", "--format", "jsonl",
        OPENAI_BASE_URL=endpoint.base_url, OPENAI_API_KEY="secret-key",
    )  # fmt: skip
    (report,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(endpoint.requests) == 1
    assert endpoint.requests[0]["model"] == "scripted"
    assert report["trace"]["tokens"]["input"] == 100
    assert "secret-key" not in done.stdout + done.stderr


def test_one_failure_does_not_lose_the_others(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any], tmp_path: Path
) -> None:
    """A rejected article is a failure record; the next one is done."""
    endpoint.play(fails(400, "too long"), says(json.dumps(REPLY)))
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    done = run(
        "run", tmp_path / "a.txt", tmp_path / "b.txt", "--model", "scripted", "--concurrency", 1,
        "--out", tmp_path / "out", OPENAI_BASE_URL=endpoint.base_url,
    )  # fmt: skip
    assert done.returncode == 1
    assert "RequestRejected" in (tmp_path / "out/failures.jsonl").read_text("utf-8")
    assert '"id": "b"' in (tmp_path / "out/reports.jsonl").read_text("utf-8")


def test_prompt_prints_what_would_be_sent_and_sends_nothing(tmp_path: Path) -> None:
    """Messages, strict schema and an estimate are printed without an endpoint."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    done = run("prompt", tmp_path / "a.txt")
    assert done.returncode == 0
    for part in ("## system", "## user", "[1] Two trawlers", '"additionalProperties": false', "tokens"):
        assert part in done.stdout


def test_schema_is_that_of_the_records() -> None:
    """The printed JSON schema names the fields that reports have."""
    schema = json.loads(run("schema").stdout)
    (report,) = [
        json.loads(line) for line in run("run", "-", "--format", "jsonl", stdin=TEXT).stdout.splitlines()
    ]
    assert set(schema["properties"]) == set(report)
    assert set(schema["$defs"]["Claim"]["properties"]) == set(report["claims"][0])


def test_doctor_tells_of_an_endpoint(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any]
) -> None:
    """A good endpoint passes, one that rejects the probe fails with the reason."""
    endpoint.play(says(json.dumps(REPLY)))
    good = run("doctor", "--model", "scripted", OPENAI_BASE_URL=endpoint.base_url)
    assert good.returncode == 0
    assert "'scripted' listed" in good.stdout
    endpoint.play(fails(401, "bad key"))
    bad = run("doctor", "--model", "scripted", OPENAI_BASE_URL=endpoint.base_url)
    assert bad.returncode == 1
    assert "AuthenticationFailed" in bad.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "x.txt", "--format", "pdf"], "no format 'pdf'"),
        (["run", "x.txt", "--model", "some-model"], "needs a key"),
        (["run", "x.txt", "--temperature", "9"], "temperature"),
        (["run"], "Missing argument"),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], said: str) -> None:
    """Wrong settings are told apart from failed articles, without a traceback."""
    done = run(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["-c", "import summarizer"], ["-m", "summarizer", "--help"]])
def test_starting_loads_no_vendor(arguments: list[str]) -> None:
    """Neither the import nor the help loads openai, instructor, pydantic or trafilatura."""
    probe = "import sys, atexit; atexit.register(lambda: print('LOADED', *sorted(sys.modules)))\n"
    code = probe + (
        arguments[1]
        if arguments[0] == "-c"
        else "import runpy; sys.argv = ['summarizer', '--help']\n"
        "runpy.run_module('summarizer', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    loaded = set(done.stdout.split("LOADED", 1)[1].split())
    assert "summarizer" in loaded
    assert not loaded & {"openai", "instructor", "trafilatura", "tenacity", "jinja2", "genai_prices"}


def test_earlier_records_are_not_overwritten_unasked(tmp_path: Path) -> None:
    """A folder with records is gone on with; ``--fresh`` replaces them."""
    assert run("run", SAMPLES, "--out", tmp_path / "out").returncode == 0
    kept = (tmp_path / "out/reports.jsonl").read_bytes()
    assert run("run", tmp_path / "none.txt", "--out", tmp_path / "out").returncode == 1
    assert (tmp_path / "out/reports.jsonl").read_bytes() == kept
    assert run("run", tmp_path / "none.txt", "--out", tmp_path / "out", "--fresh").returncode == 1
    assert (tmp_path / "out/reports.jsonl").read_bytes() == b""


@pytest.mark.parametrize("text", ["Hello", "12", "今天下雨了。"])
def test_what_holds_no_statement_is_a_failure_that_says_so(text: str) -> None:
    """No empty report passes for a good one."""
    done = run("run", "-", "--format", "jsonl", stdin=text)
    assert done.returncode == 1
    assert "no statement was found" in done.stderr


def test_files_passed_over_in_a_folder_are_named(tmp_path: Path) -> None:
    """Nothing in a folder is skipped in silence."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4")
    done = run("run", tmp_path, "--format", "jsonl")
    assert done.returncode == 0
    assert "passed over" in done.stderr
    assert ".pdf" in done.stderr


def test_a_closed_pipe_is_no_failure() -> None:
    """A reader that has seen enough ends the run without a word."""
    script = f"{sys.executable} -m summarizer run {SAMPLES} {SAMPLES} --format jsonl | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_a_script_that_closes_nothing_still_ends() -> None:
    """The thread behind the sync methods does not keep a program alive."""
    code = (
        "from summarizer import Summarizer; "
        "print(len(Summarizer('offline').summarize('Two ships sank off Norra.').claims))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "1"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[" * 100_000, b'{"claims": 7}', b"\x1f\x8b\x08"])
def test_broken_report_files_are_told_without_a_traceback(tmp_path: Path, content: bytes) -> None:
    """What is no report is said to be none."""
    (tmp_path / "reports.jsonl").write_bytes(content)
    for arguments in (["show", tmp_path / "reports.jsonl"], ["eval", tmp_path, "--reports", tmp_path]):
        done = run(*arguments)
        assert done.returncode in {1, 2}
        assert "Traceback" not in done.stderr
        assert done.stderr


@pytest.mark.parametrize("formats", ["", "terminal", "markdown"])
def test_a_failure_is_told_once_on_one_screen(tmp_path: Path, formats: str) -> None:
    """Where report and messages end in one place it stands in one of them; else the messages hold it too."""
    command = [sys.executable, "-m", "summarizer", "run", str(tmp_path / "none.txt"), "--format", formats]
    told = "InputNotFound"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    one = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, check=False, timeout=60
    )
    assert one.returncode == 1
    assert one.stdout.decode().count(told) == 1
    two = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=60)
    assert [said.decode().count(told) for said in (two.stdout, two.stderr)] == [1, 1]


def test_data_on_the_screen_does_not_replace_the_message(tmp_path: Path) -> None:
    """A record of JSON is for programs: the failure is said in words beside it."""
    done = run("run", tmp_path / "none.txt", "--format", "jsonl")
    assert "failed: InputNotFound" in done.stderr


def test_the_longest_article_is_a_choice(tmp_path: Path) -> None:
    """Over the limit it is refused with the option's name; a higher limit takes it; none is no limit."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    refused = run("run", tmp_path / "a.txt", "--format", "jsonl", "--max-characters", 50)
    assert refused.returncode == 1
    error = json.loads(refused.stdout)["error"]
    assert error["type"] == "OversizedInput"
    assert "--max-characters" in error["message"]
    assert run("run", tmp_path / "a.txt", "--max-characters", len(TEXT)).returncode == 0
    assert run("run", tmp_path / "a.txt", "--max-characters", 0).returncode == 2
    url = "http://127.0.0.1:9/v1"
    estimate = ["run", tmp_path / "a.txt", "--model", "m", "--base-url", url, "--estimate"]
    assert "requests   1" in run(*estimate).stdout
    assert "requests   0" in run(*estimate, "--max-characters", 50).stdout


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names are Unicode there")
def test_a_file_name_that_is_no_text_is_written_as_escapes(tmp_path: Path) -> None:
    """Reports and failures with such a name are valid JSON in UTF-8, in every format."""
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)  # noqa: PTH102 - a Path's name is text
    for name, text in ((b"caf\xe9.txt", TEXT), (b"empty\xff.txt", "")):
        with open(os.path.join(folder, name), "wb") as stream:  # noqa: PTH118, PTH123 - as above
            stream.write(text.encode())
    done = run("run", tmp_path / "in", "--out", tmp_path / "out", "--format", "csv,markdown,terminal")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (report,) = (tmp_path / "out/reports.jsonl").read_bytes().splitlines()
    (failure,) = (tmp_path / "out/failures.jsonl").read_bytes().splitlines()
    assert json.loads(report)["article"]["source"].endswith("/in/caf\\udce9.txt")
    assert json.loads(failure)["article"]["source"].endswith("/in/empty\\udcff.txt")
