"""A job on disk: how it was ordered, its articles, its parts, and what became of each part."""

import hashlib
import json
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError

from summarizer import ledger
from summarizer.domain.article import Article
from summarizer.domain.base import Value
from summarizer.domain.report import Failure
from summarizer.errors import SettingsError
from summarizer.jobs.journal import Journal, replacing

FOLDER = "batch"
_SETTLED = 60.0
"""Seconds after which what was sent shows in the provider's lists, or never will."""


class Limits(Value):
    """Requests and bytes of one file of requests at most; by default what the provider takes."""

    requests: int = Field(default=50_000, ge=1, le=50_000)
    bytes: int = Field(default=200_000_000, ge=1, le=200_000_000)


class Order(Value):
    """How a job was ordered: all that its requests depend on, and nothing secret.

    Attributes:
        format: Of what lies in the job's folder.
        id: Names the job at the provider.
        version: Of this package.
        model: The model's name.
        endpoint: The endpoint's URL as it may be shown.
        prompt: Name and digest of the prompt.
        identity: What else the answers depend on: schema, parameters, endpoint.
        settings: Those that requests are made by.
        limits: Of one file of requests.
        paths: What was to be read.
    """

    format: Literal[1] = 1
    id: str
    version: str
    model: str
    endpoint: str
    prompt: str
    identity: dict[str, str]
    settings: dict[str, Any]
    limits: Limits = Limits()
    paths: tuple[str, ...]

    @property
    def made_by(self) -> ledger.Job:
        """What makes the reports, as `summarizer run` would say it."""
        return ledger.Job(
            package=self.version,
            name="openai",
            model=self.model,
            prompt=self.prompt,
            identity=self.identity,
            attempts=self.settings["attempts"],
        )


class Entry(Value):
    """An input of a job.

    Attributes:
        index: Its place among the inputs.
        again: How many inputs before it have its id.
        article: The article as it was read; None where it could not be.
        request: Digest of the request for its draft; None where none is sent.
        part: Number of the part that has the request.
        failure: Why none is sent: it cannot be read, or is empty.
        left: Whether it is left for ``summarizer run``, being too long for one request.
    """

    index: int
    again: int = 0
    article: Article | None = None
    request: str | None = None
    part: int | None = None
    failure: Failure | None = None
    left: bool = False

    @property
    def id(self) -> str:
        """The input's id."""
        known = self.article or (self.failure and self.failure.article)
        assert known
        return known.id


@dataclass(slots=True)
class Part:
    """Requests that make one batch.

    Attributes:
        number: From 1, over the whole job.
        kind: Whether it asks for drafts, for the repair of drafts, or again for what failed.
        sha256: Of its file.
        requests: How many.
        size: Bytes of its file.
        inputs: Those that it asks about; empty for drafts, whose entries name their part.
        file: The provider's id of the upload.
        batch: The provider's id of the batch.
        intent: What was begun, and when, in seconds since 1970.
        dropped: Whether it was cancelled before a batch was made of it.
        ended: How its batch ended; None while it has not, or its files are not here.
        collected: Whether records, or requests for repairs, were made of all its answers.
    """

    number: int
    kind: Literal["draft", "repair", "again"]
    sha256: str
    requests: int
    size: int
    inputs: tuple[int, ...] = ()
    file: str | None = None
    batch: str | None = None
    intent: dict[str, float] = field(default_factory=dict)
    dropped: bool = False
    ended: "Ended | None" = None
    collected: bool = False

    @property
    def is_unsent(self) -> bool:
        """Whether a batch is still to be made of it."""
        return self.batch is None and not self.dropped

    @property
    def is_live(self) -> bool:
        """Whether answers may still come."""
        return self.ended is None and not self.dropped

    @property
    def is_open(self) -> bool:
        """Whether answers may still come, or be here without a record."""
        return not (self.collected or self.dropped)

    def is_recent(self, step: str) -> bool:
        """Tell whether a step was begun so lately that the provider's lists may not show it yet."""
        return time.time() - self.intent.get(step, 0.0) < _SETTLED


@dataclass(frozen=True, slots=True)
class Ended:
    """How a batch ended: its last state, the names of its files here, and what the provider said."""

    status: str
    files: tuple[str, ...] = ()
    problem: str | None = None


class Job:
    """A job in the folder of its records.

    Args:
        out: The folder of the records.
        order: How it was ordered.
    """

    def __init__(self, out: Path, order: Order) -> None:
        self.out, self.order = out, order
        self.folder = out / FOLDER
        self._journal = Journal(self.folder / "journal.jsonl")
        self.parts: list[Part] = []
        for line in self._journal.lines():
            self._apply(line)

    @staticmethod
    def is_in(out: Path) -> bool:
        """Tell whether a folder holds a job."""
        return (out / FOLDER / "job.json").is_file()

    @classmethod
    def opened(cls, out: Path) -> Self:
        """Open the job of a folder.

        Raises:
            SettingsError: It holds none.
        """
        if not cls.is_in(out):
            raise SettingsError(
                "holds no batch job.",
                where=str(out),
                mend="`summarizer batch submit PATH… --out DIR` makes one.",
            )
        path = out / FOLDER / "job.json"
        try:
            order = Order.model_validate_json(path.read_bytes())
        except ValidationError:
            raise SettingsError("is no batch job that this version reads.", where=str(path)) from None
        return cls(out, order)

    @classmethod
    def made(cls, out: Path, order: Order, parts: Sequence[Part]) -> Self:
        """Make a job of what a plan has written; until this returns there is none."""
        (out / FOLDER / "journal.jsonl").unlink(missing_ok=True)
        job = cls(out, order)
        job.plan(parts)
        with replacing(job.folder / "job.json") as file:
            file.write(order.model_dump_json(indent=1).encode())
        return job

    def plan(self, parts: Sequence[Part]) -> None:
        """Take parts, whose files are written, into the job: all of them or none."""
        if parts:
            self._note("planned", parts=[_planned(part) for part in parts])

    def note(self, event: str, part: Part, **more: Any) -> None:
        """Write down what is about to be done with a part, or was done."""
        self._note(event, part=part.number, **more)

    def entries(self) -> Iterator[Entry]:
        """Give the inputs, in order."""
        with (self.folder / "articles.jsonl").open("rb") as file:
            for line in file:
                yield Entry.model_validate_json(line)

    def path_of(self, part: Part) -> Path:
        """Return where a part's requests are."""
        return part_path(self.folder, part.number)

    def name_of(self, part: Part) -> str:
        """Return the name of a part's upload, which no other has."""
        return f"summarizer-{self.order.id}-{part.number:04d}-{part.sha256[:12]}.jsonl"

    def metadata_of(self, part: Part) -> dict[str, str]:
        """Return what is written on a part's batch, by which it is found again."""
        return {
            "summarizer_job": self.order.id,
            "summarizer_part": f"{part.number:04d}",
            "summarizer_requests": part.sha256,
        }

    def _note(self, event: str, **more: Any) -> None:
        line = {"event": event, "at": round(time.time(), 3), **more}
        self._journal.add(line)
        self._apply(line)

    def _apply(self, line: Mapping[str, Any]) -> None:
        if line["event"] == "planned":
            for told in line["parts"]:
                self.parts.append(Part(**{**told, "inputs": tuple(told["inputs"])}))
            return
        part = self.parts[line["part"] - 1]
        match line["event"]:
            case "uploading" | "creating":
                part.intent[line["event"]] = line["at"]
            case "uploaded":
                part.file = line["file"]
            case "created":
                part.batch = line["batch"]
            case "dropped":
                part.dropped = True
            case "ended":
                part.ended = Ended(line["status"], tuple(line["files"]), line["problem"])
            case "collected":
                part.collected = True


def part_path(folder: Path, number: int) -> Path:
    """Return where the requests of a part are."""
    return folder / "requests" / f"{number:04d}.jsonl"


def new_id() -> str:
    """Return a name for a job that no other has."""
    return secrets.token_hex(8)


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _planned(part: Part) -> dict[str, Any]:
    fields = ("number", "kind", "sha256", "requests", "size", "inputs")
    told: dict[str, Any] = json.loads(json.dumps({name: getattr(part, name) for name in fields}))
    return told
