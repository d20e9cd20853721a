"""JSON files: known fields are checked by name, unknown ones let be."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from summarizer.intake import read_file

Write = Callable[[str, str | bytes], Path]
Outcomes = Callable[..., dict[str, Any]]


def test_every_field_is_taken_over(write: Write) -> None:
    """What the record says of an article is what the article says; other fields change nothing."""
    fields = {"id": "n1", "title": "At sea", "source": "https://news.example/n1", "language": "da"}
    record = {"text": "Al swam.", "published": "2024-05-06", **fields, "author": {"any": ["thing"]}}
    article = read_file(write("feed.json", json.dumps(record)))
    assert article.published == date(2024, 5, 6)
    assert {name: getattr(article, name) for name in fields} == fields


@pytest.mark.parametrize("value", [None, "", " "])
def test_null_and_blank_fields_are_missing_fields(write: Write, value: str | None) -> None:
    """Tables exported to JSON write empty cells; they mean nothing is known."""
    names = ("id", "title", "source", "language", "published")
    article = read_file(write("feed.json", json.dumps({"text": "Al swam.", **dict.fromkeys(names, value)})))
    assert (article.id, article.source, article.language) == ("feed", "feed.json", "en")
    assert (article.title, article.published) == (None, None)


@pytest.mark.parametrize(
    "words", ["2024-05-06", "2024-05-06T23:30:00Z", "2024-05-06T01:00:00.5+05:30", "20240506"]
)
def test_a_day_is_the_one_written(write: Write, words: str) -> None:
    """Dates and datetimes give the day as it stands there, in the zone it was written in."""
    article = read_file(write("x.json", json.dumps({"text": "Al swam.", "published": words})))
    assert article.published == date(2024, 5, 6)


def test_an_array_gives_an_article_or_failure_an_item(write: Write, outcomes: Outcomes) -> None:
    """Items are numbered from one; a bad item costs no other."""
    write("feed.json", json.dumps([{"text": "Al swam."}, 7, {"text": "Bo sank.", "id": "bo"}]))
    found = outcomes("feed.json")
    assert (found["feed:1"].text, found["feed:1"].source) == ("Al swam.", "feed.json#1")
    assert found["feed:2"].startswith("MalformedInput feed.json#2: it is a number, no object.")
    assert found["bo"].text == "Bo sank."


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({}, "x.json: it has no field text."),
        ({"body": "Al swam."}, "x.json: it has no field text, only 'body'."),
        ({"text": ["Al swam."]}, "x.json, field text: it is a list, no text."),
        ({"text": ""}, "x.json, field text: it is empty."),
        ({"text": "a", "id": 7}, "x.json, field id: it is a number, no text. Put it in quotes."),
        ({"text": "a", "id": "x" * 513}, "x.json, field id: it has 513 characters, and 512 are allowed."),
        ({"text": "a", "title": {"en": "b"}}, "x.json, field title: it is an object, no text."),
        (
            {"text": "a", "title": "\udc80"},
            "x.json, field title: a lone surrogate (\\udc80) stands at character 0.",
        ),
        ({"text": "a", "language": False}, "x.json, field language: it is true or false, no text."),
        ({"text": "a", "published": 1714953600}, "x.json, field published: it is a number, no text."),
        (
            {"text": "a", "published": "yesterday"},
            "x.json, field published: 'yesterday' is no date. Write it as",
        ),
        ({"text": "a", "published": "2024-02-30"}, "x.json, field published: '2024-02-30' is no date."),
        ("Al swam.", "x.json: it is a text, no object."),
        (None, "x.json: it is null, no object."),
    ],
)
def test_a_wrong_field_is_named(write: Write, outcomes: Outcomes, record: Any, told: str) -> None:
    """File and field are in the message, and what is wrong with it."""
    write("x.json", json.dumps(record))
    assert outcomes("x.json")["x"].partition(" ")[2].startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"text": "a",\n "b"}', "x.json: this is no JSON: Expecting ':' delimiter, line 2, column 5."),
        ("[" * 100_000, "x.json: its JSON is nested too deeply."),
        ('{"text": "a", "n": ' + "9" * 5000 + "}", "x.json: this is no JSON to be read: "),
    ],
)
def test_broken_json_says_where(write: Write, outcomes: Outcomes, text: str, told: str) -> None:
    """Syntax errors name line and column; hostile nesting and numbers are no crash."""
    write("x.json", text)
    assert outcomes("x.json")["x"].startswith(f"MalformedInput {told}")


def test_a_pair_of_escaped_surrogates_is_a_character(write: Write) -> None:
    """Two halves that belong together make the character they stand for."""
    assert read_file(write("x.json", r'{"text": "\ud83d\ude00"}')).text == "😀"
