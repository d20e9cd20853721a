"""The word lists of ``data/words.toml`` as patterns."""

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> re.Pattern[str]:
    """Return a pattern for any word of a list, whole and in any case; it is meant for folded text."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(_form, _lists()[name]))})(?![\w-])", re.IGNORECASE)


def _form(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")


@cache
def _lists() -> dict[str, list[str]]:
    return tomllib.loads(files("summarizer.checks").joinpath("data/words.toml").read_text("utf-8"))
