"""A long article on the model path: its rows section by section, then what is written from the table.

Sections go in order, for a later one is shown the rows and sources of those before. A repair is shown the
rows that findings are about and the sentences around them, never the article again.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from heapq import nsmallest
from math import fsum, log, sqrt
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from summarizer import prompts
from summarizer.backends.openai.table import Table
from summarizer.backends.openai.wire import (
    Digest,
    Part,
    Repair,
    Reply,
    concluded,
    excerpt,
    from_draft,
    mend,
    said,
    to_draft,
)
from summarizer.domain.draft import Draft, DraftClaim, DraftRequest
from summarizer.domain.finding import Finding
from summarizer.prompts import ListedRow, ListedTable
from summarizer.text.sections import CHARACTERS_A_TOKEN, Section, around, estimate
from summarizer.text.words import content_words

_Answer = TypeVar("_Answer", bound=BaseModel)

_ROW = re.compile(r"\bc(\d{1,9})\b")
_SENTENCES = re.compile(r"(?<!Summary )\b[Ss]entences? (\d{1,9}(?:, \d{1,9})*)")
_EVIDENCE = re.compile(r" ?@[\d,]+")
ROWS = 2
"""Budgets of a section that the rows so far may take: a row that is not shown cannot be denied."""
_NEAREST = 12
_CANDIDATES = 400
"""Tokens of rows shown in a repair for a sentence that may belong to any of them."""


class Ask(Protocol):
    """Asks the model for an object of a shape."""

    async def __call__(self, shape: type[_Answer], messages: list[Any], /) -> _Answer:
        """Return the model's answer."""
        ...


async def write(request: DraftRequest, sections: Sequence[Section], ask: Ask, budget: int) -> Draft:
    """Draft a long article: a request for each section, and one for headline, summary, key and conflicts.

    Args:
        request: The article and its sentences.
        sections: The article cut; in order.
        ask: Asks the model.
        budget: Estimated tokens of a section at most; the rows so far may take twice that.

    Raises:
        BackendError: A section, or the summary, could not be had; half an article is no draft.
    """
    table = Table()
    for section in sections:
        texts = list(map(request.sentences.quote, section.sentences))
        so_far = _so_far(table, relevant(table.claims, texts, ROWS * budget))
        messages = prompts.section_messages(request.article, request.sentences, section, so_far)
        table = table.joined(await ask(Part, messages))
    draft = table.draft()
    return concluded(draft, await ask(Digest, prompts.summary_messages(request.article, _whole(draft))))


async def repair(request: DraftRequest, previous: Draft, ask: Ask, budget: int) -> Draft:
    """Mend a long article's draft: the findings go out with the rows and sentences they are about.

    Args:
        request: The article, its sentences and the findings.
        previous: The draft that the findings are about.
        ask: Asks the model.
        budget: Estimated tokens at most of the sentences shown; findings beyond it wait.

    Raises:
        BackendError: The repair could not be had.
    """
    before = from_draft(previous)
    findings, rows, numbers = _affected(request, previous, before, budget)
    shown = around(request.sentences, numbers)
    messages: list[Any] = [
        *prompts.excerpt_messages(request.article, request.sentences, shown, len(before.claims)),
        said(excerpt(before, rows)),
        prompts.repair_message(findings),
    ]
    return to_draft(mend(before, await ask(Repair, messages)))


def relevant(claims: Sequence[DraftClaim], texts: Sequence[str], budget: int) -> tuple[DraftClaim, ...]:
    """Return the rows, in order; where all are more than the budget, those nearest to one of the texts.

    Every text has its turn: first the row nearest to each, then the next. Asked of all texts at once, long
    rows with many common words would keep out the short one that a single sentence denies.
    """
    if _tokens(claims) <= budget:
        return tuple(claims)
    near = _Nearness(claims)
    ranked = sorted(
        (turn, -share, index) for text in texts for turn, (index, share) in enumerate(near.to(text))
    )
    kept: list[int] = []
    for index in dict.fromkeys(index for _, _, index in ranked):
        budget -= _tokens((claims[index],))
        if budget < 0:
            break
        kept.append(index)
    return tuple(claims[index] for index in sorted(kept))


class _Nearness:
    """Which rows are nearest to a text: those that share rare words with it, and have few others."""

    def __init__(self, claims: Sequence[DraftClaim]) -> None:
        words = [frozenset(content_words(claim.text)) for claim in claims]
        self._with = defaultdict[str, list[int]](list)
        for index, row in enumerate(words):
            for word in row:
                self._with[word].append(index)
        self._weights = {word: log(1 + len(claims) / len(rows)) for word, rows in self._with.items()}
        self._sizes = [sqrt(fsum(self._weights[word] for word in row)) for row in words]

    def to(self, text: str) -> list[tuple[int, float]]:
        """Return the indices of the nearest rows and how near they are, the nearest first."""
        shared = defaultdict[int, list[float]](list)
        for word in set(content_words(text)):
            for index in self._with.get(word, ()):
                shared[index].append(self._weights[word])
        near = {index: fsum(weights) / self._sizes[index] for index, weights in shared.items()}
        return nsmallest(_NEAREST, near.items(), key=lambda found: (-found[1], found[0]))


def _tokens(claims: Iterable[DraftClaim]) -> int:
    return sum(2 + len(claim.text) // CHARACTERS_A_TOKEN for claim in claims)


def _so_far(table: Table, rows: Iterable[DraftClaim]) -> ListedTable:
    sources = [source.line for source in table.sources]
    return ListedTable(sources, [ListedRow(c.id, c.text) for c in rows], len(table.claims))


def _whole(draft: Draft) -> ListedTable:
    reply = from_draft(draft)
    rows = [
        ListedRow(claim.id, claim.text, claim.kind, _stands(row.p))
        for claim, row in zip(draft.claims, reply.claims, strict=True)
    ]
    return ListedTable(reply.sources, rows, len(rows))


def _stands(positions: Iterable[str]) -> str:
    """Return a row's positions without their sentences; nothing where the article alone says it flatly."""
    words = dict.fromkeys(_EVIDENCE.sub("", p, count=1).strip() or "0" for p in positions)
    return "" if list(words) == ["0"] else "; ".join(words)


def _affected(
    request: DraftRequest, previous: Draft, reply: Reply, budget: int
) -> tuple[list[Finding], set[int], set[int]]:
    """Return the findings whose sentences are within the budget, the first always; rows and sentences."""
    findings: list[Finding] = []
    rows, numbers = set[int](), set[int]()
    for finding in request.feedback:
        named = {int(n) for run in _SENTENCES.findall(finding.message) for n in run.split(", ")}
        about = _rows_of(finding, reply) or _rows_near(request, previous, named)
        seen = numbers | named | _cited(previous, about)
        if findings and estimate(around(request.sentences, seen)) > budget:
            break
        findings.append(finding)
        rows, numbers = rows | about, seen
    return findings, rows, numbers


def _rows_of(finding: Finding, reply: Reply) -> set[int]:
    """Return the rows that a finding names, or that rest under the sentence it is about."""
    cited = {"headline": reply.headline.c}
    cited |= {f"summary[{n}]": sentence.c for n, sentence in enumerate(reply.summary)}
    cited |= {f"conflicts[{n}]": clash.c for n, clash in enumerate(reply.conflicts)}
    named = _ROW.findall(f"{finding.where} {finding.message}")
    return {*map(int, named), *cited.get(finding.where, ())}


def _rows_near(request: DraftRequest, previous: Draft, numbers: Collection[int]) -> set[int]:
    """Return the rows that a finding on sentences may be about: beside them, or of the same words."""
    texts = list(map(request.sentences.quote, around(request.sentences, numbers)))
    beside = {c.id for c in previous.claims if _cited(previous, (c.id,)) & set(numbers)}
    return beside | {c.id for c in relevant(previous.claims, texts, _CANDIDATES)}


def _cited(draft: Draft, rows: Collection[int]) -> set[int]:
    """Return the numbers of the sentences that rows have as evidence."""
    return {e.sentence for c in draft.claims if c.id in rows for p in c.positions for e in p.evidence}
