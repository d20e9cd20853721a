"""A perfect report scores 1 everywhere; each kind of mistake lowers the metrics it should and no other."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.report import (
    CitedText,
    Claim,
    Conflict,
    Evidence,
    Figure,
    Position,
    Report,
    Tokens,
    When,
)
from summarizer.evaluation.gold import Case
from summarizer.evaluation.metrics import METRICS
from summarizer.evaluation.score import score_case

Change = Callable[[Report], Report]

ROWS = {"claims_f1", "positions_f1_all"}
WHOLE_POSITIONS = {"positions_f1", "positions_f1_all"}
CONFLICTS = {"conflicts_recall", "conflicts_precision", "conflicts_f1"}
SOURCE = {"source_f1", "source_recall_inside"}
"""Of a source that is named in the sentence of its evidence."""


def test_a_perfect_report_scores_one_everywhere(case: Case, perfect: Report) -> None:
    """What says exactly what the labels say gets 1 in every metric and misses nothing."""
    metrics = score_case(case, perfect).metrics
    assert {name: metrics[name].value for name in measured()} == dict.fromkeys(measured(), 1.0)
    assert not any(metrics[name].misses for name in measured())


# -- changes to a report -------------------------------------------------------------------------------------


def row(number: str, **update: Any) -> Change:
    """Change fields of one row."""

    def change(report: Report) -> Report:
        claims = tuple(c.model_copy(update=update) if c.id == number else c for c in report.claims)
        return report.model_copy(update={"claims": claims})

    return change


def position(number: str, index: int, **update: Any) -> Change:
    """Change fields of one position."""

    def change(report: Report) -> Report:
        positions = list(report.claim(number).positions)
        positions[index] = positions[index].model_copy(update=update)
        return row(number, positions=tuple(positions))(report)

    return change


def without_position(number: str, index: int) -> Change:
    """Leave a position out."""

    def change(report: Report) -> Report:
        positions = [p for n, p in enumerate(report.claim(number).positions) if n != index]
        return row(number, positions=tuple(positions))(report)

    return change


def with_position(number: str, source: str, stance: str) -> Change:
    """Add a position like the first, but for source and stance."""

    def change(report: Report) -> Report:
        held = report.claim(number).positions
        added = held[0].model_copy(update={"source": source, "stance": stance})
        return row(number, positions=(*held, added))(report)

    return change


def without_row(number: str) -> Change:
    """Leave a row out, and the summary sentence that tells it."""

    def change(report: Report) -> Report:
        claims = tuple(c for c in report.claims if c.id != number)
        return report.model_copy(update={"claims": claims, "summary": untold(report, number)})

    return change


def repeated_row(number: str) -> Change:
    """Put a row in twice."""

    def change(report: Report) -> Report:
        again = report.claim(number).model_copy(update={"id": "again"})
        return report.model_copy(update={"claims": (*report.claims, again)})

    return change


def shifted_span(number: str) -> Change:
    """Move a span by one character, but not its quote."""

    def change(report: Report) -> Report:
        e = report.claim(number).positions[0].evidence[0]
        moved = Evidence(start=e.start + 1, end=e.end + 1, quote=e.quote)
        return position(number, 0, evidence=(moved,))(report)

    return change


def furniture_cited(report: Report) -> Report:
    """Add the first furniture line to a row's evidence."""
    span, held = report.furniture[0], report.claim("c1").positions[0].evidence
    assert (span.start, span.end) == (0, 4)
    return position("c1", 0, evidence=(Evidence(start=0, end=4, quote="Menu"), *held))(report)


def field(**update: Any) -> Change:
    """Change fields of the report."""
    return lambda report: report.model_copy(update=update)


def uncited_sentence(report: Report) -> Report:
    """Add a sentence that cites nothing."""
    loose = CitedText(text="Investigators are at work.", claims=())
    return report.model_copy(update={"summary": (*report.summary, loose)})


def told(text: str, *claims: str) -> CitedText:
    """Give a sentence and what it cites."""
    return CitedText(text=text, claims=claims)


def flat_sentence(report: Report) -> Report:
    """Tell a disputed row as plain fact."""
    flat = CitedText(text="The fire started in the engine room.", claims=("c2",))
    return report.model_copy(update={"summary": (*report.summary, flat)})


def untold(report: Report, number: str) -> tuple[CitedText, ...]:
    """Give the summary without the sentences on a row."""
    return tuple(s for s in report.summary if number not in s.claims)


CORRUPTIONS: dict[str, tuple[Change, set[str]]] = {
    "wrong speaker": (
        position("c1", 0, source="Mara Quill"),
        {*SOURCE, *WHOLE_POSITIONS, "attribution_kept"},
    ),
    "speaker taken for the article": (
        position("c9", 0, source="article"),
        {*SOURCE, *WHOLE_POSITIONS, "status_accuracy"},
    ),
    "flipped stance": (
        position("c9", 0, stance="denies"),
        {"stance_accuracy", *WHOLE_POSITIONS, "status_accuracy", "contested_precision"},
    ),
    "dropped denial": (
        without_position("c2", 1),
        {
            *SOURCE,
            *WHOLE_POSITIONS,
            "status_accuracy",
            "contested_recall",
            "disputed_recall",
            "consensus_true",
        },
    ),
    "dropped non-confirmation": (
        without_position("c4", 1),
        {*SOURCE, *WHOLE_POSITIONS, "status_accuracy", "contested_recall"},
    ),
    "dropped self-contradiction": (
        without_position("c8", 0),
        {*SOURCE, *WHOLE_POSITIONS, "status_accuracy", "contested_recall", "disputed_recall"},
    ),
    "invented dispute": (
        with_position("c10", "Tolland Lines", "denies"),
        {
            "source_f1",
            *WHOLE_POSITIONS,
            "status_accuracy",
            "contested_precision",
            "attribution_kept",
            "balance_kept",
            "disputed_precision",
        },
    ),
    "unhedged": (
        position("c7", 0, hedged=False),
        {"hedged_accuracy", *WHOLE_POSITIONS, "status_accuracy", "contested_recall"},
    ),
    "hedged without cause": (
        position("c10", 0, hedged=True),
        {"hedged_accuracy", *WHOLE_POSITIONS, "status_accuracy", "contested_precision", "attribution_kept"},
    ),
    "repeated row": (repeated_row("c3"), {"claims_precision", "rows_once", *ROWS}),
    "dropped row": (without_row("c3"), {"claims_recall", *ROWS}),
    "dropped key row": (
        without_row("c1"),
        {"claims_recall", "key_recall", "key_coverage", *ROWS, "sentences_cited", "supported"},
    ),
    "negated row": (
        row("c10", text="The harbour did not reopen at noon."),
        {"claims_precision", "claims_recall", "key_recall", "key_coverage", *ROWS},
    ),
    "another number": (
        row("c6", text="The ferry was carrying 85 passengers.", figures=()),
        {"claims_precision", "claims_recall", *ROWS, *CONFLICTS, "numbers_supported"},
    ),
    "bound flip": (
        row("c1", figures=(Figure(of="people killed", low=None, high=4, unit="people"),)),
        {"figures_f1", "bounds_kept"},
    ),
    "bound made exact": (
        row("c9", figures=(Figure(of="salvage", low=3e6, high=3e6, unit="$"),)),
        {"figures_f1", "bounds_kept"},
    ),
    "other unit": (row("c7", figures=(Figure(of="", low=20, high=20, unit="hours"),)), {"figures_f1"}),
    "dropped figure": (row("c5", figures=()), {"figures_f1"}),
    "dropped conflicts": (field(conflicts=()), {"conflicts_recall", "conflicts_f1"}),
    "invented conflict": (
        lambda r: field(conflicts=(*r.conflicts, Conflict(claims=("c1", "c7"), why="")))(r),
        {"conflicts_precision", "conflicts_f1"},
    ),
    "untold key row": (lambda r: field(summary=untold(r, "c9"))(r), {"key_coverage"}),
    "uncited sentence": (uncited_sentence, {"sentences_cited", "supported"}),
    "sentence citing nothing there": (
        field(headline=CitedText(text="A fire.", claims=("c99",))),
        {"sentences_cited", "supported"},
    ),
    "dispute told as fact": (flat_sentence, {"never_clear", "attribution_kept"}),
    "shifted span": (shifted_span("c1"), {"spans_exact"}),
    "position without evidence": (position("c2", 1, evidence=()), {"positions_tied"}),
    "furniture cited": (furniture_cited, {"furniture_uncited"}),
    "article taken for a speaker": (
        position("c5", 0, source="Brask"),
        {"source_f1", "source_recall_article", *WHOLE_POSITIONS, "status_accuracy"},
    ),
    "wrong speaker of another sentence": (
        position("c12", 0, source="Brask"),
        {"source_f1", "source_recall_outside", *WHOLE_POSITIONS},
    ),
    "dropped relay": (position("c11", 0, via=None), {"via_accuracy"}),
    "relay taken for the source": (
        position("c11", 0, source="Courier", via=None),
        {*SOURCE, *WHOLE_POSITIONS},
    ),
    "wrong kind": (row("c9", kind="fact"), {"kind_accuracy"}),
    "wrong day": (
        row("c1", when=When(text="on Tuesday", start=date(2024, 2, 27), end=date(2024, 2, 27))),
        {"when_f1"},
    ),
    "dropped time": (row("c10", when=None), {"when_f1"}),
    "wrong place": (row("c2", where="harbour"), {"where_f1"}),
    "merged rows": (
        lambda r: row("c5", text="The ferry was carrying 61 passengers, or 58.")(without_row("c6")(r)),
        {"claims_recall", *ROWS, *CONFLICTS},
    ),
    "heat carried over": (
        lambda r: field(summary=(*r.summary, told("Its butchers of owners run the harbour.", "c10")))(r),
        {"loaded_left_out", "supported"},
    ),
    "invented name": (
        lambda r: field(summary=(*r.summary, told("The harbour of Vessmark reopened at noon.", "c10")))(r),
        {"supported"},
    ),
    "dispute told with one side": (
        lambda r: field(
            summary=(
                *untold(r, "c2"),
                told("The Coast Service said the fire started in the engine room.", "c2"),
            )
        )(r),
        {"consensus_true", "attribution_kept"},
    ),
    "dropped loaded wording": (field(loaded=()), {"loaded_f1"}),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_mistake_lowers_the_metrics_it_should_and_no_other(name: str, case: Case, perfect: Report) -> None:
    """Each seeded mistake lowers exactly the metrics it is about, and each of them says where."""
    corrupt, lowered = CORRUPTIONS[name]
    metrics = score_case(case, corrupt(perfect)).metrics
    assert {n for n in measured() if (had := metrics[n].value) is not None and had < 1} == lowered
    assert all(metrics[n].misses for n in lowered)


def test_misses_name_the_row_and_the_reason(case: Case, perfect: Report) -> None:
    """A reader of the misses sees which row it is, what the labels have and what the report has instead."""
    flipped = score_case(case, position("c9", 0, stance="denies")(perfect)).metrics
    (miss,) = flipped["stance_accuracy"].misses
    assert (miss.where, miss.why) == ("c9", "Brask asserts, but denies in c9")
    (miss,) = score_case(case, repeated_row("c3")(perfect)).metrics["claims_precision"].misses
    assert miss.where == "claims[again]"
    assert "which c3 is matched to" in miss.why


# -- what counts as the same ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    ["the Coast Service", "COAST SERVICE", "Coast Service's"],
    ids=["article", "capitals", "possessive"],
)
def test_another_form_of_a_name_is_the_same_source(case: Case, perfect: Report, source: str) -> None:
    """A source is recognised with an article, in capitals and in the possessive."""
    assert value(case, position("c1", 0, source=source)(perfect), "source_f1") == 1


def test_an_alias_of_the_labels_is_the_same_source(case: Case, perfect: Report) -> None:
    """Naming a source by an alias that the labels give costs nothing."""
    assert value(case, position("c2", 1, source="Tolland", aliases=())(perfect), "source_f1") == 1


def test_a_reports_own_aliases_win_nothing(case: Case, perfect: Report) -> None:
    """A wrong source stays wrong, whatever aliases the report gives it."""
    corrupt = position("c1", 0, source="Mara Quill", aliases=("Coast Service",))
    assert value(case, corrupt(perfect), "source_f1") < 1


def test_nameless_sources_are_one_another_but_no_named_one(case: Case, perfect: Report) -> None:
    """How nameless sources are described does not matter; naming them does."""
    assert value(case, position("c7", 0, source="unnamed: sailors")(perfect), "source_f1") == 1
    assert value(case, position("c7", 0, source="Mara Quill")(perfect), "source_f1") < 1


@pytest.mark.parametrize("unit", ["$", "dollars", "US dollars"])
def test_other_writings_of_a_unit_are_the_same_unit(case: Case, perfect: Report, unit: str) -> None:
    """A figure is right in whatever writing of its unit."""
    figure = Figure(of="", low=None, high=3_000_000, unit=unit)
    assert value(case, row("c9", figures=(figure,))(perfect), "figures_f1") == 1


# -- what holds for any report -------------------------------------------------------------------------------


@given(st.permutations(range(14)))
def test_the_order_of_rows_does_not_matter(case: Case, perfect: Report, order: list[int]) -> None:
    """A report scores the same with its rows in any order."""
    shuffled = perfect.model_copy(update={"claims": tuple(perfect.claims[n] for n in order)})
    assert score_case(case, shuffled).metrics["positions_f1_all"].value == 1.0


@given(st.sets(st.integers(min_value=0, max_value=13)))
def test_recall_is_the_share_of_rows_kept(case: Case, perfect: Report, kept: set[int]) -> None:
    """With some rows left out recall is the share kept, and precision stays whole while there is any."""
    some = perfect.model_copy(update={"claims": tuple(perfect.claims[n] for n in sorted(kept))})
    metrics = score_case(case, some).metrics
    assert metrics["claims_recall"].value == len(kept) / 14
    assert metrics["claims_precision"].value == (1.0 if kept else None)
    assert len(metrics["claims_recall"].misses) == 14 - len(kept)


WORDS = st.lists(st.sampled_from(["harbour", "fire", "not", "61", "ferry", "killed", "up to"]), max_size=6)
SPANS = st.tuples(st.integers(-5, 900), st.integers(-5, 900)).map(
    lambda p: Evidence(start=p[0], end=p[1], quote="ferry")
)
POSITIONS = st.builds(
    Position,
    source=st.sampled_from(["article", "Tolland Lines", "unnamed: two men", "", "Brask"]),
    stance=st.sampled_from(["asserts", "denies", "does_not_confirm"]),
    hedged=st.booleans(),
    evidence=st.lists(SPANS, max_size=2).map(tuple),
)
CLAIMS = st.builds(
    Claim,
    id=st.sampled_from(["c1", "c2", "x"]),
    text=WORDS.map(" ".join),
    positions=st.lists(POSITIONS, max_size=3).map(tuple),
)


@given(st.lists(CLAIMS, max_size=6))
def test_no_report_is_too_strange_to_score(case: Case, perfect: Report, claims: list[Claim]) -> None:
    """Whatever rows a report has, spans out of range and ids given twice too, each share is from 0 to 1."""
    metrics = score_case(case, perfect.model_copy(update={"claims": tuple(claims)})).metrics
    assert all(r.value is None or 0 <= r.value <= 1 for n, r in metrics.items() if n in measured())


def test_tokens_are_counted_where_the_trace_tells(case: Case, perfect: Report) -> None:
    """Tokens a claim are input and output over rows; without a word of tokens nothing is measured."""
    trace = perfect.trace.model_copy(update={"tokens": Tokens(input=1000, cached_input=500, output=400)})
    assert value(case, perfect.model_copy(update={"trace": trace}), "tokens_per_claim") == 100
    assert score_case(case, perfect).metrics["tokens_per_claim"].value is None


def measured() -> list[str]:
    """Name the metrics of which a perfect report has 1."""
    return [m.name for m in METRICS if m.group != "context"]


def value(case: Case, report: Report, metric: str) -> float:
    """Give one metric of a report."""
    had = score_case(case, report).metrics[metric].value
    assert had is not None
    return had
