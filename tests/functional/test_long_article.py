"""An article of 12,000 words: claims whose parts lie in different sections come out as one row each.

``tests/data/long/replies.jsonl`` holds replies written at a local endpoint, a request at a time, by readers
who each saw one request alone and knew neither the key nor the other sections; no hosted model was called.
"""

import asyncio
import json
import os
import runpy
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from summarizer.backends.openai import OpenAIBackend
from summarizer.backends.openai.sectioned import relevant
from summarizer.backends.openai.table import Table
from summarizer.backends.openai.transport import Transport
from summarizer.backends.openai.wire import Part
from summarizer.budget import expected
from summarizer.domain.article import Article
from summarizer.domain.report import Claim, Report
from summarizer.pipeline import Pipeline
from summarizer.text.sections import cut
from summarizer.text.sentences import split

DATA = Path(__file__).parents[1] / "data" / "long"


@cache
def written() -> dict[str, Any]:
    """Return the module that deals the article."""
    return runpy.run_path(str(DATA / "article.py"))


@cache
def text() -> str:
    """Return the article."""
    return str(written()["text"]())


@cache
def key() -> list[dict[str, Any]]:
    """Return the planted claims."""
    return list(written()["key"]())


def replies() -> list[str]:
    """Return what the reader wrote to the three sections and to the table."""
    return (DATA / "replies.jsonl").read_text("utf-8").splitlines()


def report(endpoint: Any, says: Any) -> Report:
    """Run the article through the pipeline with the reader's replies."""
    endpoint.play(*map(says, replies()))

    async def run() -> Report:
        backend = OpenAIBackend("scripted", Transport(base_url=endpoint.base_url, api_key="none", attempts=1))
        try:
            return await Pipeline(backend, attempts=1).summarize(Article(text=text()))
        finally:
            await backend.aclose()

    return asyncio.run(run())


def matches(row: dict[str, Any], claim: Claim) -> bool:
    """Tell whether a claim has the words of a row of the key."""
    said = claim.text.lower()
    return all((w[1:].lower() not in said) if w[0] == "-" else (w.lower() in said) for w in row["words"])


def test_the_article_is_what_the_key_says() -> None:
    """It has 12,000 words, every planted part, and each time the same text."""
    assert 11_500 <= len(text().split()) <= 12_500
    assert text() == runpy.run_path(str(DATA / "article.py"))["text"]()
    assert len(key()) == 15
    assert all(said in text() for claim in key() for _, said in claim["parts"])


def test_parts_lie_in_different_sections_and_a_pronoun_at_a_seam() -> None:
    """A denial stands 4,000 words after the assertion; a section opens with "He said", his name before it."""
    sentences = split(text())
    sections = cut(sentences, 6000)
    assert len(sections) == 3
    assert sentences.quote(sections[0].sentences[-1]).startswith("Oren Vask")
    assert sentences.quote(sections[1].sentences[0]).startswith("He said")
    first, second, _ = (said for _, said in key()[0]["parts"])
    assert len(text()[text().index(first) : text().index(second)].split()) > 4000


def test_rows_that_a_later_section_is_about_are_among_those_shown() -> None:
    """Where half of the rows can be shown, those that the last section denies, repeats or corrects are."""
    table = Table()
    *_, last = parts = [Part.model_validate_json(reply) for reply in replies()[:3]]
    for part in parts[:-1]:
        table = table.joined(part)
    sentences = split(text())
    later = list(map(sentences.quote, cut(sentences, 6000)[2].sentences))
    shown = {claim.id for claim in relevant(table.claims, later, 5000)}
    wanted = {row.i for row in last.claims if row.i <= len(table.claims)}
    assert len(wanted) == 8
    assert wanted <= shown
    assert len(shown) < 0.6 * len(table.claims)


def test_each_planted_claim_is_one_row_with_all_its_positions(endpoint: Any, says: Any) -> None:
    """Fifteen of fifteen: none lost at a seam, none twice, no two figures made one."""
    made = report(endpoint, says)
    for row in (row for claim in key() for row in claim["rows"]):
        found = [claim for claim in made.claims if matches(row, claim)]
        assert len(found) == 1, row
        (held,) = (claim.positions for claim in found)
        assert len(held) == len(row["positions"]), row
        for wanted, position in zip(row["positions"], held, strict=True):
            who, stance = wanted.split(" | ")
            assert who.lower() in position.source.lower(), row
            assert stance == position.stance + " hedged" * position.hedged, row


def test_a_long_report_is_whole(endpoint: Any, says: Any) -> None:
    """Four requests; every row has evidence in the article's own characters, and no two rows are alike."""
    made = report(endpoint, says)
    assert len(endpoint.requests) == 4
    assert (made.trace.tokens.input, made.trace.tokens.output) == (400, 40)
    evidence = [e for claim in made.claims for p in claim.positions for e in p.evidence]
    assert all(text()[e.start : e.end] == e.quote for e in evidence)
    assert all(p.evidence for claim in made.claims for p in claim.positions)
    assert len({claim.text for claim in made.claims}) == len(made.claims)
    assert made.summary


def test_an_estimate_counts_the_requests_that_are_made(endpoint: Any, says: Any) -> None:
    """As many requests, and about the tokens sent and answered, where one request is far off."""
    report(endpoint, says)
    guess = expected(Article(text=text()))
    sent = sum(len(json.dumps(request, ensure_ascii=False)) for request in endpoint.requests) / 4
    answered = sum(map(len, replies())) / 4
    assert guess.requests == len(endpoint.requests) == 4
    assert 1 / 1.5 < guess.tokens.input / sent < 1.5
    assert 1 / 1.5 < guess.tokens.output / answered < 1.5
    assert expected(Article(text=text()), 10**6).tokens.input < sent / 2


def test_the_command_line_estimates_a_long_article_by_sections(tmp_path: Path) -> None:
    """Requests are told beside articles and tokens."""
    (tmp_path / "a.txt").write_text(text(), encoding="utf-8")
    (tmp_path / "b.txt").write_text("Two trawlers sank off Norra on Monday.", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "summarizer", "run", str(tmp_path), "--model", "m", "--estimate"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"},
        check=True,
    )
    assert done.stdout.splitlines()[:2] == ["articles   2", "requests   5"]


def test_prompt_shows_the_first_section_of_a_long_article(tmp_path: Path) -> None:
    """What is printed is what would be sent first, and how many sections there are is said."""
    (tmp_path / "a.txt").write_text(text(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "summarizer", "prompt", str(tmp_path / "a.txt")],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    assert "in 3 sections" in done.stderr
    assert "[170] Oren Vask" in done.stdout
    assert "[171]" not in done.stdout
