"""Where something happened: the first name behind a preposition of place."""

import re

from summarizer.text import names, times

_PREPOSITION = re.compile(
    r"\b(?:(?:just |further )?(?:north|south|east|west|north-?east|north-?west|south-?east|south-?west) of"
    r"|(?:in|on) the (?:\w+ )?(?:outskirts|edge|city|town|village|district|province|region) of"
    r"|outside|inside|near|off|in|at|around|across|along|over|between)"
    r"(?: the)?(?: (?:northern|southern|eastern|western|central|upper|lower|north|south|east|west))?\s*$",
    re.IGNORECASE,
)
_REACH = 60
"""Characters before a name in which a preposition of place can begin."""


def find(text: str) -> str | None:
    """Return the words for the first place a sentence names, such as ``north of Ostrel``, or None."""
    for name in names.find(text):
        start = max(0, name.start - _REACH)
        before = _PREPOSITION.search(text[start : name.start])
        if before is not None and not times.find(name.text):
            return text[start + before.start() : name.end]
    return None
