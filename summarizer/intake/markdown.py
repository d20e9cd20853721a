"""The title and day that a Markdown file gives itself; its text is kept whole."""

import re
from datetime import date

from summarizer.intake.values import iso_day, surrogate

_HEAD = 16_384
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)


def head(text: str) -> tuple[str | None, date | None]:
    """Return title and day: from the front matter, else a first line that is a heading of the first level."""
    start = text[:_HEAD]
    found = _FRONT_MATTER.match(start)
    fields = _fields(found[1]) if found else {}
    title = _plain(fields.get("title")) or _heading(start[found.end() :] if found else start)
    day = _plain(fields.get("published")) or _plain(fields.get("date"))
    return title, iso_day(day) if day else None


def _fields(front_matter: str) -> dict[str, object]:
    """Return the front matter's fields, none of it where it is no YAML mapping."""
    import yaml

    try:
        # BaseLoader makes strings, lists and mappings only: less than the safe loader.
        fields = yaml.load(front_matter, Loader=yaml.BaseLoader)  # noqa: S506 - see above
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _heading(text: str) -> str | None:
    lines = text.lstrip().splitlines()
    if not lines or not lines[0].startswith("# "):
        return None
    return _plain(lines[0][2:].rstrip().rstrip("#"))


def _plain(value: object) -> str | None:
    """Return a text on one line; None for all else."""
    if not isinstance(value, str) or surrogate(value) is not None:
        return None
    return " ".join(value.split()) or None
