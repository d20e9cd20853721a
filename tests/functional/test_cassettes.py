"""Sample articles through the model path, replayed from recorded exchanges with no network."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from summarizer import Report, prompts
from summarizer.backends.openai.wire import Repair
from tests import cassettes
from tests.cassettes import CASSETTES, RECORDED_AT, replay, texts
from tests.staleness import PROMPT, StaleCassetteError

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
    with pytest.raises(StaleCassetteError, match=r"is stale: request 1 is not the recorded one"):
        asyncio.run(replay(NAMES[0], added=" It rained."))


def test_a_stale_copy_tells_what_changed_and_how_to_record_it(tmp_path: Path) -> None:
    """The failure names the file, says that the prompt is another one, and shows the exact command."""
    name = NAMES[0]
    recorded = (CASSETTES / f"{name}.yaml").read_text("utf-8")
    copy = tmp_path / f"{name}.yaml"
    copy.write_text(recorded.replace("SOURCES. Who takes", "SOURCES. Who took"), encoding="utf-8")
    assert copy.read_text("utf-8") != recorded
    said = stale(name, tmp_path)
    assert said.startswith(f"{copy} is stale: ")
    assert "the prompt's instructions (#" in said
    assert prompts.identity() in said
    assert said.endswith(f"\n    OPENAI_BASE_URL={RECORDED_AT} python -m tests.cassettes {name}")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda body: body["messages"][0].update(content="Anew."), "the prompt's instructions"),
        (
            lambda body: body["messages"][1].update(content=body["messages"][1]["content"] + "Go."),
            "the prompt around",
        ),
        (lambda body: body["messages"][1].update(content="=== article 0a ==="), "the article"),
        (lambda body: body["response_format"].update(type="text"), "the schema"),
        (lambda body: body.update(temperature=1), "model or parameters"),
    ],
)
def test_what_changed_is_told_by_its_name_and_nothing_else(
    endpoint: Any, says: Callable[..., Any], example: Path, change: Callable[[Any], None], named: str
) -> None:
    """Of a fresh recording one part is made another; that one is named, and so are both prompts."""
    name, tmp_path = example.stem, example.parent
    endpoint.play(says(json.dumps(prompts.example()[1])))
    first, _ = asyncio.run(replay(name, mode="all", endpoint=endpoint.base_url, folder=tmp_path))
    again, _ = asyncio.run(replay(name, folder=tmp_path))
    assert again.claims == first.claims
    copy = tmp_path / f"{name}.yaml"
    tape = yaml.safe_load(copy.read_text("utf-8"))
    request = tape["interactions"][0]["request"]
    body = json.loads(request["body"])
    change(body)
    request |= {"body": json.dumps(body), "headers": {PROMPT: ["report.v0#00cafe"]}}
    copy.write_text(yaml.safe_dump(tape), encoding="utf-8")
    said = stale(name, tmp_path)
    (changed,) = (line for line in said.splitlines() if line.startswith("Changed: "))
    assert changed.startswith(f"Changed: {named}")
    assert changed.count(", now #") == 1
    assert f"Prompt: recorded with report.v0#00cafe, now {prompts.identity()}." in said


def test_a_request_more_than_was_recorded_is_told(
    endpoint: Any, says: Callable[..., Any], example: Path
) -> None:
    """Where checks find more than they did, the repair they ask for stands in no cassette."""
    reply = json.loads(json.dumps(prompts.example()[1]))
    reply["claims"][0]["p"] = ["1 @99"]
    endpoint.play(says(json.dumps(reply)), says(json.dumps({name: [] for name in Repair.model_fields})))
    name, tmp_path = example.stem, example.parent
    asyncio.run(replay(name, mode="all", endpoint=endpoint.base_url, folder=tmp_path))
    copy = tmp_path / f"{name}.yaml"
    tape = yaml.safe_load(copy.read_text("utf-8"))
    del tape["interactions"][1:]
    copy.write_text(yaml.safe_dump(tape), encoding="utf-8")
    assert "request 2 is not the recorded one.\nChanged: only 1 recorded" in stale(name, tmp_path)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The prompt's own example as an article that has a cassette."""
    path = tmp_path / "example.txt"
    path.write_text(prompts.example()[0], encoding="utf-8")
    monkeypatch.setattr(cassettes, "texts", lambda: {path.stem: path})
    return path


def stale(name: str, folder: Path) -> str:
    """Replay a cassette that is stale, and return what is said of it."""
    with pytest.raises(StaleCassetteError) as caught:
        asyncio.run(replay(name, folder=folder))
    return str(caught.value)
