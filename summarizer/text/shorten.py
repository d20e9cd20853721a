"""A text cut to fit into a message."""

from summarizer.text.folding import printable


def shorten(text: str, length: int = 40) -> str:
    """Return the text on one line, harmless to display, cut to at most ``length`` characters."""
    flat = " ".join(printable(text[: 4 * length]).split())
    cut = len(flat) > length or len(text) > 4 * length
    return flat[: length - 1].rstrip() + "…" if cut else flat
