"""Does our own text hold what no article asked for: markers, foreign links, hidden characters, our prompt?"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from summarizer import prompts
from summarizer.checks.lexicon import words
from summarizer.checks.reading import (
    Statement,
    evidence,
    finding,
    own_voice,
    sentences_of,
    text_of,
    written,
)
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.text import names, orders
from summarizer.text.folding import fold
from summarizer.text.shorten import shorten
from summarizer.text.words import tokens

CHECK = "leaks"
RUN = 6
"""Words in a row that our prompt and a report cannot have in common by chance."""

_MARKER = re.compile(
    r"\{\{|\}\}|\{%|%\}|<\|[^|\n]{0,40}\|>|\[/?INST\]|<</?SYS>>|</?(?:script|iframe|think|system|assistant|user)\b",
    re.IGNORECASE,
)
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""Bidirectional overrides and tag characters; narrower spaces and joiners belong to many scripts."""
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'”’)\]]+", re.IGNORECASE)


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield an error for each marker, link, hidden character and run of our prompt in our own text."""
    statements = own_voice(grounded)
    news = _news(grounded) if any(_LINK.search(statement.text) for statement in statements) else ""
    for statement in statements:
        for fault, found in _faults(grounded, statement, news):
            message = (
                f"{statement.name} holds {fault} {shorten(found)!r}. Say only what the article's rows say."
            )
            yield finding(CHECK, "error", statement.where, message)
    yield from _hidden(grounded)
    yield from _prompted(grounded)


def _hidden(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield texts with characters that show nothing and can carry orders to whatever reads a report."""
    for where, name, text in written(grounded):
        if hidden := _UNSEEN.search(text):
            message = f"{name} holds a hidden character, U+{ord(hidden.group()):04X}. Write plain words."
            yield finding(CHECK, "error", where, message)


def _faults(grounded: GroundedDraft, statement: Statement, news: str) -> Iterator[tuple[str, str]]:
    if marker := _MARKER.search(statement.text):
        yield "a template or chat marker,", marker.group()
    if link := _LINK.search(statement.text):
        address = link.group().rstrip(".,;:!?")
        if address not in news:
            yield "a link that the article lacks,", address
    if talk := words("talk").search(fold(statement.text)):
        cited = text_of(grounded, sentences_of(grounded, evidence(statement.claims)))
        if talk.group().casefold() not in cited.casefold():
            yield "words about instructions,", talk.group()


def _news(grounded: GroundedDraft) -> str:
    """Return the article without the sentences that order its readers about."""
    ordered = frozenset(orders.find(grounded.sentences))
    return text_of(grounded, (s for s in grounded.sentences if s not in ordered))


# -- our prompt ----------


def _prompted(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield texts that repeat our instructions, or our worked example, where the article does not."""
    article = f"{grounded.article.title or ''}\n{grounded.article.text}"
    for where, name, text in written(grounded):
        if (found := _of_prompt(text, article)) is not None:
            mend = "Say only what the article says."
            message = f"{name} holds words of the instructions, {shorten(found)!r}. {mend}"
            yield finding(CHECK, "error", where, message)


def _of_prompt(text: str, article: str) -> str | None:
    """Return the first run of words, or name, that a text has of our prompt and not of the article."""
    plain = _plain(text)
    for run in _runs(plain):
        if run in _prompt() and not _holds(article, run) and not _is_example(run, article):
            return run
    alone = f" {' '.join(plain)} "
    return next((name for name in _telltales() if f" {name} " in alone and not _holds(article, name)), None)


def _is_example(run: str, article: str) -> bool:
    """Tell words of the worked example where it is what we were given to summarise."""
    return run in _example() and all(_holds(article, name) for name in _telltales())


def _holds(text: str, run: str) -> bool:
    return f" {run} " in _padded(text)


@lru_cache(maxsize=8)
def _padded(text: str) -> str:
    return f" {' '.join(_plain(text))} "


@cache
def _prompt() -> frozenset[str]:
    """Return every run of words of our prompt files."""
    return frozenset(run for text in prompts.files() for run in _runs(_plain(text)))


@cache
def _example() -> frozenset[str]:
    """Return every run of words of the worked example: its article and the reply to it."""
    article, reply = prompts.example()
    return frozenset(run for text in (article, json.dumps(reply)) for run in _runs(_plain(text)))


@cache
def _telltales() -> tuple[str, ...]:
    """Return the names of the worked example: who tells of them has told our prompt."""
    return tuple(" ".join(_plain(name.text)) for name in names.find(prompts.example()[0]))


def _runs(plain: Sequence[str]) -> Iterable[str]:
    return (" ".join(plain[n : n + RUN]) for n in range(len(plain) - RUN + 1))


def _plain(text: str) -> list[str]:
    return [token.text for token in tokens(fold(text).casefold())]
