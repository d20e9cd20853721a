"""``summarizer doctor``: is the endpoint there, does it keep to a schema, what does it report."""

import asyncio
import time
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

import typer

from summarizer import wiring
from summarizer.cli import exits
from summarizer.domain.article import Article
from summarizer.domain.report import Report
from summarizer.errors import BackendError, SummarizerError
from summarizer.settings import OFFLINE, Settings

PROBE = (
    "A bus left the road near Almdorf on Monday, police said. Two passengers were hurt. "
    "The operator denied that the driver was tired."
)


def examine(settings: Settings) -> int:
    """Print a line for each thing looked at and return the exit code: 0 where all is well."""
    typer.echo(f"model      {settings.model}")
    if settings.model == OFFLINE:
        typer.echo("endpoint   none is needed: rules only, no language model")
    else:
        typer.echo(f"endpoint   {_shown(settings.base_url or 'https://api.openai.com/v1')}")
        typer.echo(f"key        {'set' if settings.api_key else 'not set'}")
    return asyncio.run(_examine(settings))


async def _examine(settings: Settings) -> int:
    try:
        if settings.model != OFFLINE:
            await _list_models(settings)
        return await _probe(settings)
    except SummarizerError as error:
        typer.echo(f"failed     {type(error).__name__}: {error}")
        return exits.FAILED


async def _list_models(settings: Settings) -> None:
    """Say what the endpoint lists; many good endpoints list nothing, so that alone is no failure."""
    transport = wiring.transport(settings)
    try:
        names = await transport.models()
    except BackendError as error:
        typer.echo(f"models     not listed ({error.what})")
        return
    finally:
        await transport.aclose()
    known = "listed" if wiring.model_name(settings) in names else "NOT listed"
    typer.echo(f"models     {len(names)}, {wiring.model_name(settings)!r} {known}")


async def _probe(settings: Settings) -> int:
    pipeline = replace(wiring.pipeline(settings), attempts=1)
    started = time.perf_counter()
    try:
        report = await pipeline.summarize(Article(text=PROBE, id="probe"))
    finally:
        await pipeline.backend.aclose()
    typer.echo(
        f"probe      {time.perf_counter() - started:.1f} s, {report.trace.attempts} draft(s), schema kept"
    )
    typer.echo(f"tokens     {_usage(report)}")
    typer.echo(
        f"claims     {len(report.claims)}, statuses {', '.join(sorted({c.status for c in report.claims}))}"
    )
    typer.echo(f"findings   {len(report.findings)}")
    return 0


def _usage(report: Report) -> str:
    tokens = report.trace.tokens
    if not tokens.input:
        return "none reported" if report.trace.model else "none: no model"
    return f"{tokens.input} in ({tokens.cached_input} cached), {tokens.output} out"


def _shown(url: str) -> str:
    """Return an address without what could be a secret in it."""
    parts = urlsplit(url)
    host = parts.netloc.rsplit("@", 1)[-1]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))
