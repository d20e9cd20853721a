"""Promises of finding names and telling whether they are mentioned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text import names

PIECES = st.sampled_from(
    [
        "Ministry",
        "of",
        "Defence",
        "the",
        "Norrel",
        "Norrel's",
        "Lt.",
        "Gen.",
        "U.N.",
        "al-",
        "Tarn",
        "bin",
        ".",
        "\n",
        "\n\n",
        "ISIS",
        "“",
        "Iraqi",
        "and",
        "May",
        "3rd",
        "-",
        "’s",
        "s",
        "\x00",
        "ABC",
        "(ABC)",
    ]
)
ANY_TEXT = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map(" ".join))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Osman Karim Vell there.", ["Osman Karim Vell"]),
        ("A clerk of the Ministry of Defence spoke.", ["Ministry of Defence"]),
        ("Lt. Gen. Talib Osk spoke to the U.N. there.", ["Lt. Gen. Talib Osk", "U.N."]),
        ("The road to Camp Hollis passes Tel Orim.", ["Camp Hollis", "Tel Orim"]),
        ("They say Abu Talan al-Orim fled with ISIS men.", ["Abu Talan al-Orim", "ISIS"]),
        ("U.S.-led planes hit a Kestrel-28 parked in Norrel.", ["U.S.", "Kestrel-28", "Norrel"]),
        ("It is in Sexton's Row, says the Saturday Whistle.", ["Sexton's Row", "Saturday Whistle"]),
        ("The 3rd Mountain Brigade took it.", ["3rd Mountain Brigade"]),
        ("She read the Observatory for Human Welfare (OHW) paper.", ["Observatory for Human Welfare", "OHW"]),
        ("On Monday in March the Iraqi guards slept.", []),
        ("Children slept. Markets fell.", []),
        ("Talks between Norrel and Tesh failed.", ["Norrel", "Tesh"]),
        ("We saw the Iraqi Prime Minister Hal Sed.", ["Prime Minister Hal Sed"]),
    ],
)
def test_names_are_found_whole(text: str, expected: list[str]) -> None:
    """A name is found with its titles, particles and joiners; months, weekdays and nationalities are none."""
    assert [n.text for n in names.find(text)] == expected


def test_a_sentence_opener_is_a_name_where_it_recurs() -> None:
    """A capital at the start of a sentence tells nothing; one inside a sentence tells of both."""
    assert [n.text for n in names.find("Pelluna denied it. Doctors blamed Pelluna.")] == [
        "Pelluna",
        "Pelluna",
    ]
    assert names.find("Doctors denied it.") == ()


def test_title_case_headlines_give_known_names_only() -> None:
    """In a headline every word has a capital; those known from the body are names."""
    text = "Fishermen See Whales Off Coast Near Norrel Harbour\n\nThe boats came home to Norrel at night."
    assert [n.text for n in names.find(text)] == ["Norrel", "Norrel"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Defense Ministry", "the Iraqi defense ministry said"),
        ("Ministry of Defence", "the Defense Ministry in Norrel"),
        ("Iraqi Defense Ministry", "the Iraqi Ministry of Defence"),
        ("Norrel's Defence Ministry", "the Norreli defence ministry"),
        ("Iraqi Defense Ministry", "the Defense Ministry said"),
        ("U.S.", "the United States said"),
        ("United States", "US airstrikes"),
        ("US", "American planes"),
        ("United Nations", "a U.N. envoy"),
        ("Union of Littoral States", "a U.L.S. official"),
        ("ULS", "the Union of Littoral States"),
        ("Counter Terrorism Service", "the CTS head"),
        ("Islamic State", "ISIS said"),
        ("Col. Sam Garrow", "Garrow's men"),
        ("Army Col. Sam Garrow", "Garrow confirmed it"),
        ("Garrow", "Col. Sam Garrow"),
        ("Abu Talan al-Orim", "that Orim was chosen"),
        ("R. Sandquill", "Roland Sandquill"),
        ("Lake Tarn", "Tarn Lake"),
        ("the Pentagon", "Pentagon officials"),
        ("Pentagon officials", "the Pentagon"),
        ("unnamed: two officers", "Two officers said"),
        ("Foreign Ministry", "the foreign ministry"),
    ],
)
def test_forms_of_a_name_mention_it(name: str, text: str) -> None:
    """Acronym, surname, word order, spelling, country, title and possessive make no difference."""
    assert names.mentioned(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Defense Ministry", "the interior ministry said"),
        ("Foreign Ministry", "the Defense Ministry said"),
        ("Iraqi Defense Ministry", "the Syrian defense ministry"),
        ("Iraqi Defense Ministry", "the defense ministry in Syria"),
        ("Norrel's Defence Ministry", "Tesh's defence ministry"),
        ("Lorne Orim", "Hadi al-Orim spoke"),
        ("Baghdani", "Bagdani spoke"),
        ("Osman Karim", "Osmin Karem spoke"),
        ("Tom Brown", "the brown carts"),
        ("US", "he told us so"),
        ("Islamic State", "this is it"),
        ("Reserve Bank", "the Federal Reserve Bank"),
        ("Port Authority", "the Water Authority"),
        ("Camp Hollis", "Maria Hollis spoke"),
        ("CTS", "Carts took some"),
        ("", "anything"),
    ],
)
def test_other_names_are_no_mention(name: str, text: str) -> None:
    """A different surname, given name, country or ministry is never taken for the one asked about."""
    assert not names.mentioned(name, text)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Iraqi Defense Ministry", "Ministry of Defence", True),
        ("ISIS", "Islamic State", True),
        ("Garrow", "Col. Sam Garrow", True),
        ("S. Garrow", "Sam Garrow", True),
        ("CTS", "Counter Terrorism Service", True),
        ("Pentagon", "Pentagon officials", True),
        ("Iraqi Defense Ministry", "Syrian Defense Ministry", False),
        ("Iraq", "Iraqi Army", False),
        ("Lorne Orim", "Hadi al-Orim", False),
        ("Astrava", "Astrava Council", False),
    ],
)
def test_two_names_are_the_same_either_way_round(a: str, b: str, expected: bool) -> None:
    """Whether two names are one does not depend on which is given first."""
    assert names.same(a, b) is expected
    assert names.same(b, a) is expected


@given(ANY_TEXT)
def test_any_text_can_be_searched(text: str) -> None:
    """Whatever the text: names are its own characters, ordered and apart, without white space around."""
    reached = 0
    for found in names.find(text):
        assert reached <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text == found.text.strip()
        reached = found.end


@given(ANY_TEXT, ANY_TEXT)
def test_any_name_can_be_asked_about(name: str, text: str) -> None:
    """Whatever name and text: an answer, and the same one for `same` both ways."""
    assert names.mentioned(name, text) in (True, False)
    assert names.same(name, text) is names.same(text, name)


@given(ANY_TEXT)
def test_a_name_found_mentions_itself(text: str) -> None:
    """Whatever is found as a name is mentioned by its own words."""
    assert all(names.mentioned(found.text, f"We saw {found.text}.") for found in names.find(text))
