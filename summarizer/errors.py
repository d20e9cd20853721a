"""The error tree: each error says what, where and what to do.

SummarizerError
├── SettingsError               a setting is missing or makes no sense
├── OutputError                 records cannot be written or read back: a full disk, a folder in use
├── WorkersLost                 nobody is left to summarise: a run ends, and goes on later
├── InputError                  an input cannot be read as an article
│   ├── InputNotFound
│   ├── UnreadableInput         permissions, a broken disk
│   ├── UndecodableInput        bytes that are no text in the declared or assumed encoding
│   ├── BinaryInput
│   ├── MalformedInput          a JSON line that is no object, a field of the wrong type
│   ├── EmptyInput              nothing but white space, or nothing but furniture
│   ├── OversizedInput
│   ├── UnknownFormat           a file ending nobody reads
│   └── DuplicateId             two inputs with one id
└── BackendError                no draft could be had; carries ``attempts`` and ``tokens``
    ├── EndpointError           the wire: what came back was no answer
    │   ├── EndpointUnreachable     refused, reset, broken off, DNS
    │   ├── EndpointTimeout         one request took too long, or all of them and the waiting between
    │   ├── EndpointOverloaded      429 and 5xx to the last attempt
    │   ├── EndpointGarbled         200 with a body that is no JSON, to the last attempt
    │   ├── AuthenticationFailed
    │   ├── QuotaExhausted
    │   ├── RequestCancelled        its batch was cancelled before its turn
    │   ├── RequestRejected         other 4xx: unknown model, context too long, bad parameter
    │   └── NotAnEndpoint           an answer that is no chat completion (a web page, other JSON)
    └── AnswerError             the model answered, but not with a draft
        ├── AnswerRefused
        ├── AnswerFiltered
        ├── AnswerTruncated
        ├── AnswerMalformed     not to the schema, after the last re-ask
        └── AnswerEmpty         to the schema, but without a row
"""

from summarizer.domain.report import Tokens


class SummarizerError(Exception):
    """Base of every error this package raises on purpose.

    Args:
        what: What went wrong, in one sentence.
        where: The file, line, field or endpoint it concerns.
        mend: What to do about it.
    """

    def __init__(self, what: str, *, where: str | None = None, mend: str | None = None) -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(what)  # one argument: an error is unpickled, in another process, by calling with it

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} {self.mend}" if self.mend else head


class SettingsError(SummarizerError):
    """A setting is missing or makes no sense."""


class OutputError(SummarizerError):
    """Records cannot be written, or those written before cannot be read back."""


class WorkersLost(SummarizerError):
    """Nobody is left who could summarise anything: the fault of no article, and the end of a run."""


class InputError(SummarizerError):
    """An input cannot be read as an article."""


class InputNotFound(InputError):
    """No such file, folder or match."""


class UnreadableInput(InputError):
    """The operating system does not let us read it."""


class UndecodableInput(InputError):
    """Its bytes are no text in the declared or assumed encoding."""


class BinaryInput(InputError):
    """It is no text at all."""


class MalformedInput(InputError):
    """It is text, but not of the shape its name promises."""


class EmptyInput(InputError):
    """It holds nothing to summarise."""


class OversizedInput(InputError):
    """It is larger than the limit."""


class UnknownFormat(InputError):
    """Nobody here reads files of that ending."""


class DuplicateId(InputError):
    """Another input of this run has the same id."""


class BackendError(SummarizerError):
    """No draft could be had.

    Args:
        what: What went wrong, in one sentence.
        where: The endpoint and model.
        mend: What to do about it.
        attempts: Requests sent.
        tokens: Tokens spent on them.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        mend: str | None = None,
        attempts: int = 0,
        tokens: Tokens | None = None,
    ) -> None:
        super().__init__(what, where=where, mend=mend)
        self.attempts = attempts
        self.tokens = tokens or Tokens()


class EndpointError(BackendError):
    """The wire: what came back was no answer."""


class EndpointUnreachable(EndpointError):
    """Nothing could be sent, or the connection broke."""


class EndpointTimeout(EndpointError):
    """No answer came in time, waiting and repeated requests included."""


class EndpointOverloaded(EndpointError):
    """The endpoint asked to wait (429) or failed (5xx) to the last attempt."""


class EndpointGarbled(EndpointError):
    """The endpoint's answers could not be read, to the last attempt."""


class AuthenticationFailed(EndpointError):
    """The endpoint does not accept the key."""


class QuotaExhausted(EndpointError):
    """The account has no credit left; waiting does not help."""


class RequestCancelled(EndpointError):
    """The batch that held the request was cancelled before its turn."""


class RequestRejected(EndpointError):
    """The endpoint understood the request and refuses it: unknown model, context too long, bad parameter."""


class NotAnEndpoint(EndpointError):
    """What answered speaks no chat completions."""


class AnswerError(BackendError):
    """The model answered, but not with a draft."""


class AnswerRefused(AnswerError):
    """The model declined."""


class AnswerFiltered(AnswerError):
    """The endpoint's content filter withheld the answer."""


class AnswerTruncated(AnswerError):
    """The answer hit the output limit; half a table is never read as whole."""


class AnswerMalformed(AnswerError):
    """The answer did not meet the schema, after the last re-ask."""


class AnswerEmpty(AnswerError):
    """The answer met the schema, but has no row for an article that has text."""
