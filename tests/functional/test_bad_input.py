"""``summarizer run`` over everything that is no article: each a record, the articles around it done."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

STORY = (
    "The harbour office of Tollwick said on Monday that three cranes were closed after the storm. "
    "“Nobody was hurt,” said its director, Oda Lisk. The dockers’ union denied that they were safe before.\n"
)
GOOD: dict[str, str] = {
    "plain": STORY,
    "crlf": STORY.replace(" The dockers", "\r\n\r\nThe dockers"),
    "template": STORY + "{{ 7*7 }} was painted on a crane. {% if x %}\n",
    "markup": STORY + "<script>alert(1)</script> A sign said <b>closed</b>.\n",
    "bidi": STORY + "The ship \u202eevil\u202c and the \u2066Venn\u2069 left\u200b port.\n",
    "nul": STORY + "A stray \x00 stood in the wire, and an \x1b[31mescape\x1b[0m.\n",
    "formula": '=HYPERLINK("http://x.example") was on the screen, said the office. ' + STORY,
    "paragraph": STORY.strip() + " The quay was wet on that day, said a docker." * 2300,
}
BAD: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "EmptyInput", "in/empty.txt: it is empty."),
    "blank": (b" \n\t\r\n", "EmptyInput", "in/blank.txt: "),
    "unseen": ("\u200b\u2060\ufeff\u200e\n".encode(), "EmptyInput", "in/unseen.txt: "),
    "image": (
        b"\x89PNG\r\n\x1a\n\x00\x00",
        "BinaryInput",
        "in/image.txt: this is no text; it looks like a PNG",
    ),
    "nuls": (b"\x00" * 500, "BinaryInput", "in/nuls.txt: "),
    "latin": (b"The caf\xe9 closed.", "UndecodableInput", "in/latin.txt: byte 7 (0xe9)"),
    "huge": ((STORY * 26_000).encode()[:5_000_000], "OversizedInput", "in/huge.txt: "),
}
FEED = r"""{"text": "Twelve boats left Tollwick on Sunday, said the harbour office."}
["no object"]
{"text": "half \ud800 a character"}
{"text": "The bridge at Venn is open again, said the town.", "id": "twin"}
{"text": "cut o"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run left behind."""

    code: int
    out: str
    err: str
    reports: dict[str, dict[str, Any]]
    failures: dict[str, dict[str, Any]]


@pytest.fixture(name="run", scope="module")
def _run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the command once over a folder of good and bad inputs, and over paths that lead nowhere."""
    folder = tmp_path_factory.mktemp("bad")
    _fill(folder / "in")
    (folder / "hollow").mkdir()
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7")
    (folder / "\x1b[31mred.txt").write_bytes(b"\x00" * 9)
    paths = ["in", "nowhere.txt", "hollow", "*.xyz", "scan.pdf", "\x1b[31mred.txt"]
    ended = subprocess.run(
        [sys.executable, "-m", "summarizer", "run", *paths, "--model", "offline", "--out", "out"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("SUMMARIZER_")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    (folder / "in/closed").chmod(0o700)
    records = [_records(folder / "out" / name) for name in ("reports.jsonl", "failures.jsonl")]
    return Run(ended.returncode, ended.stdout, ended.stderr, *records)


def _fill(folder: Path) -> None:
    folder.mkdir()
    for name, text in GOOD.items():
        (folder / f"{name}.txt").write_bytes(text.encode())
    for name, (data, _, _) in BAD.items():
        (folder / f"{name}.txt").write_bytes(data)
    (folder / "feed.jsonl").write_text(FEED, encoding="utf-8")
    (folder / "twin.txt").write_text(STORY, encoding="utf-8")
    (folder / "menu.html").write_text("<html><body><script>var x;</script></body></html>", encoding="utf-8")
    (folder / "gone.txt").symlink_to("nowhere")
    (folder / "loop").symlink_to(".")
    (folder / "closed").mkdir()
    (folder / "closed/in.txt").write_text(STORY, encoding="utf-8")
    (folder / "closed").chmod(0)


def _records(path: Path) -> dict[str, dict[str, Any]]:
    """Return records by source: two may have one id."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return {record["article"]["source"]: record for record in map(json.loads, filter(None, lines))}


def test_the_run_ends_in_order(run: Run) -> None:
    """Some failed: exit code 1, no traceback, and a closing count that is true."""
    assert run.code == 1, run.err
    assert "Traceback" not in run.err
    assert run.err.splitlines()[-1].startswith(
        f"summarizer: {len(run.reports)} done, {len(run.failures)} failed"
    )


def test_nothing_but_records_goes_to_standard_output(run: Run) -> None:
    """With --out, standard output stays empty."""
    assert run.out == ""


@pytest.mark.parametrize("name", GOOD)
def test_good_articles_are_done_to_the_character(run: Run, name: str) -> None:
    """Hostile words in an article change nothing; every quotation is where the report says."""
    report = run.reports[f"in/{name}.txt"]
    spans = [e for claim in report["claims"] for p in claim["positions"] for e in p["evidence"]]
    assert spans
    assert report["article"]["characters"] == len(GOOD[name])
    for span in spans:
        assert GOOD[name][span["start"] : span["end"]] == span["quote"]


def test_no_template_is_run(run: Run) -> None:
    """What looks like a template in an article is an article's text."""
    assert "49" not in json.dumps(run.reports["in/template.txt"]["summary"])


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_records_that_say_why(run: Run, name: str) -> None:
    """Each names its file, its kind of fault and what is wrong."""
    record = run.failures[f"in/{name}.txt"]
    _, kind, message = BAD[name]
    assert (record["article"]["id"], record["error"]["type"]) == (name, kind)
    assert record["error"]["message"].startswith(message)


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        ("in/feed.jsonl:2", "MalformedInput", "in/feed.jsonl:2: it is a list, no object."),
        ("in/feed.jsonl:3", "MalformedInput", "in/feed.jsonl:3, field text: a lone surrogate"),
        ("in/feed.jsonl:5", "MalformedInput", "in/feed.jsonl:5: the file ends in the middle"),
        ("in/menu.html", "EmptyInput", "in/menu.html: no article is found in this page."),
        ("in/gone.txt", "InputNotFound", "in/gone.txt: it is a link that points nowhere."),
        ("nowhere.txt", "InputNotFound", "nowhere.txt: there is no such file."),
        ("hollow", "InputNotFound", "hollow: no file to read is there."),
        ("*.xyz", "InputNotFound", "*.xyz: no file to read is there."),
        ("scan.pdf", "UnknownFormat", "scan.pdf: nobody here reads .pdf files."),
    ],
)
def test_lines_and_paths_are_records_too(run: Run, source: str, kind: str, message: str) -> None:
    """A bad line names file and line; a path that leads nowhere is a failure, not a silence."""
    error = run.failures[source]["error"]
    assert error["type"] == kind
    assert error["message"].startswith(message)


def test_good_lines_around_bad_ones_are_done(run: Run) -> None:
    """A line's failure is its own."""
    assert run.reports["in/feed.jsonl:1"]["article"]["id"] == "feed:1"


def test_a_second_article_of_one_id_is_a_failure_that_names_the_first(run: Run) -> None:
    """Two records of one id could not be told apart: the later input fails."""
    ids = {"in/feed.jsonl:4", "in/twin.txt"}
    (done,) = ids & run.reports.keys()
    (failed,) = ids & run.failures.keys()
    assert run.failures[failed]["error"]["type"] == "DuplicateId"
    assert done in run.failures[failed]["error"]["message"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_closed_folder_is_a_record(run: Run) -> None:
    """What may not be entered is told."""
    assert run.failures["in/closed"]["error"]["type"] == "UnreadableInput"


def test_every_input_has_one_record(run: Run) -> None:
    """Nothing is lost: sources with a report and sources with a failure are all there are."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    files = {f"in/{name}.txt" for name in (*GOOD, *BAD, "gone", "twin")} | {"in/menu.html"}
    lines = {f"in/feed.jsonl:{number}" for number in range(1, 6)}
    paths = {"nowhere.txt", "hollow", "*.xyz", "scan.pdf", "\x1b[31mred.txt"}
    closed = {"in/closed/in.txt" if root else "in/closed"}
    assert {*run.reports, *run.failures} == files | lines | paths | closed
    assert not run.reports.keys() & run.failures.keys()


def test_messages_cannot_steer_the_terminal(run: Run) -> None:
    """Escape sequences in a file's name are shown as harmless characters."""
    assert "\x1b" not in run.err
