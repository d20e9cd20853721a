"""diskcache without its dangers: nothing in a database makes us run code or touch another file.

diskcache unpickles what it finds (CVE-2025-69872, not fixed upstream), follows file names in rows to read
and to delete, and obeys the settings it finds. Here values are text inside the database or refused.
Imports diskcache when imported: import it inside a function.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from diskcache import DEFAULT_SETTINGS, ENOVAL, UNKNOWN, Cache, Disk
from diskcache.core import METADATA, MODE_RAW

PATIENCE = 5.0
"""Seconds to wait for another process's write to end."""
_SETTINGS = {
    **DEFAULT_SETTINGS,
    "disk_min_file_size": 2**31 - 1,  # every value inline
    "sqlite_mmap_size": 0,  # a mapped file that somebody cuts short kills the process
}


class SafeDisk(Disk):  # type: ignore[misc]  # diskcache has no types
    """Keys and values are text in the row itself."""

    def put(self, key: Any) -> tuple[str, bool]:
        """Take a key that needs no pickling."""
        if type(key) is not str:
            raise TypeError("keys must be str")
        return key, True

    def get(self, key: Any, raw: Any) -> str:
        """Give a key back."""
        if not raw or type(key) is not str:
            raise ValueError("a key that is no text is refused")
        return key

    def store(self, value: Any, read: bool, key: Any = UNKNOWN) -> tuple[int, int, None, str]:
        """Take a value that needs no pickling and no file."""
        del key
        if read or type(value) is not str:
            raise TypeError("values must be str")
        return 0, MODE_RAW, None, value

    def fetch(self, mode: Any, filename: Any, value: Any, read: Any) -> str:
        """Give a value back."""
        if mode != MODE_RAW or filename is not None or read or type(value) is not str:
            raise ValueError("an entry that is no text is refused")
        return value

    def remove(self, file_path: Any) -> None:
        """Delete no file: we wrote none."""


class SafeCache(Cache):  # type: ignore[misc]  # diskcache has no types
    """A cache that never pickles, keeps to its own settings and does not wait for long."""

    def __init__(self, folder: Path, limit: int) -> None:
        if os.path.expandvars(folder) != str(folder):
            raise ValueError("diskcache would read '$' in the folder's name as a variable")
        super().__init__(folder, timeout=PATIENCE, disk=SafeDisk, **{**_SETTINGS, "size_limit": limit})

    def reset(self, key: Any, value: Any = ENOVAL, update: bool = True) -> Any:
        """Refuse settings that only the database knows: they become attributes and SQL."""
        if key not in _SETTINGS and key not in METADATA:
            raise ValueError("an unknown setting is refused")
        if key.startswith("sqlite_"):
            # Our value whatever the database holds, and without diskcache's own minute of trying.
            self._sql_retry(f"PRAGMA {key.removeprefix('sqlite_')} = {_SETTINGS[key]}").fetchall()
            return _SETTINGS[key]
        return super().reset(key, value, update)

    @property
    def _sql_retry(self) -> Callable[..., Any]:
        """Wait for a locked database as long as we do elsewhere; diskcache's own takes a minute."""
        sql = self._sql
        end = time.monotonic() + PATIENCE

        def patient(statement: str, *args: Any) -> Any:
            while True:
                try:
                    return sql(statement, *args)
                except OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > end:
                        raise
                    time.sleep(0.01)

        return patient
