"""Words for the parts of a report, the same in every format."""

from summarizer.domain.report import Figure, Position
from summarizer.domain.vocabulary import ARTICLE_VOICE
from summarizer.text.folding import printable

STANCES = {"asserts": "asserts", "denies": "denies", "does_not_confirm": "does not confirm"}


def line(text: str) -> str:
    """Return text on one line, without characters that steer a terminal or hide text."""
    return " ".join(printable(text).split())


def source(position: Position) -> str:
    """Return who stands there: ``Port Authority (via Fox)``; ``the article`` for its own voice."""
    name = "the article" if position.source == ARTICLE_VOICE else line(position.source)
    return f"{name} (via {line(position.via)})" if position.via else name


def stance(position: Position) -> str:
    """Return what they do: ``denies``, ``asserts, hedged``."""
    return STANCES[position.stance] + (", hedged" if position.hedged else "")


def figure(shown: Figure) -> str:
    """Return bounds and unit: ``at most 250 jihadists``, ``2 to 3 km``, ``$1200000000``."""
    if shown.low is None and shown.high is None:
        return ""
    if shown.low is None:
        amount = f"at most {_number(shown.high)}"
    elif shown.high is None:
        amount = f"at least {_number(shown.low)}"
    elif shown.low == shown.high:
        amount = _number(shown.low)
    else:
        amount = f"{_number(shown.low)} to {_number(shown.high)}"
    return f"{amount} {line(shown.unit)}".strip()


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:,.10g}"
