"""Spans and metrics by OpenTelemetry's conventions for generative AI, where the program around us set it up.

Nothing is imported here that was not imported already: whoever sets a provider up has loaded the API. No
span, event or metric holds article text, a title, a prompt, an answer, the words of an error, or a key.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, get_args
from urllib.parse import urlsplit

from summarizer.domain.article import Article
from summarizer.domain.backend import Backend
from summarizer.domain.finding import Severity
from summarizer.domain.report import Report, Tokens

if TYPE_CHECKING:
    from opentelemetry.metrics import Histogram, Meter, MeterProvider
    from opentelemetry.trace import Span, Tracer, TracerProvider

_SCOPE: Final = "summarizer"
# The boundaries that the conventions ask for.
_SECONDS: Final = tuple(0.01 * 2**n for n in range(14))
_TOKENS: Final = tuple(4**n for n in range(14))


@contextmanager
def summarizing(article: Article, backend: Backend) -> Iterator[Callable[[Report], None]]:
    """Span the making of one report; what this yields is to be told the report."""
    begun = {
        "summarizer.article.id": article.id,
        "summarizer.article.characters": article.characters,
        "summarizer.backend": backend.name,
        "summarizer.model": backend.model,
    }
    made: dict[str, Any] = {}
    with _span("summarize", "INTERNAL", begun, made):
        yield lambda report: made.update(_of_report(report))


@contextmanager
def exchanging(
    endpoint: str, body: Mapping[str, Any], number: int
) -> Iterator[Callable[[Any, Tokens], None]]:
    """Span and measure one request to a model; what this yields is to be told the answer and its tokens.

    Args:
        endpoint: The base URL, without what may be secret in one.
        body: What is sent; its model and limits are noted, nothing else.
        number: Which of a draft's requests it is, from 1.
    """
    asked = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",  # the interface spoken, whoever is behind it
        "gen_ai.request.model": body.get("model"),
        **_server(endpoint),
    }
    more = {
        "gen_ai.output.type": "json" if "response_format" in body else None,
        "gen_ai.request.max_tokens": body.get("max_completion_tokens"),
        "gen_ai.request.temperature": body.get("temperature"),
        "openai.api.type": "chat_completions",
        "summarizer.request.number": number,
    }
    came: dict[str, Any] = {}
    started = time.perf_counter()
    try:
        with _span(f"chat {body.get('model')}", "CLIENT", asked | more, came):
            yield lambda answer, tokens: came.update(_of_answer(answer, tokens))
    finally:
        _measure(asked, came, time.perf_counter() - started)


def taken_from_cache() -> None:
    """Note on the span under way that an answer was at hand and no request was sent."""
    if _loaded("trace"):
        from opentelemetry import trace

        trace.get_current_span().add_event("summarizer.answer.cached")


def _of_report(report: Report) -> dict[str, Any]:
    found = Counter(finding.severity for finding in report.findings)
    return {
        "summarizer.attempts": report.trace.attempts,
        "summarizer.cached": report.trace.cached,
        **{f"summarizer.findings.{severity}": found[severity] for severity in get_args(Severity)},
    }


def _of_answer(answer: Any, tokens: Tokens) -> dict[str, Any]:
    reasons = [_name(getattr(choice, "finish_reason", None)) for choice in answer.choices]
    return {
        "gen_ai.response.id": _name(getattr(answer, "id", None)),
        "gen_ai.response.model": _name(getattr(answer, "model", None)),
        "gen_ai.response.finish_reasons": [reason or "unknown" for reason in reasons],
        "gen_ai.usage.input_tokens": tokens.input or None,
        "gen_ai.usage.output_tokens": tokens.output or None,
        "gen_ai.usage.cache_read.input_tokens": tokens.cached_input or None,
    }


def _name(said: object) -> str | None:
    """Return a name that an endpoint gave; it may give anything, and prose is none."""
    return said if isinstance(said, str) and len(said) <= 128 and " " not in said else None


def _server(endpoint: str) -> dict[str, Any]:
    try:
        parts = urlsplit(endpoint)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return {}
    return {"server.address": parts.hostname, "server.port": port} if parts.hostname else {}


@contextmanager
def _span(name: str, kind: str, begun: Mapping[str, Any], ended: dict[str, Any]) -> Iterator[None]:
    """Run a block in a span that at its end is given what ``ended`` then holds, an error's kind included."""
    with _opened(name, kind, begun) as span:
        try:
            yield
        except BaseException as error:
            ended["error.type"] = _kind(error)
            raise
        finally:
            if span is not None:
                _close(span, ended)


def _opened(name: str, kind: str, begun: Mapping[str, Any]) -> "AbstractContextManager[Span | None]":
    if not _loaded("trace"):
        return nullcontext()
    from opentelemetry import trace

    return _tracer(trace.get_tracer_provider()).start_as_current_span(
        name,
        kind=trace.SpanKind[kind],
        attributes=_known(begun),
        record_exception=False,  # an error's words may be the endpoint's, and those may be the article's
        set_status_on_exception=False,
    )


def _close(span: "Span", ended: Mapping[str, Any]) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_attributes(_known(ended))
    if "error.type" in ended:
        span.set_status(Status(StatusCode.ERROR))


def _measure(asked: Mapping[str, Any], came: Mapping[str, Any], seconds: float) -> None:
    if not _loaded("metrics"):
        return
    from opentelemetry import metrics

    duration, usage = _histograms(metrics.get_meter_provider())
    common = _known({**asked, "gen_ai.response.model": came.get("gen_ai.response.model")})
    duration.record(seconds, _known({**common, "error.type": came.get("error.type")}))
    for kind in ("input", "output"):
        if count := came.get(f"gen_ai.usage.{kind}_tokens"):
            usage.record(count, {**common, "gen_ai.token.type": kind})


# One of each for a provider: before one is set up, the API keeps every meter that was ever asked for.
@lru_cache(maxsize=2)
def _tracer(provider: "TracerProvider") -> "Tracer":
    return provider.get_tracer(_SCOPE)


@lru_cache(maxsize=2)
def _histograms(provider: "MeterProvider") -> "tuple[Histogram, Histogram]":
    meter = provider.get_meter(_SCOPE)
    told = "GenAI operation duration.", "Number of input and output tokens used."
    return (
        _histogram(meter, "gen_ai.client.operation.duration", "s", told[0], _SECONDS),
        _histogram(meter, "gen_ai.client.token.usage", "{token}", told[1], _TOKENS),
    )


def _histogram(
    meter: "Meter", name: str, unit: str, description: str, boundaries: Sequence[float]
) -> "Histogram":
    try:
        return meter.create_histogram(name, unit, description, explicit_bucket_boundaries_advisory=boundaries)
    except TypeError:  # an older API, which the program around us may have, takes none
        return meter.create_histogram(name, unit, description)


def _kind(error: BaseException) -> str:
    """Name an error by its HTTP status, or else its class."""
    return str(getattr(error, "status_code", None) or type(error).__name__)


def _known(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def _loaded(part: str) -> bool:
    """Say whether a part of the API was imported by somebody, as it is wherever a provider is set up."""
    return sys.modules.get(f"opentelemetry.{part}") is not None
