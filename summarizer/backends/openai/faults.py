"""What can go wrong between us and a model, in our own words: one fault, one wording."""

from typing import TYPE_CHECKING, Any

from summarizer import errors
from summarizer.domain.report import Tokens

if TYPE_CHECKING:
    from summarizer.backends.openai.transport import Exchanges

_NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached"}


def is_transient(error: BaseException) -> bool:
    """Say whether the same request may fare better in a moment."""
    import openai

    if isinstance(error, openai.APIConnectionError):
        return not _is_replayed(error)
    if not isinstance(error, openai.APIStatusError) or error.code in _NO_CREDIT:
        return False
    return error.status_code in {408, 409, 429} or error.status_code >= 500


def mapped(
    error: BaseException, endpoint: str, model: str | None, exchanges: "Exchanges"
) -> errors.BackendError:
    """Return our error for one of the client library's; ours come back with the counts filled in."""
    if isinstance(error, errors.BackendError):
        error.attempts, error.tokens = exchanges.count, exchanges.tokens
        return error
    kind, what, mend = _described(error, model)
    return kind(what, where=endpoint, mend=mend, attempts=exchanges.count, tokens=exchanges.tokens)


def not_an_endpoint(endpoint: str) -> errors.NotAnEndpoint:
    """Return the error for an answer that is no chat completion."""
    return errors.NotAnEndpoint(
        "what answered is no chat completion.",
        where=endpoint,
        mend="Does the base URL end in /v1, and is it the API rather than a web page?",
    )


def withheld(answer: Any, endpoint: str) -> errors.AnswerError | None:
    """Return the error for an answer that its writer or a filter withheld, or None."""
    choice = answer.choices[0]
    if choice.finish_reason == "content_filter":
        return errors.AnswerFiltered("the endpoint's content filter withheld the answer.", where=endpoint)
    if getattr(choice.message, "refusal", None):
        said = str(choice.message.refusal)[:200]
        return errors.AnswerRefused(f"the model declined: {said}", where=endpoint)
    return None


def truncated(endpoint: str, attempts: int, tokens: Tokens) -> errors.AnswerTruncated:
    """Return the error for an answer cut off at the output limit."""
    return errors.AnswerTruncated(
        "the answer was cut off at the output limit; half a table is not read as whole.",
        where=endpoint,
        mend="Raise max_output_tokens.",
        attempts=attempts,
        tokens=tokens,
    )


def malformed(endpoint: str, error: Exception, attempts: int, tokens: Tokens) -> errors.AnswerMalformed:
    """Return the error for an answer that did not meet the schema to the last re-ask."""
    return errors.AnswerMalformed(
        f"no answer met the schema: {_first_problem(error)}",
        where=endpoint,
        mend="Try a model that supports structured outputs; `summarizer doctor` tells.",
        attempts=attempts,
        tokens=tokens,
    )


def _described(error: BaseException, model: str | None) -> tuple[type[errors.EndpointError], str, str | None]:
    import openai

    if isinstance(error, openai.APITimeoutError):
        return errors.EndpointTimeout, "no answer in time.", "Raise the timeout, or try a faster model."
    if isinstance(error, openai.APIConnectionError):
        cause = error.__cause__ or error
        return (
            errors.EndpointUnreachable,
            f"cannot be reached: {cause}.",
            "Is it running, and is the base URL right?",
        )
    if isinstance(error, openai.APIStatusError):
        return _status(error, model)
    if isinstance(error, openai.APIError):
        return errors.NotAnEndpoint, f"gave an answer that cannot be read: {error}.", None
    return errors.AuthenticationFailed, f"{error}", "Set OPENAI_API_KEY, or pass a key."


def _status(error: Any, model: str | None) -> tuple[type[errors.EndpointError], str, str | None]:
    said = f"HTTP {error.status_code}: {_message(error)}"
    if error.code in _NO_CREDIT:
        return errors.QuotaExhausted, said, "The account has no credit left; waiting does not help."
    if error.status_code in {401, 403}:
        return errors.AuthenticationFailed, said, "Check OPENAI_API_KEY."
    if error.status_code == 404:
        return (
            errors.RequestRejected,
            said,
            f"Is {model!r} a model of this endpoint? `summarizer doctor` lists them.",
        )
    if error.status_code in {408, 409, 429} or error.status_code >= 500:
        return errors.EndpointOverloaded, said, "Try again later, or with less concurrency."
    return errors.RequestRejected, said, None


def _message(error: Any) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return str(body.get("message") or error.message)[:300]


def _is_replayed(error: BaseException) -> bool:
    """Say whether a test's recording, not the wire, refused: waiting would only hide it."""
    return any(
        "CannotOverwriteExistingCassette" in said or "Network is disabled" in said for said in _causes(error)
    )


def _causes(error: BaseException) -> list[str]:
    """Return what an error and those behind it say."""
    said: list[str] = []
    behind: BaseException | None = error
    while behind is not None and len(said) < 5:
        said.append(f"{type(behind).__name__}: {behind}")
        behind = behind.__cause__ or behind.__context__
    return said


def _first_problem(error: Exception) -> str:
    """Return the first validation problem; the error's own text would repeat every failed answer."""
    attempts = getattr(error, "failed_attempts", None) or []
    cause = attempts[-1].exception if attempts else error.__cause__ or error
    problems = getattr(cause, "errors", None)
    if callable(problems) and (listed := problems()):
        first = listed[0]
        return f"{'.'.join(map(str, first['loc'])) or 'answer'}: {first['msg']}."
    return f"{type(cause).__name__}."
