"""What somebody who runs OpenTelemetry sees of a run against an endpoint, and what nobody ever sees."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from summarizer import errors
from summarizer.backends.openai import OpenAIBackend
from summarizer.backends.openai.transport import Transport
from summarizer.cache import AnswerCache
from summarizer.domain.article import Article
from summarizer.domain.report import Report
from summarizer.pipeline import Pipeline
from summarizer.prompts import example

TEXT, REPLY = example()
KEY = "sk-secret-0123456789"
TITLE = "A night of violins at the harbour"
WRITTEN = "the harbour master dreams of violins"
"""What the model writes where it misses the schema."""
SECRETS = (KEY, TITLE, WRITTEN, *TEXT.splitlines())


@dataclass
class Seen:
    """What came of a run, as an exporter sees it."""

    spans: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)
    reader: InMemoryMetricReader = field(default_factory=InMemoryMetricReader)

    def named(self, start: str) -> list[ReadableSpan]:
        """Return the spans whose name starts so, in the order they began."""
        found = [span for span in self.spans.get_finished_spans() if span.name.startswith(start)]
        return sorted(found, key=lambda span: span.start_time or 0)

    @property
    def article(self) -> ReadableSpan:
        """The span of the only article."""
        (span,) = self.named("summarize")
        return span

    def points(self, name: str) -> list[HistogramDataPoint]:
        """Return the data points of a histogram."""
        data = self.reader.get_metrics_data()
        scopes = (
            [scope for resource in data.resource_metrics for scope in resource.scope_metrics] if data else []
        )
        found = [metric.data for scope in scopes for metric in scope.metrics if metric.name == name]
        return [
            point for data in found for point in data.data_points if isinstance(point, HistogramDataPoint)
        ]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Providers for spans and metrics, set up for this test."""
    seen = Seen()
    tracers = TracerProvider(shutdown_on_exit=False)
    tracers.add_span_processor(SimpleSpanProcessor(seen.spans))
    meters = MeterProvider([seen.reader], shutdown_on_exit=False)
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: tracers)
    monkeypatch.setattr(metrics, "get_meter_provider", lambda: meters)
    yield seen
    tracers.shutdown()
    meters.shutdown()


def run(
    endpoint: Any, *answers: dict[str, Any], cache: Path | None = None, deadline: float = 30.0, **options: Any
) -> Report | errors.SummarizerError:
    """Summarise one article while the endpoint plays the answers; return the report or the error."""
    endpoint.requests.clear()
    endpoint.play(*answers)
    limits = {"timeout": 30.0, "deadline": 30.0, "attempts": 2, "backoff": 0.005, **options}

    async def once() -> Report:
        kept = AnswerCache(cache) if cache else None
        transport = Transport(base_url=endpoint.base_url, api_key=KEY, cache=kept, **limits)
        backend = OpenAIBackend("scripted", transport, temperature=0.5, max_output_tokens=4000)
        try:
            pipeline = Pipeline(backend, attempts=1, deadline=deadline)
            return await pipeline.summarize(Article(text=TEXT, id="a1", title=TITLE))
        finally:
            await backend.aclose()

    try:
        return asyncio.run(asyncio.wait_for(once(), 20))
    except errors.SummarizerError as error:
        return error


@pytest.fixture
def good(says: Callable[..., Any]) -> dict[str, Any]:
    """An answer to the schema, part of its prompt from the provider's cache."""
    answer: dict[str, Any] = says(json.dumps(REPLY))
    answer["body"]["usage"]["prompt_tokens_details"] = {"cached_tokens": 40}
    return answer


def test_a_good_run_is_a_client_span_in_an_article_span(
    endpoint: Any, good: dict[str, Any], seen: Seen
) -> None:
    """The request carries what the conventions name and our number, and no other attribute."""
    report = run(endpoint, good)
    assert isinstance(report, Report)
    (chat,) = seen.named("chat")
    assert (chat.name, chat.kind) == ("chat scripted", trace.SpanKind.CLIENT)
    assert chat.status.status_code is trace.StatusCode.UNSET
    assert chat.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "scripted",
        "gen_ai.request.max_tokens": 4000,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.output.type": "json",
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.model": "scripted",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.cache_read.input_tokens": 40,
        "gen_ai.usage.output_tokens": 10,
        "openai.api.type": "chat_completions",
        "server.address": "127.0.0.1",
        "server.port": endpoint.server_address[1],
        "summarizer.request.number": 1,
    }
    article = seen.article
    assert chat.parent
    assert article.context
    assert chat.parent.span_id == article.context.span_id
    attributes = dict(article.attributes or {})
    assert attributes["summarizer.model"] == "scripted"
    assert attributes["summarizer.cached"] is False
    assert sum(v for k, v in attributes.items() if "findings" in k) == len(report.findings)  # type: ignore[misc]


def test_requests_are_measured(
    endpoint: Any, good: dict[str, Any], fails: Callable[..., Any], seen: Seen
) -> None:
    """Duration counts every request, failed ones by their error; tokens are those that were reported."""
    run(endpoint, fails(500), good)
    durations = {
        (p.attributes or {}).get("error.type"): p for p in seen.points("gen_ai.client.operation.duration")
    }
    assert {error: point.count for error, point in durations.items()} == {"500": 1, None: 1}
    assert durations[None].explicit_bounds[:3] == (0.01, 0.02, 0.04)
    tokens = {(p.attributes or {})["gen_ai.token.type"]: p for p in seen.points("gen_ai.client.token.usage")}
    assert {kind: point.sum for kind, point in tokens.items()} == {"input": 100, "output": 10}
    assert tokens["input"].attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "scripted",
        "gen_ai.response.model": "scripted",
        "gen_ai.token.type": "input",
        "server.address": "127.0.0.1",
        "server.port": endpoint.server_address[1],
    }


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 429, "body": {"error": {"message": "slow down"}}}, "429"),
        ({"reset": True}, "APIConnectionError"),
        ({"hang": True}, "EndpointTimeout"),
        ({"status": 200, "raw": '{"id": "chatcmpl-1", "choi'}, "EndpointGarbled"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_request_sent_again_is_two_client_spans(
    endpoint: Any, good: dict[str, Any], seen: Seen, fault: dict[str, Any], kind: str
) -> None:
    """The first says what kind of error it met, the second and the article none."""
    assert isinstance(run(endpoint, fault, good, timeout=0.8), Report)
    first, second = seen.named("chat")
    assert [(s.attributes or {}).get("error.type") for s in (first, second, seen.article)] == [
        kind,
        None,
        None,
    ]
    assert [(s.attributes or {})["summarizer.request.number"] for s in (first, second)] == [1, 2]
    assert [s.status.status_code.name for s in (first, second, seen.article)] == ["ERROR", "UNSET", "UNSET"]


def test_an_article_that_failed_says_so_on_every_span(
    endpoint: Any, fails: Callable[..., Any], seen: Seen
) -> None:
    """Requests carry the status, the article our error; none carries words."""
    assert isinstance(run(endpoint, fails(503, "overloaded")), errors.EndpointOverloaded)
    spans = [*seen.named("chat"), seen.article]
    assert [(s.attributes or {})["error.type"] for s in spans] == ["503", "503", "EndpointOverloaded"]
    assert {(s.status.status_code.name, s.status.description, s.events) for s in spans} == {
        ("ERROR", None, ())
    }


def test_a_deadline_ends_the_spans_under_way(endpoint: Any, seen: Seen) -> None:
    """The request that it broke off was cancelled; the article ran out of time."""
    assert isinstance(run(endpoint, {"hang": True}, deadline=0.3), errors.EndpointTimeout)
    spans = [*seen.named("chat"), seen.article]
    assert [(s.attributes or {})["error.type"] for s in spans] == ["CancelledError", "EndpointTimeout"]


def test_an_answer_from_the_cache_is_an_event_and_no_request(
    endpoint: Any, good: dict[str, Any], seen: Seen, tmp_path: Path
) -> None:
    """The article's span says that it was cached; there is no client span and no measure for it."""
    run(endpoint, good, cache=tmp_path)
    seen.spans.clear()
    assert isinstance(run(endpoint, good, cache=tmp_path), Report)
    assert not endpoint.requests
    assert not seen.named("chat")
    assert (seen.article.attributes or {})["summarizer.cached"] is True
    assert [event.name for event in seen.article.events] == ["summarizer.answer.cached"]
    assert [point.count for point in seen.points("gen_ai.client.operation.duration")] == [1]


def test_no_span_metric_or_log_holds_article_title_answer_or_key(
    *,
    endpoint: Any,
    good: dict[str, Any],
    says: Callable[..., Any],
    fails: Callable[..., Any],
    seen: Seen,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    """That holds when all goes well and when an endpoint echoes what it was sent.

    Our own log is checked at every level, the libraries' from INFO on; a good run says nothing at INFO.
    """
    caplog.set_level("INFO")
    caplog.set_level("DEBUG", "summarizer")
    for _ in range(2):
        run(endpoint, good, cache=tmp_path)
    assert not [r for r in caplog.records if r.name.startswith("summarizer") and r.levelname != "DEBUG"]
    echo = {**good, "body": {**good["body"], "id": TEXT, "model": TITLE}}
    for answer in (
        echo,
        says(json.dumps({"sources": [WRITTEN]})),
        says(None, refusal=TEXT),
        says(WRITTEN, finish="length"),
        fails(400, f"cannot process: {TEXT}"),
        fails(401, f"incorrect key {KEY}"),
        {"status": 200, "raw": TEXT},
    ):
        run(endpoint, answer)
    spans = [span.to_json() for span in seen.spans.get_finished_spans()]
    assert len(spans) > 15
    data = seen.reader.get_metrics_data()
    logs = [f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records]
    everything = "\n".join([*spans, data.to_json() if data else "", *logs])
    assert not [
        secret for secret in SECRETS if secret in everything or json.dumps(secret)[1:-1] in everything
    ]


_PROGRAM = """
import json, sys
if sys.argv[1] == "blocked":
    sys.modules["opentelemetry"] = None
if sys.argv[1] == "loaded":
    import opentelemetry.trace, opentelemetry.metrics
import summarizer
with summarizer.Summarizer("scripted", base_url=sys.argv[2], api_key="none", cache=False, attempts=1) as made:
    report = made.summarize(sys.stdin.read())
loaded = [name for name, module in sys.modules.items() if module and name.startswith("opentelemetry")]
print(json.dumps({"report": report.to_json(), "loaded": loaded}))
"""


def test_a_run_without_opentelemetry_is_the_same_run(endpoint: Any, good: dict[str, Any]) -> None:
    """Blocked, installed but not loaded, loaded but not set up: one report, and we never load it."""
    endpoint.play(good)
    environment = {
        n: v for n, v in os.environ.items() if not n.startswith(("OPENAI_", "SUMMARIZER_", "OTEL_"))
    }
    came = {}
    for how in ("blocked", "installed", "loaded"):
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, how, endpoint.base_url], input=TEXT,
            capture_output=True, text=True, encoding="utf-8", check=True, timeout=120,
            env={**environment, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        assert not done.stderr
        came[how] = json.loads(done.stdout)
    reports = [json.loads(one["report"]) for one in came.values()]
    for report in reports:
        del report["trace"]["seconds"]
    assert reports[0] == reports[1] == reports[2]
    assert [bool(one["loaded"]) for one in came.values()] == [False, False, True]
