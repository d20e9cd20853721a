"""What path arguments stand for: files, folders and globs, in a fixed order, nothing lost unseen."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import InputNotFound, UnknownFormat
from summarizer.intake import Unread, read

Write = Callable[[str, str | bytes], Path]
Outcomes = Callable[..., dict[str, Any]]


def _ids(*paths: str) -> list[str]:
    return [one.id for one in read(paths)]


def _only_error(*paths: str) -> Exception:
    (one,) = read(paths)
    assert isinstance(one, Unread)
    return one.error


def test_files_keep_the_order_they_are_given_in(write: Write) -> None:
    """Arguments are not sorted: the user's order stays."""
    write("b.txt", "Bo sank.")
    write("a.txt", "Al swam.")
    assert _ids("b.txt", "a.txt") == ["b", "a"]


def test_a_folder_is_read_sorted_and_to_the_bottom(write: Write) -> None:
    """A folder gives all its files, sorted, those of subfolders with their path as id."""
    for name in ("x.txt", "b/x.txt", "a/x.md", "a/deep/z.txt"):
        write(f"in/{name}", "Two ships met.")
    assert _ids("in") == ["a/deep/z", "a/x", "b/x", "x"]


def test_an_id_does_not_depend_on_neighbours(write: Write) -> None:
    """A file keeps its id when another of the same name appears beside its folder."""
    write("in/a/x.txt", "Two ships met.")
    before = _ids("in")
    write("in/b/x.txt", "Two ships parted.")
    assert before[0] in _ids("in")


def test_the_source_is_the_path_as_given(write: Write) -> None:
    """A record leads back to the file by the path the user typed."""
    write("in/a/x.txt", "Two ships met.")
    assert [one.source for one in read(["in", "in/a/x.txt"])] == ["in/a/x.txt", "in/a/x.txt"]


def test_hidden_files_and_folders_are_passed_over(write: Write) -> None:
    """Names that begin with a dot are no articles unless they are given themselves."""
    for name in (".x.txt", ".git/x.txt", "y.txt"):
        write(f"in/{name}", "Two ships met.")
    assert _ids("in") == _ids("in/*") == _ids("in/**/*") == ["y"]
    assert _ids("in/.x.txt") == [".x"]


def test_other_endings_in_a_folder_are_counted_in_the_log(
    write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    """What a folder holds besides articles gives one note, no failure."""
    for name in ("x.txt", "r.pdf", "s.pdf", "Makefile"):
        write(f"in/{name}", "Two ships met.")
    with caplog.at_level(logging.INFO, "summarizer"):
        assert _ids("in") == ["x"]
    assert [record.getMessage() for record in caplog.records] == [
        "in: passed over: .pdf (2), without an ending (1)"
    ]


def test_a_file_of_another_ending_given_by_name_is_a_failure(write: Write) -> None:
    """A PDF that the user names is never skipped."""
    write("report.pdf", "%PDF-1.7")
    error = _only_error("report.pdf")
    assert isinstance(error, UnknownFormat)
    assert "pdftotext" in str(error)


@pytest.mark.usefixtures("folder")
def test_a_missing_file_of_another_ending_is_missing() -> None:
    """The nearer fault is told: there is no such file."""
    assert isinstance(_only_error("nowhere.pdf"), InputNotFound)


@pytest.mark.parametrize(
    "given", ["empty", "*.txt", "nowhere.txt", "", " ", "https://news.example/?a=1", "a\0b.txt"]
)
def test_an_argument_without_a_file_is_a_failure(folder: Path, given: str) -> None:
    """An empty folder, a glob without a match, a missing file, nothing, an address, an impossible name."""
    (folder / "empty").mkdir()
    assert isinstance(_only_error(given), InputNotFound)


def test_an_empty_argument_is_not_the_current_folder(write: Write) -> None:
    """An unset shell variable does not read everything there is."""
    write("x.txt", "Two ships met.")
    assert isinstance(_only_error(""), InputNotFound)


def test_a_folder_of_other_files_says_what_was_passed_over(write: Write) -> None:
    """A folder of PDFs alone fails and says why."""
    write("in/r.pdf", "%PDF-1.7")
    assert "passed over: .pdf (1)" in str(_only_error("in"))


@pytest.mark.parametrize(
    ("pattern", "ids"),
    [
        ("in/*.txt", ["x"]),
        ("in/*/x.txt", ["a/x", "b/x"]),
        ("in/**/*.txt", ["a/x", "b/x", "x"]),
        ("in/**", ["a/x", "b/x", "x"]),
        ("in/*", ["a/x", "b/x", "x"]),
        ("in/[ab]/*", ["a/x", "b/x"]),
        ("in/?.txt", ["x"]),
    ],
)
def test_a_glob_gives_each_match_once_and_sorted(write: Write, pattern: str, ids: list[str]) -> None:
    """Wildcards work below any folder, ** at any depth; ids begin where the wildcard does."""
    for name in ("x.txt", "b/x.txt", "a/x.txt", "a/r.pdf"):
        write(f"in/{name}", "Two ships met.")
    assert _ids(pattern) == ids


def test_an_absolute_glob_works(write: Write, folder: Path) -> None:
    """A pattern may begin at the root of the file system."""
    write("in/x.txt", "Two ships met.")
    assert _ids(f"{folder}/in/*.txt") == ["x"]


def test_a_path_that_exists_is_no_glob(write: Write) -> None:
    """A file with brackets in its name is read as itself."""
    write("x[1].txt", "Two ships met.")
    write("x1.txt", "Two ships parted.")
    assert _ids("x[1].txt") == ["x[1]"]


def test_link_loops_end(write: Write, folder: Path) -> None:
    """Folders that link to one another are read once, whether named or matched."""
    write("in/a/x.txt", "Two ships met.")
    for n in range(12):
        (folder / f"in/a/loop{n}").symlink_to(folder / "in")
    assert _ids("in") == _ids("in/**") == _ids("in/**/*.txt") == ["a/x"]


def test_dangling_and_circular_links_are_failures(write: Write, folder: Path, outcomes: Outcomes) -> None:
    """A link that leads to nothing is told, and its neighbour is read."""
    write("in/x.txt", "Two ships met.")
    (folder / "in/gone.txt").symlink_to("nowhere")
    (folder / "in/round.txt").symlink_to("round.txt")
    found = outcomes("in")
    assert found["gone"].startswith("InputNotFound in/gone.txt: it is a link that points nowhere.")
    assert found["round"].startswith("UnreadableInput in/round.txt: it is a link that leads back")
    assert found["x"].text == "Two ships met."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting(folder: Path, outcomes: Outcomes) -> None:
    """Nobody writes into the pipe, and reading does not wait for it."""
    os.mkfifo(folder / "pipe.txt")
    assert outcomes("pipe.txt")["pipe"].startswith("UnreadableInput pipe.txt: it is a pipe")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no device files")
def test_a_device_is_refused_whatever_it_is_called(folder: Path, outcomes: Outcomes) -> None:
    """An endless device behind a link does not fill the memory."""
    (folder / "zero.txt").symlink_to("/dev/zero")
    assert outcomes("zero.txt")["zero"].startswith("UnreadableInput zero.txt: it is a device")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_failure_of_its_own(write: Write, folder: Path, outcomes: Outcomes) -> None:
    """A closed folder and a closed file are told, and their neighbours are read."""
    for name in ("closed/y.txt", "listed/z.txt", "shut.txt", "x.txt"):
        write(f"in/{name}", "Two ships met.")
    (folder / "in/closed").chmod(0)
    (folder / "in/listed").chmod(0o400)
    (folder / "in/shut.txt").chmod(0)
    found = outcomes("in")
    for name in ("in/closed", "in/listed"):
        (folder / name).chmod(0o700)
    assert found["in/closed"].startswith("UnreadableInput in/closed: ")
    assert found["listed/z"].startswith("UnreadableInput in/listed/z.txt: ")
    assert found["shut"].startswith("UnreadableInput in/shut.txt: ")
    assert found["x"].text == "Two ships met."


def test_a_name_that_is_no_utf8_can_be_written_out(folder: Path) -> None:
    """Ids and sources never hold half characters, which no record could carry."""
    try:
        (Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt"))).write_text(
            "Two ships met.", encoding="utf-8"
        )
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (one,) = read(["."])
    assert (one.id, one.source) == ("caf\\udce9", "caf\\udce9.txt")


def test_a_path_too_long_for_an_id_is_cut_and_stays_unique(write: Write) -> None:
    """Deep folders give ids that a record can carry, a line number included."""
    deep = "/".join(["in", *["folder"] * 100])
    write(f"{deep}/x.txt", "Two ships met.")
    write(f"{deep}/y.jsonl", '{"text": "They parted."}\n')
    ids = _ids("in")
    assert len(set(ids)) == 2
    assert max(map(len, ids)) <= 512
    assert ids == _ids("in")


def test_nothing_is_opened_before_it_is_asked_for(write: Write, folder: Path) -> None:
    """A folder of any size is read file by file."""
    write("in/a.txt", "Two ships met.")
    write("in/b.txt", "Two ships met.")
    articles = read(["in"])
    assert next(articles).id == "a"
    (folder / "in/b.txt").write_text("They parted.", encoding="utf-8")
    assert next(articles).text == "They parted."  # type: ignore[union-attr]
