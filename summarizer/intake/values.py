"""Small judgements over text that several readers share."""

import re
import unicodedata
from datetime import date, datetime

from summarizer.errors import EmptyInput

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def refuse_blank(text: str, where: str) -> None:
    """Refuse text without a visible character; zero-width and control characters are not visible.

    Raises:
        EmptyInput: Nothing can be seen in it.
    """
    if not text:
        raise EmptyInput("it is empty.", where=where, mend="Put an article in it, or leave it out.")
    if all(unicodedata.category(character) in _UNSEEN for character in text):
        what = "it holds nothing but white space or invisible characters."
        raise EmptyInput(what, where=where, mend="Put an article in it, or leave it out.")


def surrogate(text: str) -> int | None:
    """Return the index of the first lone surrogate, which no file can hold, or None."""
    found = _SURROGATE.search(text)
    return found.start() if found else None


def iso_day(words: str) -> date | None:
    """Return the day of an ISO 8601 date or datetime as written, or None where it is neither."""
    try:
        return datetime.fromisoformat(words.strip()).date()
    except ValueError:
        return None
