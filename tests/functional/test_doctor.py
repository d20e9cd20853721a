"""What doctor finds out about an endpoint: a verdict on each thing, from three short questions."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from summarizer import Settings, errors, wiring
from summarizer.backends.openai.probing import LIMIT, Verdict
from summarizer.examination import examine

KEY = "sk-secret-0123456789"
ROW = {"i": 1, "t": "It rained.", "p": ["1 denies @2"]}
KEPT = {"rows": [ROW]}
REPLY = {
    "sources": ["police", "the operator"],
    "claims": [
        {"i": 1, "t": "A bus left the road near Almdorf on Monday.", "p": ["1 @1"]},
        {"i": 2, "t": "Two passengers were hurt.", "p": ["@2"]},
        {"i": 3, "t": "The driver was tired.", "p": ["2 denies @3"]},
    ],
    "forecasts": [],
    "opinions": [],
    "conflicts": [],
    "loaded": [],
    "furniture": [],
    "key": [1, 2, 3],
    "headline": {"t": "Bus leaves the road near Almdorf, police say", "c": [1]},
    "summary": [
        {"t": "A bus left the road near Almdorf on Monday, police said.", "c": [1]},
        {"t": "Two passengers were hurt; the operator denied that the driver was tired.", "c": [2, 3]},
    ],
}


class Look:
    """Puts questions to the scripted endpoint."""

    def __init__(self, endpoint: Any, says: Callable[..., Any]) -> None:
        self.endpoint, self.says = endpoint, says
        self.base_url = endpoint.base_url

    def __call__(
        self, schema: Any = None, limit: Any = None, article: Any = None, *, model: str = "scripted"
    ) -> dict[str, Verdict]:
        """Return the verdicts where the three questions are answered like this, and else well."""
        self.endpoint.play(
            schema or self.says(json.dumps(KEPT)),
            limit or self.says("1 2 3 4", finish="length"),
            article or self.says(json.dumps(REPLY)),
        )
        return asyncio.run(self.verdicts(model))

    async def verdicts(self, model: str) -> dict[str, Verdict]:
        settings = Settings(model=model, base_url=self.base_url, api_key=KEY, timeout=5, transport_attempts=1)
        backend, probe = wiring.backend(settings), wiring.probe(settings)
        try:
            return {verdict.about: verdict async for verdict in examine(backend, probe)}
        finally:
            await backend.aclose()
            if probe is not None:
                await probe.aclose()


@pytest.fixture
def look(endpoint: Any, says: Callable[..., Any]) -> Look:
    """Look at the scripted endpoint; what is not given is answered well."""
    return Look(endpoint, says)


def answered(says: Callable[..., Any], content: Any, **usage: Any) -> dict[str, Any]:
    """Make an answer with a usage of its own; None takes it away."""
    answer: dict[str, Any] = says(content if isinstance(content, str) else json.dumps(content))
    answer["body"]["usage"] = usage or None
    return answer


def test_a_good_endpoint_takes_one_list_and_three_questions(look: Look) -> None:
    """Every verdict but those on cached tokens and rates is yes, and what asking took is told."""
    found = look()
    assert {about: verdict.mark for about, verdict in found.items()} == {
        "reachable": "yes", "models": "yes", "answers": "yes", "schema": "yes", "usage": "partly",
        "rates": "no", "limit": "yes", "article": "yes", "usable": "yes",
    }  # fmt: skip
    assert len(look.endpoint.requests) == 3
    assert found["usable"].means == (
        "requests sent: 4, one of them for the list of models; 300 tokens in (0 cached), 30 out"
    )


def test_what_is_asked_is_short_but_for_the_article(look: Look) -> None:
    """The schema goes out strict and the question says nothing of it; the limit goes with one question."""
    look()
    schema, limit, article = look.endpoint.requests
    assert schema["response_format"]["json_schema"]["strict"] is True
    assert not any(word in schema["messages"][0]["content"] for word in ("@", "rows", "JSON", "json"))
    assert [request.get("max_completion_tokens") for request in (schema, limit, article)] == [
        None, LIMIT, None,
    ]  # fmt: skip
    assert len(json.dumps(schema)) + len(json.dumps(limit)) < 1_200


def test_nothing_is_asked_where_nothing_answers(look: Look) -> None:
    """A closed port is told after one attempt, and nothing follows."""
    look.base_url = "http://127.0.0.1:9/v1"
    found = look()
    assert list(found) == ["reachable", "usable"]
    assert "EndpointUnreachable" in found["reachable"].means
    assert found["usable"].mark == "no"


def test_a_model_that_is_not_listed_is_tried_all_the_same(look: Look) -> None:
    """Some endpoints serve what they do not list."""
    found = look(model="another")
    assert (found["models"].mark, found["usable"].mark) == ("no", "yes")
    assert "'another' NOT listed" in found["models"].means


def test_an_endpoint_need_not_list_models(look: Look, fails: Callable[..., Any]) -> None:
    """A list that is refused leaves open whether the model is there; the rest is asked."""
    handler = look.endpoint.RequestHandlerClass
    refuse = {"do_GET": lambda self: self._send(fails(404, "no such page"))}
    look.endpoint.RequestHandlerClass = type("Unlisted", (handler,), refuse)
    found = look()
    assert (found["reachable"].mark, found["models"].mark, found["usable"].mark) == ("yes", "unknown", "yes")


@pytest.mark.parametrize(
    ("answer", "mark", "means"),
    [
        (KEPT, "yes", "patterns too"),
        ({"rows": []}, "yes", "patterns perhaps"),
        (f"```json\n{json.dumps(KEPT)}\n```", "yes", "patterns too"),
        ({"rows": [ROW | {"p": ["the police deny it"]}]}, "partly", "patterns are not"),
        (ROW | {"p": ["the police deny it"]}, "no", "ignored"),
        ("It rained, but the police deny it.", "no", "ignored"),
        ("", "no", "ignored"),
    ],
    ids=["kept", "empty", "fenced", "patterns", "json", "prose", "nothing"],
)
def test_whether_a_strict_schema_is_kept(
    look: Look, says: Callable[..., Any], answer: Any, mark: str, means: str
) -> None:
    """What was asked for breaks the schema: an answer that obeys shows that the schema does not hold."""
    found = look(answered(says, answer))
    assert found["schema"].mark == mark
    assert means in found["schema"].means
    assert found["usable"].mark == "yes"


def test_a_refused_answer_leaves_the_schema_open(look: Look, says: Callable[..., Any]) -> None:
    """A model that declines says nothing about its endpoint."""
    assert look(says(None, refusal="No."))["schema"].mark == "unknown"


@pytest.mark.parametrize("status", [400, 422, 500])
def test_an_endpoint_that_takes_no_schema_is_of_no_use(
    look: Look, fails: Callable[..., Any], status: int
) -> None:
    """It is told by what it objects to, whatever its status, after one question."""
    found = look(fails(status, "('body', 'response_format', 'type'): should be 'text' or 'json_object'"))
    assert (found["schema"].mark, found["usable"].mark) == ("no", "no")
    assert "structured outputs" in found["schema"].means
    assert len(look.endpoint.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, errors.AuthenticationFailed),
        (402, errors.QuotaExhausted),
        (404, errors.RequestRejected),
        (429, errors.EndpointOverloaded),
        (503, errors.EndpointOverloaded),
    ],
)
def test_an_endpoint_that_answers_no_question_is_of_no_use(
    look: Look, fails: Callable[..., Any], status: int, kind: type[errors.BackendError]
) -> None:
    """The fault is named as in a run, the key is not, and nothing more is asked."""
    found = look(fails(status, f"no, {KEY}"))
    assert (found["answers"].mark, found["usable"].mark) == ("no", "no")
    assert found["answers"].means.startswith(kind.__name__)
    assert KEY not in found["answers"].means
    assert len(look.endpoint.requests) == 1


@pytest.mark.parametrize(
    ("usage", "mark"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 9, "prompt_tokens_details": {"cached_tokens": 0}}, "yes"),
        ({"prompt_tokens": 9, "completion_tokens": 9}, "partly"),
        ({"prompt_tokens": "many"}, "no"),
        ({}, "no"),
    ],
    ids=["cached", "plain", "odd", "none"],
)
def test_whether_tokens_are_reported(
    look: Look, says: Callable[..., Any], usage: dict[str, Any], mark: str
) -> None:
    """Costs can be told where tokens are, and discounts where cached ones are."""
    assert look(answered(says, KEPT, **usage))["usage"].mark == mark


def test_whether_rate_limits_are_told(look: Look, says: Callable[..., Any]) -> None:
    """The limits in the headers of an answer are told."""
    headers = {"x-ratelimit-limit-requests": "500", "x-ratelimit-limit-tokens": "30000"}
    told = look(says(json.dumps(KEPT)) | {"headers": headers})["rates"]
    assert (told.mark, "500 requests, 30000 tokens" in told.means) == ("yes", True)


@pytest.mark.parametrize(
    ("finish", "used", "mark"),
    [
        ("length", LIMIT, "yes"),
        ("length", None, "yes"),
        ("length", 4096, "no"),
        ("stop", 290, "no"),
        ("stop", None, "no"),
        ("stop", 5, "unknown"),
    ],
)
def test_whether_an_output_limit_is_kept(
    look: Look, says: Callable[..., Any], finish: str, used: int | None, mark: str
) -> None:
    """A long answer is to end at the limit and to say so."""
    answer = says("1 2 3 4", finish=finish)
    answer["body"]["usage"] = used and {"prompt_tokens": 9, "completion_tokens": used, "total_tokens": 9}
    found = look(limit=answer)
    assert (found["limit"].mark, found["usable"].mark) == (mark, "yes")


def test_an_endpoint_may_refuse_an_output_limit(look: Look, fails: Callable[..., Any]) -> None:
    """It is of use without one."""
    found = look(limit=fails(400, "unknown parameter: max_completion_tokens"))
    assert (found["limit"].mark, found["usable"].mark) == ("no", "yes")
    assert "leave max_output_tokens out" in found["limit"].means


def test_an_article_with_errors_is_still_an_article(look: Look, says: Callable[..., Any]) -> None:
    """Errors of the first draft are what the second is for."""
    wrong = REPLY | {"claims": [{"i": 1, "t": "A bus left the road.", "p": ["1 @99"]}]}
    found = look(article=says(json.dumps(wrong)))
    assert (found["article"].mark, found["usable"].mark) == ("partly", "yes")


@pytest.mark.parametrize(
    ("article", "means"),
    [
        (REPLY | {"claims": []}, "0 row(s)"),
        ({"rows": []}, "AnswerMalformed"),
    ],
    ids=["no rows", "another shape"],
)
def test_an_endpoint_that_gives_no_table_is_of_no_use(
    look: Look, says: Callable[..., Any], article: Any, means: str
) -> None:
    """Whatever else it can do; what the failed article took is counted."""
    found = look(article=says(json.dumps(article)))
    assert (found["article"].mark, found["usable"].mark) == ("no", "no")
    assert means in found["article"].means
    assert f"requests sent: {1 + len(look.endpoint.requests)}," in found["usable"].means


def doctor(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``summarizer doctor`` with a clean environment."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("OPENAI_", "SUMMARIZER_"))}
    return subprocess.run(
        [sys.executable, "-m", "summarizer", "doctor", *arguments],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
        env={**kept, "PYTHONIOENCODING": "utf-8", **environment},
    )  # fmt: skip


def test_the_command_prints_a_line_a_verdict(
    endpoint: Any, says: Callable[..., Any], fails: Callable[..., Any]
) -> None:
    """Exit code 0 where articles can be summarised, 1 where not; an endpoint steers no terminal."""
    endpoint.play(says(json.dumps(KEPT)), says("1 2", finish="length"), says(json.dumps(REPLY)))
    good = doctor("--model", "scripted", OPENAI_BASE_URL=endpoint.base_url, OPENAI_API_KEY=KEY)
    assert (good.returncode, good.stderr) == (0, "")
    assert [line.split()[0] for line in good.stdout.splitlines()] == [
        "model", "endpoint", "key", "reachable", "models", "answers", "schema", "usage", "rates", "limit",
        "article", "usable",
    ]  # fmt: skip
    assert KEY not in good.stdout
    endpoint.requests.clear()
    endpoint.play(fails(422, "no\n\x1b[31mred"))
    bad = doctor("--model", "scripted", OPENAI_BASE_URL=endpoint.base_url)
    assert (bad.returncode, bad.stderr) == (1, "")
    assert "\x1b" not in bad.stdout
    assert bad.stdout.splitlines()[-1].split()[:2] == ["usable", "no"]


def test_offline_needs_no_endpoint() -> None:
    """Rules are tried on the same article, and nothing is sent."""
    done = doctor("--model", "offline")
    assert done.returncode == 0
    assert [line.split()[:2] for line in done.stdout.splitlines()][2:] == [
        ["article", "yes"],
        ["usable", "yes"],
    ]
    assert "nothing was sent" in done.stdout
