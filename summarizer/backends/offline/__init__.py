"""The embedded engine: drafts by rules alone, without network or model; it copies, and says who says what."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from summarizer.backends.offline import choice, claims, conflicts, summary, wordings
from summarizer.backends.offline.reading import read
from summarizer.domain.backend import Drafted
from summarizer.domain.draft import Draft, DraftRequest


class OfflineBackend:
    """Writes drafts by rule: the same article gives the same draft, always."""

    name = "offline"
    model: str | None = None
    prompt: str | None = None

    @property
    def identity(self) -> Mapping[str, str]:
        """Digest of the rules: code and data of this engine."""
        return {"rules": _digest()}

    async def draft(self, request: DraftRequest) -> Drafted:
        """Write a draft; never fails. Feedback is not heeded: the same rules would give the same again."""
        return Drafted(write(request))

    async def aclose(self) -> None:
        """Nothing to free."""


def write(request: DraftRequest) -> Draft:
    """Return the draft of a request."""
    statements = read(request.sentences)
    table = claims.rows(statements)
    drafted = tuple(claims.claim(row, number) for number, row in enumerate(table, 1))
    told = summary.tell(table, drafted, choice.topic(statements))
    return Draft(
        headline=told.headline,
        summary=told.sentences,
        claims=tuple(c.model_copy(update={"key": c.id in told.key}) for c in drafted),
        conflicts=conflicts.find(table, drafted),
        loaded=wordings.find(request.sentences, statements),
    )


@cache
def _digest() -> str:
    digest = hashlib.sha256()
    for package in ("summarizer.backends.offline", "summarizer.text", "summarizer.text.data"):
        for entry in sorted(files(package).iterdir(), key=lambda e: e.name):
            if entry.name.endswith((".py", ".toml")):
                digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()[:16]
