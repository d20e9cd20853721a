"""An article of 12,000 words: claims whose parts lie in different sections come out as one row each.

``tests/data/long/replies.jsonl`` holds what a reader wrote who saw one request at a time, and nothing else.
"""

import asyncio
import json
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from summarizer.backends.openai import OpenAIBackend
from summarizer.backends.openai.sectioned import relevant
from summarizer.backends.openai.transport import Transport
from summarizer.domain.article import Article
from summarizer.domain.draft import DraftClaim
from summarizer.domain.report import Claim, Report
from summarizer.pipeline import Pipeline
from summarizer.text.sections import cut
from summarizer.text.sentences import split

DATA = Path(__file__).parents[1] / "data" / "long"
STANCES = {"asserts", "denies", "does_not_confirm"}


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


def report(endpoint: Any, says: Any) -> Report:
    """Run the article through the pipeline with the reader's replies."""
    replies = (DATA / "replies.jsonl").read_text("utf-8").splitlines()
    endpoint.play(*map(says, replies))

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


def stands(claim: Claim) -> list[str]:
    """Return a claim's positions as the key writes them."""
    return [f"{p.source} {p.stance}{' hedged' * p.hedged}" for p in claim.positions]


def test_the_article_is_what_the_key_says() -> None:
    """It has 12,000 words, every planted part once, and each time the same text."""
    assert 11_500 <= len(text().split()) <= 12_500
    assert text() == runpy.run_path(str(DATA / "article.py"))["text"]()
    assert len(key()) == 15
    assert all(
        text().count(said) == 1 for claim in key() for _, said in claim["parts"] if len(claim["parts"]) == 1
    )


def test_parts_lie_in_different_sections_and_a_pronoun_at_a_seam() -> None:
    """A denial stands 4,000 words after the assertion; "He said" opens a section, his name ends the one before."""
    sentences = split(text())
    sections = cut(sentences, 6000)
    assert len(sections) == 3
    assert sentences.quote(sections[0].sentences[-1]).startswith("Oren Vask")
    assert sentences.quote(sections[1].sentences[0]).startswith("He said")
    first, second, _ = (said for _, said in key()[0]["parts"])
    assert len(text()[text().index(first) : text().index(second)].split()) > 4000


@pytest.mark.parametrize("number", range(15))
def test_rows_that_a_later_sentence_is_about_are_among_those_shown(number: int) -> None:
    """Where only a third of the rows can be shown, those of the planted claims are."""
    sentences = split(text())
    planted = [DraftClaim(id=n, text=claim["parts"][0][1]) for n, claim in enumerate(key(), 1)]
    body = [DraftClaim(id=100 + s.number, text=sentences.quote(s)) for s in cut(sentences, 6000)[0].sentences]
    later = [sentences.quote(s) for s in cut(sentences, 6000)[2].sentences]
    shown = relevant([*planted, *body], [*later, *(said for _, said in key()[number]["parts"][1:])], 3000)
    assert len(shown) < 0.6 * (len(planted) + len(body))
    assert planted[number] in shown or len(key()[number]["parts"]) == 1


def test_each_planted_claim_is_one_row_with_all_its_positions(endpoint: Any, says: Any) -> None:
    """Fifteen of fifteen: none lost at a seam, none twice, no two figures made one."""
    made = report(endpoint, says)
    for row in (row for claim in key() for row in claim["rows"]):
        found = [claim for claim in made.claims if matches(row, claim)]
        assert len(found) == 1, row
        assert len(found[0].positions) == len(row["positions"]), row
        for wanted, position in zip(row["positions"], stands(found[0]), strict=True):
            who, _, stance = wanted.partition(f" {next(s for s in STANCES if f' {s}' in wanted)}")
            assert who in position, row
            assert position.endswith(wanted.removeprefix(f"{who} ")), (row, stance)


def test_a_long_report_is_whole(endpoint: Any, says: Any) -> None:
    """Four requests; every row has evidence in the article's own characters, and the rows are all different."""
    made = report(endpoint, says)
    assert len(endpoint.requests) == 4
    assert (made.trace.tokens.input, made.trace.tokens.output) == (400, 40)
    evidence = [e for claim in made.claims for p in claim.positions for e in p.evidence]
    assert all(text()[e.start : e.end] == e.quote for e in evidence)
    assert all(p.evidence for claim in made.claims for p in claim.positions)
    assert len({claim.text for claim in made.claims}) == len(made.claims)
    assert made.summary
