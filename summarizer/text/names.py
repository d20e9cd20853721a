"""Proper names of a text, as runs of words with offsets."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarizer.text import times
from summarizer.text.lexicons import REMEMBERED, words
from summarizer.text.mentions import mentioned, same

__all__ = ["Name", "find", "mentioned", "same"]

_WRAPPED_LINE = 40  # a shorter line ends where its writer wanted it to


@dataclass(frozen=True, slots=True)
class Name:
    """A run of words that names somebody or something: ``text[start:end]`` of what was read."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=REMEMBERED)
def find(text: str) -> tuple[Name, ...]:
    """Return the proper names of a text in reading order, each as long as it goes, titles included.

    A capitalised word that opens a sentence is a name only where it recurs inside one, is an acronym or goes
    on to a second capitalised word; in headlines in title case only names known from the rest of the text are
    found. Months, weekdays and adjectives of nationality by themselves are none.
    """
    tokens = _tokens(text)
    reader = _Reader(
        text,
        tokens,
        known=frozenset(w.key for w in tokens if w.capital and not w.opens and not w.shown),
        plain=frozenset(w.text for w in tokens if not w.capital),
    )
    return tuple(Name(start, end, text[start:end]) for start, end in reader.runs())


@dataclass(frozen=True, slots=True)
class _Token:
    """A word: ``opens`` a sentence, is ``shown`` in a headline or shouted line."""

    start: int
    end: int
    text: str
    opens: bool
    shown: bool

    @property
    def key(self) -> str:
        return self.text.casefold()

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() and not self.dated

    @property
    def function(self) -> bool:
        return self.key in words("names", "function_words")

    @property
    def dated(self) -> bool:
        """Whether it names a month or weekday."""
        return times.is_calendar_word(self.text)

    @property
    def acronym(self) -> bool:
        return len(self.text) > 1 and self.text.isupper() and any(c.isalpha() for c in self.text)


_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}[A-Z]?(?![^\W_])|[^\W_]+(?:['’](?=[A-Z])[^\W\d_]+)*")


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for start, end in _lines(text):
        found = list(_TOKEN.finditer(text, start, end))
        shown = _is_shown(text[start:end], [m[0] for m in found])
        for match in found:
            if match[0] in ("s", "S") and text[max(0, match.start() - 1) : match.start()] in ("'", "’"):
                continue
            before = tokens[-1] if tokens else None
            tokens.append(_Token(*match.span(), match[0], _opens(text, before, match.start()), shown))
    return tokens


def _lines(text: str) -> Iterator[tuple[int, int]]:
    return (m.span() for m in re.finditer(r"[^\n]+", text))


def _is_shown(line: str, found: Sequence[str]) -> bool:
    """Tell whether a line is a headline in title case or shouted: its capitals say nothing."""
    lettered = [w for w in found if w[0].isalpha()]
    if not lettered:
        return False
    if all(w.isupper() for w in lettered):
        return len(lettered) > 2 or (len(line) > 3 and line == line.strip() == lettered[0])
    long = [w for w in lettered if len(w) > 3 and (w[0].isupper() or w not in words("names", "openers"))]
    ended = line.rstrip().endswith((".", "!", "”", '"'))
    return len(long) > 3 and not ended and sum(w[0].isupper() for w in long) >= 0.85 * len(long)


def _opens(text: str, before: "_Token | None", start: int) -> bool:
    """Tell whether a word opens a sentence, a quotation, a list item or a line of its own."""
    if before is None:
        return True
    gap = text[before.end : start]
    if "\n" in gap and ("\n\n" in gap.replace("\r", "") or not _is_wrapped(text, before.end)):
        return True
    if re.search(r"[)0-9]\s[-–—]\s$", text[max(0, before.end - 1) : start][-6:]):  # behind a dateline
        return True
    if re.search(r"[!?:…|>•]|[“\"‘]$|\(\s*$|[-–—*]\s", gap):
        return bool(re.search(r"[!?:…|>•]|[“\"]$", gap)) or "\n" in gap
    return gap.lstrip('”’")]').startswith(".") and not (
        before.key in words("names", "abbreviations") or len(before.text) == 1
    )


def _is_wrapped(text: str, end: int) -> bool:
    line_start = text.rfind("\n", max(0, end - 200), end) + 1
    return end - line_start >= _WRAPPED_LINE


class _Reader:
    """Reads the runs of capitalised words that are names, with what the whole text tells about its words."""

    def __init__(
        self, text: str, tokens: Sequence[_Token], *, known: frozenset[str], plain: frozenset[str]
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._known = known
        self._plain = plain

    def runs(self) -> Iterator[tuple[int, int]]:
        at = 0
        while at < len(self._tokens):
            last = self._run(at) if self._starts(at) else None
            if last is None:
                at += 1
                continue
            first = self._with_ordinal(self._without_demonym(at, last))
            if self._names_something(first, last):
                yield self._tokens[first].start, self._tokens[last].end
            at = last + 1

    def _starts(self, at: int) -> bool:
        token = self._tokens[at]
        if token.dated:  # "the Saturday Whistle"
            behind_article = at > 0 and self._tokens[at - 1].key == "the"
            return behind_article and self._adjoins(at) and self._capital(at + 1)
        if not token.capital:  # "al-Orim"
            return self._capital(at)
        if token.shown:
            return self._is_known(token)
        return self._opens_with_name(at) if token.opens else token.acronym or not token.function

    def _opens_with_name(self, at: int) -> bool:
        """Tell whether the capital of a sentence's first word is a name's."""
        token = self._tokens[at]
        common = token.key in words("names", "openers")
        if token.acronym and not common:
            return True
        goes_on, known = self._step(at, at) > at, token.key in self._known
        if common:
            return goes_on and known and not token.function
        return (
            known
            or token.key in words("names", "titles")
            or (goes_on and token.text.lower() not in self._plain)
        )

    def _is_known(self, token: _Token) -> bool:
        lower = token.key in words("names", "openers") or token.key in self._plain
        return token.key in self._known and not lower

    def _run(self, at: int) -> int:
        """Return the index of the last word of the name that starts here."""
        last = at
        while True:
            step = self._step(at, last)
            if step == last:
                return last
            last = step

    def _step(self, first: int, last: int) -> int:
        if not self._adjoins(last):
            return last
        following = self._tokens[last + 1]
        if self._capital(last + 1):
            function = following.function and not following.acronym
            return last if function or (following.shown and not self._is_known(following)) else last + 1
        if self._hyphenated(last):
            return last + 1 if following.text.isdigit() else last
        for past in (last + 1, last + 2):
            if (
                past >= len(self._tokens)
                or self._tokens[past].key not in words("names", "particles")
                or not self._adjoins(past)
            ):
                break
            if self._capital(past + 1):
                return past + 1
        return self._joined(first, last)

    def _joined(self, first: int, last: int) -> int:
        """Go on over "of", "for the", "and" where the name of a body does."""
        at = last + 1
        joiner = self._tokens[at].key
        if joiner not in ("of", "for", "on", "and") or not self._may_join(first, last, joiner):
            return last
        if self._adjoins(at) and self._tokens[at + 1].text == "the":
            at += 1
        return (
            at + 1
            if self._adjoins(at) and self._capital(at + 1) and not self._tokens[at + 1].function
            else last
        )

    def _may_join(self, first: int, last: int, joiner: str) -> bool:
        run = self._tokens[first : last + 1]
        heads = words("names", "bodies") | words("names", "of_heads")
        if joiner == "and":
            return any(w.key in ("of", "for") for w in run) and any(w.key in heads for w in run)
        if joiner == "on":
            return run[-1].key in ("commission", "committee", "council", "office")
        festive = (
            joiner == "of" and first == last and first > 0 and self._tokens[first - 1].key == "the"
        )  # "the Feast of Lamps"
        return run[-1].key in heads or (festive and run[0].key not in _peoples() | words("names", "titles"))

    def _adjoins(self, at: int) -> bool:
        """Tell whether the next word may belong to the same run: a space, hyphen or line wrap between."""
        if at + 1 >= len(self._tokens):
            return False
        token, following = self._tokens[at], self._tokens[at + 1]
        gap = self._text[token.end : following.start]
        if gap.startswith(".") and (token.key in words("names", "abbreviations") or len(token.text) == 1):
            gap = gap[1:]
        if "\n" in gap and (following.opens or token.shown or gap.count("\n") > 1):
            return False
        if re.fullmatch(r"['’]s? ", gap):
            return self._possesses(at)
        return bool(re.fullmatch(r"[ \xa0]{1,2}|[ \t]?\r?\n[ \t]{0,4}|[-‐‑]|\s?&\s?", gap))

    def _possesses(self, at: int) -> bool:
        """Tell whether a possessive is part of a name: "Sexton's Row", "the Patients' Audit Trust"."""
        following = self._tokens[at + 1]
        street = following.text in words("numbers", "idioms", "streets")
        return street or (
            self._tokens[at].text.endswith("s")
            and at > 0
            and self._tokens[at - 1].key == "the"
            and following.capital
        )

    def _hyphenated(self, at: int) -> bool:
        return at + 1 < len(self._tokens) and self._text[
            self._tokens[at].end : self._tokens[at + 1].start
        ] in ("-", "‐", "‑")

    def _capital(self, at: int) -> bool:
        if at >= len(self._tokens):
            return False
        token = self._tokens[at]
        prefixed = (
            token.key in words("names", "article_prefixes")
            and self._hyphenated(at)
            and at + 1 < len(self._tokens)
        )
        return token.capital or (prefixed and self._tokens[at + 1].capital)

    def _without_demonym(self, first: int, last: int) -> int:
        """Drop "Iraqi" before a title: the name is "Prime Minister …"."""
        if (
            first < last
            and self._tokens[first].key in _peoples()
            and self._tokens[first + 1].key in words("names", "titles")
        ):
            return first + 1
        return first

    def _with_ordinal(self, first: int) -> int:
        """Take in the number of "3rd Mountain Brigade"."""
        numbered = first > 0 and re.fullmatch(r"[0-9]+(?:st|nd|rd|th)", self._tokens[first - 1].text)
        return first - 1 if numbered and self._adjoins(first - 1) else first

    def _names_something(self, first: int, last: int) -> bool:
        run = [w for w in self._tokens[first : last + 1] if w.capital]
        empty = _peoples() | words("names", "titles")
        return any(w.key not in empty and not (len(w.text) == 1 and len(run) == 1) for w in run)


def _peoples() -> frozenset[str]:
    return words("names", "demonyms") | words("names", "adjectives", "words")
