"""From a request to messages: numbered template files, fixed instructions first, the article last.

Templates stand in ``prompts/`` (shipped inside the wheel). Article text reaches them as a value only:
it is never a template, each sentence stands on one line, and characters that could steer a terminal or
hide text are made harmless first.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

from summarizer.domain.article import Article
from summarizer.domain.finding import Finding
from summarizer.domain.sentences import Sentence, Sentences
from summarizer.text.folding import printable
from summarizer.text.sections import Section

REPORT = "report.v1"
REPAIR = "repair.v1"
SECTION = "section.v1"
SUMMARY = "summary.v1"
EXCERPT = "excerpt.v1"
"""Of articles too long for one request: a section, what is written from the table, what a repair is shown."""


class Message(TypedDict):
    """One chat message."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of the table as a prompt lists it; ``positions`` in the words of the wire, without sentences."""

    number: int
    text: str
    kind: str = "fact"
    positions: str = ""


@dataclass(frozen=True, slots=True)
class ListedTable:
    """A table, or what of it matters, as a prompt lists it; ``size`` counts all its rows."""

    sources: Sequence[str]
    rows: Sequence[ListedRow]
    size: int


@cache
def instructions() -> str:
    """Return the fixed part of the prompt, worked example included: the same for every article."""
    return _render(f"{REPORT}.system.jinja", example=_text(f"{REPORT}.example.json").strip())


def report_messages(article: Article, sentences: Sentences) -> list[Message]:
    """Return the messages that ask for a report: the instructions, then the article as numbered sentences.

    Furniture is left out; the numbers of the other sentences stay what they are.
    """
    lines = [{"number": s.number, "text": _one_line(sentences.quote(s))} for s in sentences.body]
    article_page = _render(
        f"{REPORT}.user.jinja",
        title=_one_line(article.title or ""),
        published=article.published,
        fence=_fence(article),
        sentences=lines,
    )
    return [Message(role="system", content=instructions()), Message(role="user", content=article_page)]


def section_messages(
    article: Article,
    sentences: Sentences,
    section: Section,
    so_far: ListedTable,
) -> list[Message]:
    """Return the messages that ask for the rows of one section of a long article.

    Args:
        article: The article.
        sentences: Its sentences.
        section: What is new, and what is shown again.
        so_far: Sources and rows of the sections before.
    """
    page = _render(
        f"{SECTION}.user.jinja",
        **_head(article),
        **_listed(so_far),
        part=section.number,
        parts=section.of,
        next_source=len(so_far.sources) + 1,
        next_row=so_far.size + 1,
        context=_numbered(sentences, section.context),
        sentences=_numbered(sentences, section.sentences),
    )
    return [Message(role="system", content=instructions()), Message(role="user", content=page)]


def summary_messages(article: Article, table: ListedTable) -> list[Message]:
    """Return the messages that ask for headline, summary, key rows and conflicts of a table."""
    page = _render(f"{SUMMARY}.user.jinja", **_head(article), **_listed(table))
    return [Message(role="system", content=instructions()), Message(role="user", content=page)]


def excerpt_messages(
    article: Article, sentences: Sentences, shown: Iterable[Sentence], rows: int
) -> list[Message]:
    """Return the messages that stand before a repair of a long article's table: some of its sentences."""
    page = _render(
        f"{EXCERPT}.user.jinja", **_head(article), rows=rows, sentences=_numbered(sentences, shown)
    )
    return [Message(role="system", content=instructions()), Message(role="user", content=page)]


def repair_message(findings: Iterable[Finding]) -> Message:
    """Return the message that asks to mend a report."""
    listed = [{"where": f.where, "message": _one_line(f.message)} for f in findings]
    return Message(role="user", content=_render(f"{REPAIR}.user.jinja", findings=listed))


def example() -> tuple[str, dict[str, Any]]:
    """Return the worked example of the instructions: its article, a sentence a line, and the reply to it."""
    shown = _text(f"{REPORT}.system.jinja").split("EXAMPLE\n", 1)[1]
    lines = [line.split("] ", 1)[1] for line in shown.splitlines() if line.startswith("[")]
    return "\n".join(lines), json.loads(_text(f"{REPORT}.example.json"))


def files() -> tuple[str, ...]:
    """Return all that our prompts say: every template and example, as it is written."""
    return tuple(_text(path.name) for path in sorted(_folder().iterdir()))


@cache
def identity() -> str:
    """Name the prompt and digest its files: ``report.v1#a1b2c3``."""
    return f"{REPORT}#{_digest(REPORT, REPAIR)}"


@cache
def long_identity() -> str:
    """Name the prompt of a section, and digest the files that only long articles need."""
    return f"{SECTION}#{_digest(SECTION, SUMMARY, EXCERPT)}"


def _digest(*names: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(_folder().iterdir()):
        if path.name.startswith(tuple(f"{name}." for name in names)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:6]


def _head(article: Article) -> dict[str, Any]:
    return {
        "title": _one_line(article.title or ""),
        "published": article.published,
        "fence": _fence(article),
    }


def _numbered(sentences: Sentences, shown: Iterable[Sentence]) -> list[dict[str, Any]]:
    """Give sentences as a page shows them; ``gap`` where others are left out before."""
    lines, last = [], 0
    for s in shown:
        lines.append(
            {"number": s.number, "text": _one_line(sentences.quote(s)), "gap": s.number > last + 1 > 1}
        )
        last = s.number
    return lines


def _listed(table: ListedTable) -> dict[str, Any]:
    rows = [replace(r, text=_one_line(r.text), positions=_one_line(r.positions)) for r in table.rows]
    return {"sources": list(map(_one_line, table.sources)), "rows": rows}


def _fence(article: Article) -> str:
    """Make a line that the article cannot hold: whoever wrote it could not know its own digest."""
    return f"=== article {article.sha256[:12]} ==="


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


def _render(name: str, **values: Any) -> str:
    return str(_template(name).render(**values))


@cache
def _template(name: str) -> Any:
    return _environment().from_string(_text(name))


@cache
def _text(name: str) -> str:
    return (_folder() / name).read_text(encoding="utf-8")


@cache
def _folder() -> Path:
    """Find the templates: inside an installed package, or at the top of a source tree."""
    package = Path(__file__).parent
    installed = package / "_prompts"
    return installed if installed.is_dir() else package.parent / "prompts"


@cache
def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # Plain text for a model, not HTML: escaping would change the article's characters.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
    )
