"""HTML to the article it carries: its text, title and day, without menus, scripts and styles."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from summarizer.errors import EmptyInput, MalformedInput
from summarizer.intake.values import iso_day, refuse_blank, surrogate

# lxml takes a declaration in a decoded page for the encoding of its bytes.
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")
_WHOLE = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
# What remains of a page without an article: a menu, a login form, a button.
_FEWEST_WORDS = 10
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
    refuse_blank(html, where)
    try:
        found = _extracted(html)
    except Exception as error:  # noqa: BLE001 - whatever the page does to the extractor is the page's failure
        raise _broken(type(error).__name__, where) from None
    text = found.text if found else None
    if not text or len(text.split()) < _FEWEST_WORDS:
        what = "no article is found in this page."
        raise EmptyInput(what, where=where, mend="If it has one, save the article's text as .txt.")
    if surrogate(text) is not None:
        raise _broken("half a character", where)
    title = found.title if found.title and surrogate(found.title) is None else None
    return Page(text, title, iso_day(found.date) if found.date else None)


def _extracted(html: str) -> Any:
    """Return trafilatura's document, or None where it finds nothing."""
    from trafilatura import bare_extraction

    page = _DECLARATION.sub("", html)
    if not _WHOLE.search(page):
        page = f"<html><body>{page}</body></html>"  # a bare fragment is no page to trafilatura
    return bare_extraction(
        page, include_comments=False, with_metadata=True, date_extraction_params=dict(_DAY)
    )


def _broken(why: str, where: str) -> MalformedInput:
    what = f"the page cannot be taken apart ({why})."
    return MalformedInput(what, where=where, mend="Save the article's text as .txt.")
