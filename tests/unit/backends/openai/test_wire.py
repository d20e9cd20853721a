"""The wire form: compact, strict, and the same draft back and forth."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from summarizer import prompts
from summarizer.backends.openai.wire import Cited, Repair, Reply, Row, from_draft, mend, to_draft
from summarizer.domain.draft import Draft


def reply(**given: Any) -> Reply:
    """Make a small reply: two claims, two sources."""
    made: dict[str, Any] = {
        "sources": ["Harbour Authority = the authority", "Orrin Lines"],
        "claims": [
            {"i": 1, "t": "Four people died.", "p": ["1 @1", "2 denies @3"]},
            {"i": 2, "t": "The tanker was empty.", "p": ["@2"]},
        ],
        "forecasts": [],
        "opinions": [],
        "conflicts": [],
        "loaded": [],
        "furniture": [],
        "key": [1],
        "headline": {"t": "Toll disputed", "c": [1]},
        "summary": [{"t": "The authority says four died; Orrin Lines denies it.", "c": [1]}],
    }
    return Reply.model_validate({**made, **given})


@pytest.mark.parametrize("position", ["{n} denies @1", "@{n}", "1 @2,{n}"])
def test_a_number_of_thousands_of_digits_is_only_too_high(position: str) -> None:
    """A weak model writes such numbers within a grammar; they point nowhere, and nothing breaks."""
    draft = to_draft(reply(claims=[{"i": 1, "t": "x", "p": [position.format(n="7" * 5000)]}]))
    (read,) = draft.claims[0].positions
    assert "not in the list" in read.source or max(x.sentence for x in read.evidence) == 10**9


def test_positions_are_read_from_their_strings() -> None:
    """A position string gives source, aliases, stance, hedge, via and every sentence."""
    draft = to_draft(reply(claims=[{"i": 1, "t": "x", "p": ["1 denies hedged @4,5 via Fox; a blog"]}]))
    (position,) = draft.claims[0].positions
    assert position.source == "Harbour Authority"
    assert position.aliases == ("the authority",)
    assert (position.stance, position.hedged) == ("denies", True)
    assert [pointer.sentence for pointer in position.evidence] == [4, 5]
    assert position.via == "Fox; a blog"


@pytest.mark.parametrize(
    ("words", "stance", "hedged"),
    [
        ("0 @1", "asserts", False),
        ("@1", "asserts", False),
        ("1 hedged @1", "asserts", True),
        ("1 denies @1", "denies", False),
        ("1 unconfirmed @1", "does_not_confirm", False),
    ],
)
def test_each_stance_word_has_one_meaning(words: str, stance: str, hedged: bool) -> None:
    """Every stance word of the prompt maps to one stance and one hedge."""
    (position,) = to_draft(reply(claims=[{"i": 1, "t": "x", "p": [words]}])).claims[0].positions
    assert (position.stance, position.hedged) == (stance, hedged)


@pytest.mark.parametrize("words", ["1 doubts @1", "1", "@", "1 @", "hedged @1", "one @1", "1 @1,"])
def test_a_position_that_is_not_to_the_pattern_is_refused(words: str) -> None:
    """A string that is no position fails validation, so that the shape is asked for again."""
    with pytest.raises(ValidationError):
        Row(i=1, t="x", p=[words])


def test_a_source_that_is_not_listed_is_named_as_missing() -> None:
    """A number beyond the list is kept visible, never guessed."""
    (position,) = to_draft(reply(claims=[{"i": 1, "t": "x", "p": ["9 @1"]}])).claims[0].positions
    assert "source 9" in position.source


def test_a_row_alone_conflicts_with_itself_and_three_rows_make_three_pairs() -> None:
    """Conflicts come out as pairs whatever number of rows a model lists."""
    clashes = [Cited(t="both", c=[1]), Cited(t="rivals", c=[1, 2, 3])]
    pairs = [x.claims for x in to_draft(reply(conflicts=clashes)).conflicts]
    assert pairs == [(1, 1), (1, 2), (1, 3), (2, 3)]


def test_a_repair_replaces_drops_adds_and_renumbers() -> None:
    """After a repair rows are numbered 1, 2, 3 … and every reference follows."""
    repair = Repair(
        add_sources=["coast guard"],
        claims=[Row(i=2, t="The tanker was full.", p=["3 @2"]), Row(i=5, t="New.", p=["@4"])],
        drop=[1],
        conflicts=[Cited(t="clash", c=[2, 5])],
        key=[5],
        headline=[Cited(t="New", c=[5])],
        summary=[],
    )
    mended = mend(reply(), repair)
    assert [(row.i, row.t) for row in mended.claims] == [(1, "The tanker was full."), (2, "New.")]
    assert mended.sources[2] == "coast guard"
    assert mended.conflicts[0].c == [1, 2]
    assert mended.key == [2]
    assert mended.headline.c == [2]
    assert mended.summary[0].c == []


def test_an_empty_repair_changes_nothing() -> None:
    """A model that finds every finding mistaken may leave all as it is."""
    empty = Repair(add_sources=[], claims=[], drop=[], conflicts=[], key=[], headline=[], summary=[])
    assert mend(reply(), empty) == reply()


def test_the_schema_is_strict_everywhere() -> None:
    """Every object of both schemas requires all its properties and allows no other."""

    def objects(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, list):
            return [found for item in node for found in objects(item)]
        if not isinstance(node, dict):
            return []
        here = [node] if node.get("type") == "object" else []
        return here + [found for value in node.values() for found in objects(value)]

    for shape in (Reply, Repair):
        found = objects(shape.model_json_schema())
        assert found
        for node in found:
            assert node["required"] == list(node["properties"])
            assert node["additionalProperties"] is False


def test_instructions_and_schema_fit_their_budget() -> None:
    """The fixed part of a request stays within 1,800 tokens at four characters each."""
    fixed = len(prompts.instructions()) + len(json.dumps(Reply.model_json_schema()))
    assert fixed <= 1800 * 4


names = st.text(st.characters(whitelist_categories=("Lu", "Ll")), min_size=1, max_size=8)
drafts = st.builds(
    Draft,
    headline=st.fixed_dictionaries({"text": st.text(max_size=20), "claims": st.just((1,))}),
    claims=st.lists(
        st.fixed_dictionaries(
            {
                "text": st.text(max_size=20),
                "kind": st.sampled_from(["fact", "forecast", "opinion"]),
                "key": st.booleans(),
                "positions": st.lists(
                    st.fixed_dictionaries(
                        {
                            "source": names,
                            "aliases": st.lists(names, max_size=2).map(tuple),
                            "via": st.none() | names,
                            "stance": st.sampled_from(["asserts", "denies"]),
                            "hedged": st.booleans(),
                            "evidence": st.lists(
                                st.integers(1, 99).map(lambda n: {"sentence": n}), min_size=1, max_size=3
                            ).map(tuple),
                        }
                    ),
                    max_size=3,
                ).map(tuple),
            }
        ),
        max_size=4,
    ).map(lambda rows: tuple({**row, "id": n} for n, row in enumerate(rows, 1))),
)


@given(drafts)
def test_a_draft_survives_the_wire(draft: Draft) -> None:
    """Any draft comes back from its wire form as it was."""
    assert to_draft(from_draft(draft)) == draft
