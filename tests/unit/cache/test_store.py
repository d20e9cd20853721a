"""The database behind the cache, as it should be and as somebody with bad luck or bad will left it."""

import json
import logging
import os
import pickle
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from summarizer.cache import contents
from summarizer.cache.disk import SafeCache
from summarizer.cache.store import Store

ANSWER = {"text": "Two trawlers sank."}
GIGABYTE = 10**9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which one answer is kept, under ``kept``."""
    store = Store(tmp_path / "cache", GIGABYTE)
    store.put("kept", ANSWER)
    store.close()
    return tmp_path / "cache"


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the database behind the cache's back."""
    with closing(sqlite3.connect(folder / "cache.db")) as connection, connection:
        yield connection


def plant(folder: Path, key: Any, **columns: Any) -> None:
    """Put a row into the database, or change one, as somebody with write access can."""
    row: dict[str, Any] = {"raw": 1, "mode": 1, "filename": None, "value": None} | columns
    with database(folder) as connection:
        connection.execute("DELETE FROM Cache WHERE key = ?", (key,))
        connection.execute(
            "INSERT INTO Cache (key, raw, store_time, mode, filename, value) VALUES (?, ?, 0, ?, ?, ?)",
            (key, *(row[name] for name in ("raw", "mode", "filename", "value"))),
        )


class Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, crater: Path) -> None:
        self._crater = crater

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self._crater),)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=st.dictionaries(st.text(), json_values, max_size=4))
@example(answer={"half a character": "\udc80"})
def test_any_json_comes_back_as_it_went_in(answer: dict[str, Any], folder: Path) -> None:
    """Whatever a model can say survives the disk, its control characters and lone surrogates included."""
    store = Store(folder, GIGABYTE)
    store.put("any", answer)
    assert store.get("any") == answer
    assert store.faults == 0
    store.close()


def test_a_large_answer_stays_in_the_database(folder: Path) -> None:
    """No value is ever written to a file of its own."""
    store = Store(folder, GIGABYTE)
    store.put("large", {"text": "x" * 2_000_000})
    assert store.get("large") == {"text": "x" * 2_000_000}
    store.close()
    assert {file.name for file in folder.iterdir()} <= {"cache.db", "cache.db-wal", "cache.db-shm"}


def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    """A new folder, and an empty one made before, are open to their owner alone."""
    (tmp_path / "before").mkdir(mode=0o755)
    for name in ("new/one", "before"):
        store = Store(tmp_path / name, GIGABYTE)
        store.put("a", ANSWER)
        store.close()
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700
        assert contents(tmp_path / name).entries == 1


def test_a_folder_of_other_things_is_not_taken_over(tmp_path: Path) -> None:
    """Somebody's documents keep their mode, and the cache stays off."""
    tmp_path.chmod(0o755)
    (tmp_path / "thesis.txt").write_text("mine")
    store = Store(tmp_path, GIGABYTE)
    store.put("a", ANSWER)
    assert store.get("a") is None
    assert store.faults == 1
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("key", ["kept", "lease:kept"])
def test_a_planted_pickle_is_refused(folder: Path, tmp_path: Path, key: str) -> None:
    """It is a counted miss, runs nothing, and the next answer takes its place."""
    plant(folder, key, mode=4, value=pickle.dumps(Bomb(tmp_path / "crater")))
    store = Store(folder, GIGABYTE)
    missed = store.get("kept") is None
    assert store.lease("kept", "me")
    assert store.faults == 1
    assert missed == (key == "kept")
    store.put("kept", ANSWER)
    assert store.get("kept") == ANSWER
    store.release("kept", "me")
    store.put("more", ANSWER)
    assert store.get("more") == ANSWER
    store.close()
    assert not (tmp_path / "crater").exists()


def test_a_planted_pickled_key_is_refused(folder: Path, tmp_path: Path) -> None:
    """Nobody unpickles keys, and counting them does not either."""
    plant(folder, pickle.dumps(Bomb(tmp_path / "crater")), raw=0, value="x")
    store = Store(folder, GIGABYTE)
    assert store.get("kept") == ANSWER
    store.close()
    assert contents(folder).entries == 2
    with SafeCache(folder, GIGABYTE) as cache, pytest.raises(ValueError, match="refused"):
        list(cache)
    assert not (tmp_path / "crater").exists()


@pytest.mark.parametrize("mode", [1, 2, 3, 4])
def test_a_planted_file_name_is_neither_read_nor_deleted(folder: Path, tmp_path: Path, mode: int) -> None:
    """A row that names a file is a counted miss; replacing the row leaves the file alone."""
    secret = tmp_path / "secret.txt"
    secret.write_text(json.dumps(ANSWER))
    plant(folder, "kept", mode=mode, filename="../secret.txt")
    store = Store(folder, GIGABYTE)
    assert store.get("kept") is None
    assert store.faults == 1
    store.put("kept", ANSWER)
    assert store.get("kept") == ANSWER
    store.close()
    assert secret.read_text() == json.dumps(ANSWER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("_directory", "/nowhere"),
        ("get", "x"),
        ("disk_loader", "x"),
        ("eviction_policy", "x"),
        ("sqlite_journal_mode", "delete; drop table Cache"),
        ("sqlite_writable_schema", 1),
        (b"raw", 1),
        ("size", "much"),
        ("count", None),
        ("cull_limit", "many"),
    ],
)
def test_planted_settings_change_nothing(folder: Path, name: Any, value: Any) -> None:
    """Known settings are ours, unknown ones keep the cache off; nothing raises and no answer is wrong."""
    with database(folder) as connection:
        connection.execute("INSERT OR REPLACE INTO Settings VALUES (?, ?)", (name, value))
    store = Store(folder, GIGABYTE)
    store.put("more", ANSWER)
    assert store.get("more") in (None, ANSWER)
    assert store.get("kept") in (None, ANSWER)
    store.close()
    assert contents(folder).entries >= 1


def test_a_planted_setting_leads_nowhere_else(folder: Path, tmp_path: Path) -> None:
    """What the database calls settings would become attributes of diskcache, its own folder among them."""
    (tmp_path / "elsewhere").mkdir()
    with database(folder) as connection:
        connection.execute("INSERT INTO Settings VALUES ('_directory', ?)", (str(tmp_path / "elsewhere"),))
    store = Store(folder, GIGABYTE)
    store.put("more", ANSWER)
    store.close()
    assert store.faults == 1
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        '{"answer": {}}',
        '{"sha256": 1, "answer": {}}',
        7,
        b"\xff\x00",
        "[" * 10_000,
    ],
)
def test_an_entry_that_is_not_what_was_kept_is_a_miss(folder: Path, value: Any) -> None:
    """Garbage in a row is counted and replaced by the next answer."""
    plant(folder, "kept", value=value)
    store = Store(folder, GIGABYTE)
    assert store.get("kept") is None
    assert store.faults == 1
    store.put("kept", ANSWER)
    assert store.get("kept") == ANSWER
    store.close()


def test_a_changed_or_moved_entry_is_a_miss(folder: Path) -> None:
    """The checksum covers the answer and the key it was given under."""
    with database(folder) as connection:
        connection.execute("INSERT INTO Cache (key, raw, store_time, mode, value) "
                           "SELECT 'moved', raw, store_time, mode, value FROM Cache")  # fmt: skip
        connection.execute("UPDATE Cache SET value = replace(value, 'Two', 'Ten') WHERE key = 'kept'")
    store = Store(folder, GIGABYTE)
    assert store.get("kept") is None
    assert store.get("moved") is None
    assert store.faults == 2
    store.close()


def damage(folder: Path, how: str) -> None:
    """Do to the database what disks and people do."""
    path = folder / "cache.db"
    whole = path.read_bytes()
    cut = {
        "empty": b"",
        "cut short": whole[:5000],
        "cut in its header": whole[:60],
        "garbage": os.urandom(30_000),
        "damaged pages": whole[:4096] + os.urandom(len(whole) - 4096),
        # To SQLite a format newer than it can write is a file that it may only read, whoever runs it.
        "read-only": whole[:18] + b"\x09" + whole[19:],
    }
    if how == "a folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(cut[how])


@pytest.mark.parametrize(
    "how", ["cut short", "cut in its header", "garbage", "damaged pages", "read-only", "a folder"]
)
def test_a_broken_database_is_a_miss_and_one_warning(
    folder: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing raises, everybody asks, and the log has one line about it."""
    damage(folder, how)
    store = Store(folder, GIGABYTE)
    with caplog.at_level(logging.WARNING):
        for key in ("kept", "more"):
            assert store.get(key) is None
            assert store.lease(key, "me")
            store.renew(key, "me")
            store.put(key, ANSWER)
            store.release(key, "me")
        store.close()
    assert store.faults >= 1
    (warning,) = caplog.records
    assert str(folder) in warning.getMessage()
    assert "cache clear" in warning.getMessage()


def test_a_database_broken_under_our_hands_is_a_miss(folder: Path) -> None:
    """The file may be cut or overwritten while it is open."""
    store = Store(folder, GIGABYTE)
    for n in range(50):
        store.put(f"k{n}", {"text": "x" * 5000})
    with database(folder) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    damage(folder, "cut short")
    assert [
        found for n in range(50) if (found := store.get(f"k{n}")) not in (None, {"text": "x" * 5000})
    ] == []
    store.put("more", ANSWER)
    store.close()
    assert store.faults >= 1


def test_a_database_deleted_under_our_hands_goes_on(folder: Path) -> None:
    """Whoever removes the folder during a run loses answers, not the run."""
    store = Store(folder, GIGABYTE)
    assert store.get("kept") == ANSWER
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    store.put("more", ANSWER)
    assert store.get("more") in (None, ANSWER)
    store.close()


@pytest.mark.parametrize("locking", ["NORMAL", "EXCLUSIVE"])
def test_a_locked_database_is_waited_for_once(
    folder: Path, locking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who holds the database for ever costs one wait; then the run goes on without it."""
    monkeypatch.setattr("summarizer.cache.disk.PATIENCE", 0.1)
    with closing(sqlite3.connect(folder / "cache.db", isolation_level=None)) as holder:
        holder.execute(f"PRAGMA locking_mode = {locking}").fetchall()
        holder.execute("BEGIN EXCLUSIVE")
        holder.execute("DELETE FROM Cache")
        store = Store(folder, GIGABYTE)
        for n in range(5):
            assert store.get("kept") is None
            assert store.lease("kept", "me")
            store.put("kept", {"n": n})
        assert store.faults == 1
        store.close()


def test_a_lock_taken_later_ends_writing_not_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers kept before are still found."""
    monkeypatch.setattr("summarizer.cache.disk.PATIENCE", 0.1)
    store = Store(folder, GIGABYTE)
    assert store.get("kept") == ANSWER
    with closing(sqlite3.connect(folder / "cache.db", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        store.put("more", ANSWER)
        assert store.faults == 1
        assert store.lease("other", "me")
        assert store.get("kept") == ANSWER
        assert store.faults == 1
    store.close()


def test_a_full_disk_ends_writing_not_reading(folder: Path) -> None:
    """What does not fit is not kept; what is there is found."""
    store = Store(folder, GIGABYTE)
    assert store.get("kept") == ANSWER
    assert store._cache is not None
    store._cache._sql("PRAGMA max_page_count = 20").fetchall()
    for n in range(20):
        store.put(f"k{n}", {"text": "x" * 50_000})
    assert store.faults == 1
    assert store.get("kept") == ANSWER
    store.close()


def test_the_oldest_answers_make_room(folder: Path) -> None:
    """The database keeps to its limit, and the newest answer stays."""
    store = Store(folder, 1_000_000)
    for n in range(300):
        store.put(f"k{n}", {"text": "x" * 10_000})
    assert store.get("kept") is None
    assert store.get("k299") is not None
    assert store.faults == 0
    store.close()
    assert contents(folder).bytes < 1_200_000


def test_nobody_waits_for_a_dead_process(folder: Path) -> None:
    """A lease of a process of this machine that is no more is void at once, not when its time is up."""
    code = f"""if True:
        from pathlib import Path
        from summarizer.cache.store import Store
        assert Store(Path({str(folder)!r}), {GIGABYTE}).lease("k", "gone")"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    store = Store(folder, GIGABYTE)
    assert store.lease("k", "living")
    store.close()


def test_one_owner_at_a_time_has_a_lease(folder: Path) -> None:
    """A second asker is told no until the first gives up what is its own to give."""
    one, two = Store(folder, GIGABYTE), Store(folder, GIGABYTE)
    assert one.lease("k", "one")
    assert not two.lease("k", "two")
    two.release("k", "two")
    two.renew("k", "two")
    assert not two.lease("k", "two")
    one.release("k", "one")
    assert two.lease("k", "two")
    one.close()
    two.close()
