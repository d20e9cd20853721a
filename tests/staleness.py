"""Why a cassette is stale: what is asked now beside what was recorded, and how to record it again."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from summarizer import prompts

PROMPT = "x-prompt"
"""The one header of a recorded request: the prompt's identity when it was recorded."""
_FENCE = re.compile(r"^=== article \w+ ===$", re.MULTILINE)


class StaleCassetteError(AssertionError):
    """What is asked is not what was recorded."""


def told(name: str, cassette: Path, number: int, asked: dict[str, Any], endpoint: str) -> str:
    """Tell which cassette is stale, what changed since it was recorded, and the command that records it.

    Args:
        name: Its name for ``python -m tests.cassettes``.
        cassette: Its file.
        number: How many of its requests were played before.
        asked: The body of the request that was not found.
        endpoint: Where to record it.
    """
    interactions = yaml.safe_load(cassette.read_text("utf-8"))["interactions"]
    if number < len(interactions):
        recorded = interactions[number]["request"]
        changed = ", ".join(_changes(json.loads(recorded["body"]), asked)) or "nothing that counts"
    else:
        recorded = interactions[0]["request"]
        changed = f"only {number} recorded, another is asked for: checks find what they did not find"
    return "\n".join(
        [
            f"{cassette} is stale: request {number + 1} is not the recorded one.",
            f"Changed: {changed}.",
            f"Prompt: {_identities(recorded)}.",
            "If that is meant, start an endpoint and record it again:",
            f"    OPENAI_BASE_URL={endpoint} python -m tests.cassettes {name}",
        ]
    )


def _identities(recorded: dict[str, Any]) -> str:
    now = prompts.identity()
    before = recorded["headers"].get(PROMPT)
    if before is None:
        return f"now {now}; the cassette does not name the one it was recorded with"
    before = before[0] if isinstance(before, list) else before
    return f"{now}, as recorded" if before == now else f"recorded with {before}, now {now}"


def _changes(recorded: dict[str, Any], asked: dict[str, Any]) -> Iterator[str]:
    before, now = recorded["messages"], asked["messages"]
    parts = {
        "the prompt's instructions": (before[0], now[0]),
        _page(before[1], now[1]): (before[1], now[1]),
        "the draft or the findings in a repair": (before[2:], now[2:]),
        "the schema": (recorded.get("response_format"), asked.get("response_format")),
        "model or parameters": (_others(recorded), _others(asked)),
    }
    for name, (old, new) in parts.items():
        if old != new:
            yield f"{name} (#{_digest(old)}, now #{_digest(new)})"


def _page(before: dict[str, Any], now: dict[str, Any]) -> str:
    """Name what is different in an article's page: its fence holds a digest of the article."""
    same = _FENCE.findall(before["content"]) == _FENCE.findall(now["content"])
    return "the prompt around the article, or its sentences' numbers" if same else "the article"


def _others(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in {"messages", "response_format"}}


def _digest(part: Any) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:6]
