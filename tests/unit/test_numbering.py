"""Numbers for strings: each its own, however many there are."""

from hypothesis import given
from hypothesis import strategies as st

from summarizer.numbering import Numbering


@given(st.lists(st.text()))
def test_strings_are_numbered_in_the_order_they_come(texts: list[str]) -> None:
    """The first time gives the next number, later times the same."""
    numbering = Numbering()
    first = {text: n for n, text in enumerate(dict.fromkeys(texts))}
    assert [numbering.number(text) for text in texts] == [first[text] for text in texts]
    assert len(numbering) == len(first)


def test_many_strings_keep_their_numbers() -> None:
    """The table grows without losing any, and knows what it has not seen."""
    numbering = Numbering()
    for n in range(5000):
        numbering.number(f"archive/{n}")
    assert all(numbering.find(f"archive/{n}") == n for n in range(5000))
    assert numbering.find("archive/5000") is None
    assert len(numbering) == 5000
