"""Bytes from files: regular ones only, up to a limit, every fault of the system told as ours."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from summarizer.errors import InputError, InputNotFound, OversizedInput, UnreadableInput

_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR})


def contents(path: Path, where: str, limit: int) -> bytes:
    """Return a file's bytes.

    Raises:
        InputNotFound: There is no such file.
        UnreadableInput: The system does not let us read it, or it is no regular file.
        OversizedInput: It has more than ``limit`` bytes.
    """
    with opened(path, where) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise oversized("it", where, limit)
    return data


@contextmanager
def opened(path: Path, where: str) -> Iterator[BinaryIO]:
    """Open a file to read bytes from; faults while it is read are told as ours, too.

    Raises:
        InputNotFound: There is no such file.
        UnreadableInput: The system does not let us read it, or it is no regular file.
    """
    with faults(where):
        check(path, where)
        with path.open("rb") as stream:
            yield stream


def check(path: Path, where: str) -> None:
    """Refuse what is missing or no regular file; opening a pipe could wait for ever.

    Raises:
        InputNotFound: There is no such file, or a link points nowhere.
        UnreadableInput: It is a folder, a pipe, a device or a socket, or may not be looked at.
    """
    try:
        with faults(where):
            mode = path.stat().st_mode
    except ValueError:  # a NUL in the name
        raise InputNotFound("no file can have that name.", where=where, mend="Check the path.") from None
    if stat.S_ISDIR(mode):
        raise UnreadableInput("it is a folder, and a file is asked for here.", where=where)
    if not stat.S_ISREG(mode):
        what = f"it is a {_special(mode)}, no regular file."
        raise UnreadableInput(what, where=where, mend="Send its text to standard input and give -.")


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder or a link to one; what may not be looked at is none."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where a parent may not be searched


def is_link(path: Path | str) -> bool:
    """Tell whether a path is a link; what may not be looked at is none."""
    return os.path.islink(path)  # noqa: PTH114 - Path.is_symlink raises where a parent may not be searched


@contextmanager
def faults(where: str) -> Iterator[None]:
    """Tell the system's errors as errors of the input.

    Raises:
        InputNotFound: For a missing file.
        UnreadableInput: For every other fault.
    """
    try:
        yield
    except OSError as error:
        raise fault(error, where) from None


def fault(error: OSError, where: str) -> InputError:
    """Return our error for one of the system's."""
    if error.errno in _MISSING:
        link = bool(error.filename) and is_link(error.filename)
        what = "it is a link that points nowhere." if link else "there is no such file."
        return InputNotFound(what, where=where, mend="Check the path and the folder you are in.")
    if error.errno == errno.ELOOP:
        return UnreadableInput("it is a link that leads back to itself.", where=where, mend="Mend the link.")
    reason = error.strerror or type(error).__name__
    return UnreadableInput(
        f"the system does not let us read it: {reason}.", where=where, mend="Check its permissions."
    )


def oversized(it: str, where: str, limit: int) -> OversizedInput:
    """Return the error for an input over the limit."""
    return OversizedInput(
        f"{it} has more than {limit:,} bytes.", where=where, mend="Split it into single articles."
    )


def _special(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "pipe"
    if stat.S_ISSOCK(mode):
        return "socket"
    return "device"
