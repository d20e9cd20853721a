"""Rows are paired with the row that says the same, and with no other."""

import pytest

from summarizer.domain.report import Claim, Evidence, Figure, Position, Report
from summarizer.evaluation.matching import match, opposed, similarity


def row(
    text: str, start: int = 0, end: int = 10, *, number: str = "c1", figures: tuple[Figure, ...] = ()
) -> Claim:
    """Make a row with one span of evidence."""
    evidence = (Evidence(start=start, end=end, quote="x" * (end - start)),)
    return Claim(
        id=number,
        text=text,
        positions=(Position(source="article", stance="asserts", evidence=evidence),),
        figures=figures,
    )


def test_equal_rows_are_wholly_similar() -> None:
    """The same words on the same evidence give 1."""
    assert similarity(row("The bridge fell."), row("The bridge fell.")).value == 1.0


def test_similarity_is_half_words_half_evidence() -> None:
    """With two of three content words each and half the evidence, s = .5 * 2/3 + .5 * 1/2."""
    s = similarity(row("Floods wrecked bridges.", 0, 10), row("Floods wrecked roads.", 0, 5))
    assert s.value == pytest.approx(0.5 * 2 / 3 + 0.5 * 0.5)


def test_opposite_polarity_is_never_the_same() -> None:
    """A row and its negation are no pair, however close their words."""
    s = similarity(row("The bridge was safe."), row("The bridge was not safe."))
    assert (s.veto, s.value) == ("polarity", 0.0)


def test_a_denial_and_the_assertion_of_the_opposite_are_one() -> None:
    """Where the mayor denies "paid", it is his "did not pay": the report's row is turned round, once."""
    gold, system = row("The mayor did not pay the firm."), row("The mayor paid the firm.")
    says = gold.positions[0].model_copy(update={"source": "the mayor"})
    denied = system.model_copy(update={"positions": (says.model_copy(update={"stance": "denies"}),)})
    (pair,) = match([gold.model_copy(update={"positions": (says,)})], [denied]).pairs
    assert [p.stance for p in pair.system.positions] == ["asserts"]
    assert match([gold.model_copy(update={"positions": (says,)})], [system]).pairs == ()


def test_another_number_is_never_the_same() -> None:
    """Rows whose numbers cannot be one are no pair; a bound on the same number is no other number."""
    gold = row("At least 31 villagers were killed.")
    assert similarity(gold, row("At least 19 villagers were killed.")).veto == "figures"
    assert similarity(gold, row("At least 40 villagers were killed.")).veto == "figures"
    assert similarity(gold, row("31 villagers were killed.")).veto is None
    assert similarity(gold, row("Villagers were killed.")).veto is None


def test_a_number_held_as_a_figure_is_no_other_number() -> None:
    """A number that the other row holds among its figures does not part them."""
    held = (Figure(of="wounded villagers", low=19, high=19, unit="people"),)
    assert (
        similarity(row("31 villagers were hurt.", figures=held), row("19 villagers were hurt.")).veto is None
    )


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The lock gate opened.", "The lock gate did not open."),
        ("The lock gate opened.", "The lock gate didn’t open."),
        ("A bus came.", "No bus came."),
        ("Six people were hurt.", "Nobody was hurt."),
        ("The depot held wheat.", "The depot held neither wheat nor rifles."),
        ("The mayor owned land.", "There was no truth in the claim that the mayor owned land."),
    ],
)
def test_a_text_and_its_negation_are_opposed(a: str, b: str) -> None:
    """One text negates what the other puts forward, either way round."""
    assert opposed(a, b)
    assert opposed(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The depot held wheat.", 'The depot held wheat and "not a single rifle".'),
        ("The site is 11 km away.", "The site is 11 km away and cannot be reached by road."),
        ("The bus had not arrived.", "No bus arrived."),
        ("The bus did not arrive.", "The bus did not arrive, and nobody was hurt."),
        ("He lived in the quay house.", "He lived at No. 2, the quay house."),
        ("Buses ran.", "Not only buses ran."),
    ],
)
def test_what_negates_something_else_is_not_opposed(a: str, b: str) -> None:
    """A negation of something else, in both texts, or only by its looks parts nothing."""
    assert not opposed(a, b)
    assert not opposed(b, a)


def test_pairing_is_one_to_one_and_the_leftovers_say_what_was_likest() -> None:
    """Of two equal rows of a report the earlier is paired, the other is left over beside what it repeats."""
    gold = [row("The bridge fell."), row("Ferries were cancelled.", 50, 60, number="c2")]
    twice = [row("The bridge fell.", number="a"), row("The bridge fell.", number="b")]
    matching = match(gold, twice)
    assert [(p.gold.id, p.system.id) for p in matching.pairs] == [("c1", "a")]
    ((left, likest),) = matching.unmatched_system
    assert (left.id, likest and likest.gold.id) == ("b", "c1")
    assert matching.unmatched_gold == ((gold[1], None),)


def test_pairs_under_the_threshold_do_not_count() -> None:
    """The threshold is inclusive: at it a pair counts, above it the same pair does not."""
    gold, system = [row("The bridge fell.", 0, 10)], [row("The bridge fell.", 20, 30)]
    assert similarity(gold[0], system[0]).value == 0.5
    assert len(match(gold, system, threshold=0.5).pairs) == 1
    assert not match(gold, system, threshold=0.51).pairs


def test_every_labelled_row_finds_itself(perfect: Report) -> None:
    """Rows matched against themselves in reverse order are paired each with itself."""
    matching = match(perfect.claims, perfect.claims[::-1])
    assert (
        [p.gold.id for p in matching.pairs]
        == [p.system.id for p in matching.pairs]
        == [c.id for c in perfect.claims]
    )
