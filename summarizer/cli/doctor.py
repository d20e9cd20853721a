"""``summarizer doctor``: prints what an endpoint can do, a line a verdict."""

import asyncio

import typer

from summarizer import wiring
from summarizer.backends.openai.faults import shown
from summarizer.cli import exits
from summarizer.examination import examine as verdicts
from summarizer.settings import OFFLINE, Settings
from summarizer.text.folding import printable


def examine(settings: Settings) -> int:
    """Print a line for each thing looked at and return the exit code: 0 where articles can be summarised."""
    _line("model", settings.model)
    if settings.model == OFFLINE:
        _line("endpoint", "none is needed: rules only, no language model")
    else:
        _line("endpoint", shown(settings.base_url or "https://api.openai.com/v1"))
        _line("key", "set" if settings.api_key else "not set")
    return asyncio.run(_examine(settings))


async def _examine(settings: Settings) -> int:
    # An answer kept from another day says nothing about the endpoint of today.
    settings = settings.model_copy(update={"cache": False})
    backend, probe = wiring.backend(settings), wiring.probe(settings)
    usable = False
    try:
        async for verdict in verdicts(backend, probe):
            _line(verdict.about, f"{verdict.mark:<8} {verdict.means}")
            usable = not verdict.fatal
    finally:
        await backend.aclose()
        if probe is not None:
            await probe.aclose()
    return 0 if usable else exits.FAILED


def _line(about: str, told: str) -> None:
    # What an endpoint said may hold anything.
    typer.echo(f"{about:<10} {printable(told)}".replace("\n", " "))
