"""A report: what users keep. Every offset is a Python string index into the article's text."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Self

from pydantic import computed_field

from summarizer.domain.article import Article
from summarizer.domain.base import Value
from summarizer.domain.finding import Finding
from summarizer.domain.vocabulary import Kind, Stance, Status, derive_status

SCHEMA_VERSION: Literal[1] = 1


class Span(Value):
    """A run of the article: characters ``start`` to ``end`` (exclusive)."""

    start: int
    end: int


class Evidence(Span):
    """A span and its exact characters: ``text[start:end] == quote``, always."""

    quote: str


class Position(Value):
    """Who stands where on a claim.

    Attributes:
        source: Who answers for it, as the article names them; ``article`` for its own voice;
            ``unnamed: two officers`` where nameless.
        aliases: Other names the article gives the same source.
        via: Who relayed it, nearest first, joined by "; ".
        stance: ``asserts``, ``denies`` or ``does_not_confirm``.
        hedged: True where the source, or the article for it, softens it.
        evidence: The spans that show it, in reading order; empty only where a finding says so.
    """

    source: str
    aliases: tuple[str, ...] = ()
    via: str | None = None
    stance: Stance
    hedged: bool = False
    evidence: tuple[Evidence, ...] = ()


class Figure(Value):
    """A number the claim's truth hangs on: at least ``low``, at most ``high``; None where unbounded."""

    of: str
    low: float | None
    high: float | None
    unit: str


class When(Value):
    """The time of the event: the article's words, and days where the article fixes them."""

    text: str
    start: date | None = None
    end: date | None = None


class Claim(Value):
    """One proposition, and everybody's position on it. ``status`` is derived from the positions."""

    id: str
    text: str
    kind: Kind = "fact"
    key: bool = False
    positions: tuple[Position, ...]
    figures: tuple[Figure, ...] = ()
    when: When | None = None
    where: str | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def status(self) -> Status:
        """disputed, denied, unconfirmed, attributed or stated."""
        return derive_status(self.positions)


class CitedText(Value):
    """A neutral sentence and the ids of the claims it rests on."""

    text: str
    claims: tuple[str, ...]


class Conflict(Value):
    """Two claims that cannot both be true; the same id twice where one source contradicts itself."""

    claims: tuple[str, str]
    why: str


class LoadedWording(Span):
    """Wording in the article's own voice that takes a side: ``text`` verbatim, and a plain alternative."""

    text: str
    neutral: str


class ArticleRecord(Value):
    """The article a report is about, without its text."""

    id: str
    source: str | None
    title: str | None
    published: date | None
    language: str
    sha256: str
    characters: int

    @classmethod
    def of(cls, article: Article) -> Self:
        """Describe an article."""
        fields = ("id", "source", "title", "published", "language", "sha256", "characters")
        return cls(**{name: getattr(article, name) for name in fields})


class Tokens(Value):
    """Tokens over all attempts, failed ones included; ``cached_input`` is part of ``input``."""

    input: int = 0
    cached_input: int = 0
    output: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(
            input=self.input + other.input,
            cached_input=self.cached_input + other.cached_input,
            output=self.output + other.output,
        )


class Trace(Value):
    """How a report came to be; ``seconds`` and ``cached`` alone may differ between equal runs.

    ``tokens`` and ``cost_usd`` are what its answers took when they were made; where ``cached`` is true
    nothing was paid this time.
    """

    backend: str
    model: str | None
    prompt: str | None
    fingerprint: str
    attempts: int
    cached: bool = False
    tokens: Tokens = Tokens()
    cost_usd: float | None = None
    seconds: float = 0.0


class Report(Value):
    """The neutral summary and the claim table of one article."""

    schema_version: Literal[1] = SCHEMA_VERSION
    article: ArticleRecord
    headline: CitedText
    summary: tuple[CitedText, ...]
    claims: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...] = ()
    loaded: tuple[LoadedWording, ...] = ()
    furniture: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()
    trace: Trace

    def claim(self, claim_id: str) -> Claim:
        """Return the claim with this id.

        Raises:
            KeyError: There is none.
        """
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        raise KeyError(claim_id)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return one JSON object; a single line unless ``indent`` is given."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Report":
        """Read a report back from its JSON.

        Raises:
            pydantic.ValidationError: It is no report of this schema version.
        """
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Report":
        """Read a report back from a decoded JSON object; the derived ``status`` is derived anew.

        Raises:
            ValueError: It is no report, or a quote is not as long as its span.
        """
        claims = [{k: v for k, v in claim.items() if k != "status"} for claim in data.get("claims", ())]
        report = cls.model_validate({**data, "claims": claims})
        for claim in report.claims:
            for evidence in (e for position in claim.positions for e in position.evidence):
                if evidence.end - evidence.start != len(evidence.quote):
                    raise ValueError(f"claim {claim.id}: a quote is not as long as its span")
        return report

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one flat dict a position, in the table's order."""
        from summarizer.exporters.rows import rows

        return rows(self)

    def to_html(self) -> str:
        """Return the report as one HTML page that needs nothing else; text of the article stays text."""
        from summarizer.exporters.html import render

        return render(self)

    def to_markdown(self) -> str:
        """Return the report as Markdown; text of the article is escaped."""
        from summarizer.exporters.markdown import render

        return render(self)


class ErrorRecord(Value):
    """Why an article has no report."""

    type: str
    message: str
    attempts: int = 0
    tokens: Tokens = Tokens()


class FailedArticle(Value):
    """What is known of an article that failed; everything but ``id`` may be missing."""

    id: str
    source: str | None = None
    title: str | None = None
    published: date | None = None
    language: str | None = None
    sha256: str | None = None
    characters: int | None = None


class Failure(Value):
    """The record that stands in a report's place where an article could not be summarised."""

    schema_version: Literal[1] = SCHEMA_VERSION
    article: FailedArticle
    error: ErrorRecord

    def to_json(self) -> str:
        """Return one JSON object on a single line."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False)


Outcome = Report | Failure
"""What a run gives for one input: a report, or the record of a failure."""


def report_schema() -> dict[str, Any]:
    """Return the JSON schema of a report as written (``status`` included)."""
    schema = Report.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
