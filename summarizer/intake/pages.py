"""HTML to the article it carries: its text, title and day, without menus, scripts and styles."""

import re
from dataclasses import dataclass
from datetime import date

from summarizer.errors import EmptyInput, MalformedInput
from summarizer.intake.values import iso_day, refuse_blank, surrogate

# lxml takes a declaration in a decoded page for the encoding of its bytes.
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")
# Only what the page says itself: a day guessed from its text is worse than none.
_DAY = {"original_date": True, "extensive_search": False}


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. ``text`` is what offsets of a report refer to."""

    text: str
    title: str | None
    published: date | None


def extract(html: str, where: str) -> Page:
    """Return the article of a page.

    Raises:
        EmptyInput: The page is blank, or no article is found in it.
        MalformedInput: The page cannot be taken apart.
    """
    from trafilatura import bare_extraction

    refuse_blank(html, where)
    try:
        found = bare_extraction(
            _DECLARATION.sub("", html),
            include_comments=False,
            with_metadata=True,
            date_extraction_params=dict(_DAY),
        )
    except Exception as error:  # noqa: BLE001 - whatever the page does to the extractor is the page's failure
        what = f"the page cannot be taken apart ({type(error).__name__})."
        raise MalformedInput(what, where=where, mend="Save the article's text as .txt.") from None
    text = found.text if found else None
    if found is None or not text or not text.strip():
        what = "no article is found in this page."
        raise EmptyInput(what, where=where, mend="If it has one, save the article's text as .txt.")
    refuse_blank(text, where)
    _refuse_surrogate(text, where)
    return Page(text, _title(found.title), iso_day(found.date) if found.date else None)


def _title(title: str | None) -> str | None:
    return title if title and surrogate(title) is None else None


def _refuse_surrogate(text: str, where: str) -> None:
    if surrogate(text) is not None:
        raise MalformedInput(
            "the page has half a character.", where=where, mend="Save the article's text as .txt."
        )
