"""``summarizer cache``: what is kept on disk, and away with it."""

import sqlite3

import typer

from summarizer import wiring
from summarizer.cache import clear, contents
from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.settings import Settings
from summarizer.text.folding import printable


def show_cache(settings: Settings) -> int:
    """Print folder, entries and bytes; 1 where the cache cannot be read."""
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
    folder = wiring.cache_folder(settings)
    try:
        removed = clear(folder)
    except OSError as error:
        say(f"{folder}: cannot be cleared: {error}.")
        return exits.FAILED
    what = "a database that could not be read" if removed is None else f"{removed} entries"
    typer.echo(f"removed    {what} from {printable(str(folder))}")
    return 0
