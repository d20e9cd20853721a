"""Promises of how lines flow together."""

from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text.layout import Line, flow, lines


def test_lines_are_stripped_and_numbered_by_block() -> None:
    """Lines come without white space around them and know their block between blank lines."""
    assert [(line.text, line.block) for line in lines(" a \r\nb\r\n \r\n\tc")] == [
        ("a", 1),
        ("b", 1),
        ("c", 2),
    ]


def test_a_line_of_invisible_characters_parts_blocks() -> None:
    """A line that shows nothing stands alone, in a block of its own."""
    assert [(line.blank, line.block) for line in lines("a\n\u200b\nb")] == [(False, 1), (True, 2), (False, 3)]


def test_lines_that_go_on_in_lower_case_are_joined() -> None:
    """A sentence that plainly crosses line breaks joins its lines, a link on its own line included."""
    assert len(joined("He told the\nKarsu Courier\nthat he left.")) == 1


def test_list_items_are_never_joined() -> None:
    """Bulleted and numbered lines stand alone."""
    assert len(joined("They want\n- nine wells\n- a road\n2. seed")) == 4


def test_a_headline_is_not_joined_to_the_lines_below() -> None:
    """In a text of unwrapped lines nothing is joined."""
    assert (
        len(joined("Three held over bank raid in Larrow\nThree men were held on Tuesday.\nOne was freed."))
        == 3
    )


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aB .,-\n\r\u2028\x0c\u200b*1") | st.text())
def test_joining_loses_nothing(text: str) -> None:
    """For any text: lines, joined or not, hold every character but white space, in order."""
    for parts in (lines(text), joined(text)):
        assert "".join("".join(line.text.split()) for line in parts) == "".join(text.split())
        assert all(text[line.start : line.end] == line.text for line in parts)


def joined(text: str) -> tuple[Line, ...]:
    """Return the lines of a text, joined."""
    return flow(text, lines(text))
