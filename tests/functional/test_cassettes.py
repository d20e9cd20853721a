"""Sample articles through the model path, replayed from recorded exchanges with no network."""

import asyncio
from typing import Any

import pytest

from summarizer import Report
from summarizer.errors import EndpointUnreachable
from tests.cassettes import CASSETTES, replay, texts

SECRETS = ("authorization", "cookie", "openai-organization", "x-request-id", "bearer ", "sk-")
NAMES = sorted(path.stem for path in CASSETTES.glob("*.yaml"))


def data(report: Report) -> dict[str, Any]:
    """Return a report without the seconds it took."""
    made = report.model_dump(mode="json")
    del made["trace"]["seconds"]
    return made


def test_there_are_enough_cassettes_and_each_has_its_article() -> None:
    """At least ten articles are recorded, and no cassette is an orphan."""
    assert len(NAMES) >= 10
    assert set(NAMES) <= set(texts())


@pytest.mark.parametrize("name", NAMES)
def test_an_article_is_replayed_whole_and_the_same_twice(name: str) -> None:
    """Every turn is played, spans are exact, sentences cited, and two replays give the same bytes."""
    report, tape = asyncio.run(replay(name))
    text = texts()[name].read_bytes().decode()
    assert tape.all_played
    assert report.trace.attempts == len(tape)
    assert all(sentence.claims for sentence in (report.headline, *report.summary))
    for claim in report.claims:
        for span in (evidence for position in claim.positions for evidence in position.evidence):
            assert text[span.start : span.end] == span.quote
    again, _ = asyncio.run(replay(name))
    assert data(again) == data(report)


@pytest.mark.parametrize("name", NAMES)
def test_a_cassette_holds_no_secret(name: str) -> None:
    """No key, cookie or organisation stands in a recording."""
    recorded = (CASSETTES / f"{name}.yaml").read_text("utf-8").lower().replace("desk-", "")
    assert not [word for word in SECRETS if word in recorded]


def test_a_stale_cassette_fails_instead_of_answering_another_question() -> None:
    """Where the request is not the recorded one nothing is replayed and nothing is sent."""
    with pytest.raises(EndpointUnreachable):
        asyncio.run(replay(NAMES[0], added=" It rained."))
