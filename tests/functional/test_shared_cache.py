"""One cache for many machines: runs with a server behind them, as a user starts them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer import prompts
from summarizer.settings import Settings
from tests import redis_server
from tests.functional.test_cache import run, start, write
from tests.redis_server import Server

TEXT, REPLY = prompts.example()
PASSWORD = "nobody-sees-this"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of our own, with a password."""
    with redis_server.serving(tmp_path, password=PASSWORD) as running:
        yield running


def answer(says: Callable[..., Any], seconds: float) -> Any:
    """Make a good answer that takes its time."""

    def value() -> str:
        time.sleep(seconds)
        return "yes"

    return says(json.dumps(REPLY)) | {"headers": {"x_slow": value}}


def test_two_runs_at_once_pay_once_and_a_third_pays_nothing(
    endpoint: Any, says: Callable[..., Any], server: Server, tmp_path: Path
) -> None:
    """With nothing in common but the server; its password is in no message and no file of theirs."""
    endpoint.play(answer(says, 0.1))
    articles = write(tmp_path / "in", 20)
    outs = [tmp_path / n for n in "123"]
    running = [start(endpoint, server.url, "run", articles, "--out", out) for out in outs[:2]]
    said = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert len(endpoint.requests) == 20
    third = run(endpoint, server.url, "run", articles, "--out", outs[2])
    assert (third[0], len(endpoint.requests)) == (0, 20), third
    told = run(endpoint, server.url, "cache", "info")
    assert "entries    20" in told[1], told
    doctor = run(endpoint, server.url, "doctor")
    cleared = run(endpoint, server.url, "cache", "clear")
    assert "removed    20 entries" in cleared[1], cleared
    files = b"".join(file.read_bytes() for out in outs for file in out.rglob("*") if file.is_file())
    assert PASSWORD not in f"{said} {third} {told} {doctor} {cleared} {files!r}"
    assert not list(Path(os.environ["XDG_CACHE_HOME"]).rglob("*"))


def test_a_run_outlives_its_server(
    endpoint: Any, says: Callable[..., Any], server: Server, tmp_path: Path
) -> None:
    """It is killed in the middle: every article has its report, and one line says what happened."""
    endpoint.play(answer(says, 0.05))
    articles = write(tmp_path / "in", 30)
    process = start(endpoint, server.url, "run", articles, "--out", tmp_path / "out", "--concurrency", 2)
    while len(endpoint.requests) < 5:
        time.sleep(0.01)
    server.stop()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert len((tmp_path / "out/reports.jsonl").read_text("utf-8").splitlines()) == 30
    assert err.count("the run goes on") == 1, err
    assert PASSWORD not in err
    gone = run(endpoint, server.url, "cache", "info")
    assert (gone[0], "cannot be read" in gone[2]) == (1, True), gone
    assert PASSWORD not in str(gone)


def test_a_server_on_the_command_line_goes_before_the_environments_folder(
    endpoint: Any, says: Callable[..., Any], server: Server, tmp_path: Path
) -> None:
    """``--cache`` names a place for one run; an URL that is none is refused, and its words not told."""
    endpoint.play(answer(says, 0))
    articles = write(tmp_path / "in", 1)
    folder = str(tmp_path / "folder")
    for out in "12":
        done = run(endpoint, folder, "run", articles, "--out", tmp_path / out, "--cache", server.url)
        assert done[0] == 0, done
    assert len(endpoint.requests) == 1
    assert not Path(folder).exists()
    wrong = run(endpoint, folder, "run", articles, "--cache", f"redis://:{PASSWORD}/x@127.0.0.1/0")
    assert (wrong[0], PASSWORD in str(wrong)) == (2, False), wrong


def test_settings_tell_a_folder_from_a_server() -> None:
    """An URL, in Python or in the environment, is kept secret; what is given goes first; ``off`` is none."""
    url = f"redis://:{PASSWORD}@cache.example:6380/2"
    for settings in (Settings.make({}, cache=url), Settings.make({"SUMMARIZER_CACHE": url}, cache=True)):
        assert settings.cache
        assert settings.cache_url
        assert settings.cache_url.get_secret_value() == url
        assert settings.cache_folder is None
        assert PASSWORD not in f"{settings!r} {settings.model_dump_json()}"
    given = Settings.make({"SUMMARIZER_CACHE": url}, cache="/var/answers")
    assert (given.cache_url, given.cache_folder) == (None, Path("/var/answers"))
    assert Settings.make({"SUMMARIZER_CACHE": "off"}, cache=True).cache is False
    assert Settings.make({"SUMMARIZER_CACHE": "off"}, cache=url).cache
    assert Settings.make({"SUMMARIZER_CACHE_DAYS": "2"}).cache_days == 2


def test_without_its_library_a_shared_cache_is_refused_and_nothing_else() -> None:
    """The library is imported when a server is asked for, never before; without it that is told."""
    code = (
        "import sys; sys.modules['redis'] = None\n"
        "from summarizer import Summarizer\n"
        "from summarizer.errors import SettingsError\n"
        "asked = dict(model='m', base_url='http://127.0.0.1:1/v1')\n"
        "Summarizer(**asked, cache='/nowhere')\n"
        "try: Summarizer(**asked, cache='redis://h')\n"
        "except SettingsError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "pip install 'grounded-summarizer[redis]'" in done.stdout
