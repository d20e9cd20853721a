"""The model path against a real local endpoint: what is sent, what each fault becomes, how often."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from summarizer import errors, prompts
from summarizer.backends.openai import OpenAIBackend
from summarizer.backends.openai.transport import Exchanges, Transport
from summarizer.backends.openai.wire import Reply
from summarizer.domain.article import Article
from summarizer.domain.backend import Drafted
from summarizer.domain.draft import DraftRequest
from summarizer.domain.finding import Finding
from summarizer.text.sentences import split

GOOD = json.dumps(prompts.example()[1])
TEXT = prompts.example()[0]


def draft(endpoint: Any, text: str = TEXT, **options: Any) -> Drafted:
    """Ask the endpoint for one draft."""
    return asyncio.run(_draft(endpoint, DraftRequest(Article(text=text), split(text)), **options))


async def _draft(endpoint: Any, request: DraftRequest, **options: Any) -> Drafted:
    wire: dict[str, Any] = {"backoff": 0.005}
    wire |= {name: options.pop(name) for name in ("timeout", "attempts") if name in options}
    backend = OpenAIBackend(
        "scripted", Transport(base_url=endpoint.base_url, api_key="secret-key", **wire), **options
    )
    try:
        async with asyncio.timeout(20):  # a test that hangs fails
            return await backend.draft(request)
    finally:
        await backend.aclose()


def test_an_ordinary_article_takes_one_request(endpoint: Any, says: Callable[..., Any]) -> None:
    """A good answer is one exchange, and its tokens are counted."""
    endpoint.play(says(GOOD))
    drafted = draft(endpoint)
    assert len(endpoint.requests) == drafted.exchanges == 1
    assert (drafted.tokens.input, drafted.tokens.output) == (100, 10)
    assert len(drafted.draft.claims) == 4


def test_the_schema_on_the_wire_is_strict(endpoint: Any, says: Callable[..., Any]) -> None:
    """The request asks for a strict JSON schema, and nothing else describes the shape."""
    endpoint.play(says(GOOD))
    draft(endpoint)
    (sent,) = endpoint.requests
    wanted = sent["response_format"]["json_schema"]
    assert wanted["strict"] is True
    assert wanted["schema"]["additionalProperties"] is False
    assert set(sent) == {"model", "messages", "response_format"}


@pytest.mark.parametrize("text", ["{{ 7*7 }} ships sank.", "{% if %} ships sank.", "{{ 'a'*10**7 }} sank."])
def test_templates_in_an_article_are_sent_as_they_are(
    endpoint: Any, says: Callable[..., Any], text: str
) -> None:
    """Article text is never rendered as a template on its way to the model."""
    endpoint.play(says(GOOD))
    draft(endpoint, text)
    assert text in endpoint.requests[0]["messages"][1]["content"]


def test_only_given_parameters_are_sent(endpoint: Any, says: Callable[..., Any]) -> None:
    """A temperature goes over the wire where it was given, zero included."""
    endpoint.play(says(GOOD))
    draft(endpoint, temperature=0.0, max_output_tokens=500)
    assert endpoint.requests[0]["temperature"] == 0.0
    assert endpoint.requests[0]["max_completion_tokens"] == 500


def test_an_answer_not_to_the_schema_is_asked_for_again(endpoint: Any, says: Callable[..., Any]) -> None:
    """A malformed answer costs one more request, and both are counted."""
    endpoint.play(says('{"sources": []}'), says(GOOD))
    drafted = draft(endpoint)
    assert len(endpoint.requests) == drafted.exchanges == 2
    assert drafted.tokens.input == 200


def test_a_re_ask_holds_the_problems_and_not_the_answer(endpoint: Any, says: Callable[..., Any]) -> None:
    """However often it is asked again, the request grows by the last problems only, and by no version."""
    bad = json.dumps({**json.loads(GOOD), "key": ["first"], "furniture": "x" * 3000})
    worse = json.dumps({**json.loads(GOOD), "claims": [{"i": 1, "t": "No one knows.", "p": ["2 doubts @3"]}]})
    endpoint.play(says(bad), says(worse), says(bad), says(GOOD))
    assert draft(endpoint, shape_attempts=4).exchanges == 4
    first, *again = (request["messages"] for request in endpoint.requests)
    assert [message["role"] for message in again[0]] == ["system", "user"]
    added = [messages[-1]["content"].removeprefix(first[-1]["content"]) for messages in again]
    assert all(messages[:-1] == first[:-1] for messages in again)
    assert added[0] == added[2]
    assert "key.0: Input should be a valid integer" in added[0]
    assert "claims.0.p.0" in added[1]
    assert '"2 doubts @3"' in added[1]
    assert "furniture" not in added[1]
    assert max(map(len, added)) < 500
    assert "pydantic" not in "".join(added)


def test_a_cut_answer_is_asked_for_once_more_with_twice_the_room(
    endpoint: Any, says: Callable[..., Any]
) -> None:
    """The limit is doubled where one was set, else twice what the endpoint says it wrote is asked for."""
    for limit, limits in (500, [500, 1000]), (None, [None, 20]):
        endpoint.requests.clear()
        endpoint.play(says(GOOD[:50], finish="length"), says(GOOD))
        assert draft(endpoint, max_output_tokens=limit).tokens.output == 20
        assert [request.get("max_completion_tokens") for request in endpoint.requests] == limits


def test_more_room_is_kept_for_what_follows(endpoint: Any, says: Callable[..., Any]) -> None:
    """A re-ask after a cut answer keeps the doubled limit, and is not cut off by the old one."""
    endpoint.play(says(GOOD[:50], finish="length"), says("{}"), says(GOOD))
    draft(endpoint, max_output_tokens=500)
    assert [request["max_completion_tokens"] for request in endpoint.requests] == [500, 1000, 1000]


def test_a_cut_answer_is_final_where_no_length_is_known(endpoint: Any, says: Callable[..., Any]) -> None:
    """Without a limit to double and without a report of tokens, asking again would change nothing."""
    cut = says(GOOD[:50], finish="length")
    cut["body"]["usage"] = None
    endpoint.play(cut)
    with pytest.raises(errors.AnswerTruncated):
        draft(endpoint)
    assert len(endpoint.requests) == 1


def test_feedback_asks_for_a_repair_of_the_draft_before(endpoint: Any, says: Callable[..., Any]) -> None:
    """With findings the model sees its own answer and the findings, and answers with changes only."""
    endpoint.play(says(GOOD))
    first = draft(endpoint)
    repair = {"add_sources": [], "claims": [{"i": 4, "t": "The wrecks lie deep.", "p": ["@4"]}], "drop": [],
              "conflicts": [], "key": [], "headline": [], "summary": []}  # fmt: skip
    endpoint.play(says(json.dumps(repair)))
    finding = Finding(check="names", severity="error", where="claims[c4]", message="The name is not there.")
    request = DraftRequest(Article(text=TEXT), split(TEXT)).with_feedback(first.draft, (finding,))
    second = asyncio.run(_draft(endpoint, request))
    roles = [message["role"] for message in endpoint.requests[-1]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert "claims[c4]: The name is not there." in endpoint.requests[-1]["messages"][3]["content"]
    assert second.draft.claims[3].text == "The wrecks lie deep."
    assert second.draft.claims[:3] == first.draft.claims[:3]


def test_a_wire_fault_that_passes_is_tried_again(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any]
) -> None:
    """A 429 with a wait of no time and a 500 cost one request each."""
    endpoint.play(fails(429, retry_after_ms="1"), fails(500, retry_after_ms="1"), says(GOOD))
    assert draft(endpoint).exchanges == 3


@pytest.mark.parametrize(
    ("answer", "kind", "requests"),
    [
        ({"status": 500, "headers": {"retry_after_ms": "1"}}, errors.EndpointOverloaded, 3),
        ({"status": 429, "headers": {"retry_after": "300"}}, errors.EndpointOverloaded, 1),
        ({"status": 429, "code": "insufficient_quota"}, errors.QuotaExhausted, 1),
        ({"status": 401}, errors.AuthenticationFailed, 1),
        ({"status": 404}, errors.RequestRejected, 1),
        ({"status": 400}, errors.RequestRejected, 1),
    ],
)
def test_each_refusal_of_the_endpoint_has_its_own_error(
    endpoint: Any, answer: dict[str, Any], kind: type[errors.BackendError], requests: int
) -> None:
    """Errors say which fault it was, how many requests it took, and never hold the key."""
    body = {"error": {"message": "no", "type": "error", "code": answer.get("code")}}
    endpoint.play({"status": answer["status"], "body": body, "headers": answer.get("headers", {})})
    with pytest.raises(kind) as caught:
        draft(endpoint, attempts=3)
    assert caught.value.attempts == len(endpoint.requests) == requests
    assert "secret-key" not in str(caught.value)


def test_what_a_model_withholds_is_final(endpoint: Any, says: Callable[..., Any]) -> None:
    """A refusal and the content filter are one request each, with errors of their own."""
    for answer, kind in (
        (says(None, refusal="I cannot."), errors.AnswerRefused),
        (says("", finish="content_filter"), errors.AnswerFiltered),
    ):
        endpoint.requests.clear()
        endpoint.play(answer)
        with pytest.raises(kind) as caught:
            draft(endpoint)
        assert caught.value.attempts == len(endpoint.requests) == 1
        assert caught.value.tokens.output == 10


def test_an_answer_that_never_meets_the_schema_is_given_up(endpoint: Any, says: Callable[..., Any]) -> None:
    """After the last re-ask the error names the first problem, not the whole answer."""
    endpoint.play(says('{"sources": [], "secret": "' + "x" * 5000 + '"}'))
    with pytest.raises(errors.AnswerMalformed) as caught:
        draft(endpoint)
    assert caught.value.attempts == 2
    assert len(str(caught.value)) < 500


def test_a_web_page_is_no_endpoint(endpoint: Any) -> None:
    """HTML with status 200 is told apart from an answer, after one request."""
    endpoint.play({"status": 200, "raw": "<html>hello</html>", "type": "text/html"})
    with pytest.raises(errors.NotAnEndpoint):
        draft(endpoint)
    assert len(endpoint.requests) == 1


def test_nobody_listening_is_unreachable() -> None:
    """A closed port gives an error that names the endpoint."""

    class Nowhere:
        base_url = "http://127.0.0.1:9/v1"

    with pytest.raises(errors.EndpointUnreachable, match=r"127\.0\.0\.1:9"):
        draft(Nowhere(), attempts=1)


def test_each_request_is_one_line_of_debug_log(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    """It names endpoint, model, number, outcome and tokens."""
    caplog.set_level("DEBUG", "summarizer")
    endpoint.play(fails(500), says(GOOD))
    draft(endpoint)
    lines = [r.getMessage() for r in caplog.records if r.name == "summarizer.backends.openai.transport"]
    assert len(lines) == 2
    assert f"{endpoint.base_url} scripted request 1: HTTP 500" in lines[0]
    assert "request 2: 200 stop" in lines[1]
    assert "100 tokens in, 10 out" in lines[1]


def test_no_log_shows_article_answer_or_key(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    """That holds for the libraries' own loggers from INFO on, and for ours at every level."""
    written = "the harbour master dreams of violins"
    caplog.set_level("INFO")
    caplog.set_level("DEBUG", "summarizer")
    for answer in (
        says(json.dumps({"sources": written})),
        says(written),
        says(GOOD[:99], finish="length"),
        fails(400, f"rejected: {TEXT}"),
        fails(401, "no such key: secret-key"),
    ):
        endpoint.play(answer)
        with pytest.raises(errors.BackendError):
            draft(endpoint)
    said = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    assert "instructor" in {record.name.split(".")[0] for record in caplog.records}
    assert not [secret for secret in (written, GOOD[:40], "secret-key", *TEXT.splitlines()) if secret in said]


@pytest.mark.parametrize("key", ["sk-pasted-with-a-break\n", "sk-“quoted”-key"])
def test_a_key_that_no_header_can_carry_is_not_sent(endpoint: Any, key: str) -> None:
    """It is an error of its own that does not show the key."""
    backend = OpenAIBackend("scripted", Transport(base_url=endpoint.base_url, api_key=key))
    with pytest.raises(errors.AuthenticationFailed) as caught:
        asyncio.run(backend.draft(DraftRequest(Article(text=TEXT), split(TEXT))))
    assert "sk-" not in str(caught.value)
    assert not endpoint.requests


@pytest.mark.parametrize("base_url", ["localhost:9/v1", "ftp://127.0.0.1/v1"])
def test_what_is_no_address_is_not_tried_again(base_url: str) -> None:
    """A base URL that cannot be called fails at once."""

    class Nowhere:
        pass

    Nowhere.base_url = base_url  # type: ignore[attr-defined]
    with pytest.raises(errors.EndpointUnreachable) as caught:
        draft(Nowhere())
    assert caught.value.attempts == 1


def test_each_question_of_a_draft_has_an_allowance_of_its_own(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any]
) -> None:
    """What one section of a long article lost to the wire is not taken from the next."""
    endpoint.play(*[fails(500), fails(500), says(GOOD)] * 3)

    async def three_questions() -> Exchanges:
        exchanges = Exchanges()
        backend = OpenAIBackend(
            "scripted", Transport(base_url=endpoint.base_url, api_key="k", attempts=3, backoff=0.005)
        )
        for _ in range(3):
            await backend._ask(exchanges, Reply, [{"role": "user", "content": TEXT}])
        await backend.aclose()
        return exchanges

    exchanges = asyncio.run(asyncio.wait_for(three_questions(), 20))
    assert (exchanges.count, exchanges.tokens.output) == (9, 30)
