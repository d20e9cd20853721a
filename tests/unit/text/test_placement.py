"""Promises of what is page furniture by its place."""

import pytest

from summarizer.text.sentences import split

LEAD = "A crane fell on the market of Lower Karsu on Monday, hurting nine people."
MORE = "The harbour office said the rope had been tested in March and found sound."
LAST = "The market is to open again on Friday."


def marked(*paragraphs: str) -> list[str]:
    """Return the furniture of a page made of these paragraphs."""
    sentences = split("\n\n".join(paragraphs))
    return [sentences.quote(s) for s in sentences if s.furniture]


def test_a_headline_after_the_last_paragraph_is_of_another_story() -> None:
    """What follows the last paragraph without being a sentence is furniture."""
    assert marked("Crane falls", LEAD, LAST, "Minister opens bridge at Tesh") == [
        "Minister opens bridge at Tesh"
    ]


def test_headline_and_subheads_are_the_articles_own() -> None:
    """Lines without a full stop before the last paragraph are left alone."""
    assert (
        marked("Crane falls", "Nine people hurt in Karsu", LEAD, "A tested rope", MORE, "What now", LAST)
        == []
    )


@pytest.mark.parametrize(
    "end", ["He did not.", "Who will pay?", "“We will be back,” she said.", "They said nothing more"]
)
def test_a_short_last_sentence_is_the_articles_own(end: str) -> None:
    """The article may end on a short sentence, a question, a quotation or a sentence without a stop."""
    assert marked("Crane falls", LEAD, end) == []


def test_a_list_that_the_article_leads_up_to_is_its_own() -> None:
    """A list at the end under a colon or a heading stays; one under nothing is of other stories."""
    items = "- nine new cranes for the quay\n- a longer rope\n- a road to Tesh"
    assert marked("Crane falls", LEAD, "The office asks for:", items) == []
    assert marked("Crane falls", LEAD, "What was promised", items) == []
    assert len(marked("Crane falls", LEAD, LAST, items)) == 3


def test_the_name_of_the_paper_over_its_menu_is_furniture() -> None:
    """Names of papers and sections above the headline are furniture; the headline is not."""
    top = ("THE KARSU COURIER", "News | Sport | Tides", "Reportage", "Crane falls on market in Lower Karsu")
    assert marked(*top, LEAD) == ["THE KARSU COURIER", "News | Sport | Tides", "Reportage"]


def test_a_bare_name_or_date_under_the_headline_is_a_byline() -> None:
    """An author's name beside a line of furniture, and a date on its own, are furniture."""
    assert marked("Crane falls on market", "Ida Rowe", "4 min read", "Monday, 14:22", LEAD) == [
        "Ida Rowe",
        "4 min read",
        "Monday, 14:22",
    ]


def test_days_of_a_diary_are_the_articles_own() -> None:
    """Dates between paragraphs are headings."""
    assert marked("Five days in Karsu", LEAD, "Monday", MORE, "Tuesday, 4 May", LAST) == []


def test_teasers_below_the_lead_are_furniture_and_above_are_headlines() -> None:
    """“Video: …” opens a headline at the head of a page and leads elsewhere further down."""
    assert marked("Video: Crane falls on market", LEAD, "VIDEO: Five falls to remember", LAST) == [
        "VIDEO: Five falls to remember"
    ]


def test_headlines_under_a_heading_of_other_stories_are_furniture() -> None:
    """What a “more on this story” lists is furniture, up to the next paragraph."""
    listing = "MORE ON THIS STORY\n> Who pays for the ropes nobody tests?\n> Five cranes that fell"
    assert marked("Crane falls", LEAD, listing, MORE, LAST) == listing.split("\n")


def test_a_form_makes_its_own_short_lines_furniture() -> None:
    """In a block with a sign-up line the other short lines belong to the form."""
    form = "Newsletter\nOne good story, every second Sunday\n[ Your email ]"
    assert marked("Crane falls", LEAD, form, LAST) == form.split("\n")


def test_readers_comments_are_furniture() -> None:
    """Below a comment form everything is furniture, whole paragraphs of readers included."""
    comment = (
        "I worked on that quay for twenty years and I never saw anyone test a rope, not in March, not ever."
    )
    found = marked(
        "Crane falls", LEAD, MORE, LAST, "2 Comments", "Bram T. says:", comment, "Reply", "Log in to reply"
    )
    assert found == ["2 Comments", "Bram T. says:", comment, "Reply", "Log in to reply"]


def test_a_comment_count_above_the_article_makes_nothing_furniture() -> None:
    """A link to the comments under the headline does not make the article one."""
    assert marked("Crane falls", "3 comments", LEAD, MORE, LAST) == ["3 comments"]


def test_a_comment_link_inside_the_article_makes_nothing_furniture() -> None:
    """A link to the comments between paragraphs does not either."""
    assert marked("Crane falls", LEAD, LAST, "Comments (3)", LEAD, MORE, LAST) == ["Comments (3)"]


def test_what_the_outlet_says_of_itself_is_furniture_at_the_foot_only() -> None:
    """“… is an independent news site” is an outlet's at the foot of a page and an article's above it."""
    about = "Karsu Now is an independent news site."
    assert marked("Crane falls", LEAD, LAST, about) == [about]
    assert marked("Crane falls", LEAD, about, LAST) == []


def test_a_text_without_paragraphs_has_no_foot() -> None:
    """Headlines alone are not taken for furniture."""
    assert marked("Crane falls", "Bridge opens", "Minister resigns") == []
