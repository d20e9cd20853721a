"""Every fault that can stand between us and a model: what it becomes, and how many requests it takes.

Against a real server on loopback. ``python benchmarks/faults.py`` prints the rows as a table.
"""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from summarizer import errors
from summarizer.backends.openai import OpenAIBackend
from summarizer.backends.openai.transport import Transport
from summarizer.batch import failure, outcomes
from summarizer.cache import AnswerCache
from summarizer.domain.article import Article
from summarizer.domain.report import Failure, Report
from summarizer.pipeline import Pipeline
from summarizer.prompts import example

TEXT, REPLY = example()
KEY = "sk-secret-0123456789"
ATTEMPTS, ANSWERS = 3, 2
"""Requests that the wire may lose, and answers that may miss the schema, for one question."""
GUARD = 10.0
"""Seconds after which a test counts as hanging."""
SECRET_WORDS = "the harbour master dreams of violins"
"""What the model writes where it misses the schema."""
SECRETS = (KEY, SECRET_WORDS, *TEXT.splitlines())


def answers(says: Callable[..., Any], fails: Callable[..., Any]) -> dict[str, dict[str, Any]]:
    """Return what the endpoint can be told to do, by name."""
    good, bad = says(json.dumps(REPLY)), {"sources": [SECRET_WORDS], "claims": SECRET_WORDS}
    page = {"status": 200, "raw": "<!doctype html><title>Welcome</title>", "type": "text/html"}
    return {
        "good": good,
        "429": fails(429, "slow down"),
        "429+1s": fails(429, retry_after="1"),
        "429+date": fails(429, retry_after=lambda: formatdate(time.time() + 1, usegmt=True)),
        "429+300s": fails(429, retry_after="300"),
        "429+9s": fails(429, retry_after="9"),
        "429+5ms": fails(429, retry_after_ms="5", retry_after="300"),
        "quota": fails(429, code="insufficient_quota"),
        "429large": fails(429, "Request too large for gpt: limit 30000, requested 35000", code="rate_limit"),
        "500": fails(500),
        "503page": {**page, "status": 503},
        "reset": {"reset": True},
        "hang": {"hang": True},
        "trickle": {**good, "trickle": 0.05},
        "cutbody": {**good, "cut": 100},
        "garbage": {"status": 200, "raw": '{"id": "chatcmpl-1", "choi'},
        "empty": {"status": 200, "raw": ""},
        "page": page,
        "pagejson": {**page, "type": "application/json"},
        "otherjson": {"status": 200, "body": {"status": "ok"}},
        "list": {"status": 200, "body": ["ok"]},
        "nochoice": {"status": 200, "body": {**good["body"], "choices": []}},
        "nomessage": {"status": 200, "body": {**good["body"], "choices": [{"index": 0}]}},
        "oddusage": {"status": 200, "body": {**good["body"], "usage": {"prompt_tokens": "many"}}},
        "bad": says(json.dumps(bad)),
        "prose": says("Certainly! Here is the table."),
        "silent": says(None),
        "refusal": says(None, refusal="I cannot help with that."),
        "filter": says("", finish="content_filter"),
        "filter400": fails(400, code="content_filter"),
        "length": says(json.dumps(REPLY)[:80], finish="length"),
        "lengthwhole": says(json.dumps(REPLY), finish="length"),
        "400": fails(400, "max_completion_tokens is too large"),
        "400long": fails(400, "maximum context length is 8192 tokens", code="context_length_exceeded"),
        "400window": fails(
            400, "9000 tokens exceed the available context size", code="exceed_context_size_error"
        ),
        "500context": fails(500, "Context size has been exceeded."),
        "500schema": fails(500, "('body', 'response_format', 'type'): should be 'text' or 'json_object'"),
        "401": fails(401),
        "402": fails(402),
        "403": fails(403),
        "404": fails(404, "model not found", code="model_not_found"),
        "422": fails(422),
    }


@dataclass(frozen=True)
class Row:
    """A fault: what the endpoint does, one word a request, the last for all that follow."""

    name: str
    script: str
    requests: int
    becomes: type[errors.BackendError] | type[Report]
    options: Mapping[str, Any] = field(default_factory=dict)


ROWS = [
    Row("429 forever", "429", 3, errors.EndpointOverloaded),
    Row("429, then good", "429 good", 2, Report),
    Row("429, Retry-After 1 s, then good", "429+1s good", 2, Report),
    Row("429, Retry-After a date, then good", "429+date good", 2, Report),
    Row("429, retry-after-ms 5, then good", "429+5ms good", 2, Report),
    Row("429, Retry-After 300 s", "429+300s", 1, errors.EndpointOverloaded),
    Row("429, Retry-After past the deadline", "429+9s", 1, errors.EndpointOverloaded, {"deadline": 5}),
    Row("429, quota exhausted", "quota", 1, errors.QuotaExhausted),
    Row("429, larger than all of a minute", "429large", 1, errors.RequestRejected),
    Row("429, 500, 429, then good", "429 500 429 good", 4, Report),
    Row("500 forever", "500", 3, errors.EndpointOverloaded),
    Row("500, then good", "500 good", 2, Report),
    Row("503 with a web page, then good", "503page good", 2, Report),
    Row("connection reset forever", "reset", 3, errors.EndpointUnreachable),
    Row("connection reset, then good", "reset good", 2, Report),
    Row("hangs past the timeout", "hang", 3, errors.EndpointTimeout, {"timeout": 0.3}),
    Row("hangs past the timeout, then good", "hang good", 2, Report, {"timeout": 0.8}),
    Row("hangs past the deadline", "hang", 1, errors.EndpointTimeout, {"deadline": 0.3}),
    Row("trickles past the timeout", "trickle", 3, errors.EndpointTimeout, {"timeout": 0.3}),
    Row("trickles past the deadline", "trickle", 1, errors.EndpointTimeout, {"deadline": 0.3}),
    Row("body broken off forever", "cutbody", 3, errors.EndpointUnreachable),
    Row("body broken off, then good", "cutbody good", 2, Report),
    Row("200 with garbage forever", "garbage", 3, errors.EndpointGarbled),
    Row("200 with garbage, then good", "garbage good", 2, Report),
    Row("200 with nothing forever", "empty", 3, errors.EndpointGarbled),
    Row("200 with a web page", "page", 1, errors.NotAnEndpoint),
    Row("200 with a web page said to be JSON", "pagejson", 1, errors.NotAnEndpoint),
    Row("against the schema, then a web page, then good", "bad page good", 3, Report),
    Row("200 with other JSON", "otherjson", 1, errors.NotAnEndpoint),
    Row("200 with a JSON list", "list", 1, errors.NotAnEndpoint),
    Row("no choices forever", "nochoice", 3, errors.EndpointGarbled),
    Row("no choices, then good", "nochoice good", 2, Report),
    Row("a choice without a message", "nomessage", 3, errors.EndpointGarbled),
    Row("usage that is none", "oddusage", 1, Report),
    Row("against the schema, then good", "bad good", 2, Report),
    Row("against the schema forever", "bad", 2, errors.AnswerMalformed),
    Row("prose instead of JSON forever", "prose", 2, errors.AnswerMalformed),
    Row("an empty answer forever", "silent", 2, errors.AnswerMalformed),
    Row("refusal", "refusal", 1, errors.AnswerRefused),
    Row("content filter", "filter", 1, errors.AnswerFiltered),
    Row("content filter as HTTP 400", "filter400", 1, errors.AnswerFiltered),
    Row("cut off at the limit, then good", "length good", 2, Report),
    Row("cut off at the limit forever", "length", 2, errors.AnswerTruncated),
    Row("cut off though it reads as whole", "lengthwhole", 2, errors.AnswerTruncated),
    Row("cut off, and no more room to give", "length 400", 2, errors.AnswerTruncated),
    Row("HTTP 401", "401", 1, errors.AuthenticationFailed),
    Row("HTTP 402", "402", 1, errors.QuotaExhausted),
    Row("HTTP 403", "403", 1, errors.AuthenticationFailed),
    Row("HTTP 404, no such model", "404", 1, errors.RequestRejected),
    Row("HTTP 400, context too long", "400long", 1, errors.RequestRejected),
    Row("HTTP 400, context too long in llama.cpp's words", "400window", 1, errors.RequestRejected),
    Row("HTTP 500, an endpoint that knows no JSON schema", "500schema", 1, errors.RequestRejected),
    Row("HTTP 500, the answer outgrew the context", "500context", 1, errors.RequestRejected),
    Row("HTTP 422", "422", 1, errors.RequestRejected),
    Row("500, against the schema, 500, then good", "500 bad 500 good", 4, Report),
    Row("500, 500, against the schema, 500", "500 500 bad 500", 4, errors.EndpointOverloaded),
    Row("against the schema, cut off, 500, then good", "bad length 500 good", 4, Report),
]


def pipeline(endpoint: Any, **options: Any) -> Pipeline:
    """Make the model path with small limits."""
    limits = {"timeout": 30.0, "deadline": 30.0, "attempts": ATTEMPTS, "backoff": 0.005, **options}
    transport = Transport(base_url=endpoint.base_url, api_key=KEY, **limits)
    return Pipeline(OpenAIBackend("scripted", transport, shape_attempts=ANSWERS), attempts=1)


async def outcome(endpoint: Any, **options: Any) -> Report | Exception:
    """Summarise one article, or return what it came to."""
    pipe = pipeline(endpoint, **options)
    try:
        async with asyncio.timeout(GUARD):
            return await pipe.summarize(Article(text=TEXT))
    except errors.SummarizerError as error:
        return error
    finally:
        await pipe.backend.aclose()


def play(row: Row, endpoint: Any, known: Mapping[str, dict[str, Any]]) -> Report | Exception:
    """Let the endpoint play a row and return what came of it."""
    endpoint.requests.clear()
    endpoint.play(*(known[word] for word in row.script.split()))
    return asyncio.run(outcome(endpoint, **row.options))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_fault_has_its_error_and_its_number_of_requests(
    row: Row, endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any]
) -> None:
    """Each fault becomes what the row says after exactly the requests it says, all of them accounted for.

    The error is short and holds neither the key nor a sentence of the article nor what the model wrote.
    """
    came = play(row, endpoint, answers(says, fails))
    assert type(came) is row.becomes, repr(came)
    assert len(endpoint.requests) == row.requests
    if isinstance(came, errors.BackendError):
        assert came.attempts == row.requests
        assert came.where == f"{endpoint.base_url} (scripted)"
        answered = sum(word in _ANSWERING for word in _played(row))
        assert came.tokens.output == 10 * answered
        record = failure(Article(text=TEXT), came).error
        assert (record.attempts, record.tokens) == (came.attempts, came.tokens)
        assert len(record.message) < 500
        assert not [secret for secret in SECRETS if secret in record.message]


_ANSWERING = {"bad", "prose", "silent", "refusal", "filter", "length", "lengthwhole"}


def _played(row: Row) -> Iterator[str]:
    words = row.script.split()
    return (words[min(n, len(words) - 1)] for n in range(row.requests))


def test_three_kinds_of_trying_again_never_multiply(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any]
) -> None:
    """In whatever order faults come, their allowances add up; none is granted again within another."""
    known = answers(says, fails)

    async def play_all() -> None:
        pipe = pipeline(endpoint)
        for script in itertools.product(("500", "bad", "length"), repeat=4):
            endpoint.requests.clear()
            endpoint.play(*(known[word] for word in script))
            with pytest.raises(errors.BackendError) as caught:
                await pipe.summarize(Article(text=TEXT))
            assert caught.value.attempts == len(endpoint.requests) <= ATTEMPTS + ANSWERS
        await pipe.backend.aclose()

    asyncio.run(asyncio.wait_for(play_all(), 6 * GUARD))


def test_drafts_at_the_same_time_have_allowances_of_their_own(
    endpoint: Any, fails: Callable[..., Any]
) -> None:
    """Ten articles over one transport make three requests each, and each gets its own error."""
    endpoint.play(fails(500))

    async def all_at_once() -> list[Any]:
        pipe = pipeline(endpoint)
        try:
            tasks = (pipe.summarize(Article(text=TEXT, id=str(n))) for n in range(10))
            return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), GUARD)
        finally:
            await pipe.backend.aclose()

    came = asyncio.run(all_at_once())
    assert [error.attempts for error in came] == [ATTEMPTS] * 10
    assert len({id(error) for error in came}) == 10
    assert len(endpoint.requests) == 10 * ATTEMPTS


def test_drafts_refused_for_good_make_as_many_requests_each(endpoint: Any, fails: Callable[..., Any]) -> None:
    """A 429 forever ends ten articles after three requests each, as it ends one."""
    endpoint.play(fails(429))

    async def all_at_once() -> list[Any]:
        pipe = pipeline(endpoint)
        try:
            tasks = (pipe.summarize(Article(text=TEXT, id=str(n))) for n in range(10))
            return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 3 * GUARD)
        finally:
            await pipe.backend.aclose()

    came = asyncio.run(all_at_once())
    assert {type(error) for error in came} == {errors.EndpointOverloaded}
    assert [error.attempts for error in came] == [ATTEMPTS] * 10
    assert len(endpoint.requests) == 10 * ATTEMPTS


def test_a_busy_endpoint_loses_no_article(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any]
) -> None:
    """Where two requests in three are refused, without a word of how long, every article gets its report."""
    known = answers(says, fails)
    endpoint.play(*(known[word] for word in ("429 429 good " * 200).split()))

    async def many() -> list[Any]:
        pipe = pipeline(endpoint)
        try:
            stream = outcomes(pipe, [Article(text=TEXT, id=str(n)) for n in range(30)], concurrency=10)
            return [outcome async for _, outcome in stream]
        finally:
            await pipe.backend.aclose()

    came = asyncio.run(asyncio.wait_for(many(), 6 * GUARD))
    assert {type(outcome) for outcome in came} == {Report}
    assert len(endpoint.requests) >= 3 * 30 - 2


def test_a_wait_that_one_is_asked_for_holds_back_all(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any]
) -> None:
    """After a Retry-After of a second not one of five articles sends anything within that second."""
    known = answers(says, fails)
    endpoint.play(known["429+1s"], known["good"])
    came: list[float] = []
    endpoint.requests = _Clocked(came)

    async def one_then_five() -> None:
        pipe = pipeline(endpoint)
        try:
            first = asyncio.create_task(pipe.summarize(Article(text=TEXT)))
            await asyncio.sleep(0.5)  # by then it has been told to wait
            later = (pipe.summarize(Article(text=TEXT, id=str(n))) for n in range(5))
            await asyncio.wait_for(asyncio.gather(first, *later), GUARD)
        finally:
            await pipe.backend.aclose()

    asyncio.run(one_then_five())
    assert len(came) == 7
    assert came[1] - came[0] >= 1.0, came


class _Clocked(list[Any]):
    """A list of requests that notes when each came."""

    def __init__(self, times: list[float]) -> None:
        super().__init__()
        self._times = times

    def append(self, item: Any) -> None:
        super().append(item)
        self._times.append(time.monotonic())


def test_the_article_deadline_ends_a_request_under_way(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any]
) -> None:
    """An article's own deadline is kept though the transport would wait longer."""
    endpoint.play(answers(says, fails)["trickle"])

    async def impatient() -> None:
        pipe = pipeline(endpoint)
        try:
            await asyncio.wait_for(Pipeline(pipe.backend, deadline=0.3).summarize(Article(text=TEXT)), GUARD)
        finally:
            await pipe.backend.aclose()

    with pytest.raises(errors.EndpointTimeout, match=r"within 0\.3 s"):
        asyncio.run(impatient())


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize(
    ("script", "attempts", "requests", "answered"),
    [
        ("hang", 2, 1, 0),
        ("bad hang", 2, 2, 1),
        ("500 bad hang", 2, 3, 1),
        ("unfounded hang", 2, 2, 1),
        ("unfounded bad hang", 2, 3, 2),
    ],
)
def test_an_article_cut_off_by_its_deadline_counts_all_that_was_sent(
    endpoint: Any,
    says: Callable[..., Any],
    fails: Callable[..., Any],
    tmp_path: Path,
    *,
    script: str,
    attempts: int,
    requests: int,
    answered: int,
    cached: bool,
) -> None:
    """Lost requests, re-asks and drafts before stand in the record, and so do their tokens."""
    known = answers(says, fails)
    unfounded = json.loads(json.dumps(REPLY))
    unfounded["claims"][0]["p"] = ["1 @99"]
    known["unfounded"] = says(json.dumps(unfounded))
    endpoint.play(*(known[word] for word in script.split()))
    kept = AnswerCache(tmp_path / "cache") if cached else None

    async def impatient() -> Any:
        made = pipeline(endpoint, cache=kept)
        try:
            late = Pipeline(made.backend, attempts=attempts, deadline=1.0).summarize(Article(text=TEXT))
            return await asyncio.wait_for(late, GUARD)
        finally:
            await made.backend.aclose()

    with pytest.raises(errors.EndpointTimeout, match=r"within 1 s") as caught:
        asyncio.run(impatient())
    record = failure(Article(text=TEXT), caught.value).error
    assert len(endpoint.requests) == record.attempts == requests
    assert (record.tokens.input, record.tokens.output) == (100 * answered, 10 * answered)


def test_an_answer_without_a_statement_is_counted_in_its_failure(
    endpoint: Any, says: Callable[..., Any]
) -> None:
    """What an empty table took was paid for, though it is the article that is at fault."""
    empty = {**REPLY, "claims": [], "summary": [], "conflicts": [], "headline": {"t": "Nothing.", "c": []}}
    endpoint.play(says(json.dumps(empty)))
    came = asyncio.run(outcome(endpoint))
    assert type(came) is errors.AnswerEmpty
    record = failure(Article(text=TEXT), came).error
    assert (record.attempts, record.tokens.output) == (1, 10)


def test_the_command_line_tells_faults_in_our_words_only(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any], tmp_path: Path
) -> None:
    """Records carry attempts and tokens; no stream or record holds key, article or answer, or a traceback."""
    known = answers(says, fails)
    echo = fails(400, f"cannot process: {TEXT}")
    leak = fails(401, f"incorrect key {KEY}")
    script = [known["bad"], known["bad"], known["refusal"], known["length"], known["length"], echo, leak]
    endpoint.play(*script)
    inputs = [tmp_path / f"{name}.txt" for name in "abcde"]
    for path in inputs:
        path.write_text(TEXT, encoding="utf-8")
    arguments = ["run", *inputs, "--model", "scripted", "--no-cache", "--concurrency", 1]
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("OPENAI_", "SUMMARIZER_"))}
    environment |= {"OPENAI_BASE_URL": endpoint.base_url, "OPENAI_API_KEY": KEY}
    done = subprocess.run(
        [sys.executable, "-m", "summarizer", *map(str, arguments), "--out", str(tmp_path / "out")],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
        env={**environment, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    text = (tmp_path / "out/failures.jsonl").read_text("utf-8")
    records = [Failure.model_validate_json(line) for line in text.splitlines()]
    assert [(r.error.type, r.error.attempts, r.error.tokens.output) for r in records] == [
        ("AnswerMalformed", 2, 20),
        ("AnswerRefused", 1, 10),
        ("AnswerTruncated", 2, 20),
        ("RequestRejected", 1, 0),
        ("AuthenticationFailed", 1, 0),
    ]
    everything = done.stdout + done.stderr + text
    for secret in (*SECRETS, "Traceback"):
        assert secret not in everything
