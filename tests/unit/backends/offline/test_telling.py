"""How a summary tells rows: within its length, both sides of a dispute, no name twice."""

from collections.abc import Callable

from summarizer.domain.draft import Draft

Draws = Callable[[str], Draft]

_PARAGRAPHS = (
    "The Marl Council said on Monday that twelve bridges over the river would be closed for repairs.",
    "Norra Water denied that its pumps had failed before the flood reached the hospital.",
    "Ostra’s army said 31 soldiers were killed and 12 trucks burnt in the northern valley on Sunday.",
    "Ida Renn, a farmer, said wolves had eaten forty of her sheep since the snow melted.",
    "The Port Authority reported that two tankers collided outside the harbour wall in fog.",
    "The bank raised its lending rate to four percent, the highest for eleven years.",
    "Doctors at Tellow hospital said nine children had measles and were kept in one ward.",
    "A jury found the treasurer guilty of stealing 90,000 crowns from the theatre fund.",
    "The Quay Museum announced that a lost painting had been found behind a staircase.",
    "Teachers at six schools said they would strike on Thursday over unpaid overtime.",
)


def test_a_summary_keeps_to_its_length(draft: Draws) -> None:
    """However long the article, a summary has at most five sentences and some 130 words."""
    summary = draft("\n\n".join(_PARAGRAPHS)).summary
    assert 1 < len(summary) <= 5
    assert sum(len(sentence.text.split()) for sentence in summary) <= 130


def test_both_sides_of_a_dispute_stand_in_one_sentence(draft: Draws) -> None:
    """Who denies a row, and who did not confirm it, is said in the breath that tells it."""
    text = (
        "Orla Tamm said the pump had failed twice in May. Norra Water denied that the pump had failed. "
        "The Port Authority could not confirm that the pump had failed twice."
    )
    told = " ".join(sentence.text for sentence in draft(text).summary)
    assert "Orla Tamm said the pump had failed twice in May, but Norra Water denies this" in told
    assert "Port Authority did not confirm it" in told


def test_rows_of_the_same_voices_are_told_as_one(draft: Draws) -> None:
    """What could not be confirmed of two rows of one source is said once."""
    text = "Norra's army said 31 men were killed and 12 trucks were burnt. The claims could not be verified."
    told = " ".join(sentence.text for sentence in draft(text).summary)
    assert told.count("could not be confirmed") == 1


def test_a_speaker_is_not_named_twice(draft: Draws) -> None:
    """What Renn says of herself does not open with her full name again."""
    summary = draft("Ida Renn said that she had closed the mill gates on Friday.").summary
    assert " ".join(sentence.text for sentence in summary).count("Ida Renn") == 1


def test_no_summary_of_nothing(draft: Draws) -> None:
    """An article without claims has neither headline nor summary."""
    made = draft("Hello there!")
    assert made.summary == ()
    assert not made.headline.text
