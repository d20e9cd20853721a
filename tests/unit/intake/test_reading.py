"""Single files: the text exactly as decoded, or one error that says what, where and what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.domain.article import Article
from summarizer.errors import InputError, MalformedInput, UnreadableInput
from summarizer.intake import Unread, read, read_file

Write = Callable[[str, str | bytes], Path]
Outcomes = Callable[..., dict[str, Any]]

ENDINGS = [".txt", ".md", ".html", ".htm", ".json", ".jsonl", ".ndjson"]
HOSTILE = [
    "Two ships met.\r\nOne\rsank.\n",
    "{{ 7*7 }} {% if %} ${x} %s",
    "<script>alert(1)</script>",
    "\u202eevil\u202c zero\u200bwidth \u2066bidi\u2069",
    "A stray \x00 in it, and \x1b[31m.",
    "=cmd|' /C calc'!A0",
    "\u2028line\u2029paragraph\x0b\x0c\x85end",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("ending", [".txt", ".md", ".TXT"])
def test_the_text_is_what_the_file_holds(write: Write, text: str, ending: str) -> None:
    """Nothing is normalised, stripped or rendered; offsets count in the very text of the file."""
    assert read_file(write(f"x{ending}", text)).text == text


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.txt", b"", "EmptyInput empty.txt: it is empty."),
        ("blank.txt", b" \r\n\t\n", "EmptyInput blank.txt: it holds nothing but white space"),
        (
            "unseen.md",
            "\u200b\u200d\ufeff\u2060\u00a0".encode(),
            "EmptyInput unseen.md: it holds nothing but",
        ),
        ("latin.txt", b"The caf\xe9 closed.", "UndecodableInput latin.txt: byte 7 (0xe9) is no UTF-8 text."),
        ("scan.txt", b"%PDF-1.7\n", "BinaryInput scan.txt: this is no text; it looks like a PDF document."),
        ("big.txt", b"x" * 1_000_001, "OversizedInput big.txt: it has more than 1,000,000 bytes."),
        ("half.json", b'{"text": "x', "MalformedInput half.json: this is no JSON"),
        ("list.json", b"[]", "EmptyInput list.json: the list is empty."),
        ("noend", b"Two ships met.", "UnknownFormat noend: its name has no ending."),
        ("x.csv", b"a,b", "UnknownFormat x.csv: nobody here reads .csv files. Make it JSON Lines"),
    ],
)
def test_what_is_no_article_is_told(
    write: Write, outcomes: Outcomes, name: str, content: bytes, told: str
) -> None:
    """Each fault has a kind of its own and names the file."""
    write(name, content)
    assert outcomes(name)[Path(name).stem].startswith(told)


def test_a_file_at_the_limit_is_read(write: Write, outcomes: Outcomes) -> None:
    """The limit itself is still allowed."""
    write("x.txt", "x" * 100)
    assert outcomes("x.txt", limit=100)["x"].text == "x" * 100


def test_five_megabytes_and_one_long_paragraph_are_read(write: Write) -> None:
    """Size below the limit and missing line ends are no faults."""
    text = "The harbour was closed. " * 210_000
    assert read_file(write("x.txt", text)).text == text


def test_read_file_raises_what_read_yields(write: Write) -> None:
    """One file asked for alone: its failure is an exception of the error tree."""
    write("latin.txt", b"caf\xe9")
    (one,) = read(["latin.txt"])
    with pytest.raises(InputError) as raised:
        read_file(Path("latin.txt"))
    assert isinstance(one, Unread)
    assert (type(raised.value), str(raised.value)) == (type(one.error), str(one.error))


def test_read_file_refuses_a_folder(folder: Path) -> None:
    """A folder in a file's place is told, not read."""
    (folder / "x.txt").mkdir()
    with pytest.raises(UnreadableInput, match="it is a folder"):
        read_file(Path("x.txt"))


def test_read_file_refuses_several_articles(write: Write) -> None:
    """No article of a file is silently left out."""
    with pytest.raises(MalformedInput, match="more than one article"):
        read_file(write("x.jsonl", '{"text": "Al swam."}\n{"text": "Bo sank."}\n'))


def test_article_from_file_is_this_reader(write: Write) -> None:
    """The class method of the Python API reads by the same rules."""
    path = write("harbour.txt", "Two ships met.")
    assert Article.from_file(str(path)) == read_file(path)


def test_one_bad_file_stops_no_other(write: Write, outcomes: Outcomes) -> None:
    """Failures stand between articles, in order."""
    write("in/a.txt", "Al swam.")
    write("in/b.txt", b"\x89PNG\r\n\x1a\n")
    write("in/c.txt", "Bo sank.")
    found = outcomes("in")
    assert list(found) == ["a", "b", "c"]
    assert found["a"].text == "Al swam."
    assert found["c"].text == "Bo sank."


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda text: text.encode("utf-16", "surrogatepass")),
        st.from_regex(rb"(?s)---\n.{0,60}\n---\n.{0,60}", fullmatch=True),
        st.from_regex(rb"(?s)(<[?!a-z/]{0,5}[^>]{0,20}>.{0,10}){1,8}", fullmatch=True),
        st.from_regex(rb'(?s)\{"(text|id|published|title)": .{0,30}\}\n?', fullmatch=True),
    )
)
def test_no_content_makes_a_traceback(tmp_path: Path, ending: str, content: bytes) -> None:
    """Any bytes under any ending are articles or input errors that name the file; all can be written out."""
    path = tmp_path / f"x{ending}"
    path.write_bytes(content)
    for one in read([str(path)]):
        if isinstance(one, Unread):
            assert isinstance(one.error, InputError)
            assert str(one.error).startswith(path.as_posix())
            assert str(one.error).encode()
        else:
            assert one.text.encode()
            assert one.model_dump_json()
