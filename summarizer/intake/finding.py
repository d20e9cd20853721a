"""What a path argument stands for: a file, the files of a folder, or those that a glob matches."""

import hashlib
import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import InputNotFound
from summarizer.intake import disk, formats
from summarizer.intake.unread import Unread

_LOG = logging.getLogger(__name__)
_WILD = "*?["
_LONGEST = 480  # an article's id may have 512 characters; a line number may follow


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may hold articles.

    Attributes:
        path: Where to open it.
        id: The id its article has unless it names one.
    """

    path: Path
    id: str

    @classmethod
    def at(cls, path: Path) -> "Found":
        """Return a file named by itself; its stem is its id."""
        return cls(path, _id(path.stem))

    @property
    def source(self) -> str:
        """The path as given, with forward slashes."""
        return _writable(self.path.as_posix())

    @property
    def ending(self) -> str:
        """The ending of its name, lower case, with the dot."""
        return self.path.suffix.casefold()


def find(given: str, *, quiet: bool = False) -> Iterator[Found | Unread]:
    """Yield the files a path argument stands for, sorted; what exists is never taken for a glob.

    Hidden files, files of endings nobody reads and links to folders are passed over below a folder or by a
    glob; a single note in the log counts them, unless ``quiet``. A folder or glob without any file gives an
    Unread.
    """
    path = Path(given)
    if not given.strip():
        yield _nothing(given, "the path is empty.", "Give a file, a folder, a glob or -.")
    elif disk.is_folder(path):
        passed = set[Path]()
        yield from _noting(given, _below(path, path, passed), passed, quiet=quiet)
    elif os.path.lexists(path):
        yield Found.at(path)
    elif "://" in given:
        yield _nothing(
            given, "it is an address, and nothing is fetched here.", "Save the page and give its file."
        )
    elif any(mark in given for mark in _WILD):
        passed = set[Path]()
        yield from _noting(given, _matching(path, passed), passed, quiet=quiet)
    else:
        yield Found.at(path)


def _noting(
    given: str, files: Iterable[Found | Unread], passed: set[Path], *, quiet: bool
) -> Iterator[Found | Unread]:
    """Yield the files, then tell what was passed over, or that there was nothing."""
    empty = True
    for found in files:
        empty = False
        yield found
    over = ", ".join(f"{kind} ({n})" for kind, n in sorted(Counter(map(_kind, passed)).items()))
    if empty:
        what = f"no file to read is there (passed over: {over})." if over else "no file to read is there."
        yield _nothing(given, what, f"Read are {formats.SPOKEN}; ** in a glob goes into subfolders.")
    elif over and not quiet:
        _LOG.info("%s: passed over: %s", given, over)


def _below(root: Path, start: Path, passed: set[Path]) -> Iterator[Found | Unread]:
    """Yield the files below ``start``; links to folders are not followed, so no loop can be entered."""
    try:
        names, folders = _entries(start)
    except OSError as error:
        source = _writable(start.as_posix())
        yield Unread(source, source, disk.fault(error, source))
        return
    for name in names:
        inside = _below if name in folders else _file
        yield from inside(root, start / name, passed)


def _entries(folder: Path) -> tuple[list[str], set[str]]:
    """Return the names of what is not hidden, sorted, and which of them are folders.

    Names alone: there may be a hundred thousand.
    """
    names, folders = [], set()
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                names.append(entry.name)
                if entry.is_dir(follow_symlinks=False):
                    folders.add(entry.name)
    names.sort()
    return names, folders


def _file(root: Path, path: Path, passed: set[Path]) -> Iterator[Found | Unread]:
    found = Found(path, _id(path.relative_to(root).with_suffix("").as_posix()))
    if found.ending in formats.ALL and not _folder_link(path):
        yield found
    else:
        passed.add(path)


def _kind(path: Path) -> str:
    if _folder_link(path):
        return "links to folders"
    return _writable(path.suffix.casefold()) or "without an ending"


def _folder_link(path: Path) -> bool:
    return disk.is_link(path) and disk.is_folder(path)


def _matching(pattern: Path, passed: set[Path]) -> Iterator[Found | Unread]:
    """Yield the files that a glob matches and those below the folders it matches, each once.

    Ids start where the pattern's first wildcard does.
    """
    fixed = next(n for n, part in enumerate(pattern.parts) if any(mark in part for mark in _WILD))
    root, wild = Path(*pattern.parts[:fixed]), Path(*pattern.parts[fixed:])
    seen: set[str | None] = set()
    for path in _glob(root, wild):
        folder = disk.is_folder(path) and not disk.is_link(path)
        for found in _below(root, path, passed) if folder else _file(root, path, passed):
            if found.source not in seen:
                seen.add(found.source)
                yield found


def _glob(root: Path, wild: Path) -> list[Path]:
    """Return the matches, sorted, hidden ones only where the pattern has a dot in front itself."""
    try:
        matches = sorted(root.glob(str(wild)))
    except (OSError, ValueError, NotImplementedError):
        return []
    if any(_hidden(part) for part in wild.parts):
        return matches
    return [path for path in matches if not any(map(_hidden, path.relative_to(root).parts))]


def _hidden(part: str) -> bool:
    return part.startswith(".") and part != ".."


def _nothing(given: str, what: str, mend: str) -> Unread:
    source = _writable(given)
    return Unread(source, source, InputNotFound(what, where=source or None, mend=mend))


def _id(name: str) -> str:
    """Return a name as an id: one too long for a record is cut and told apart by its digest."""
    name = _writable(name)
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - 17]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _writable(name: str) -> str:
    """Return a name that can be written out: bytes of it that are no UTF-8 become escapes."""
    return name.encode("utf-8", "backslashreplace").decode()
