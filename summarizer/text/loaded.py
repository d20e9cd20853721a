"""Loaded wording: labels, intensifiers, scare words, asides and praise in a text's own voice, each with a plain alternative."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_LONGEST_QUOTE = 2000


@dataclass(frozen=True, slots=True)
class Loaded:
    """Wording that takes a side: ``text[start:end]`` of what was read, and what could stand in its place ("" for nothing)."""

    start: int
    end: int
    text: str
    neutral: str


def find(text: str) -> tuple[Loaded, ...]:
    """Return the loaded wording of a text outside quotation marks, in reading order, not overlapping."""
    quoted = quotations(text)
    return tuple(
        Loaded(*m.span(), m[0], _neutral(m[0]))
        for m in _pattern().finditer(text)
        if not any(start < m.end() and m.start() < end for start, end in _near(quoted, m.start()))
    )


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans within quotation marks, marks included; a mark left open holds to the end of its paragraph."""
    return tuple(_quotations(text))


@cache
def _entries() -> dict[str, str]:
    data = tomllib.loads(files("summarizer.text").joinpath("data/loaded.toml").read_text(encoding="utf-8"))
    return {wording: neutral for group in data.values() for wording, neutral in group.items()}
