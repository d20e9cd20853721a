"""A small article, a good draft of it, and a way to spoil the draft in one place."""

from collections.abc import Callable
from typing import Any

import pytest

from summarizer.domain.article import Article
from summarizer.domain.draft import Draft
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.grounding import ground
from summarizer.text.sentences import split

TEXT = """\
Eleven dock workers were killed by a blast in Marl harbour on Tuesday, the Port Authority said.

The authority said as many as 60 people were treated at the Sunder Clinic. It said a fuel tank had been full.

The Interior Ministry denied that the tank had been full. The ministry said it could not confirm the toll.

The brutal fire allegedly began in a paint store. The harbour opened 40 years ago.

Oren Tas, a pilot, said the harbour would stay shut for a week. He had left the port in a small boat.
"""

ROWS: tuple[dict[str, Any], ...] = (
    {
        "id": 1,
        "text": "A blast in Marl harbour killed eleven dock workers.",
        "key": True,
        "positions": [
            {"source": "Port Authority", "evidence": [{"sentence": 1}]},
            {"source": "Interior Ministry", "stance": "does_not_confirm", "evidence": [{"sentence": 5}]},
        ],
    },
    {
        "id": 2,
        "text": "As many as 60 people were treated at the Sunder Clinic.",
        "positions": [
            {"source": "Port Authority", "aliases": ["the authority"], "evidence": [{"sentence": 2}]}
        ],
    },
    {
        "id": 3,
        "text": "A fuel tank in the harbour had been full.",
        "key": True,
        "positions": [
            {"source": "Port Authority", "aliases": ["the authority"], "evidence": [{"sentence": 3}]},
            {"source": "Interior Ministry", "stance": "denies", "evidence": [{"sentence": 4}]},
        ],
    },
    {
        "id": 4,
        "text": "The fire began in a paint store.",
        "positions": [{"source": "article", "hedged": True, "evidence": [{"sentence": 6}]}],
    },
    {
        "id": 5,
        "text": "The harbour opened 40 years ago.",
        "positions": [{"source": "article", "evidence": [{"sentence": 7}]}],
    },
    {
        "id": 6,
        "text": "The harbour will stay shut for a week.",
        "kind": "forecast",
        "positions": [{"source": "Oren Tas", "evidence": [{"sentence": 8}]}],
    },
    {
        "id": 7,
        "text": "Oren Tas had left the port in a small boat.",
        "positions": [{"source": "article", "evidence": [{"sentence": 9}]}],
    },
)

DRAFT: dict[str, Any] = {
    "headline": {"text": "Port Authority: blast in Marl harbour kills eleven", "claims": [1]},
    "summary": [
        {"text": "The Port Authority said that a blast killed eleven dock workers.", "claims": [1]},
        {"text": "It said a tank had been full, which the Interior Ministry denied.", "claims": [3]},
    ],
    "claims": ROWS,
    "loaded": [{"sentence": 6, "text": "brutal", "neutral": "large"}],
}

Spoil = Callable[..., GroundedDraft]


@pytest.fixture
def spoil() -> Spoil:
    """Return a function that grounds the good draft with some fields of it, or of rows by number, replaced.

    ``spoil({3: {"text": "…"}}, summary=[…], text=…)``; a row replaced by None is left out.
    """

    def spoiled(
        rows: dict[int, dict[str, Any] | None] | None = None, text: str = TEXT, **fields: Any
    ) -> GroundedDraft:
        changed = rows or {}
        kept = [
            {**row, **(changed.get(row["id"]) or {})}
            for row in ROWS
            if changed.get(row["id"], row) is not None
        ]
        added = [{"id": number, **row} for number, row in changed.items() if number > len(ROWS) and row]
        draft = Draft.model_validate({**DRAFT, "claims": [*kept, *added], **fields})
        return ground(draft, Article(text=text), split(text))

    return spoiled


@pytest.fixture
def summarised(spoil: Spoil) -> Callable[..., GroundedDraft]:
    """Return a function that grounds the good draft with one summary sentence that cites these rows."""

    def told(text: str, *claims: int, **rest: Any) -> GroundedDraft:
        return spoil(summary=[{"text": text, "claims": claims}], **rest)

    return told


@pytest.fixture
def position() -> Callable[..., dict[str, Any]]:
    """Return a function that makes a position from its source and the numbers of its sentences."""

    def made(source: str, *sentences: int, **rest: Any) -> dict[str, Any]:
        return {"source": source, "evidence": [{"sentence": n} for n in sentences], **rest}

    return made


@pytest.fixture
def errors() -> Callable[..., list[str]]:
    """Return a function that keeps the messages of errors."""

    def kept(found: tuple[Finding, ...]) -> list[str]:
        return [f.message for f in found if f.severity == "error"]

    return kept
