"""Promises of who answers whom: statements taken back, reports nobody will confirm, and who "he" is."""

from collections.abc import Callable

import pytest

from summarizer.domain.draft import Draft, DraftClaim

Rows = Callable[[str, str], DraftClaim]
Drafts = Callable[[str], Draft]


def stances(claim: DraftClaim) -> set[tuple[str, str]]:
    """Return who stands where on a row."""
    return {(p.source, p.stance) for p in claim.positions}


def test_going_back_on_ones_own_word_is_two_positions_and_a_conflict(draft: Drafts) -> None:
    """Who has not seen a report and then has read it stands on both sides of one row."""
    text = """The council met on Monday about the quay.

The mayor, Ida Renn, said on Monday that she had not seen the report.

On Tuesday Renn said she had read it in June.
"""
    drafted = draft(text)
    claim = next(c for c in drafted.claims if "in June" in c.text)
    assert stances(claim) == {("Ida Renn", "asserts"), ("Ida Renn", "denies")}
    assert (claim.id, claim.id) in {c.claims for c in drafted.conflicts}


def test_the_forces_of_one_country_at_odds_are_a_conflict(draft: Drafts) -> None:
    """An army and its own command are one house."""
    text = """A depot in Marl, north of the capital and close to the river, burned down on Monday.

The Ostran military denied that its aircraft had bombed the depot.

The Ostran Northern Command said that its aircraft had bombed the depot.
"""
    drafted = draft(text)
    claim = next(c for c in drafted.claims if len(c.positions) > 1)
    assert {p.stance for p in claim.positions} == {"asserts", "denies"}
    assert (claim.id, claim.id) in {c.claims for c in drafted.conflicts}


def test_what_a_correction_takes_back_is_denied_by_the_article(row: Rows) -> None:
    """The article said it once, and says it no more."""
    text = """The quay in Marl was shut on Monday after a fire that burned for four hours.

Correction: An earlier version of this article said that two ferries had sunk.
"""
    assert stances(row(text, "ferries")) == {("article", "asserts"), ("article", "denies")}


def test_a_denied_report_is_the_one_the_denial_speaks_of(row: Rows) -> None:
    """Of two rumours, the one that shares its words with the denial."""
    text = """The quay in Marl was shut on Monday after a fire that burned for four hours.

It was reported that Tolo Varn was hurt in the fire at the quay.

It was thought that Ida Renn was chosen to lead the union.

Union officials denied the reports, saying that Varn was not hurt in any fire.
"""
    assert ("Union", "denies") in {(s.split()[-1], t) for s, t in stances(row(text, "Tolo Varn was hurt"))}
    assert "denies" not in {t for _, t in stances(row(text, "chosen to lead"))}


def test_who_will_not_confirm_stands_on_the_row_that_names_him(row: Rows) -> None:
    """The hospital that neither confirms nor denies is the one where they were taken."""
    text = """The ferry sank on Monday off Marl Head.

Harbour Radio reports that two of them were taken to the military hospital in Marl.

The hospital would neither confirm nor deny that it had admitted anyone.
"""
    claim = row(text, "taken to the military hospital")
    assert {p.stance for p in claim.positions} == {"asserts", "does_not_confirm"}


def test_no_such_is_what_the_last_speaker_said_first(row: Rows) -> None:
    """What "no such promise" is about is the promise, not how it was made."""
    text = """"They told us in May that the works were safe. They stood there and said it," said Ida Renn.

The director, Tolo Varn, said no such promise had been given.
"""
    assert ("Tolo Varn", "denies") in stances(row(text, "the works were safe"))


def test_suspicions_among_somebody_are_theirs_and_hedged(row: Rows) -> None:
    """Who suspects is the source, and the row is what they suspect."""
    text = """The harbour in Marl was shut on Monday.

There are now suspicions among Ostran army leaders that the rebels are mining the harbour.
"""
    claim = row(text, "mining the harbour")
    assert claim.text.startswith("The rebels")
    assert [(p.source.split()[0], p.hedged) for p in claim.positions] == [("Ostran", True)]


def test_a_clause_takes_the_noun_it_is_about(row: Rows) -> None:
    """Of "a hotel it says was used as …" the row has a subject."""
    text = "The Ostran army has released footage of a hotel in Marl it says was used as a headquarters."
    assert row(text, "was used").text == "A hotel in Marl was used as a headquarters."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Tolo Varn spoke. A spokesman for the Port Board said all was well. He denied that a ferry sank.",
            "Port Board",
        ),
        ("Ida Renn said the fire was small. She denied that a ferry sank.", "Ida Renn"),
    ],
)
def test_he_is_whoever_spoke_last_named_or_not(draft: Drafts, text: str, wanted: str) -> None:
    """A spokesman who is only described is still the next sentence's "he"."""
    claim = next(c for c in draft(text).claims if "ferry" in c.text)
    assert [p.source for p in claim.positions] == [wanted]


def test_a_described_person_is_not_the_place_named_last(draft: Drafts) -> None:
    """A "governor in Marl who died" is the governor, not Marl."""
    text = "The same goes for Tolo Varn, former governor of the port in Marl who lost his life in June."
    assert "Tolo Varn lost his life in June." in {c.text for c in draft(text).claims}


def test_a_warning_about_something_is_a_deed(draft: Drafts) -> None:
    """Whom somebody warned about what is told whole, never as a torso."""
    text = "Engineers warned Marl Council about cracks in the dam in May, a memo suggests."
    assert [c.text for c in draft(text).claims] == [
        "Engineers warned Marl Council about cracks in the dam in May."
    ]


def test_a_verb_after_a_relative_clause_is_not_the_subjects(draft: Drafts) -> None:
    """Who does the second deed is not clear, so it stays where it stands."""
    text = "The army began an offensive that emptied four towns and overshadowed the talks."
    assert not [c.text for c in draft(text).claims if c.text.startswith("The army overshadowed")]


def test_a_summary_names_a_speaker_once(draft: Drafts) -> None:
    """Who speaks of itself is "it" the second time."""
    text = "The Seafarers Union said on Monday that it would close the port of Marl for two days."
    told = draft(text).summary[0].text
    assert told.count("Seafarers Union") == 1
    assert " it " in told
