"""The lines of a text and how they flow together: wrapped lines, paragraphs a line, headlines, list items."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
"""Inside of a regex class: characters that show nothing and are no white space for Python."""

_BREAK = re.compile(r"(?:\r\n|\r|\n)\f?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile(rf"[\s{INVISIBLE}]*")
_OPENERS = re.compile(rf"[\s{INVISIBLE}\"'“‘«„‚(\[¿¡]*")
_ENDS_SENTENCE = re.compile(rf"[.!?…。！？؟۔।]+[\"'”’»)\]\s{INVISIBLE}]*$")
_ENDS_OPEN = re.compile(
    r"[,;]$|\w[-‐]$|\b(?:the|an?|of|in|on|at|to|for|by|with|from|into|and|or|but|that|which|who|as|than|was|were|is"
    r"|are|be|been|has|had|have|will|would|could|his|her|its|their)$"
)
_LIST_ITEM = re.compile(r"(?:[-–*•▪◦‣·>]|\(?(?:\d{1,2}|[a-z])[.)])\s+\S")
_TAIL = 40
_FILLED = 0.7
_WIDEST_WRAP = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A run of the text that is laid out as one: a line, or wrapped lines joined.

    Attributes:
        start: Index of its first character that is not white space.
        end: Index after its last.
        text: Its characters.
        block: Number of the block between blank lines it stands in.
        kind: What kind of page furniture it is, if it is any.
    """

    start: int
    end: int
    text: str
    block: int
    kind: str = ""

    @property
    def furniture(self) -> bool:
        """Whether it is page furniture."""
        return bool(self.kind)

    @property
    def blank(self) -> bool:
        """Whether it shows nothing."""
        return _BLANK.fullmatch(self.text) is not None

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends with a full stop, a question or exclamation mark, closing quotation marks aside."""
        return _ENDS_SENTENCE.search(self.text[-_TAIL:]) is not None

    @property
    def list_item(self) -> bool:
        """Whether it begins with a bullet or an enumerator."""
        return _LIST_ITEM.match(self.text) is not None


def lines(text: str) -> tuple[Line, ...]:
    """Return the lines of a text that hold anything but white space, in order, stripped."""
    found: list[Line] = []
    block, fresh = 0, True
    for start, end in _raw(text):
        line = _stripped(text, start, end)
        if line.start == line.end:
            fresh = True
            continue
        alone = line.blank
        block += fresh or alone
        found.append(replace(line, block=block))
        fresh = alone
    return tuple(found)


def flow(text: str, parts: Sequence[Line]) -> tuple[Line, ...]:
    """Join lines that were wrapped by hand or machine; furniture is never joined."""
    soft = _soft_breaks(parts)
    firsts = [i for i in range(len(parts)) if i not in soft]
    ends = [*(i - 1 for i in firsts[1:]), len(parts) - 1][: len(firsts)]
    return tuple(
        replace(parts[i], end=parts[j].end, text=text[parts[i].start : parts[j].end]) if i < j else parts[i]
        for i, j in zip(firsts, ends, strict=True)
    )


def _raw(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for found in _BREAK.finditer(text):
        yield start, found.start()
        start = found.end()
        if found.group() == "\u2029":
            yield start, start
    yield start, len(text)


def _stripped(text: str, start: int, end: int) -> Line:
    words = text[start:end]
    kept = words.lstrip()
    start += len(words) - len(kept)
    kept = kept.rstrip()
    return Line(start, start + len(kept), kept, 0)


def _soft_breaks(parts: Sequence[Line]) -> frozenset[int]:
    """Return the indices of lines that continue the line before."""
    breaks = [i for i in range(1, len(parts)) if _may_join(parts[i - 1], parts[i])]
    running = {i for i in breaks if _runs_on(parts[i - 1], parts[i])}
    if not running:
        return frozenset()
    wrapped_blocks = {parts[i].block for i in running}
    wrapped = len(running) >= 2 and len(running) >= len(breaks) / 4
    widths = _widths(parts, running, wrapped=wrapped)
    return frozenset(
        i
        for i in breaks
        if i in running
        or (
            (wrapped or parts[i].block in wrapped_blocks)
            and _fills(parts[i - 1], parts[i], widths[parts[i].block])
        )
    )


def _may_join(line: Line, after: Line) -> bool:
    if line.block != after.block or line.furniture or after.furniture:
        return False
    return not after.list_item


def _runs_on(line: Line, after: Line) -> bool:
    """Whether a sentence plainly crosses the break: by how the next line begins or this long one ends."""
    if line.ends_sentence or line.text.endswith(":"):
        return False
    if _first_visible(after.text).islower():
        return True
    return line.end - line.start > _TAIL and _ENDS_OPEN.search(line.text) is not None


def _first_visible(words: str) -> str:
    found = _OPENERS.match(words)
    at = found.end() if found else 0
    return words[at : at + 1]


def _widths(parts: Sequence[Line], running: set[int], *, wrapped: bool) -> dict[int, int]:
    """Return the width lines are wrapped at: of the text where all of it is wrapped, else a block's."""
    widths: dict[int, int] = {}
    for line in parts:
        widths[line.block] = max(widths.get(line.block, 0), line.end - line.start)
    if wrapped:
        common = max(widths[parts[i].block] for i in running)
        return dict.fromkeys(widths, min(common, _WIDEST_WRAP))
    return widths


def _fills(line: Line, after: Line, width: int) -> bool:
    """Whether the next word would hardly have fitted on the line."""
    word = len(after.text[:_TAIL].split(None, 1)[0])
    return line.end - line.start + 1 + word > _FILLED * width
