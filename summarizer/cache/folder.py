"""The folder of the cache: where it is, whose it is, what it holds."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

DATABASE = "cache.db"
_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a cache holds: answers, and bytes on disk."""

    entries: int
    bytes: int


def default_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return ``$XDG_CACHE_HOME/grounded-summarizer``, by default under ``~/.cache``."""
    environment = os.environ if environment is None else environment
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path("~/.cache")) / "grounded-summarizer"


def contents(folder: Path) -> Contents:
    """Count what is there; a cache that is not there is not made.

    Raises:
        OSError: The folder cannot be read.
        sqlite3.Error: The database cannot be read.
    """
    folder = folder.expanduser().absolute()
    size = sum(file.stat().st_size for file in _files(folder))
    if not (folder / DATABASE).is_file():
        return Contents(0, size)
    with closing(sqlite3.connect(f"{(folder / DATABASE).as_uri()}?mode=rw", uri=True)) as database:
        (entries,) = database.execute("SELECT COUNT(*) FROM Cache WHERE key NOT LIKE 'lease:%'").fetchone()
    return Contents(entries, size)


def clear(folder: Path) -> int | None:
    """Remove all answers and return how many; None where a database that cannot be read was deleted.

    Raises:
        OSError: The folder is not ours, or cannot be written.
    """
    folder = folder.expanduser().absolute()
    if not list(_files(folder)):
        return 0
    prepared(folder)
    try:
        return _emptied(folder)
    except Exception:  # noqa: BLE001 - a database that somebody tampered with may raise anything
        for file in _files(folder):
            file.unlink(missing_ok=True)
        return None


def prepared(folder: Path) -> Path:
    """Make the folder, or take it over if it is ours, and keep others out.

    Raises:
        OSError: It cannot be made, belongs to somebody else, or holds other things than a cache.
    """
    folder = folder.expanduser().absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "geteuid") and folder.stat().st_uid != os.geteuid():
        raise PermissionError("the folder belongs to another user")
    names = {entry.name for entry in folder.iterdir()}
    if names and DATABASE not in names:
        raise PermissionError("the folder holds other things than a cache")
    folder.chmod(0o700)
    return folder


def _emptied(folder: Path) -> int:
    """Delete through the database: other processes may be at work on it."""
    from summarizer.cache.disk import SafeCache

    held = contents(folder).entries
    with SafeCache(folder, 2**40) as cache:
        cache.clear()
    return held


def _files(folder: Path) -> list[Path]:
    return [folder / name for name in _FILES if (folder / name).is_file()]
