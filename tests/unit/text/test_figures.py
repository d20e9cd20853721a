"""Promises of reading figures: bounds, units, and which numbers are none."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text import figures

PIECES = st.sampled_from(
    [
        "at least",
        "up to",
        "nearly",
        "some",
        "between",
        "and",
        "or",
        "to",
        "one",
        "two",
        "a third",
        "half",
        "of the",
        "1,200",
        "4.7 million",
        "$1.2bn",
        "€5",
        "2 km",
        "(1.2 miles)",
        "per cent",
        "boats",
        "years",
        ", 34,",
        "in 2014",
        "on May 3",
        "3-1",
        "12",
        "-",
        "%",
        "+",
        "dozen",
        "in",
        "out of",
        "ago",
        ".",
        "\n",
        "\n\n",
        "\x00",
        "“",
        "Gate",
        "’s",
    ]
)
ANY_TEXT = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map(" ".join))


def bounds(text: str) -> list[tuple[float | None, float | None, str]]:
    """Return low, high and unit of every figure of a text."""
    return [(q.low, q.high, q.unit) for q in figures.read(text)]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("As many as 250 rowers left the quay.", None, 250, "rowers"),
        ("Up to 40 lorries were parked there.", None, 40, "lorries"),
        ("Nearly 90 homes lost their roofs.", None, 90, "homes"),
        ("The camp is less than 2 miles from the mill.", None, 2, "miles"),
        ("No more than 12 barges may pass.", None, 12, "barges"),
        ("Fewer than nine ballots were spoiled.", None, 9, "ballots"),
        ("The repair took under four years.", None, 4, "years"),
        ("More than 200 vehicles burned.", 200, None, "vehicles"),
        ("At least 31 people were hurt.", 31, None, "people"),
        ("Over 60 villages sent delegates.", 60, None, "villages"),
        ("They planted 200+ trees.", 200, None, "trees"),
        ("Upwards of 70 cows were moved.", 70, None, "cows"),
        ("They counted 30 or more boats.", 30, None, "boats"),
        ("They counted 30 boats or more.", 30, None, "boats"),
        ("No fewer than three wells ran dry.", 3, None, "wells"),
        ("Some 4.7 million children go without.", 4_700_000, 4_700_000, "children"),
        ("About five masts fell.", 5, 5, "masts"),
        ("Two or three days passed.", 2, 3, "days"),
        ("Between 10 and 12 boats sank.", 10, 12, "boats"),
        ("10 to 12 boats sank.", 10, 12, "boats"),
        ("10-12 boats sank.", 10, 12, "boats"),
        ("It cost between $31 million and $34 million.", 31e6, 34e6, "$"),
        ("It cost $10-12m.", 10e6, 12e6, "$"),
        ("It lies 2 or 3 kilometers away.", 2, 3, "km"),
    ],
)
def test_a_qualifier_opens_one_side(text: str, low: float | None, high: float | None, unit: str) -> None:
    """What stands around a number decides whether it is a lower bound, an upper bound, both, or a range."""
    assert bounds(text) == [(low, high, unit)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("A third of the valley is mined.", 33.3, "%"),
        ("Two-thirds of voters agreed.", 66.7, "%"),
        ("Half of the fleet is in dock.", 50, "%"),
        ("One in five homes stands empty.", 20, "%"),
        ("Sales fell by 14 per cent.", 14, "%"),
        ("The gap is 14 percentage points.", 14, "percentage points"),
        ("A dozen mules were sold.", 12, "mules"),
        ("Two dozen crates arrived.", 24, "crates"),
        ("Seventeen bells rang.", 17, "bells"),
        ("Twenty-one bells rang.", 21, "bells"),
        ("Half a million people watched.", 500_000, "people"),
        ("The firm sold 1,200 kettles.", 1200, "kettles"),
        ("The dyke cost $1.2bn.", 1.2e9, "$"),
        ("The dyke cost £300m.", 3e8, "£"),
        ("A ticket is €5.", 5, "€"),
        ("The boat drifted 300m.", 300, "m"),
        ("It took two and a half hours.", 2.5, "hours"),
        ("They got a 6-month ban.", 6, "months"),
        ("The 46-page paper was leaked.", 46, "pages"),
        ("They seized one Orca-3 launch.", 1, "launches"),
        ("He fed 250 State of Norrel and Tesh (SNT) pigeons.", 250, "pigeons"),
        ("The toll was put at 19.", 19, "people"),
        ("A flood left 30 dead.", 30, "people"),
        ("It was minus 5 degrees.", -5, "degrees"),
        ("One of the men left.", 1, "men"),
        ("It began two weeks ago.", 2, "weeks"),
        ("It flew in the past 72 hours.", 72, "hours"),
        ("It left three days before the raid.", 3, "days"),
    ],
)
def test_numbers_come_with_what_they_count(text: str, value: float, unit: str) -> None:
    """Words, digits, scales, shares and money become one value with a symbol or a plain plural noun."""
    assert bounds(text) == [(value, value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "Ilse Tarn, 34, said so.",
        "She was aged 34.",
        "A 34-year-old potter won.",
        "It happened on October 31, 2016.",
        "It opened in 1987 and closed in 2014.",
        "The 2014 election was close.",
        "The bell rings at 6:15 p.m.",
        "The 3rd Brigade came third.",
        "The Orca-28 and the F-16 took off.",
        "See Article 5 and Room 12 on Route 9.",
        "Operation 7 began.",
        "He lives at 12 Mill Lane.",
        "Call 020 7946 0018.",
        "It grew net zero wheat per 1,000 inhabitants, and Junction 14 on version 4.2 fired 155mm shells.",
        "No one knew which one it was.",
        "It is one of the oldest, one of the few and one of the reasons.",
        "One day he came back.",
        "The two sides met.",
        "Dozens came, hundreds stayed, a few left, several slept, scores sang.",
        "The G7 spoke of Covid-19.",
    ],
)
def test_these_numbers_are_no_figures(text: str) -> None:
    """Ages, dates, years, times, names, addresses, scores, pronouns and vague words give no figure."""
    assert figures.read(text) == ()


def test_a_bracketed_conversion_is_not_repeated() -> None:
    """The same distance or sum in another unit is one figure."""
    assert bounds("It is 2 miles (3.2 km) off and cost £5m ($6.3m).") == [(2, 2, "miles"), (5e6, 5e6, "£")]


def test_a_list_gives_one_figure_an_item_and_keeps_the_verb() -> None:
    """Every item of a list is a figure of its own, and each is said to have met the same fate."""
    found = figures.read("The raid destroyed six posts, two guns and a cart.")
    assert [(q.low, q.of) for q in found] == [(6, "posts destroyed"), (2, "guns destroyed")]


def test_scores_and_votes_count_a_figure_a_side() -> None:
    """A score is two numbers, not a range."""
    assert bounds("Norrel won 3-1.") == [(3, 3, ""), (1, 1, "")]
    assert [low for low, _, _ in bounds("The court ruled 7-2.")] == [7, 2]


def test_parts_of_a_measure_are_measured() -> None:
    """A tenth of a second is .1 seconds, not 10 per cent."""
    assert bounds("It lasts a tenth of a second.") == [(0.1, 0.1, "seconds")]
    assert bounds("There was a single blast.") == [(1, 1, "blasts")]
    assert bounds("It held not a single rifle.") == []


def test_some_out_of_a_few_counts_both() -> None:
    """Two out of seven samples are samples; nine out of ten people are a share."""
    assert bounds("It was in two out of seven samples.") == [(2, 2, ""), (7, 7, "samples")]
    assert bounds("Nine out of ten people agreed.") == [(90, 90, "%")]


def test_a_number_without_a_noun_takes_it_from_before() -> None:
    """Where no noun follows, what was counted last is counted still."""
    assert bounds("The trust holds 14 mills; the guild says six.") == [(14, 14, "mills"), (6, 6, "mills")]


def test_what_is_counted_is_said_in_the_texts_words() -> None:
    """`of` is the noun phrase after the number, with a short tail."""
    assert (
        figures.read("Some 4.7 million Norreli children in need of aid wait.")[0].of
        == "Norreli children in need"
    )
    assert figures.read("It holds 6,000 tonnes of wheat.")[0].of == "wheat"
    assert figures.read("Annual sales of $1.2bn are expected.")[0].of == "Annual sales"


def test_the_span_covers_qualifier_and_noun() -> None:
    """The span takes in the qualifier and the head noun, nothing more."""
    text = "Police said more than 200 stolen carts were found."
    (found,) = figures.read(text)
    assert text[found.start : found.end] == "more than 200 stolen carts"


@pytest.mark.parametrize(
    ("ours", "theirs", "same", "flipped"),
    [
        ("about 5 boats", "5 boats", True, False),
        ("4.7 million people", "4,700,000 people", True, False),
        ("up to 250 boats", "at least 250 boats", False, True),
        ("250 boats", "more than 250 boats", False, True),
        ("250 boats", "251 boats", False, False),
        ("5 km", "5 miles", False, False),
    ],
)
def test_figures_are_compared_by_bounds(ours: str, theirs: str, same: bool, flipped: bool) -> None:
    """Equal bounds are compatible; the same number bounded from another side is flipped."""
    (a,), (b,) = figures.read(ours), figures.read(theirs)
    assert figures.compatible(a, b) is same
    assert figures.bound_flipped(a, b) is flipped


def test_numbers_gives_dates_years_and_ages_too() -> None:
    """Every numeral is given with its value, whatever it says."""
    found = figures.numbers("On May 3, 2014, Tarn, 34, met the 3rd of eleven envoys, a third of all.")
    assert [n.value for n in found] == [3, 2014, 34, 3, 11, 33.3]


@pytest.mark.parametrize(
    ("text", "evidence", "lacking"),
    [
        ("Eleven boats sank.", "It sank 11 boats.", []),
        ("4.7 million people fled.", "4,700,000 fled.", []),
        ("Two lorries burned.", "A pair of lorries burned.", []),
        ("One lorry burned.", "A lorry burned.", []),
        ("Twelve boats sank.", "It sank 11 boats.", [12]),
    ],
)
def test_numbers_are_supported_by_value(text: str, evidence: str, lacking: list[float]) -> None:
    """A number is supported where its value occurs in the evidence, in whatever form."""
    assert [n.value for n in figures.unsupported(text, evidence)] == lacking


@given(ANY_TEXT)
def test_any_text_can_be_read(text: str) -> None:
    """Whatever the text: spans are inside it, ordered and apart; low is never above high."""
    reached = 0
    for quantity in figures.read(text):
        assert reached <= quantity.start < quantity.end <= len(text)
        assert quantity.low is not None or quantity.high is not None
        assert quantity.low is None or quantity.high is None or quantity.low <= quantity.high
        reached = quantity.end


@given(ANY_TEXT)
def test_every_figure_holds_a_number(text: str) -> None:
    """Each figure's span contains one of the text's numerals, and a text supports its own numbers."""
    numerals = figures.numbers(text)
    for quantity in figures.read(text):
        assert any(quantity.start <= n.start and n.end <= quantity.end for n in numerals)
    assert figures.unsupported(text, text) == ()


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("The pilot never got above 96 percent.", [(None, 96)]),
        ("The doctor reached him inside 90 seconds.", [(None, 90)]),
        ("A fire broke out inside two buildings.", [(2, 2)]),
        ("The price starts at $38,500 per door.", [(38_500, None)]),
        ("The rate stood at 4.07 percent.", [(4.07, 4.07)]),
        ("OmniGate 4 reads 1,400 labels.", [(1_400, 1_400)]),
        ("He was behind at four in the morning.", []),
        ("The first assessment was at 4.07.", []),
    ],
)
def test_bounds_and_numbers_of_names_and_clocks(
    text: str, bounds: list[tuple[float | None, float | None]]
) -> None:
    """A denied bound turns, "inside" bounds a time; a product's number and a clock's are no figures."""
    assert [(q.low, q.high) for q in figures.read(text)] == bounds


def test_labelled_sentences_are_read_as_labelled() -> None:
    """Of 240 sentences labelled by the guide of gold.md, the bounds read have an F1 of .96 at least."""
    sentences = yaml.safe_load((Path(__file__).parents[2] / "data/figures.yaml").read_text("utf-8"))
    hit = wanted = found = 0
    for sentence in sentences:
        labels = Counter((f["low"], f["high"]) for f in sentence["figures"])
        read = Counter((q.low, q.high) for q in figures.read(sentence["text"]))
        hit, wanted, found = hit + (labels & read).total(), wanted + labels.total(), found + read.total()
    assert 2 * hit / (wanted + found) >= 0.96
