"""The word lists behind names, read once."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

REMEMBERED = 4096
"""Texts whose reading is remembered: engine, grounding and checks read the same sentences."""


@cache
def table(name: str) -> dict[str, Any]:
    """Return the tables of ``data/<name>.toml``."""
    return tomllib.loads(files("summarizer.text").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str, *path: str) -> frozenset[str]:
    """Return one list of ``data/<name>.toml`` as a set."""
    found: Any = table(name)
    for step in path:
        found = found[step]
    return frozenset(found)
