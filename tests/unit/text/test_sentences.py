"""Promises of the sentence splitter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text.sentences import LONGEST, split

# A bar stands where a sentence ends and the next begins.
CUTS = """
Lt. Gen. Osk Varrady said so.|He left.
The U.S.-led force moved.|It stopped.
Gov. Gavin Rowe signed it.|Then he left.
It starts at 3 p.m. Friday.|Doors open at 2 p.m.|Mayor Dresk will speak.
At 11.20 p.m. the van left.|At 11.30 p.m. Rowe called.
It begins at 7 a.m. GMT on Monday.|Bring a coat.
A fire in Paradise, Calif. — the second — killed two.|One survived.
See No. 23 on the list.|No. 24 is missing.
He said no.|She said yes.
In Rowe v. State the court ruled.|It was unanimous.
Rowe, arrested Wed. and freed Thurs. night, left.|He is 40.
Police Wed. arrested three men.|Two fled.
J. K. Rowe wrote it.|A. Sallow edited it.
George W. Rowe and H.R. Sallow met.|They spoke.
Brig.-Gen. Rowe and Maj. Gen. P. Hosten met Capt. Vond.|They left.
It fell 3.5 percent to 4.25.|Then it rose.
See www.example.org/a.html for more.|Or write to rowe@example.org.|Or call.
Harnock Inc. shares rose.|It was bought by Quorren Ltd. in May.|He works for Harnock Inc.|The price fell.
"We left," he said.|"They stayed."
"We left.|They stayed," he said.
“We left.|They stayed.”|He wept.
He called it "a lie".|She did not.
He called it "a lie."|She did not.
He called it ‘a lie.’|She did not.
"Who pays?" Ms Rowe asked.|Nobody knew.
"Stop!" Lt. Rowe shouted.|They ran.
"Who pays?"|The answer is not simple.
She asked why.|"Because," he said, "I can."|"So go."
He paused… then left.|He paused…|Then he left.
He paused... then left.|He paused...|Then he left.
What?!|No way!|Really?
It was hit (see map).|(Nobody died.)|It burned.
It was hit.[3]|Nobody died.
The dam burst.|Yes.|Yes.|Yes.
He lives in the U.S.|He was born in the U.K.|They met in the E.U. in May.
The U.N. Security Council met.|The U.N. said so.
It happened on Feb. 11 in St. Amery.|Dr. Rowe, Ph.D., agreed.
Approx. 30 people came.|Some left, e.g. Rowe.|Others, i.e. Sallow, stayed.
Sen. Ida Rowe (D-Wash.) objected.|Nobody listened.
The C.F.F. was told.|The C.F.F.'s board met.
He was 6 ft. 2 in. tall.|She was not.
It was plan B.|It worked.
It rose by 4 km.|Rowe fell.
al-Rowe fled.|Al-Sallow stayed in Tesh.|al-Rowe returned.
1. Rowe won.|2. Sallow lost.
Rowe et al. found it.|It was new.
The U.S.|“We are leaving,” he said.
He came from Washington, D.C.|Nobody knew.
It's the No. 1 cause.|Said no one.
नमस्ते।|ठीक है।
"""


@pytest.mark.parametrize("cut", CUTS.strip().splitlines())
def test_sentences_end_where_readers_say_they_end(cut: str) -> None:
    """Abbreviations, initials, times, quotations and ellipses neither hide an end nor make one."""
    assert quotes(cut.replace("|", " ")) == cut.split("|")


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("The dam burst.The village drowned.", ["The dam burst.", "The village drowned."]),
        ("他走了。她留下了。", ["他走了。", "她留下了。"]),
        ("It held.\u200b It broke.", ["It held.\u200b", "It broke."]),
        ("It held.\xa0It broke.", ["It held.", "It broke."]),
        ("It held. ” It broke.", ["It held. ”", "It broke."]),
        ("all in lower case. no capitals at all.", ["all in lower case.", "no capitals at all."]),
    ],
)
def test_odd_spacing_hides_no_end(text: str, cut: list[str]) -> None:
    """A sentence ends though the space after it is missing, special or takes the quotation mark along."""
    assert quotes(text) == cut


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_wrapped_lines_are_joined(end: str) -> None:
    """A line break inside a paragraph of lines of one width ends no sentence."""
    wrapped = [
        "At least nine people were hurt when a crane fell on the market of",
        "Lower Karsu on Monday, the harbour office said. A witness, Ida",
        "Rowe, said the rope had snapped.",
    ]
    assert quotes(end.join(wrapped)) == [
        end.join(
            [
                "At least nine people were hurt when a crane fell on the market of",
                "Lower Karsu on Monday, the harbour office said.",
            ]
        ),
        end.join(["A witness, Ida", "Rowe, said the rope had snapped."]),
    ]


def test_a_wrapped_text_keeps_its_headline_apart() -> None:
    """A blank line ends a sentence though nothing else does."""
    text = "Crane falls on market\n\nNine people were hurt when a crane fell on the\nmarket of Lower Karsu."
    assert quotes(text)[0] == "Crane falls on market"


def test_unwrapped_lines_are_paragraphs() -> None:
    """Where every line is a paragraph or a headline, a line break ends a sentence and a paragraph."""
    text = "Crane falls on market\nNine people were hurt on Monday. One is a child.\nThe market has reopened."
    assert [(s.paragraph, q) for s, q in zip(split(text), quotes(text), strict=True)] == [
        (1, "Crane falls on market"),
        (2, "Nine people were hurt on Monday."),
        (2, "One is a child."),
        (3, "The market has reopened."),
    ]


def test_items_of_a_list_are_sentences_of_one_paragraph() -> None:
    """A list's items stand apart, and in the paragraph that leads up to them."""
    text = (
        "The plan has three parts:\n- nine wells\n- a road to Tesh\n- seed for 400 farms\n\nIt starts in May."
    )
    assert [s.paragraph for s in split(text)] == [1, 1, 1, 1, 2]


def test_furniture_is_marked_and_kept() -> None:
    """A line of page furniture is one sentence, marked; the article around it is not."""
    text = "Crane falls\n\nNine were hurt. One died.\nAdvertisement\nPlease log in to comment.\n\nIt rained."
    sentences = split(text)
    assert [sentences.quote(s) for s in sentences if s.furniture] == [
        "Advertisement",
        "Please log in to comment.",
    ]
    assert [sentences.quote(s) for s in sentences.body] == [
        "Crane falls",
        "Nine were hurt.",
        "One died.",
        "It rained.",
    ]


def test_endless_sentences_are_cut_at_a_pause() -> None:
    """What has no end is cut after a semicolon or comma, else at white space, else anyway."""
    paused = "wall and " * 100 + "tower; " + "gate and " * 100
    assert quotes(paused)[0].endswith("tower;")
    assert all(len(q) <= LONGEST and not q.endswith("wal") for q in quotes("wall " * 1000))
    assert [len(q) for q in quotes("w" * (LONGEST + 7))] == [LONGEST, 7]


def test_nothing_gives_nothing() -> None:
    """An empty text has no sentences."""
    assert quotes("") == quotes(" \n\t\r\n ") == []


PIECES = st.sampled_from(
    [
        *" \n\t.!?\"'“”()…-–\u200b\xa0\r\u2028\x0c\x00\u202e\ufeff:;,|>*@#",
        *["\r\n", "\n\n", "The ", "Lt. ", "U.S. ", "a.m. ", "foo ", "By ", "e\u0301", "中。", "...", ". A"],
        *["Share", "Leave a Reply", "x" * (LONGEST + 9), " ab" * LONGEST],
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join)


@settings(max_examples=120, deadline=None)
@given(TEXTS)
def test_every_character_that_shows_lies_in_exactly_one_sentence(text: str) -> None:
    """For any text: spans are in order, apart, stripped, neither empty nor endless, skipping white space."""
    last = 0
    for number, sentence in enumerate(split(text), 1):
        quote = text[sentence.start : sentence.end]
        assert (sentence.number, quote) == (number, quote.strip())
        assert last <= sentence.start < sentence.end <= sentence.start + LONGEST
        assert not text[last : sentence.start].strip()
        last = sentence.end
    assert not text[last:].strip()


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_paragraphs_are_numbered_from_one_without_gaps(text: str) -> None:
    """For any text: paragraph numbers begin at one and rise by one."""
    numbers = [s.paragraph for s in split(text)]
    assert sorted(set(numbers)) == list(range(1, max(numbers, default=0) + 1))
    assert numbers == sorted(numbers)


def quotes(text: str) -> list[str]:
    """Return the sentences of a text."""
    sentences = split(text)
    return [sentences.quote(s) for s in sentences]
