"""``summarizer cache``: what is kept, on disk or on a server, and away with it."""

import sqlite3

import typer

from summarizer import wiring
from summarizer.cache import clear, contents, shared
from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.settings import Settings
from summarizer.text.folding import printable


def show_cache(settings: Settings) -> int:
    """Print place, entries and bytes; 1 where the cache cannot be read."""
    if settings.cache_url:
        return _show_server(settings.cache_url.get_secret_value(), settings.cache_days)
    folder = wiring.cache_folder(settings)
    if not settings.cache:
        say("SUMMARIZER_CACHE=off: no answer is kept or used; this is where answers were kept without it.")
    typer.echo(f"folder     {printable(str(folder))}")
    try:
        held = contents(folder)
    except (sqlite3.Error, OSError) as error:
        say(f"{folder}: cannot be read: {error}. `summarizer cache clear` starts afresh.")
        return exits.FAILED
    typer.echo(f"entries    {held.entries}")
    typer.echo(f"bytes      {held.bytes} (limit {settings.cache_limit})")
    return 0


def clear_cache(settings: Settings) -> int:
    """Remove all answers; 1 where that cannot be."""
    if settings.cache_url:
        return _clear_server(settings.cache_url.get_secret_value())
    folder = wiring.cache_folder(settings)
    try:
        removed = clear(folder)
    except OSError as error:
        say(f"{folder}: cannot be cleared: {error}.")
        return exits.FAILED
    what = "a database that could not be read" if removed is None else f"{removed} entries"
    typer.echo(f"removed    {what} from {printable(str(folder))}")
    return 0


def _show_server(url: str, days: float | None) -> int:
    typer.echo(f"server     {shared.shown(url)}")
    try:
        held = shared.contents_at(url)
    except OSError as error:
        say(f"{shared.shown(url)}: cannot be read: {error}.")
        return exits.FAILED
    typer.echo(f"entries    {held.entries}")
    typer.echo(f"bytes      {held.bytes} (the server's own limit holds)")
    typer.echo(f"kept       {days or shared.DAYS:g} days")
    return 0


def _clear_server(url: str) -> int:
    try:
        removed = shared.clear_at(url)
    except OSError as error:
        say(f"{shared.shown(url)}: cannot be cleared: {error}.")
        return exits.FAILED
    typer.echo(f"removed    {removed} entries from {shared.shown(url)}")
    return 0
