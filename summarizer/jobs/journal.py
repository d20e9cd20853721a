"""Lines of JSON on disk that outlive a crash: each is there whole or not at all."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


class Journal:
    """A file to which lines are only ever added, each on the disk before the next step is taken."""

    def __init__(self, path: Path) -> None:
        self._path, self._is_mended = path, False

    def lines(self) -> list[dict[str, Any]]:
        """Return what was written; a last line that a crash tore is not there."""
        return [json.loads(line) for line in self._whole().splitlines()]

    def add(self, line: Mapping[str, Any]) -> None:
        """Write a line, in the place of a torn one, and wait until it is on the disk."""
        if not self._is_mended:
            self._path.touch()
            with self._path.open("r+b") as file:
                file.truncate(len(self._whole()))
            self._is_mended = True
        with self._path.open("ab") as file:
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            sync(file)

    def _whole(self) -> bytes:
        data = self._path.read_bytes() if self._path.exists() else b""
        return data[: data.rfind(b"\n") + 1]


def sync(file: IO[Any]) -> None:
    """Wait until what was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that is there whole at the block's end, or stays as it was."""
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        yield file
        sync(file)
    new.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can do that."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
