"""An input that is no article, and why."""

from dataclasses import dataclass

from summarizer.errors import InputError


@dataclass(frozen=True, slots=True)
class Unread:
    """An input that could not be read as an article; a run gives a failure record for it.

    Attributes:
        id: The id it would have had, or one made of file and line.
        source: File, or file and line, it came from.
        error: Why it could not be read.
    """

    id: str
    source: str | None
    error: InputError
