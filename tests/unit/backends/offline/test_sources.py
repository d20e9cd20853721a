"""Promises of the source rules: whom a phrase of attribution means."""

import pytest

from summarizer.backends.offline.cast import Cast, Source
from summarizer.backends.offline.sources import resolve


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Army Col. Ida Renn", "Ida Renn"),
        ("Ostran Lt. Gen. Ida Renn", "Ida Renn"),
        ("the Harbour Ministry", "Harbour Ministry"),
        ("Harbour Ministry officials", "Harbour Ministry"),
        ("a spokesman for the Harbour Ministry", "Harbour Ministry"),
        ("two officers", "unnamed: two officers"),
        ("Residents of Lower Marl", "unnamed: residents of Lower Marl"),
        ("Channel Sarrow 9", "Channel Sarrow 9"),
    ],
)
def test_names_bodies_and_the_nameless(phrase: str, name: str) -> None:
    """Persons lose their titles, nameless officials give way to their body, others stay unnamed."""
    assert resolve(phrase, "", Cast()).name == name


def test_a_pronoun_means_whoever_spoke_last() -> None:
    """A personal pronoun means the person who spoke before."""
    cast = Cast().with_source(Source("Ida Renn", person=True))
    assert resolve("she", "", cast).name == "Ida Renn"


def test_a_bare_description_means_the_body_named_before() -> None:
    """A ministry without its name is the ministry that was named."""
    cast = Cast().with_source(Source("Harbour Ministry"))
    assert resolve("the ministry", "", cast).name == "Harbour Ministry"


def test_a_surname_means_the_person_named_in_full() -> None:
    """A surname alone is the person it belongs to."""
    cast = Cast().with_source(Source("Ida Renn", person=True))
    assert resolve("Renn", "", cast).name == "Ida Renn"


def test_a_body_that_speaks_itself_answers_for_its_spokesperson() -> None:
    """Where institution and spokesperson both speak, it is the institution, the person an alias."""
    source = resolve("Ida Renn", "a spokeswoman for the Harbour Ministry", Cast()).spoken_for(
        {"Harbour Ministry"}
    )
    assert source.name == "Harbour Ministry"
    assert "Ida Renn" in source.aliases
