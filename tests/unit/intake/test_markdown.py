"""Markdown: the text stays whole; title and day are what the file gives itself."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from summarizer.intake import read_file
from summarizer.intake.markdown import head

Write = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        ('---\ntitle: "At: sea"\ndate: 2024-05-06\n---\n# Other\n\nAl swam.', "At: sea", date(2024, 5, 6)),
        ("---\r\ntitle: At sea\r\npublished: 2024-05-06T10:00:00Z\r\n---\r\nAl.", "At sea", date(2024, 5, 6)),
        ("---\ntags: [a]\n---\n\n# At sea #\n\nAl swam.", "At sea", None),
        ("\n# At sea\n\nAl swam.", "At sea", None),
        ("Al swam.\n\n# Later\n", None, None),
        ("## At sea\n", None, None),
        ("#hashtag\n", None, None),
        ("---\ntitle: [unclosed\n---\nAl swam.", None, None),
        ("---\n- a list\n---\nAl swam.", None, None),
        ("---\ntitle: !!python/name:os.system x\n---\nAl swam.", "x", None),
        ('---\ntitle: "\\ud800"\ndate: never\n---\nAl swam.', None, None),
        ("---\n" + "[" * 9000 + "\n---\nAl swam.", None, None),
        ("---\nAl swam.", None, None),
    ],
)
def test_title_and_day(text: str, title: str | None, day: date | None) -> None:
    """From front matter, else from a heading in front; anything odd there is passed over."""
    assert head(text) == (title, day)


def test_the_text_is_kept_whole(write: Write) -> None:
    """Front matter and markup stay, so that offsets are those of the file."""
    text = "---\ntitle: At sea\n---\r\n# *At* sea\n\n> Al swam.\n"
    article = read_file(write("x.md", text))
    assert (article.text, article.title) == (text, "At sea")
