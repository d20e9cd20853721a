"""The model path against real servers of others: llama.cpp's own, and the one of llama-cpp-python.

Both serve a tiny model of random weights, made on the spot: it writes nonsense in whatever shape the server
forces on it. ``make server-check`` builds the servers and runs this; elsewhere it is skipped.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from summarizer import Article, Report, Summarizer, errors
from summarizer.prompts import example

TEXT, _ = example()
MAKER = Path(__file__).parents[1] / "servers/tiny_model.py"
PYTHON = os.environ.get("SERVERS_PYTHON", sys.executable)
"""A Python with ``llama-cpp-python[server]`` and ``gguf``."""
BINARY = os.environ.get("LLAMA_SERVER") or shutil.which("llama-server")
"""llama.cpp's own server."""
HOW = "run `make server-check`, which builds it"
CONTEXT = 16_384
STARTING = 60.0


def has(*packages: str) -> bool:
    """Say whether the servers' Python has these packages."""
    code = f"import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, {packages!r})))"
    return subprocess.run([PYTHON, "-c", code], check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the tiny model."""
    if not has("gguf"):
        pytest.skip(f"the package gguf is not installed: {HOW}")
    path = tmp_path_factory.mktemp("model") / "tiny.gguf"
    subprocess.run([PYTHON, MAKER, path], check=True, timeout=60)
    return path


@contextmanager
def serving(*command: str, folder: Path) -> Iterator[str]:
    """Run a server on a free port until the block ends, and give its base URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=log)
    try:
        await_answer(f"http://127.0.0.1:{port}/v1/models", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_answer(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url, timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"no server answers at {url}")


@pytest.fixture(scope="module")
def llama(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """llama.cpp's own server: it keeps answers to a JSON schema by a grammar."""
    if BINARY is None:
        pytest.skip(f"llama-server is neither in PATH nor named by LLAMA_SERVER: {HOW}")
    arguments = ("--host", "127.0.0.1", "-m", str(model), "-c", str(CONTEXT), "-np", "1", "-t", "1")
    with serving(BINARY, *arguments, folder=tmp_path_factory.mktemp("llama")) as url:
        yield url


@pytest.fixture(scope="module")
def python(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of llama-cpp-python: it knows JSON objects, but not the JSON schema of a request."""
    if not has("llama_cpp", "uvicorn"):
        pytest.skip(f"llama-cpp-python[server] is not installed: {HOW}")
    arguments = ("-m", "llama_cpp.server", "--model", str(model), "--n_ctx", str(CONTEXT))
    with serving(PYTHON, *arguments, folder=tmp_path_factory.mktemp("python")) as url:
        yield url


def doctor(url: str) -> tuple[int, dict[str, str]]:
    """Return the exit code of doctor, and the mark of each of its verdicts."""
    arguments = [sys.executable, "-m", "summarizer", "doctor", "--model", "tiny", "--base-url", url]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=120)
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    return done.returncode, {line[0]: line[1] for line in lines}


def test_nonsense_is_a_report_with_errors_or_an_error_of_ours(llama: str) -> None:
    """No crash; what it took is counted; a report's spans are exact, and its findings tell of nonsense."""
    articles = [Article(text=TEXT, id=str(n)) for n in range(8)]
    with Summarizer(model="tiny", base_url=llama, api_key="none") as summarizer:
        outcomes = list(summarizer.summarize_many(articles, concurrency=2))
    assert len(outcomes) == len(articles)
    for outcome in outcomes:
        if not isinstance(outcome, Report):
            # Empty: it wrote a table without rows. Overloaded: what it wrote was no text, every time.
            known = (errors.AnswerError, errors.EmptyInput, errors.EndpointOverloaded)
            assert issubclass(getattr(errors, outcome.error.type), known), outcome.error
            assert outcome.error.attempts >= 1
            continue
        assert outcome.trace.tokens.input
        assert outcome.trace.tokens.output
        assert any(finding.severity == "error" for finding in outcome.findings)
        for position in (position for claim in outcome.claims for position in claim.positions):
            assert all(TEXT[span.start : span.end] == span.quote for span in position.evidence)


@pytest.mark.parametrize("limit", [6, 40])
def test_an_answer_cut_off_is_asked_for_once_with_twice_the_room(llama: str, limit: int) -> None:
    """Then it is an error; both answers are paid for, and counted to the token."""
    with (
        Summarizer(model="tiny", base_url=llama, api_key="none", max_output_tokens=limit) as summarizer,
        pytest.raises(errors.AnswerTruncated) as caught,
    ):
        summarizer.summarize(TEXT)
    assert caught.value.attempts == 2
    assert caught.value.tokens.output == 3 * limit
    assert caught.value.tokens.cached_input > 0


def test_an_article_longer_than_the_context_is_told_as_that(llama: str) -> None:
    """One request, and the advice is about length."""
    long = "\n\n".join([TEXT] * (2 * CONTEXT // len(TEXT)))
    with (
        Summarizer(model="tiny", base_url=llama, api_key="none", section_tokens=10**6) as summarizer,
        pytest.raises(errors.RequestRejected, match="longer context") as caught,
    ):
        summarizer.summarize(long)
    assert caught.value.attempts == 1


def test_doctor_tells_what_llama_cpp_can_do(llama: str) -> None:
    """It answers, keeps a schema's shape and an output limit, reports tokens; the model has another name."""
    _, found = doctor(llama)
    assert found["schema"] in {"yes", "partly"}
    told = {about: found[about] for about in ("reachable", "models", "answers", "usage", "limit")}
    assert told == {"reachable": "yes", "models": "no", "answers": "yes", "usage": "yes", "limit": "yes"}


def test_a_server_that_knows_no_json_schema_is_asked_once(python: str) -> None:
    """It answers 500, as to a fault of its own; that is told as what it is, and not asked again."""
    with (
        Summarizer(model="tiny", base_url=python, api_key="none") as summarizer,
        pytest.raises(errors.RequestRejected, match="structured outputs") as caught,
    ):
        summarizer.summarize(TEXT)
    assert caught.value.attempts == 1
    code, found = doctor(python)
    assert (code, found["reachable"], found["schema"], found["usable"]) == (1, "yes", "no", "no")
