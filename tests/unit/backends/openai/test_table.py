"""The table of a long article: positions land on the row that is meant, and nothing is lost or doubled."""

from typing import Any

import pytest

from summarizer.backends.openai.table import Source, Table
from summarizer.backends.openai.wire import Part
from summarizer.domain.draft import DraftClaim

DAM = "The Varn dam opened its gates without warning."


def part(*rows: tuple[int, str, list[str]], sources: tuple[str, ...] = (), **given: Any) -> Part:
    """Make a section's reply of rows (number, text, positions)."""
    made: dict[str, Any] = {"forecasts": [], "opinions": [], "loaded": [], "furniture": []}
    claims = [{"i": i, "t": t, "p": p} for i, t, p in rows]
    return Part.model_validate({**made, "add_sources": list(sources), "claims": claims, **given})


FIRST = Table().joined(
    part(
        (1, DAM, ["1 @1"]),
        (2, "Nine people died.", ["2 @2"]),
        sources=("lock union", "rescue service = rescuers"),
    )
)


def stands(claim: DraftClaim) -> list[tuple[str, str, list[int]]]:
    """Return who stands where on a row, and by which sentences."""
    return [(p.source, p.stance, [e.sentence for e in p.evidence]) for p in claim.positions]


def texts(table: Table) -> list[str]:
    """Return the rows' texts."""
    return [claim.text for claim in table.claims]


def test_a_later_denial_lands_on_the_row_it_is_about() -> None:
    """A row so far, given by number and text, gets the new position behind those it has."""
    table = FIRST.joined(part((1, DAM, ["3 denies @90"]), sources=("operator",)))
    assert len(table.claims) == 2
    assert stands(table.claims[0]) == [("lock union", "asserts", [1]), ("operator", "denies", [90])]


@pytest.mark.parametrize(
    "text", ["Ten people died.", "Nine people did not die.", "Twelve people died.", "The siren failed."]
)
def test_a_number_with_another_text_is_a_row_of_its_own(text: str) -> None:
    """Other figures, negations or topics never land on a row, even where a model gives its number."""
    table = FIRST.joined(part((2, text, ["2 @90"])))
    assert texts(table) == [DAM, "Nine people died.", text]
    assert stands(table.claims[1]) == [("rescue service", "asserts", [2])]


def test_a_wrong_number_with_the_words_of_a_row_lands_on_that_row() -> None:
    """The text decides, not the number."""
    table = FIRST.joined(part((2, DAM, ["2 denies @90"]), (7, "Nine people died.", ["@91"])))
    assert texts(table) == [DAM, "Nine people died."]
    assert stands(table.claims[0])[1] == ("rescue service", "denies", [90])
    assert stands(table.claims[1])[1] == ("article", "asserts", [91])


def test_the_same_words_under_a_new_number_are_no_second_row() -> None:
    """A proposition said again, which a model did not know again, is one row with both positions."""
    table = FIRST.joined(part((3, "Nine people died", ["2 @90"]), (4, "Twelve people died.", ["2 @91"])))
    assert texts(table) == [DAM, "Nine people died.", "Twelve people died."]
    assert stands(table.claims[1]) == [
        ("rescue service", "asserts", [2]),
        ("rescue service", "asserts", [90]),
    ]


def test_the_same_position_is_listed_once() -> None:
    """A context sentence read twice adds nothing."""
    assert FIRST.joined(part((1, DAM, ["1 @1"]))).claims == FIRST.claims


def test_rows_are_numbered_on_and_their_kinds_follow() -> None:
    """Whatever numbers a section gives its new rows, they stand at the end, and forecasts stay forecasts."""
    table = FIRST.joined(
        part(
            (40, "The dam will be rebuilt.", ["@9"]),
            (41, "It is ugly.", ["1 @9"]),
            forecasts=[40],
            opinions=[41],
        )
    )
    assert [(c.id, c.kind) for c in table.claims] == [
        (1, "fact"),
        (2, "fact"),
        (3, "forecast"),
        (4, "opinion"),
    ]


def test_rows_without_words_stay_apart() -> None:
    """Texts in which no word can be read are never taken for one another."""
    assert texts(FIRST.joined(part((3, "…", ["@3"]), (4, "?", ["@4"]))))[2:] == ["…", "?"]


def test_sources_keep_their_numbers_and_gain_names() -> None:
    """A source listed again under a known name is the same source; either number gives it."""
    added = ("Lock Union = the keepers", "rescuers", "operator")
    table = FIRST.joined(part((3, "Help came.", ["3 @9", "4 @10", "5 @11"]), sources=added))
    assert [source.name for source in table.sources] == ["lock union", "rescue service", "operator"]
    assert table.sources[0].aliases == ("Lock Union", "the keepers")
    assert [name for name, _, _ in stands(table.claims[2])] == ["lock union", "rescue service", "operator"]


def test_a_name_that_two_sources_share_decides_nothing() -> None:
    """Where two sources are both "the ministry", that name is ascribed to neither."""
    table = Table().joined(part(sources=("Trade Ministry = the ministry", "War Ministry = the ministry")))
    assert table.joined(part(sources=("the ministry",))).sources[-1] == Source("the ministry")


def test_a_source_has_all_its_names_on_every_row() -> None:
    """Names that a later section gives are known on the rows of the first."""
    table = FIRST.joined(part((3, "Help came.", ["3 @9"]), sources=("lock union = the keepers",)))
    assert table.draft().claims[0].positions[0].aliases == ("the keepers",)


def test_a_source_that_is_not_listed_stays_visible() -> None:
    """A number beyond the list is said to be missing and never becomes a source of a later section."""
    table = FIRST.joined(part((3, "Help came.", ["9 @9"])))
    later = table.joined(part(sources=tuple(f"source of {n}" for n in range(9))))
    assert "source 9, which is not" in later.draft().claims[2].positions[0].source


def test_wording_and_furniture_are_gathered_once() -> None:
    """Loaded wording and furniture of all sections stand in the draft."""
    thug = {"n": 3, "words": "thugs", "plain": "men"}
    table = FIRST.joined(part(loaded=[thug], furniture=[8])).joined(part(loaded=[thug], furniture=[8, 9]))
    assert len(table.draft().loaded) == 1
    assert table.draft().furniture == (8, 9)
