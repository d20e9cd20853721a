"""One wording a fault: every error class of the client library, and what no wording may show."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import errors
from summarizer.backends.openai.faults import FAULTS, Asked, is_transient, mapped, shown, unreadable
from summarizer.backends.openai.transport import Exchanges
from summarizer.domain.report import Tokens

REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1")
ASKED = Asked("http://127.0.0.1/v1", "some-model")


def subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    """Give a class and all below it."""
    yield kind
    for below in kind.__subclasses__():
        yield from subclasses(below)


def library_errors() -> list[type[Exception]]:
    """Return every error class of openai; those in modules that nothing imports are imported first."""
    for package in (openai, importlib.import_module("openai.lib"), importlib.import_module("openai._extras")):
        for module in pkgutil.iter_modules(package.__path__):
            if module.name not in {"__main__", "cli"} and not module.ispkg:
                importlib.import_module(f"{package.__name__}.{module.name}")
    return list(subclasses(openai.OpenAIError))


def status_error(
    status: int,
    message: str = "no",
    *,
    kind: type[openai.APIStatusError] = openai.APIStatusError,
    code: object = None,
    **headers: str,
) -> openai.APIStatusError:
    """Make an error of an HTTP status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = httpx2.Response(status, request=REQUEST, headers=named)
    body = {"message": message, "code": code}
    if kind is openai.OAuthError:
        return openai.OAuthError(response=response, body=body)
    return kind(message, response=response, body=body)


def told(error: Exception, asked: Asked = ASKED) -> errors.BackendError:
    """Return our error for one of the library's."""
    return mapped(error, asked, Exchanges(count=2, tokens=Tokens(input=7)))


def test_the_library_has_the_errors_that_we_think_it_has() -> None:
    """The walk below finds public and private classes, so that an empty walk cannot pass."""
    names = {kind.__name__ for kind in library_errors()}
    assert {"APITimeoutError", "RateLimitError", "MutuallyExclusiveAuthError", "APIRemovedInV1"} <= names


@pytest.mark.parametrize("kind", library_errors(), ids=lambda kind: kind.__name__)
def test_every_error_class_of_the_client_library_is_mapped(kind: type[Exception]) -> None:
    """A class goes by its HTTP status or has a wording of its own; a new one without either fails here."""
    if issubclass(kind, openai.APIStatusError):
        status = getattr(kind, "status_code", None) or 500
        ours = told(status_error(status, kind=kind))
    else:
        assert kind.__name__ in FAULTS
        ours = told(kind.__new__(kind, "no"))  # without __init__: each class wants other arguments
    assert type(ours) not in {errors.BackendError, errors.EndpointError, errors.AnswerError}
    assert ours.where == "http://127.0.0.1/v1 (some-model)"
    assert (ours.attempts, ours.tokens.input) == (2, 7)


def test_every_wording_is_of_a_class_that_exists() -> None:
    """No wording is left over from a class that the library has given up."""
    assert set(FAULTS) <= {kind.__name__ for kind in library_errors()}


def test_every_status_has_an_error_and_a_decision() -> None:
    """Only what may pass by itself is sent again: 408, 409, 429 and 5xx."""
    for status in range(400, 600):
        error = status_error(status)
        assert is_transient(error) == (status in {408, 409, 429} or status >= 500)
        assert is_transient(error) == (type(told(error)) is errors.EndpointOverloaded)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, "insufficient_quota", errors.QuotaExhausted),
        (402, None, errors.QuotaExhausted),
        (400, "context_length_exceeded", errors.RequestRejected),
        (400, "content_filter", errors.AnswerFiltered),
        (400, {"odd": ["code"]}, errors.RequestRejected),
        (400, 7, errors.RequestRejected),
    ],
)
def test_an_error_code_says_more_than_the_status(
    status: int, code: object, kind: type[errors.BackendError]
) -> None:
    """Quota, content filter and context length have answers of their own, and none is sent again."""
    error = status_error(status, code=code)
    assert type(told(error)) is kind
    assert not is_transient(error)


def test_a_wait_that_is_too_long_is_told_and_not_waited() -> None:
    """The error says how long the endpoint asked to wait."""
    error = status_error(429, retry_after="300")
    assert not is_transient(error)
    assert "300 s" in str(told(error))
    assert is_transient(status_error(429, retry_after="60"))


@pytest.mark.parametrize("said", ["CannotOverwriteExistingCassetteException", "Network is disabled"])
def test_what_a_recording_lacks_is_not_asked_again(said: str) -> None:
    """A test's missing recording or blocked network shows at once."""
    error = openai.APIConnectionError(request=REQUEST)
    error.__cause__ = type(said, (RuntimeError,), {})(said) if said.isidentifier() else RuntimeError(said)
    assert not is_transient(error)
    assert is_transient(openai.APIConnectionError(request=REQUEST))


def test_no_connection_in_time_is_unreachable_not_slow() -> None:
    """Whoever cannot connect is told to look at the address, not at the model."""
    error = openai.APITimeoutError(request=REQUEST)
    assert type(told(error)) is errors.EndpointTimeout
    error.__cause__ = httpx2.ConnectTimeout("no route")
    assert type(told(error)) is errors.EndpointUnreachable


ARTICLE = "Two trawlers sank off the coast of Norra on Monday, the coast guard said. Nobody was hurt."
SENT = Asked("e", "m", "sk-0123456789", ({"role": "user", "content": ARTICLE},))


@pytest.mark.parametrize("status", [400, 401, 404, 422, 429, 500])
def test_endpoints_that_repeat_key_or_prompt_are_not_repeated(status: int) -> None:
    """What an endpoint says is shown without the key, and not at all where it quotes the request."""
    for message in (f"bad input: {ARTICLE}", f"bad input {ARTICLE[20:60]!r}", "key sk-0123456789 is unknown"):
        said = str(told(status_error(status, message), SENT))
        assert "sk-0123456789" not in said
        assert ARTICLE[30:50] not in said


@given(st.integers(0, 40), st.integers(36, 50), st.text(max_size=30))
def test_any_longer_stretch_of_the_request_is_held_back(start: int, length: int, before: str) -> None:
    """Thirty-six characters of an article in a row are found wherever they stand in a message."""
    stretch = " ".join(ARTICLE[start : start + length].split())
    if len(stretch) >= 36:
        assert stretch not in SENT.quote(before + stretch)


@given(st.text(max_size=2000))
def test_what_is_quoted_is_short_and_on_one_line(said: str) -> None:
    """A quotation of anything is one line of at most 200 characters."""
    assert len(SENT.quote(said)) <= 200
    assert "\n" not in SENT.quote(said)


def test_secrets_in_a_base_url_are_not_shown() -> None:
    """User, password and query are left out of what errors and logs name."""
    assert shown("https://me:hush@host:8000/v1?key=abc#x") == "https://host:8000/v1"
    assert shown("not a url") == "not a url"


def test_a_page_is_told_from_an_accident() -> None:
    """What begins like markup is a web page; anything else unreadable may be better next time."""
    assert isinstance(unreadable("\ufeff\n <html>"), errors.NotAnEndpoint)
    assert isinstance(unreadable('{"id": "chat'), errors.EndpointGarbled)
    assert not is_transient(unreadable("<html>"))
    assert is_transient(unreadable(""))


def test_errors_survive_the_way_to_another_process() -> None:
    """An error that is pickled comes back whole."""
    import pickle

    def leaves(kind: type[Any]) -> Iterator[type[Any]]:
        yield kind
        for below in kind.__subclasses__():
            yield from leaves(below)

    for kind in leaves(errors.SummarizerError):
        sent = kind("what happened.", where="here", mend="Do this.")
        if isinstance(sent, errors.BackendError):
            sent.attempts, sent.tokens = 3, Tokens(input=5)
        came = pickle.loads(pickle.dumps(sent))
        assert type(came) is kind
        assert str(came) == "here: what happened. Do this."
        assert vars(came) == vars(sent)


@pytest.mark.parametrize(
    ("status", "message", "code", "mend"),
    [
        (
            400,
            "request (7083 tokens) exceeds the available context size (4096 tokens)",
            400,
            "longer context",
        ),
        (400, "This model's maximum context length is 8192 tokens.", None, "longer context"),
        (400, "The model `x` does not exist", "model_not_found", "a model of this endpoint"),
        (400, "Unrecognized request argument: max_completion_tokens", None, "max_output_tokens"),
        (400, "Unsupported value: 'temperature' does not support 0", None, "Leave temperature out."),
        (400, "Invalid schema for response_format 'Reply'", None, "structured outputs"),
        (422, "json_schema is not supported", None, "structured outputs"),
        (500, "('response_format', 'type'): should be 'text' or 'json_object'", None, "structured outputs"),
    ],
)
def test_an_endpoint_that_names_what_it_cannot_take_is_not_asked_again(
    status: int, message: str, code: object, mend: str
) -> None:
    """The same request would fare no better; what to change is told by the part that it names."""
    error = status_error(status, message, code=code)
    assert not is_transient(error)
    ours = told(error)
    assert type(ours) is errors.RequestRejected
    assert mend in (ours.mend or "")


@pytest.mark.parametrize(
    "message", ["the temperature of the rack is too high", "context window of the proxy"]
)
def test_a_fault_of_the_moment_stays_one(message: str) -> None:
    """On HTTP 5xx a word that could name a part of the request does not stand for one, but for the schema."""
    error = status_error(503, message)
    assert is_transient(error)
    assert type(told(error)) is errors.EndpointOverloaded
