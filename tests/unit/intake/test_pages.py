"""HTML pages: the article's own words, title and day; menus, scripts and styles never."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from summarizer.intake import read_file

Write = Callable[[str, str | bytes], Path]
Outcomes = Callable[..., dict[str, Any]]

BODY = """
<nav><a href="/">Start</a> <a href="/n">All news</a></nav>
<script>var tracker = "SCRIPTED";</script><style>.x { color: STYLED }</style>
<article><h1>Café fire in Tollwick</h1>
<p>The café in Tollwick was closed on Monday after a fire, its owner told reporters.</p>
<p>Nobody was hurt in the fire &amp; twelve engines were there, said the brigade.</p>
<script>alert("SCRIPTED")</script></article>
<footer>All rights reserved 2019</footer>"""
HEAD = """<title>Café fire in Tollwick</title>
<meta property="article:published_time" content="2024-03-02T23:10:00Z">"""


def _page(head: str = HEAD, body: str = BODY) -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def test_the_article_is_extracted(write: Write) -> None:
    """Paragraphs come verbatim, entities as characters; the page around them stays away."""
    article = read_file(write("fire.html", _page()))
    assert "The café in Tollwick was closed on Monday after a fire, its owner told reporters." in article.text
    assert "Nobody was hurt in the fire & twelve engines were there" in article.text
    for word in ("SCRIPTED", "STYLED", "All news", "<"):
        assert word not in article.text


def test_title_and_day_are_the_pages_own(write: Write) -> None:
    """What the page declares is taken over, and the id is the file's stem."""
    article = read_file(write("fire.html", _page()))
    assert (article.id, article.title, article.published) == (
        "fire",
        "Café fire in Tollwick",
        date(2024, 3, 2),
    )


def test_a_day_the_page_does_not_declare_is_not_guessed(write: Write) -> None:
    """A year in the footer is no day of publication."""
    assert read_file(write("fire.html", _page(head="<title>Fire</title>"))).published is None


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="iso-8859-1">', "cp1252"),
        ('<meta charset="utf-8">', "utf-8"),
        ("", "utf-8"),
        ("", "utf-16"),
        ('<meta charset="koi8-r">', "utf-8-sig"),
    ],
)
def test_the_declared_encoding_is_used(write: Write, head: str, encoding: str) -> None:
    """Meta element or byte order mark, the mark first."""
    assert "The café in" in read_file(write("x.html", _page(head).encode(encoding))).text


def test_an_xml_declaration_is_read_once(write: Write) -> None:
    """A decoded page is not decoded a second time by its declaration."""
    page = '<?xml version="1.0" encoding="iso-8859-1"?>' + _page()
    assert "The café in" in read_file(write("x.xhtml", page.encode("latin-1"))).text


def test_a_wrong_declaration_is_a_failure(write: Write, outcomes: Outcomes) -> None:
    """No page is read with replaced characters."""
    write("x.html", _page('<meta charset="utf-8">').encode("cp1252"))
    assert outcomes("x.html")["x"].startswith("UndecodableInput x.html: byte ")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<script>alert('a long line of script that could be taken for the text of a page')</script>",
        '<nav><a href="/">Start</a></nav>',
        "<form>Log in <input name=user></form>",
    ],
)
def test_a_page_without_an_article_is_empty(write: Write, outcomes: Outcomes, body: str) -> None:
    """A menu, a login form or a script is no article."""
    write("x.html", _page("", body))
    assert outcomes("x.html")["x"].startswith("EmptyInput x.html: no article is found in this page.")


def test_a_bare_fragment_is_a_page(write: Write) -> None:
    """Paragraphs saved without the page around them are read."""
    words = "The café in Tollwick was closed on Monday after a fire, its owner told reporters."
    assert read_file(write("x.html", f"<p>{words}</p>")).text.strip() == words


def test_offsets_count_in_the_same_text_each_time(write: Write) -> None:
    """Extraction is repeatable to the character."""
    path = write("fire.html", _page())
    assert read_file(path).sha256 == read_file(path).sha256


@pytest.mark.parametrize("page", ["<div>" * 20_000, "<" * 50_000, "<p>" + "<b><i>" * 3000, "<meta " * 20_000])
def test_hostile_markup_is_no_crash(write: Write, outcomes: Outcomes, page: str) -> None:
    """Nesting and broken tags end in a failure that names the page."""
    write("x.html", page)
    assert outcomes("x.html")["x"].startswith("EmptyInput x.html: ")
