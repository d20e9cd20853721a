"""One process at a time in a folder; a process that has ended, however it ended, holds no lock."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from summarizer.errors import OutputError, SettingsError

NAME = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's lock while the block runs.

    Raises:
        SettingsError: Another process holds it.
        OutputError: The folder cannot be written.
    """
    try:
        stream = (folder / NAME).open("a+b")
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}.", where=f"--out {folder}") from None
    with stream:
        if not _take(stream):
            stream.seek(1)
            holder = stream.read(20).decode("ascii", "replace").strip()
            raise SettingsError(
                f"another run writes into it{f' (process {holder})' if holder else ''}.",
                where=f"--out {folder}",
                mend="Wait for it, or name another folder.",
            )
        stream.truncate(0)
        stream.write(f" {os.getpid()}".encode())  # behind the first byte, which is what Windows locks
        stream.flush()
        yield


def _take(stream: BinaryIO) -> bool:
    """Lock a file; the system frees it when it is closed, or its process ends."""
    try:
        import fcntl
    except ImportError:
        return _take_on_windows(stream)
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without this kind of lock may have the other
        try:
            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def _take_on_windows(stream: BinaryIO) -> bool:
    import msvcrt

    stream.seek(0)
    try:
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True
