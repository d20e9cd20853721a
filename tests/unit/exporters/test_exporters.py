"""Exporters: every position is there, and article text stays text in every format."""

import csv
import io
import json
from html.parser import HTMLParser
from typing import Any

import pytest

from summarizer.cli.terminal import page
from summarizer.domain.report import Failure, Report
from summarizer.exporters import html, markdown, phrases
from summarizer.exporters.csv import Table, defused
from summarizer.exporters.rows import COLUMNS


def report(**changes: Any) -> Report:
    """Make a report with one disputed claim of two positions and one without evidence."""
    data: dict[str, Any] = {
        "article": {
            "id": "ferry",
            "source": None,
            "title": None,
            "published": None,
            "language": "en",
            "sha256": "0" * 64,
            "characters": 80,
        },
        "headline": {"text": "Toll of ferry collision disputed", "claims": ["c1"]},
        "summary": [{"text": "The authority says four died, which the owner denies.", "claims": ["c1"]}],
        "claims": [
            {
                "id": "c1",
                "text": "Four people died.",
                "key": True,
                "positions": [
                    {
                        "source": "Harbour Authority",
                        "stance": "asserts",
                        "hedged": True,
                        "via": "Fox",
                        "evidence": [
                            {"start": 0, "end": 5, "quote": "four "},
                            {"start": 9, "end": 12, "quote": "die"},
                        ],
                    },
                    {
                        "source": "Orrin Lines",
                        "stance": "denies",
                        "evidence": [{"start": 20, "end": 26, "quote": "denied"}],
                    },
                ],
                "figures": [{"of": "people", "low": 4, "high": 4, "unit": "people"}],
            },
            {
                "id": "c2",
                "text": "The fog was thick.",
                "positions": [{"source": "article", "stance": "asserts"}],
            },
        ],
        "conflicts": [{"claims": ["c1", "c2"], "why": "rival"}],
        "findings": [
            {"check": "evidence", "severity": "error", "where": "claims[c2]", "message": "Nothing shows it."}
        ],
        "trace": {"backend": "offline", "model": None, "prompt": None, "fingerprint": "f", "attempts": 1},
    }
    return Report.from_dict({**data, **changes})


HOSTILE = '=HYPERLINK("http://x") <script>alert(1)</script> **b** [a](http://x) | \x1b[31m\u202egnp.exe\x00'


def hostile() -> Report:
    """Make a report in which every text of the article is hostile."""
    made = json.loads(report().to_json())
    made["claims"][0]["text"] = HOSTILE
    made["claims"][0]["positions"][0]["source"] = HOSTILE
    made["headline"]["text"] = HOSTILE
    made["summary"][0]["text"] = HOSTILE
    return Report.from_dict(made)


def test_rows_hold_one_dict_a_position() -> None:
    """Each position is one row with every column; spans and quotes stand in the same order."""
    rows = report().to_rows()
    assert [row["source"] for row in rows] == ["Harbour Authority", "Orrin Lines", "article"]
    assert all(tuple(row) == COLUMNS for row in rows)
    assert rows[0]["spans"] == "0-5 9-12"
    assert rows[0]["conflicts_with"] == "c2"
    assert rows[0]["status"] == "disputed"


def test_csv_reads_back_with_one_header_for_many_reports() -> None:
    """The header is written once, and a reader gets the rows back."""
    table = Table()
    text = table.render(report()) + table.render(report())
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 6
    assert rows[0]["stance"] == "asserts"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝"])
def test_cells_that_could_be_formulas_are_defused(start: str) -> None:
    """No cell begins with what a spreadsheet computes."""
    assert str(defused(f"{start}cmd|' /C calc'!A0")).startswith("'")


def test_markdown_keeps_hostile_text_inert() -> None:
    """No tag, link, emphasis or table cell comes out of article text."""
    text = markdown.render(hostile())
    assert "<script" not in text
    assert "](http" not in text
    assert "**b**" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_markdown_shows_quotes_statuses_and_findings() -> None:
    """Evidence, status, conflicts and findings are all on the page."""
    text = markdown.render(report())
    for part in ("“denied”", "disputed", "no evidence", "**Conflicts**", "Nothing shows it."):
        assert part in text


def test_a_terminal_page_shows_everything_and_steers_nothing() -> None:
    """The page names both sides and the finding, and lets no escape sequence of the article through."""
    text = page(report(), io.StringIO())
    for part in (
        "Toll of ferry collision disputed",
        "[c1]",
        "Orrin Lines denies",
        "disputed",
        "Nothing shows it.",
    ):
        assert part in text
    assert "rules only" in text
    steering = page(hostile(), io.StringIO())
    assert "\x1b" not in steering
    assert "\u202e" not in steering


def test_failures_are_shown_in_every_format() -> None:
    """A failure record names the article and the error, on pages as in JSON."""
    record = Failure.model_validate(
        {"article": {"id": "lost"}, "error": {"type": "EmptyInput", "message": "empty."}}
    )
    for text in (markdown.render(record), page(record, io.StringIO()), record.to_json()):
        assert "lost" in text
        assert "EmptyInput" in text


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, 250.0, "at most 250"),
        (200.0, None, "at least 200"),
        (2.0, 3.0, "2 to 3"),
        (4.7e6, 4.7e6, "4,700,000"),
    ],
)
def test_figures_are_said_with_their_bounds(low: float | None, high: float | None, said: str) -> None:
    """Bounds are spelt out."""
    from summarizer.domain.report import Figure

    assert phrases.figure(Figure(of="x", low=low, high=high, unit="vehicles")) == f"{said} vehicles"


def test_a_report_survives_json() -> None:
    """A report written as JSON reads back equal, its derived status included."""
    assert Report.from_json(report().to_json()) == report()


class Reader(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_keeps_hostile_text_inert() -> None:
    """Article text makes no tag and no attribute; nothing is loaded, no script can run; nothing is hidden."""
    plain, hard = Reader(html.render(report())), Reader(html.render(hostile()))
    assert hard.tags == plain.tags
    assert {"script", "img", "iframe"}.isdisjoint(hard.tags)
    assert not [value for name, value in hard.attributes if name.startswith("on") or name == "src"]
    assert all((value or "").startswith("#") for name, value in hard.attributes if name == "href")
    assert "<script>alert(1)</script>" in hard.text
    assert not {"\x1b", "\u202e", "\x00"} & set(html.render(hostile()))


def test_html_shows_all_of_a_report_and_its_links_lead_somewhere() -> None:
    """Every text, quote, status and finding is on the page; every citation points at a row that is there."""
    read = Reader(html.render(report()))
    for words in (
        "Toll of ferry collision disputed",
        "Harbour Authority (via Fox)",
        "four",
        "denied",
        "disputed",
    ):
        assert words in read.text
    assert "Nothing shows it." in read.text
    ids = {value for name, value in read.attributes if name == "id"}
    links = {(value or "")[1:] for name, value in read.attributes if name == "href"}
    assert links
    assert links <= ids


def test_a_page_of_many_records_begins_once() -> None:
    """Reports and failures of a run stand on one page, in order."""
    failed = Failure.model_validate(
        {"article": {"id": "<b>"}, "error": {"type": "EndpointTimeout", "message": "No answer."}}
    )
    page = html.Page()
    text = page.render(report()) + page.render(failed) + page.render(report())
    assert text.count("<!doctype html>") == 1
    assert text.count("<article") == 3
    assert "&lt;b&gt;: no report" in text
