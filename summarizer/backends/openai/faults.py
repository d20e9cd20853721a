"""What can go wrong between us and a model, in our own words: one fault, one wording."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from summarizer import errors
from summarizer.backends.openai.reask import problems
from summarizer.backends.openai.waiting import LONGEST_WAIT, retry_after
from summarizer.text.shorten import shorten

if TYPE_CHECKING:
    from summarizer.backends.openai.transport import Exchanges


class Fault(NamedTuple):
    """How one fault is told; ``{said}`` in ``what`` stands for what the endpoint or the library said."""

    kind: type[errors.BackendError]
    what: str
    mend: str | None = None


_SETUP: Final = Fault(errors.AuthenticationFailed, "{said}", "Set OPENAI_API_KEY, or pass a key.")
_BROKEN: Final = Fault(
    errors.EndpointUnreachable, "cannot be reached: {said}.", "Is it running, and is the base URL right?"
)
_PAGE: Final = Fault(
    errors.NotAnEndpoint,
    "what answered is no chat completion: {said}.",
    "Does the base URL end in /v1, and is it the API rather than a web page?",
)

FAULTS: Final[Mapping[str, Fault]] = {
    "OpenAIError": _SETUP,
    "SubjectTokenProviderError": _SETUP,
    "MutuallyExclusiveAuthError": _SETUP,
    "_AmbiguousModuleClientUsageError": _SETUP,
    "MissingDependencyError": _SETUP,
    "APIRemovedInV1": _SETUP,
    "APIError": _PAGE,
    "APIResponseValidationError": _PAGE,
    "StreamAlreadyConsumed": _PAGE,
    "APIConnectionError": _BROKEN,
    "APITimeoutError": Fault(
        errors.EndpointTimeout, "no answer in time.", "Raise the timeout, or try a faster model."
    ),
    "WebSocketConnectionClosedError": _BROKEN,
    "WebSocketQueueFullError": Fault(errors.EndpointOverloaded, "{said}."),
    "LengthFinishReasonError": Fault(
        errors.AnswerTruncated,
        "the answer was cut off at the output limit; half a table is not read as whole.",
        "Raise max_output_tokens, or take a model with a longer context.",
    ),
    "ContentFilterFinishReasonError": Fault(
        errors.AnswerFiltered, "the endpoint's content filter withheld the answer."
    ),
}
"""What each error class of openai becomes, by its name; those with an HTTP status go by the status."""

_NO_CREDIT: Final = {"insufficient_quota", "billing_hard_limit_reached", "insufficient_balance"}
_FILTERED: Final = {"content_filter", "content_policy_violation"}
_TOO_LONG: Final = {"context_length_exceeded", "string_above_max_length", "exceed_context_size_error"}
_TOO_LONG_WORDS: Final = ("maximum context length", "available context size", "context window")
_OUTGROWN: Final = "context size has been exceeded"
_TOO_LARGE: Final = "request too large"
"""What OpenAI says, as a 429, of a request larger than all tokens of a minute."""
_LATER: Final = {408, 409, 429}
_OVERLOADED: Final = {503, 529}
NO_SCHEMA: Final = "Take an endpoint and a model with structured outputs (a strict JSON schema)."
_SCHEMA: Final = ("response_format", "json_schema")
_PARTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_SCHEMA, NO_SCHEMA),
    "max_completion_tokens": "Lower max_output_tokens, or leave it out.",
    "temperature": "Leave temperature out.",
}
"""What to do where an endpoint objects to a part of the request and names it."""
_CUT: Final = {"length", "max_tokens", "model_length"}
# What no repetition mends: a recording that lacks the request, a URL or header that cannot be sent.
_FINAL: Final = (
    "CannotOverwriteExistingCassette",
    "Network is disabled",
    "UnsupportedProtocol",
    "LocalProtocolError",
    "CERTIFICATE_VERIFY_FAILED",
)
_WINDOW: Final = 24


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of whom: named by errors, or never to be repeated by them.

    Attributes:
        endpoint: The base URL as it may be shown.
        model: The model's name.
        key: The key; never shown.
        messages: What was sent; never shown.
    """

    endpoint: str
    model: str | None = None
    key: str | None = None
    messages: Sequence[Mapping[str, Any]] = ()

    @property
    def where(self) -> str:
        """The endpoint and the model."""
        return f"{self.endpoint} ({self.model})" if self.model else self.endpoint

    def quote(self, said: object) -> str:
        """Return what somebody said: short, without the key, and not where it repeats the request."""
        words = str(said)
        if self.key and len(self.key) >= 8:
            words = words.replace(self.key, "***")
        words = shorten(words, 200)
        return "(it repeats the request)" if self._repeats(words) else words.rstrip(".")

    def _repeats(self, words: str) -> bool:
        sent = [str(message.get("content") or "") for message in self.messages]
        # Any stretch of a window and a half holds one of these windows whole.
        windows = [words[at : at + _WINDOW] for at in range(0, len(words) - _WINDOW + 1, _WINDOW // 2)]
        return any(window in text for window in windows for text in sent)


def shown(base_url: str) -> str:
    """Return an endpoint's URL without what may be secret in one: user, password and query."""
    parts = urlsplit(base_url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def is_transient(error: BaseException) -> bool:
    """Say whether the same request may fare better in a moment."""
    import openai

    if isinstance(error, errors.EndpointTimeout | errors.EndpointGarbled):
        return True
    if isinstance(error, openai.APIConnectionError):
        return not any(final in said for said in _causes(error) for final in _FINAL)
    if not isinstance(error, openai.APIStatusError) or _codes(error) & _NO_CREDIT:
        return False
    if not _is_later(error):
        return False
    return (retry_after(error) or 0.0) <= LONGEST_WAIT


def is_refusal(error: BaseException | None) -> bool:
    """Say whether an endpoint did not take a request because of those before it."""
    return getattr(error, "status_code", None) == 429 and error is not None and is_transient(error)


def is_overload(error: BaseException) -> bool:
    """Say whether an endpoint says that it has too much to do, in another way than by refusing one client."""
    return getattr(error, "status_code", None) in _OVERLOADED


def mapped(error: BaseException, asked: Asked, exchanges: "Exchanges") -> errors.BackendError:
    """Return our error for one of the client library's; ours come back with place and counts filled in."""
    if not isinstance(error, errors.BackendError):
        kind, what, mend = _fault(error, asked.model)
        error = kind(what.format(said=asked.quote(_said(error))), mend=mend)
    error.where = error.where or asked.where
    error.attempts, error.tokens = exchanges.count, exchanges.tokens
    return error


def short(error: BaseException) -> str:
    """Name a fault in a word or two, for a log."""
    return f"HTTP {error.status_code}" if hasattr(error, "status_code") else type(error).__name__


def late(seconds: float, setting: str) -> errors.EndpointTimeout:
    """Return the error for an answer that did not come within what a setting allows."""
    return errors.EndpointTimeout(
        f"no answer within {seconds:g} s.", mend=f"Raise the {setting}, or try a faster model."
    )


def unreadable(body: str, *, known: bool = False) -> errors.EndpointError:
    """Return the error for a body that is no JSON: it may be an accident, but for a web page.

    That is one too where the endpoint is known to give other answers: then something before it spoke.
    """
    if not known and body.lstrip("\ufeff \t\r\n").startswith("<"):
        return errors.NotAnEndpoint(_PAGE.what.format(said="a web page"), mend=_PAGE.mend)
    return errors.EndpointGarbled("the answer is no JSON, or only a part of it.", mend="Try again later.")


def misshapen(answer: Any, asked: Asked) -> errors.EndpointError | None:
    """Return the error for an answer in which no message can be read, or None."""
    if isinstance(answer, str):
        return unreadable(answer)
    choices = getattr(answer, "choices", None)
    if choices is None:
        said = _message(getattr(answer, "error", None)) or "other JSON"
        return errors.NotAnEndpoint(_PAGE.what.format(said=asked.quote(said)), mend=_PAGE.mend)
    message = getattr(choices[0], "message", None) if isinstance(choices, list) and choices else None
    if message is None or not isinstance(getattr(message, "content", None), str | None):
        return errors.EndpointGarbled("the answer holds no message.", mend="Try again later.")
    return None


def withheld(answer: Any, asked: Asked) -> errors.AnswerError | None:
    """Return the error for an answer that its writer or a filter withheld, or None."""
    choice = answer.choices[0]
    if choice.finish_reason == "content_filter":
        return errors.AnswerFiltered(FAULTS["ContentFilterFinishReasonError"].what)
    if refusal := getattr(choice.message, "refusal", None):
        return errors.AnswerRefused(f"the model declined: {asked.quote(refusal)}.")
    return None


def is_cut(answer: Any) -> bool:
    """Say whether an answer ends at the output limit, not where its writer ended."""
    return answer.choices[0].finish_reason in _CUT


def truncated() -> errors.AnswerTruncated:
    """Return the error for an answer cut off at the output limit."""
    _, what, mend = FAULTS["LengthFinishReasonError"]
    return errors.AnswerTruncated(what, mend=mend)


def malformed(error: BaseException, asked: Asked) -> errors.AnswerMalformed:
    """Return the error for an answer that did not meet the schema to the last re-ask."""
    return errors.AnswerMalformed(
        f"no answer met the schema: {asked.quote(problems(error)[0])}.",
        mend="Try a model that supports structured outputs; `summarizer doctor` tells.",
    )


def _fault(error: BaseException, model: str | None) -> Fault:
    import openai

    if isinstance(error, openai.APIStatusError):
        return _by_status(error, model)
    if any(said.startswith("ConnectTimeout") for said in _causes(error)):
        return _BROKEN
    return next(FAULTS[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in FAULTS)


def _by_status(error: Any, model: str | None) -> Fault:
    status, codes = error.status_code, _codes(error)
    no_credit = "The account has no credit left; waiting does not help."
    split = "Take a model with a longer context, or split the article."
    said = _said(error)
    no_model = status == 404 or "model_not_found" in codes
    part = next((mend for name, mend in _PARTS.items() if name in said), None)
    listed = f"Is {model!r} a model of this endpoint? `summarizer doctor` lists them."
    told: tuple[tuple[bool, type[errors.BackendError], str | None], ...] = (
        (status == 402 or bool(codes & _NO_CREDIT), errors.QuotaExhausted, no_credit),
        (bool(codes & _FILTERED), errors.AnswerFiltered, None),
        (_is_too_long(error), errors.RequestRejected, split),
        (status in {401, 403}, errors.AuthenticationFailed, "Check OPENAI_API_KEY."),
        (no_model, errors.RequestRejected, listed),
        (_is_later(error), errors.EndpointOverloaded, _when(retry_after(error))),
        (True, errors.RequestRejected, part),
    )
    kind, mend = next((kind, mend) for holds, kind, mend in told if holds)
    return Fault(kind, f"HTTP {status}: {{said}}.", mend)


def _is_later(error: Any) -> bool:
    """Say whether an HTTP error is one of the moment; some endpoints answer 500 to what stays wrong."""
    if error.status_code in _LATER:
        return _TOO_LARGE not in _said(error).lower()
    lasting = _is_too_long(error) or any(name in _said(error) for name in _SCHEMA)
    return error.status_code >= 500 and not lasting


def _is_too_long(error: Any) -> bool:
    """Say whether prompt and answer did not fit the model's context."""
    said = _said(error).lower()
    by_words = error.status_code in {400, 413, 422} and any(words in said for words in _TOO_LONG_WORDS)
    return by_words or _OUTGROWN in said or _TOO_LARGE in said or bool(_codes(error) & _TOO_LONG)


def _when(asked: float | None) -> str:
    if asked is not None and asked > LONGEST_WAIT:
        return f"It asks to wait {asked:.0f} s, which is longer than we wait."
    return "Try again later, or with less concurrency."


def _codes(error: Any) -> set[str]:
    """Return the names by which an endpoint's error calls itself."""
    return {str(error.code), str(error.type)}


def _said(error: BaseException) -> str:
    import openai

    if isinstance(error, openai.APIStatusError):
        return _message(error.body) or error.message
    return str(error.__cause__ or error) if isinstance(error, openai.APIConnectionError) else str(error)


def _message(body: object) -> str:
    """Return the message of an error body, wherever endpoints put it."""
    if not isinstance(body, Mapping):
        return ""
    said = body.get("message") or body.get("detail") or ""
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, default=str)


def _causes(error: BaseException) -> Iterator[str]:
    """Give what an error and those behind it say."""
    behind: BaseException | None = error
    for _ in range(6):
        if behind is None:
            return
        yield f"{type(behind).__name__}: {behind}"
        behind = behind.__cause__ or behind.__context__
