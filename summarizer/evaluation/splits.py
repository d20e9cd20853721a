"""Which cases rules and prompts may be steered on, and which are kept from whoever steers.

A folder of cases may hold ``splits.toml``::

    test = ["harbour-blast", "mill-fire"]

What it does not name is the development split.
"""

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from summarizer.errors import MalformedInput

Split = Literal["dev", "test"]
SPLITS_FILE = "splits.toml"


def of_split(folders: Sequence[Path], split: Split | None) -> tuple[Path, ...]:
    """Return the case folders that belong to a split; all of them where None is given.

    Raises:
        MalformedInput: The file of splits makes no sense, or names a case that is not there.
    """
    if split is None:
        return tuple(folders)
    held_out = {folder: _test_ids(folder) for folder in {f.resolve().parent for f in folders}}
    return tuple(
        f for f in folders if (f.resolve().name in held_out[f.resolve().parent]) == (split == "test")
    )


def _test_ids(folder: Path) -> frozenset[str]:
    file = folder / SPLITS_FILE
    try:
        ids = tomllib.loads(file.read_text("utf-8")).get("test", [])
    except FileNotFoundError:
        return frozenset()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MalformedInput(f"Not TOML: {error}.", where=str(file)) from None
    if not isinstance(ids, list) or not all(isinstance(name, str) for name in ids):
        raise MalformedInput("'test' is a list of case ids.", where=str(file))
    absent = sorted(_absent(folder, ids))
    if absent:
        raise MalformedInput(f"No such case here: {', '.join(absent)}.", where=str(file))
    return frozenset(ids)


def _absent(folder: Path, ids: Iterable[str]) -> Iterable[str]:
    return (name for name in ids if not (folder / name).is_dir())
