"""Where the cache is, what it holds, and away with it."""

import os
import sqlite3
from pathlib import Path

import pytest

from summarizer.cache import Contents, clear, contents, default_folder
from summarizer.cache.store import Store
from summarizer.settings import Settings
from summarizer.wiring import cache_folder


def filled(folder: Path, entries: int = 3) -> Path:
    """Keep some answers, and a lease."""
    store = Store(folder, 10**9)
    for n in range(entries):
        store.put(f"k{n}", {"text": "x" * 1000})
    store.lease("k9", "me")
    store.close()
    return folder


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"XDG_CACHE_HOME": "/var/caches"}, Path("/var/caches/grounded-summarizer")),
        ({"XDG_CACHE_HOME": "relative"}, Path("~/.cache/grounded-summarizer")),
        ({}, Path("~/.cache/grounded-summarizer")),
    ],
)
def test_the_default_is_the_users_cache_folder(environment: dict[str, str], expected: Path) -> None:
    """As the XDG base directory specification has it; a relative path there counts as none."""
    assert default_folder(environment) == expected


def test_settings_name_the_folder(tmp_path: Path) -> None:
    """A path given as ``cache`` wins over the environment, and without ``cache`` nothing is kept."""
    environment = {"SUMMARIZER_CACHE": str(tmp_path / "e")}
    assert Settings.make(environment).cache is False
    assert cache_folder(Settings.make(environment, cache=True)) == tmp_path / "e"
    given = Settings.make(environment, cache=tmp_path / "given")
    assert given.cache
    assert cache_folder(given) == tmp_path / "given"
    assert cache_folder(Settings.make({"SUMMARIZER_CACHE": "~/x"})) == Path("~/x").expanduser()


@pytest.mark.parametrize("off", ["off", "OFF", " off "])
def test_off_is_no_folder(off: str, tmp_path: Path) -> None:
    """The environment turns keeping off for whoever says no more than yes; a folder that is given wins."""
    environment = {"SUMMARIZER_CACHE": off}
    made = Settings.make(environment, cache=True)
    assert (made.cache, made.cache_folder) == (False, None)
    assert Settings.make(environment).cache_folder is None
    for given in ({"cache": tmp_path}, {"cache": True, "cache_folder": tmp_path}):
        made = Settings.make(environment, **given)
        assert (made.cache, made.cache_folder) == (True, tmp_path)
    there = Settings.make({"SUMMARIZER_CACHE": "./off"}, cache=True)
    assert (there.cache, there.cache_folder) == (True, Path("off"))


def test_contents_counts_answers_and_makes_nothing(tmp_path: Path) -> None:
    """Leases are no answers, and looking at a folder that is not there does not make it."""
    assert contents(tmp_path / "none") == Contents(0, 0)
    assert not (tmp_path / "none").exists()
    held = contents(filled(tmp_path / "a b#?%"))
    assert held.entries == 3
    assert held.bytes > 3000


def test_clear_removes_answers_and_gives_the_bytes_back(tmp_path: Path) -> None:
    """Afterwards the cache is empty, and works."""
    before = contents(filled(tmp_path / "c", 200)).bytes
    assert clear(tmp_path / "c") == 200
    assert contents(tmp_path / "c").entries == 0
    assert contents(tmp_path / "c").bytes < before / 2
    assert contents(filled(tmp_path / "c")).entries == 3
    assert clear(tmp_path / "none") == 0
    assert not (tmp_path / "none").exists()


def test_clear_serves_a_run_that_goes_on(tmp_path: Path) -> None:
    """A process with the database open finds nothing any more, and can keep new answers."""
    store = Store(filled(tmp_path / "c"), 10**9)
    assert store.get("k0")
    clear(tmp_path / "c")
    assert store.get("k0") is None
    store.put("k0", {"n": 1})
    assert store.get("k0") == {"n": 1}
    assert store.faults == 0
    store.close()


def test_clear_deletes_a_database_that_cannot_be_read(tmp_path: Path) -> None:
    """Garbage goes, and the cache works again; nothing else in the folder is touched."""
    (filled(tmp_path / "c") / "cache.db").write_bytes(os.urandom(9000))
    (tmp_path / "c" / "note.txt").write_text("mine")
    with pytest.raises(sqlite3.DatabaseError):
        contents(tmp_path / "c")
    assert clear(tmp_path / "c") is None
    assert [file.name for file in (tmp_path / "c").iterdir()] == ["note.txt"]


def test_clear_follows_no_file_name(tmp_path: Path) -> None:
    """A row that names a file elsewhere goes without that file."""
    (tmp_path / "mine.txt").write_text("mine")
    folder = filled(tmp_path / "c")
    with sqlite3.connect(folder / "cache.db") as database:
        database.execute("UPDATE Cache SET filename = '../mine.txt', mode = 3, value = NULL")
    database.close()
    clear(folder)
    assert (tmp_path / "mine.txt").read_text() == "mine"
