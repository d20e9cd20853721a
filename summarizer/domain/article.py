"""An article exactly as it was read."""

import hashlib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from summarizer.domain.base import Value


class Article(Value):
    """One news article.

    Attributes:
        text: The text exactly as decoded: nothing normalised, line ends included. All offsets in
            a report are Python string indices into it.
        id: Unique within one run; a file's stem by default, else a prefix of ``sha256``.
        source: Where it came from: a path, a URL, or None; bytes of a path that are no UTF-8 as escapes.
        title: Its title where known apart from the text.
        published: The day it was published, where known; relative dates are resolved against it.
        language: BCP 47 tag of the text's language.
    """

    text: str
    id: str = Field(default="", max_length=512)
    source: str | None = None
    title: str | None = None
    published: date | None = None
    language: str = "en"

    @field_validator("text", "id")
    @classmethod
    def _is_unicode(cls, given: str) -> str:
        if (fault := lone_surrogate(given)) is not None:
            raise ValueError(fault)
        return given

    @field_validator("source")
    @classmethod
    def _is_writable(cls, given: str | None) -> str | None:
        """Make escapes of bytes in a file's name that are no UTF-8: no record could hold them."""
        return given and given.encode("utf-8", "backslashreplace").decode()

    def model_post_init(self, context: Any, /) -> None:
        """Give an article without an id one that follows from its text."""
        del context
        if not self.id:
            object.__setattr__(self, "id", self.sha256[:16])

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the text's UTF-8 bytes."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def characters(self) -> int:
        """Length of the text in characters."""
        return len(self.text)

    @classmethod
    def from_file(cls, path: str | Path) -> "Article":
        """Read one article from a .txt, .md or .html file.

        Raises:
            InputError: The file is missing, unreadable, empty, binary or cannot be decoded.
        """
        from summarizer.intake import read_file

        return read_file(Path(path))


def lone_surrogate(text: str) -> str | None:
    """Say where a text is no valid Unicode, or return None where it is."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"a lone surrogate (U+{ord(text[error.start]):04X}) stands at character {error.start}."
    return None
