"""The fake endpoint of benchmarks/batch: what it says is so, or no figure made with it is worth anything."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from benchmarks.batch.articles import article
from benchmarks.batch.endpoint import KINDS, Profile, key_of, serving, stats
from summarizer import Article, Summarizer
from summarizer.backends.openai.wire import Repair, Reply, Trial, to_draft
from summarizer.checks import judge
from summarizer.grounding import ground
from summarizer.prompts import report_messages
from summarizer.text.sentences import split


def post(base_url: str, body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Send one chat completion and return status, headers and body."""
    place = urlsplit(base_url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    try:
        connection.request("POST", f"{place.path}/chat/completions", json.dumps(body))
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def plain(number: int = 0) -> dict[str, Any]:
    """Make the request of somebody who knows nothing of our wire form."""
    text = article(number)["text"]
    return {"model": "fake", "messages": [{"role": "user", "content": f"Summarise this.\n\n{text}"}]}


def ours(one: Article, shape: str) -> dict[str, Any]:
    """Make our request."""
    form = {"type": "json_schema", "json_schema": {"name": shape}}
    return {"model": "fake", "messages": report_messages(one, split(one.text)), "response_format": form}


def content(body: bytes) -> str:
    """Return what a completion says."""
    return str(json.loads(body)["choices"][0]["message"]["content"])


def test_an_article_gets_rows_that_no_check_has_an_error_for() -> None:
    """Our wire form gets a reply that is to the schema, grounded, and passes every check."""
    with serving() as base_url:
        for number in range(12):
            one = Article(**article(number))
            _, _, body = post(base_url, ours(one, "Reply"))
            made = ground(to_draft(Reply.model_validate_json(content(body))), one, split(one.text))
            assert made.claims[0].text == one.text.splitlines()[0]
            assert [f for f in judge(made) if f.severity == "error"] == []


def test_a_long_article_is_answered_section_by_section() -> None:
    """Sections and the summary of a long article get answers that make one whole report of it."""
    one = Article(**article(3, words=(400, 400)))
    with serving() as base_url:
        with Summarizer("openai/fake", base_url=base_url, api_key="none", section_tokens=200) as summarizer:
            report = summarizer.summarize(one)
        seen = stats(base_url)
    assert report.claims[0].text == one.text.splitlines()[0]
    assert list(seen["articles"]) == [key_of(one.text)]
    assert seen["requests"] > 2


@pytest.mark.parametrize("shape", [Repair, Trial])
def test_what_else_we_ask_is_answered_to_its_schema(shape: type[Repair | Trial]) -> None:
    """A repair and a trial get an answer of their own shape."""
    with serving() as base_url:
        _, _, body = post(base_url, ours(Article(**article(3)), shape.__name__))
        shape.model_validate_json(content(body))


def test_an_answer_holds_the_key_of_its_article() -> None:
    """An answer to one article cannot pass for the answer to another."""
    with serving() as base_url:
        first, second = (content(post(base_url, plain(number))[2]) for number in (0, 1))
        assert key_of(article(0)["text"]) in first
        assert key_of(article(0)["text"]) not in second


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_what_its_name_says_and_is_counted(kind: str) -> None:
    """Each fault can be told from a good answer and from the others."""
    with serving(faults={kind: 1.0}) as base_url:
        place = urlsplit(base_url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=0.3)
        came = ""
        try:
            connection.request("POST", f"{place.path}/chat/completions", json.dumps(plain()))
            answer = connection.getresponse()
            came = str(answer.status)
            said = json.loads(answer.read())["choices"][0]
            came = f"{came} {said['finish_reason']}"
            came += f" {sorted(json.loads(said['message']['content']))}"
        except (ValueError, KeyError, OSError, http.client.HTTPException) as error:
            came += f" {type(error).__name__}"
        finally:
            connection.close()
        assert (
            came.strip()
            == {
                "error429": "429 KeyError",
                "error500": "500 KeyError",
                "reset": "ConnectionResetError",
                "truncated": "200 IncompleteRead",
                "garbage": "200 JSONDecodeError",
                "schema": "200 stop ['summary']",
                "prose": "200 stop JSONDecodeError",
                "cut": "200 length JSONDecodeError",
                "hang": "TimeoutError",
            }[kind]
        )
        while not (kinds := stats(base_url)["kinds"]):
            pass
        assert kinds == {kind: 1}


def test_the_same_articles_meet_the_same_faults_in_any_order() -> None:
    """Fates hang on seed, article and try alone, not on the order in which a client asks."""
    profile = Profile(faults={"error500": 0.3, "schema": 0.3}, seed=5)
    fates = []
    for order in (range(20), reversed(range(20))):
        with serving(profile) as base_url:
            statuses = {number: [post(base_url, plain(number))[0] for _ in range(3)] for number in order}
            fates.append(sorted(statuses.items()))
    assert fates[0] == fates[1]
    assert {status for _, tries in fates[0] for status in tries} == {200, 500}


@pytest.mark.parametrize(("overload", "refused"), [("queue", 0), ("refuse", 6)])
def test_no_more_requests_are_served_at_once_than_there_are_slots(overload: str, refused: int) -> None:
    """Requests beyond the slots wait or are refused, as asked."""
    with serving(latency=0.4, sigma=0, slots=2, overload=overload) as base_url, ThreadPoolExecutor(8) as pool:
        statuses = [status for status, _, _ in pool.map(post, [base_url] * 8, map(plain, range(8)))]
        seen = stats(base_url)
    assert statuses.count(429) == refused == seen["kinds"].get("refused", 0)
    assert seen["peak_in_service"] == 2
    assert sum(paid for _, paid, *_ in seen["articles"].values()) == 8 - refused


def test_a_rate_is_held_and_told() -> None:
    """Beyond the requests a minute comes 429, with headers that say how long."""
    with serving(requests_per_minute=60, burst=3, retry_after="auto") as base_url:
        came = [post(base_url, plain(number)) for number in range(4)]
    assert [status for status, _, _ in came] == [200, 200, 200, 429]
    assert came[0][1]["x-ratelimit-limit-requests"] == "60"
    assert [headers["x-ratelimit-remaining-requests"] for _, headers, _ in came] == ["2", "1", "0", "0"]
    assert came[3][1]["retry-after"] == "1"
    assert 0 < int(came[3][1]["retry-after-ms"]) <= 1000


def test_a_client_that_hangs_up_frees_its_slot() -> None:
    """An abandoned request is counted, and the next one is served."""
    with serving(latency=30, sigma=0, slots=1) as base_url:
        place = urlsplit(base_url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=5)
        connection.request("POST", f"{place.path}/chat/completions", json.dumps(plain()))
        while stats(base_url)["in_service"] != 1:
            pass
        connection.close()
        while stats(base_url)["in_service"] != 0:
            pass
        seen = stats(base_url)
    assert seen["kinds"] == {"abandoned": 1}
    assert next(iter(seen["articles"].values()))[:4] == [1, 1, 0, 1]
