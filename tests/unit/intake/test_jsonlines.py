"""JSON Lines and standard input: a line in hand at a time, each an article or a failure of its own."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.domain.article import Article
from summarizer.intake import Unread, read
from summarizer.intake.jsonlines import articles

Write = Callable[[str, str | bytes], Path]
Outcomes = Callable[..., dict[str, Any]]

Piped = Callable[..., list[Article | Unread]]


@pytest.fixture(name="piped")
def _piped(monkeypatch: pytest.MonkeyPatch) -> Piped:
    """Read bytes from standard input."""

    def piped(data: bytes, limit: int = 1000) -> list[Article | Unread]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return list(read(["-"], limit=limit))

    return piped


LINES = r"""{"text": "Al swam."}

[1]
{"text": 3}
{"text": "ab\ud800c"}
{"text": "Bo sank.", "id": "bo"}
{"text": " "}
nonsense
{"text": "Cy ro"""


def test_each_bad_line_is_a_failure_with_its_number(write: Write, outcomes: Outcomes) -> None:
    """Good lines are read around bad ones; blank lines count as lines and as nothing else."""
    write("feed.jsonl", LINES)
    found = outcomes("feed.jsonl")
    assert list(found) == ["feed:1", "feed:3", "feed:4", "feed:5", "bo", "feed:7", "feed:8", "feed:9"]
    assert (found["feed:1"].text, found["feed:1"].source) == ("Al swam.", "feed.jsonl:1")
    assert (found["bo"].text, found["bo"].source) == ("Bo sank.", "feed.jsonl:6")
    assert found["feed:3"].startswith("MalformedInput feed.jsonl:3: it is a list, no object.")
    assert found["feed:4"].startswith("MalformedInput feed.jsonl:4, field text: it is a number, no text.")
    assert "feed.jsonl:5, field text: a lone surrogate (\\ud800) stands at character 2." in found["feed:5"]
    assert found["feed:7"].startswith("EmptyInput feed.jsonl:7, field text: ")
    assert found["feed:8"].startswith("MalformedInput feed.jsonl:8: this is no JSON")
    assert found["feed:9"].startswith(
        "MalformedInput feed.jsonl:9: the file ends in the middle of this object."
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_the_last_line_needs_no_end(write: Write, outcomes: Outcomes, end: str) -> None:
    """A whole object is read with any line end or none."""
    write("feed.ndjson", f'{{"text": "Al swam."}}{end}')
    assert outcomes("feed.ndjson")["feed:1"].text == "Al swam."


def test_line_separators_inside_a_text_end_no_line(write: Write, outcomes: Outcomes) -> None:
    """Only a newline ends a JSON line; U+2028 may stand in a text."""
    write("feed.jsonl", json.dumps({"text": "a\u2028b\x85c"}, ensure_ascii=False))
    assert outcomes("feed.jsonl")["feed:1"].text == "a\u2028b\x85c"


def test_one_long_or_undecodable_line_costs_no_other(write: Write, outcomes: Outcomes) -> None:
    """A line over the limit or in another encoding is passed over as a whole, and told."""
    good = b'{"text": "Al swam."}\n'
    write("feed.jsonl", good + b'{"text": "' + b"x" * 500 + b'"}\n' + b'{"text": "caf\xe9"}\n' + good)
    found = outcomes("feed.jsonl", limit=60)
    assert list(found) == ["feed:1", "feed:2", "feed:3", "feed:4"]
    assert found["feed:2"].startswith("OversizedInput feed.jsonl:2: the line has more than 60 bytes.")
    assert found["feed:3"].startswith("UndecodableInput feed.jsonl:3: byte 13 (0xe9)")
    assert found["feed:4"].text == "Al swam."


def test_a_file_larger_than_the_limit_is_read_line_by_line(write: Write, outcomes: Outcomes) -> None:
    """The limit is one line's, not the file's."""
    write("feed.jsonl", '{"text": "Al swam."}\n' * 100)
    assert len(outcomes("feed.jsonl", limit=30)) == 100


def test_a_stream_is_never_read_ahead() -> None:
    """Memory holds one line: the first article comes before the second line is asked for."""

    class Endless(io.BytesIO):
        lines = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            del size
            self.lines += 1
            return b'{"text": "Al swam."}\n'

    stream = Endless()
    found = articles(stream, name="x", source="x", limit=100)
    assert [next(found).id for _ in range(3)] == ["x:1", "x:2", "x:3"]
    assert stream.lines == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_first_line(
    write: Write, outcomes: Outcomes, encoding: str
) -> None:
    """Files written by Windows tools are read."""
    write("feed.jsonl", '{"text": "Café."}\n{"text": "Bo sank."}\n'.encode(encoding))
    assert [one.text for one in outcomes("feed.jsonl").values()] == ["Café.", "Bo sank."]


def test_a_binary_file_is_one_failure(write: Write, outcomes: Outcomes) -> None:
    """A renamed archive gives one record, not one for each newline in it."""
    write("feed.jsonl", b"\x1f\x8b\x08\x00" + b"\n\x01\x02" * 100)
    assert [told.partition(":")[0] for told in outcomes("feed.jsonl").values()] == ["BinaryInput feed.jsonl"]


def test_an_empty_stream_is_a_failure(write: Write, outcomes: Outcomes) -> None:
    """A file of lines without one is told."""
    write("feed.jsonl", "\n \n")
    assert outcomes("feed.jsonl")["feed"].startswith("EmptyInput feed.jsonl: ")


@pytest.mark.parametrize(
    "text", ["Al swam.\r\nBo sank.", "{{ 7*7 }}", "{not json}", "[Note] Al swam.", "\n\n{ x"]
)
def test_standard_input_is_text(piped: Piped, text: str) -> None:
    """What is no JSON is one article, exactly as it came."""
    (one,) = piped(text.encode())
    assert isinstance(one, Article)
    assert (one.id, one.source, one.text) == ("stdin", "stdin", text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_standard_input_is_json_lines_where_it_looks_like_them(piped: Piped, encoding: str) -> None:
    """The first filled line decides; a later one that is broken is a failure of its own."""
    first, second = piped('\n{"text": "Al swam."}\n{"text": "Bo'.encode(encoding))
    assert isinstance(first, Article)
    assert (first.id, first.text) == ("stdin:2", "Al swam.")
    assert isinstance(second, Unread)
    assert str(second.error).startswith("stdin:3: the file ends in the middle")


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("# feed of Monday", "this is no JSON"),
        ("null", "it is null, no object"),
        ('"Al swam."', "it is a text, no object"),
        ("[1]", "it is a list, no object"),
        ("{text: 'Al swam.'}", "this is no JSON"),
        ('text: "Al swam."', "this is no JSON"),
    ],
)
def test_a_first_line_that_is_no_object_does_not_make_a_story_of_the_others(
    piped: Piped, first: str, told: str
) -> None:
    """It is a failure that names its line, and the articles below it are read."""
    broken, *good = piped(f'\n{first}\n{{"text": "Al swam."}}\n\n{{"text": "Bo sank."}}\n'.encode())
    assert isinstance(broken, Unread)
    assert str(broken.error).startswith(f"stdin:2: {told}")
    assert [(one.id, one.text) for one in good if isinstance(one, Article)] == [
        ("stdin:3", "Al swam."),
        ("stdin:5", "Bo sank."),
    ]


def test_an_article_that_quotes_some_json_stays_one_article(piped: Piped) -> None:
    """A few lines of a story that look like objects make no feed of it."""
    text = 'Al published the record.\nIt reads:\n{"name": "Bo"}\nBo did not comment.\n'
    (one,) = piped(text.encode())
    assert isinstance(one, Article)
    assert one.text == text


@pytest.mark.parametrize(
    "text", ['{\n "text": "Al swam.', '[\n {"text": "Al swam."},\n {"text": "Bo', '[{"text": "Al swam."}\n']
)
def test_json_that_breaks_off_is_no_story(piped: Piped, text: str) -> None:
    """One failure says where it ends, instead of one article of braces."""
    (one,) = piped(text.encode())
    assert isinstance(one, Unread)
    assert str(one.error).startswith("stdin: this is no JSON: ")


def test_standard_input_is_json_where_it_is_json_as_a_whole(piped: Piped) -> None:
    """An object over several lines is not summarised as if it were prose."""
    (one,) = piped(b'{\n "text": "Al swam."\n}')
    assert isinstance(one, Article)
    assert one.text == "Al swam."


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "stdin: it is empty."),
        (b"\n\n", "stdin: it holds nothing but white space"),
        (b"caf\xe9", "stdin: byte 3 (0xe9)"),
        (b"\x89PNG\r\n\x1a\n...", "stdin: this is no text"),
        (b"x" * 1001, "stdin: it has more than 1,000 bytes."),
        (b"\n" * 1001, "stdin: it has more than 1,000 bytes."),
    ],
)
def test_standard_input_that_is_no_article_is_a_failure(piped: Piped, data: bytes, told: str) -> None:
    """The same faults as in a file, told as standard input's."""
    (one,) = piped(data)
    assert isinstance(one, Unread)
    assert str(one.error).startswith(told)


def test_missing_standard_input_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program started without standard input says so."""
    monkeypatch.setattr(sys, "stdin", None)
    (one,) = read(["-"])
    assert isinstance(one, Unread)
    assert str(one.error).startswith("stdin: there is no standard input.")
