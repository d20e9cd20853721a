"""What makes the reports of a folder: only the same job goes on in it."""

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from pydantic import Field

from summarizer import __version__
from summarizer.domain.base import Value
from summarizer.pipeline import Pipeline

if TYPE_CHECKING:
    from summarizer.domain.backend import Maker

FORMAT: Final = 1


class Job(Value):
    """What makes the reports of a folder, without anything secret.

    Attributes:
        format: Of the folder.
        package: Version of this package.
        name: The backend's.
        model: The model's name, if there is one.
        prompt: Name and digest of the prompt, if there is one.
        identity: What else drafts depend on: endpoint, schema, parameters, rules.
        attempts: Drafts at most.
    """

    format: int = FORMAT
    package: str = __version__
    name: str
    model: str | None = None
    prompt: str | None = None
    identity: dict[str, str] = Field(default_factory=dict)
    attempts: int = 1

    @classmethod
    def of(cls, pipeline: Pipeline) -> "Job":
        """Describe what a pipeline would make."""
        made_by: Maker = pipeline.backend
        return cls(
            name=made_by.name,
            model=made_by.model,
            prompt=made_by.prompt,
            identity=dict(made_by.identity),
            attempts=pipeline.attempts,
        )

    @property
    def fingerprint(self) -> str:
        """32 hex digits over all of it."""
        return sha256(json.dumps(self.model_dump(), sort_keys=True).encode()).hexdigest()[:32]

    def differences(self, other: "Job") -> list[str]:
        """Say what differs, a phrase each: this job's first."""
        mine, its = _parts(self), _parts(other)
        names = [name for name in {**mine, **its} if mine.get(name) != its.get(name)]
        return [f"{name} {_shown(mine.get(name))}, not {_shown(its.get(name))}" for name in names]


def _parts(job: Job) -> dict[str, object]:
    parts: dict[str, object] = job.model_dump()
    parts.pop("identity")
    return {**parts, **job.identity}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
