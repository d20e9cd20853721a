"""Labels made fit for others: spans in place of the article's words, and back again beside the article.

What labels say in words of their own must not give the article away either: :data:`RUN` words in a row
that also stand in the article count as copied.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from summarizer.errors import SettingsError
from summarizer.evaluation.document import Problem, Way, decode, malformed, read_bytes, read_document
from summarizer.evaluation.gold import GOLD_FILE, Case, is_spanned, load_case
from summarizer.evaluation.spanned import with_spans, with_words
from summarizer.text.folding import fold

RUN = 7
"""So many words of the article in a row are the article's, not the labeller's."""

_HEAD = "# Labels without their article: [start, end] are characters of the text that has this digest.\n"
_WORD = re.compile(r"[^\W_]+")


def spans_yaml(folder: Path) -> str:
    """Return the labels of a case, which has its article beside it, as ``spans.yaml``; comments are left out.

    Raises:
        InputError: The case cannot be read.
        SettingsError: Its labels are spans already.
        MalformedInput: Words of its own are the article's, or a quotation begins or ends inside a word; each
            is named with its line in ``gold.yaml``.
    """
    if is_spanned(folder):
        raise SettingsError("These labels are spans already.", where=str(folder))
    case = load_case(folder)
    text = case.article.text
    made = with_spans(_data(case), text)
    labels = read_document(folder / GOLD_FILE)
    wrong = [labels.problem(*each) for each in with_words(made, text)[1]]
    wrong += [labels.problem(way, why) for way, why in _copies(made, text)]
    if wrong:
        raise malformed(labels.file, sorted(wrong))
    return _HEAD + _yaml(made)


def gold_yaml(case: Case) -> str:
    """Return the labels of a case as ``gold.yaml``, quotations and all, from whichever form."""
    return _yaml(_data(case))


def copied(file: Path, text: str) -> list[Problem]:
    """Find what a file of labels, its comments included, repeats of an article; a line and the words each.

    Raises:
        InputError: The file cannot be read.
    """
    written = decode(read_bytes(file), file)
    return [(written.count("\n", 0, at) + 1, why) for at, why in _copied(written, text)]


def _copies(data: dict[str, Any], text: str) -> Iterator[tuple[Way, str]]:
    """Yield where labels repeat an article; a list of names can do so where none of them does."""
    ways, own = zip(*_own(data), strict=True)
    starts = [*accumulate((len(part) + 1 for part in own), initial=0)]
    for at, why in _copied("\n".join(own), text):
        yield ways[bisect_right(starts, at) - 1], why


def _copied(own: str, text: str) -> Iterator[tuple[int, str]]:
    """Yield where a run that an article has, too, begins, and what to do about it; each run once, whole."""
    theirs = [word for word, _, _ in _words(text)]
    runs = {tuple(theirs[at : at + RUN]) for at in range(len(theirs) - RUN + 1)}
    words = list(_words(own))
    spelled = [word for word, _, _ in words]
    hits = {at for at in range(len(words) - RUN + 1) if tuple(spelled[at : at + RUN]) in runs}
    for first in sorted(at for at in hits if at - 1 not in hits):
        last = first
        while last + 1 in hits:
            last += 1
        start, end = words[first][1], words[last + RUN - 1][2]
        run = " ".join(own[start:end].split())
        yield start, f"repeats {last - first + RUN} words in a row of the article; reword: {run!r:.90}"


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield words as they are compared, and where each stands: case and typography do not tell them apart."""
    for found in _WORD.finditer(fold(text)):
        yield found.group().casefold(), found.start(), found.end()


def _own(value: Any, way: Way = ()) -> Iterator[tuple[Way, str]]:
    """Yield all that labels hold, names of fields included, in the order of the file."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(key, str):
                yield (*way, key), key
            yield from _own(inner, (*way, key))
    else:
        yield way, str(value)


def _data(case: Case) -> dict[str, Any]:
    """Return labels as plain values; what a field is anyway is left out."""
    data = _plain(case.gold.model_dump(exclude_defaults=True))
    assert isinstance(data, dict)
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _yaml(data: dict[str, Any]) -> str:
    """Write labels as a person would: rows and positions as blocks, what is short on one line."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            del indentless
            super().increase_indent(flow, False)

        def represent_data(self, data: Any) -> Any:
            node: Any = super().represent_data(data)
            if isinstance(data, list | dict):
                node.flow_style = _is_short(data)
            return node

    made = yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10**6)
    assert isinstance(made, str)
    return made


def _is_short(data: list[Any] | dict[str, Any]) -> bool:
    """Tell whether a value goes on one line: spans, and what is no row, position or long text."""
    if isinstance(data, list) and all(isinstance(inner, int | list) for inner in data):
        return True
    spelled = repr(data)
    return len(spelled) < 100 and "'evidence'" not in spelled
