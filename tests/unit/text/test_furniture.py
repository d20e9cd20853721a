"""Promises of what is page furniture by its words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text.furniture import kind_of, recognise
from summarizer.text.layout import lines

FURNITURE = """
Share
SHARE   SAVE   COMMENTS (112)
A+ A-   Share this   Copy link
Facebook Twitter WhatsApp Email
Share this story
11 views
Advertisement
ADVERTISEMENT - SCROLL TO CONTINUE
[Advertisement - article continues below]
Story continues below
skip to Main Content
Back To Top
Home > World > Kesmara
News | Sport | Weather | Tides
News  Crime  Weather  Puzzles
Sport » Football » Premier Division
Home News Sport Weather
kesmara news, tesh news, orlesk news, war news, flood news, road news
We use cookies to improve your visit. Accept all / Manage choices
Please enable JavaScript to view the comments.
Contact us | Terms | Cookie settings
Leave a Reply
No Comments
3 comments
Comments (37)
3 responses to “Crane falls on market”
Post a Comment
HAVE YOUR SAY
You must be logged in to post a comment.
Log in to join the conversation
Your email address will not be published. Required fields are marked *
Name *
Save my name in this browser for the next time I comment.
Sort by: Newest / Oldest / Best rated
Please let us know if you have a problem commenting.
Stay on topic - this keeps the thread readable.
Comments are closed.
All comments are moderated before they appear.
The views expressed in this article are the author's own.
Report a problem with this page
Newsletter
Sign up to our Friday letter. No spam.
Get the Courant in your inbox every morning
By signing up you agree to our terms.
Support independent reporting - Donate
You have read 2 of 3 free articles this month
Read more: Truce collapses after 19 days
READ MORE: Why nobody wants to build a furnace
Related: Ten questions for the minister
Find more Kesmara news, photos and videos here.
More from Companies
Most read
You may also like
Tags: Kesmara | Orlesk | aviation
Filed under: Harbour, Courts
Follow us on Chirpline
You can follow Ida Rowe on Twitter at @idarowe, or email her at
Follow @idarowe
Get in touch: @idarowe
Like this? Follow us on Chirpline
Do you know more? Call the Rocket newsdesk.
newsdesk@example.org
https://example.org/news/12
© Clinic & Trade Daily. All rights reserved.
Photo: Lumbrecht Labs handout
Photographs by Dov Atherley
Getty Images
Reuters | Dovrun | Updated: 12-07 19:00
(Reporting by Tova Ellick in Dovrun and staff in Imrat; Editing by R. Sandquill)
Tova Ellick contributed to this report.
By Ida Rowe
By IDA ROWE and J. R. Coyle, court reporters
Oda Prellwin, foreign desk
Our reporter Nadi Solvane in Upper Tamsin
Posted by admin2 in News, Resistance — 3 comments
Published 6.42am | Updated 11.15am
4 min read
2 hours ago
For immediate release: Ashemba, 2 May
ENDS
* * *
"""

ARTICLE = """
Support for the ceasefire grows
Share prices fall after profit warning
Shares in Quorren tumble
The comment drew 40 replies within an hour.
Comments by minister anger union
No comment from palace
Post office to close
Mail delayed by strike
Search for missing hikers resumes
Latest attack kills nine
Related charges dropped
More arrests
More questions than answers
Most read the signs wrong
Read my lips: no new taxes
Video shows strike
Photos of the wreck were posted online.
Images from the drone
Credit ratings cut
Sources: deal close
Reporting by two newspapers led to the inquiry.
Edited by censors
By nightfall
By Tuesday, Rowe had resigned.
Background: how the war began
Analysis: a truce in name only
Timeline: nine days of war
Key points
Who is who
'No way out'
Advertisements for the post drew nine replies.
Advertising ban
Subscribe or leave, members told
Sign up or face jail, conscripts told
Follow the money
"Follow us on Chirpline," the sect's leaflet said, and nine villagers did.
Contact with the aircraft was lost at 04:05.
Email scandal
E-mail: the smoking gun
Your support helps us, the ministry told farmers.
Copyright dispute
Copyright law does not cover it, the court ruled.
Reuters could not verify the video.
Getty heir dies
The Courier is a daily newspaper with 40,000 readers.
The views expressed in the letter shocked the court.
The comment policy of the ministry changed in May.
We use cookies of our own recipe, the baker said.
Do you have information about the van? Call the police on 555-0142.
Published on 3 May, the report blames both sides.
Updated figures put the toll at 40.
Back from the dead
Next: what the court will decide
Two days ago
Tagged prisoners vanish
What do you think of the mayor?
He wrote on Chirpline as @odamarn.
Why?
"""


@pytest.mark.parametrize("line", FURNITURE.strip().splitlines())
def test_furniture_is_known_by_its_words(line: str) -> None:
    """Bars, forms, navigation, credits, bylines and boilerplate are recognised wherever they stand."""
    assert kind_of(line)


@pytest.mark.parametrize("line", ARTICLE.strip().splitlines())
def test_headlines_and_sentences_about_such_things_are_no_furniture(line: str) -> None:
    """An article about shares, comments, advertisements or photographs is left alone."""
    assert kind_of(line) == ""


def test_boilerplate_of_several_sentences_is_one_line_of_furniture() -> None:
    """An outlet's request for support counts whole, whichever of its sentences gives it away."""
    assert kind_of("Nobody owns this site. Your support helps us print the truth. Thank you.")


def test_a_credit_goes_on_to_its_closing_bracket() -> None:
    """A bracketed credit that was wrapped is furniture to its end, and no further."""
    text = "(Reporting by Tova Ellick in Dovrun; Editing by\nR. Sandquill)\nThe harbour is open."
    assert [line.furniture for line in recognise(lines(text))] == [True, True, False]


@pytest.mark.parametrize(
    "seed", ["By A in staff - a ", "a@b.", "news related ", "follow on at ", "1 of 2, ", "www.a/ / "]
)
def test_hostile_lines_are_read_in_linear_time(seed: str) -> None:
    """Lines made to send a careless pattern into the woods are decided like any other."""
    assert isinstance(kind_of(seed * 60 + "!"), str)
    assert isinstance(kind_of((seed * 60)[:119] + "!"), str)


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_line_has_a_kind_or_none(line: str) -> None:
    """For any line: a kind comes back, and lines without a letter or digit always have one."""
    assert kind_of(line) or any(map(str.isalnum, line))


@pytest.mark.parametrize(
    "line",
    [
        "The quiz: which harbour had the seal?",
        "Notes to editors",
        "PRESS RELEASE (with reply)",
        "Media contact: press office, Norra Water",
        "Marl News Agency | 14 November 2023, 18:20",
        "Ida Renn-Tamm, Court Reporter",
        "The Marl Lamp takes no advertising.",
        "Liked this? The Marl Lamp takes no advertising. Give 20 crowns today.",
        "Download our new Marl Lamp app for alerts.",
    ],
)
def test_notes_of_the_house_are_furniture(line: str) -> None:
    """Quizzes, appeals, apps, press contacts and who sent it are none of the article."""
    assert kind_of(line)


@pytest.mark.parametrize(
    "line",
    [
        "UPDATED March 6: Norra Water replies",
        "CORRECTION, 1.25pm: an earlier post said three schools had closed.",
        "Correction: An earlier version of this article said crews arrived at noon.",
        "The treasurer said the club takes no sponsors from breweries.",
    ],
)
def test_notes_that_tell_what_happened_are_no_furniture(line: str) -> None:
    """Corrections and updates belong to the body."""
    assert kind_of(line) == ""
