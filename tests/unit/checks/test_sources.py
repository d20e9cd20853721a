"""The sources check: who speaks is named in the article, near the words."""

from collections.abc import Callable
from typing import Any

import pytest

from summarizer.checks import sources
from summarizer.domain.grounded import GroundedDraft

Spoil = Callable[..., GroundedDraft]
Position = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("source", ["article", "unnamed", "unnamed: two officers", "Tas", "oren tas"])
def test_sources_of_the_article_pass(spoil: Spoil, position: Position, source: str) -> None:
    """Named persons by any form of their name, the article and nameless speakers are sources."""
    assert list(sources.check(spoil({6: {"positions": [position(source, 8)]}}))) == []


def test_a_source_the_article_lacks_is_an_error(spoil: Spoil, position: Position) -> None:
    """An invented speaker is quoted in the message."""
    (finding,) = sources.check(spoil({6: {"positions": [position("Maro Tilsen", 8)]}}))
    assert finding.severity == "error"
    assert "Maro Tilsen" in finding.message


def test_an_invented_relay_is_an_error(spoil: Spoil, position: Position) -> None:
    """Each of the relays has to be named in the article."""
    (finding,) = sources.check(
        spoil({6: {"positions": [position("Oren Tas", 8, via="Port Authority; Ulm News")]}})
    )
    assert (finding.severity, "Ulm News" in finding.message) == ("error", True)


def test_the_words_of_another_speaker_are_an_error(spoil: Spoil, position: Position) -> None:
    """A position whose sentence is spoken by another source of the table names the wrong one."""
    wrong = {"positions": [position("Oren Tas", 1)]}
    (finding,) = sources.check(spoil({2: {"positions": [position("Port Authority", 2)]}, 1: wrong}))
    assert finding.severity == "error"
    assert "'Port Authority'" in finding.message


def test_a_speaker_named_far_away_is_a_warning(spoil: Spoil, position: Position) -> None:
    """A pronoun may reach far; that is said, not sent back."""
    (finding,) = sources.check(spoil({5: {"positions": [position("Port Authority", 7)]}}))
    assert finding.severity == "warning"


def test_a_pronoun_for_a_speaker_just_named_passes(spoil: Spoil, position: Position) -> None:
    """The two sentences before count."""
    assert list(sources.check(spoil({7: {"positions": [position("Oren Tas", 9)]}}))) == []


def test_an_empty_source_is_an_error(spoil: Spoil, position: Position) -> None:
    """Nobody is no source."""
    (finding,) = sources.check(spoil({7: {"positions": [position(" ", 9)]}}))
    assert finding.severity == "error"
