"""Articles in: what a path argument stands for, and the articles it holds, each read when it is asked for.

reading     the two doors, ``read`` and ``read_file``
finding     path, folder or glob -> files and the ids they give
disk        file -> bytes, up to a limit
decoding    bytes -> text; ``charset`` reads what a page declares, ``binary`` names what is no text
jsonlines   a stream of lines -> articles, one line in hand
parquet     a table -> articles, a few rows in hand
counting    how many there are, about
records     one JSON value -> an article
pages       HTML -> the article's text;  markdown: its title
"""

from summarizer.intake.counting import count
from summarizer.intake.reading import LIMIT, read, read_file
from summarizer.intake.unread import Unread

__all__ = ["LIMIT", "Unread", "count", "read", "read_file"]
