import asyncio
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from openai.types.chat import ChatCompletion
from opentelemetry import metrics, trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from summarizer import Article, Summarizer, errors, telemetry
from summarizer.domain.report import Tokens

TEXT = (
    "Two ferries collided off Norra on Monday, the coast guard said. "
    "The harbour master, Ilse Brandt, denied that anyone was hurt."
)
BODY = {"model": "scripted", "messages": [{"role": "user", "content": TEXT}]}


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Every span that ends in this test."""
    kept, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    yield kept
    provider.shutdown()


def noted(exporter: InMemorySpanExporter) -> dict[str, Any]:
    """Return the attributes of the only span."""
    (span,) = exporter.get_finished_spans()
    return dict(span.attributes or {})


def exchange(endpoint: str = "http://127.0.0.1:9/v1", **answer: Any) -> None:
    """Span one request with a given answer."""
    body = {"choices": [{"index": 0, "finish_reason": "stop"}], **answer}
    with telemetry.exchanging(endpoint, BODY, 1) as told:
        told(ChatCompletion.construct(**body), Tokens())


def test_an_article_is_one_span(exporter: InMemorySpanExporter) -> None:
    """It names the article, its length and who wrote, counts drafts and findings, and says nothing else."""
    with Summarizer(model="offline") as summarizer:
        report = summarizer.summarize(Article(text=TEXT, id="ferries", title="Ferries collide"))
    found = [finding.severity for finding in report.findings]
    (span,) = exporter.get_finished_spans()
    assert (span.name, span.kind, span.status.status_code) == (
        "summarize",
        trace.SpanKind.INTERNAL,
        trace.StatusCode.UNSET,
    )
    assert span.attributes == {
        "summarizer.article.id": "ferries",
        "summarizer.article.characters": len(TEXT),
        "summarizer.backend": "offline",
        **({"summarizer.model": report.trace.model} if report.trace.model else {}),
        "summarizer.attempts": 1,
        "summarizer.cached": False,
        "summarizer.findings.error": found.count("error"),
        "summarizer.findings.warning": found.count("warning"),
        "summarizer.findings.note": found.count("note"),
    }


def test_a_failed_article_is_a_span_with_the_kind_of_error(exporter: InMemorySpanExporter) -> None:
    """Its status is an error, and the words of the error are not on it."""
    with Summarizer(model="offline") as summarizer, pytest.raises(errors.EmptyInput):
        summarizer.summarize(Article(text=" ", id="blank"))
    (span,) = exporter.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "EmptyInput"
    assert span.status.status_code is trace.StatusCode.ERROR
    assert span.status.description is None
    assert not span.events


def test_spans_are_children_of_the_callers(exporter: InMemorySpanExporter) -> None:
    """That holds for the sync methods, which run on another thread, and articles do not nest."""
    articles = [Article(text=TEXT, id=str(n)) for n in range(3)]
    with (
        trace.get_tracer_provider().get_tracer("theirs").start_as_current_span("night run") as theirs,
        Summarizer(model="offline") as summarizer,
    ):
        assert len(list(summarizer.summarize_many(articles))) == 3
    ours = [span for span in exporter.get_finished_spans() if span.name == "summarize"]
    assert len(ours) == 3
    assert {_parent(span) for span in ours} == {theirs.get_span_context().span_id}


def _parent(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


@pytest.mark.parametrize(
    ("endpoint", "address", "port"),
    [
        ("https://api.openai.com/v1", "api.openai.com", 443),
        ("http://localhost:8080/v1", "localhost", 8080),
        ("http://[::1]/v1", "::1", 80),
        ("https://host:99999/v1", None, None),
        ("localhost:9/v1", None, None),
        ("http://[::1/v1", None, None),
    ],
)
def test_the_server_is_named_where_the_endpoint_is_an_address(
    exporter: InMemorySpanExporter, endpoint: str, address: str | None, port: int | None
) -> None:
    """The port is the scheme's where none is given; what is no address does no harm."""
    exchange(endpoint)
    known = noted(exporter)
    assert (known.get("server.address"), known.get("server.port")) == (address, port)


def test_what_an_endpoint_calls_itself_is_noted_only_where_it_is_a_name(
    exporter: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    """Prose, numbers and nested values in the answer's fields stay out, and nobody complains of them."""
    exchange(id=7, model=TEXT, choices=[{"index": 0, "finish_reason": {"why": TEXT}}])
    known = noted(exporter)
    assert not {"gen_ai.response.id", "gen_ai.response.model"} & set(known)
    assert known["gen_ai.response.finish_reasons"] == ("unknown",)
    assert not caplog.records


def test_usage_that_was_not_reported_is_not_noted(exporter: InMemorySpanExporter) -> None:
    """No count is not a count of zero."""
    exchange(id="chatcmpl-1", model="scripted")
    assert not [name for name in noted(exporter) if name.startswith("gen_ai.usage")]


def test_a_cancelled_request_is_noted_as_such(exporter: InMemorySpanExporter) -> None:
    """Its span ends with the kind of error, and the cancellation goes on."""
    with pytest.raises(asyncio.CancelledError), telemetry.exchanging("", BODY, 1):
        raise asyncio.CancelledError
    assert noted(exporter)["error.type"] == "CancelledError"


class _Old:
    """A meter provider, meter and histogram of an API that knows no bucket boundaries; it counts."""

    def __init__(self) -> None:
        self.meters, self.recorded = 0, 0

    def get_meter(self, _name: str) -> "_Old":
        self.meters += 1
        return self

    def create_histogram(self, _name: str, _unit: str, _description: str) -> "_Old":
        return self

    def record(self, _value: float, _attributes: dict[str, Any]) -> None:
        self.recorded += 1


def test_an_older_api_is_no_reason_to_fail_and_one_meter_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are measured without boundaries, and no second meter is asked for: the API would keep it."""
    old = _Old()
    monkeypatch.setattr(metrics, "get_meter_provider", lambda: old)
    for _ in range(3):
        exchange()
    assert (old.meters, old.recorded) == (1, 3)


def test_where_nobody_loaded_the_api_nothing_is_spanned(
    exporter: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks run all the same, and errors come through as they are."""
    for part in ("trace", "metrics"):
        monkeypatch.setitem(sys.modules, f"opentelemetry.{part}", None)
    exchange()
    telemetry.taken_from_cache()
    with pytest.raises(ZeroDivisionError), telemetry.exchanging("", BODY, 1):
        raise ZeroDivisionError
    assert not exporter.get_finished_spans()
