"""Whether a name is mentioned: tolerant of its form (acronym, surname, word order), never of another name."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from summarizer.text import times
from summarizer.text.lexicons import REMEMBERED, table, words

_JOINERS = frozenset({"of", "the", "for", "and", "on", "a", "an"})
_LETTERS_OF_ACRONYM = range(3, 9)
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+")


def mentioned(name: str, text: str) -> bool:
    """Tell whether a text mentions a name, in whatever form.

    Acronym and long form stand for each other, a surname for a full name, "Ministry of Defence" for "Defense
    Ministry", with or without a country, title, article or possessive. Another given name, surname, country
    or ministry is no mention, however alike it is spelled.
    """
    wanted = _subject(name)
    if not wanted.keys:  # nothing but small words or signs
        return bool(name.strip()) and name.strip().casefold() in text.casefold()
    stream = _stream(text)
    return (
        _in_order(wanted, stream)
        or (wanted.body and _turned_round(wanted, stream))
        or (wanted.person and _by_surname(wanted, stream))
        or _as_acronym(wanted, name, text)
        or _spelled_out(name, text)
    )


def same(a: str, b: str) -> bool:
    """Tell whether two names are plausibly one person's or body's, by the rules of `mentioned`."""
    first, second = _subject(a), _subject(b)
    if first.keys == second.keys:
        return bool(first.keys)
    if first.body or second.body:
        agreed = sorted(first.required) == sorted(second.required) and not _clash(first.places, second.places)
        return agreed or _one_abbreviates(a, b)
    if len(first.keys) > 1 and len(second.keys) > 1:
        return mentioned(a, b) or mentioned(b, a)
    short, long = sorted((first, second), key=lambda s: len(s.keys))
    return (short.keys[-1:] == long.keys[-1:] and long.person) or _one_abbreviates(a, b)


def _one_abbreviates(a: str, b: str) -> bool:
    return any(_as_acronym(_subject(x), x, y) and len(_raw(y)) == 1 for x, y in ((a, b), (b, a)))


@dataclass(frozen=True, slots=True)
class _Token:
    key: str
    text: str
    breaks: bool  # punctuation stands between this word and the one before
    title: bool
    after_of: bool  # "of", "for" and the like stood before it
    new_line: bool  # it opens a line: it may go on with the name before, but need not
    possessive: bool = False  # "Norrel's"

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() or self.key.startswith("@")

    @property
    def apart(self) -> bool:
        return self.breaks or self.new_line

    @property
    def place(self) -> bool:
        """Whether it says whose a body is: a country or its adjective, a name in the possessive."""
        if self.key in _countries():
            return True
        return self.capital and (
            self.possessive or (len(self.key) > 4 and self.key.endswith(_NATIONAL_ENDINGS))
        )


_NATIONAL_ENDINGS = ("i", "ian", "ese", "ish")


@dataclass(frozen=True, slots=True)
class _Subject:
    """A name brought to keys; ``places`` say whose body it is and need not stand beside it."""

    keys: tuple[str, ...]
    places: frozenset[str]
    capital: bool
    body: bool

    @property
    def person(self) -> bool:
        return self.capital and not self.body and len(self.keys) > 1

    @property
    def required(self) -> tuple[str, ...]:
        """The keys that must stand side by side: without places and sorts of thing, where enough remains."""
        kinds, bodies = words("names", "kinds"), words("names", "bodies")
        proper = tuple(k for k in self.keys if k not in kinds)
        local = tuple(k for k in proper if k not in self.places)
        if len(local) > 1 and all(k in bodies for k in local):  # "air force"
            return local
        plain = bodies | kinds | self.places | words("names", "openers")
        for keys in (local, tuple(k for k in self.keys if k not in self.places), proper):
            if any(k not in plain for k in keys):
                return keys
        return self.keys


@lru_cache(maxsize=REMEMBERED)
def _subject(name: str) -> _Subject:
    tokens = _stream(re.sub(r"^unnamed:\s*", "", name.strip()))
    named = _of_person(tokens) or [t for t in tokens if t.key not in words("names", "generic")] or tokens
    sorts = words("names", "bodies") | words("names", "kinds")
    body = len(named) > 1 and any(t.key in sorts for t in named)
    places = (
        frozenset(t.key for at, t in enumerate(named) if t.key in _countries() or (not at and t.place))
        if body
        else frozenset()
    )
    return _Subject(tuple(t.key for t in named), places, all(t.capital for t in named), body)


def _of_person(tokens: Sequence[_Token]) -> list[_Token]:
    """Return a person's name behind the last title: "Army Col. Sam Fell" gives "Sam Fell"."""
    last = max((at for at, t in enumerate(tokens) if t.title), default=-1)
    named = [t for t in tokens[last + 1 :] if t.key not in words("names", "generic")]
    sorts = words("names", "bodies") | words("names", "kinds")
    is_body = any(t.key in sorts for t in named) or any(t.after_of for t in tokens[: last + 1])
    return [] if last < 0 or is_body else named


def _in_order(wanted: _Subject, stream: Sequence[_Token]) -> bool:
    size = len(wanted.keys)
    for at in range(len(stream) - size + 1):
        window = stream[at : at + size]
        if (
            stream[at].key != wanted.keys[0]
            or tuple(t.key for t in window) != wanted.keys
            or any(t.breaks for t in window[1:])
        ):
            continue
        if size == 1 and wanted.capital and not window[0].capital:
            continue
        if not wanted.body or _fits_around(wanted, stream, at, at + size):
            return True
    return False


def _turned_round(wanted: _Subject, stream: Sequence[_Token]) -> bool:
    """Find the words of a body in any order, side by side: "Ministry of Defence", "defense ministry"."""
    required = sorted(wanted.required)
    size = len(required)
    for at in range(len(stream) - size + 1):
        if stream[at].key not in wanted.required:
            continue
        window = stream[at : at + size]
        if sorted(t.key for t in window) != required or any(t.breaks for t in window[1:]):
            continue
        if (size > 1 or window[0].capital) and _fits_around(wanted, stream, at, at + size):
            return True
    return False


def _fits_around(wanted: _Subject, stream: Sequence[_Token], start: int, end: int) -> bool:
    """Tell whether the words beside a match leave it the same body: not a neighbour's, not a larger one."""
    before = stream[start - 1] if start and not stream[start].apart else None
    after = _token_after(stream, end)
    if after and after.key in _countries() and wanted.places and not _is_one_of(after.key, wanted.places):
        return False
    if before is None or before.key in wanted.keys or not before.capital:
        return True
    if before.place:
        return not wanted.places or _is_one_of(before.key, wanted.places)
    return not (_is_part_of_name(before) and stream[start].capital)


def _token_after(stream: Sequence[_Token], end: int) -> _Token | None:
    """Return the word after a match, over "in": "the ministry in Norrel"."""
    if end + 1 < len(stream) and stream[end].key == "in":
        end += 1
    return stream[end] if end < len(stream) and not stream[end].apart else None


def _is_one_of(place: str, places: frozenset[str]) -> bool:
    """Tell whether a place is one of these, the adjective made of it included: "Norrel", "Norreli"."""
    return any(place == p or _is_adjective_of(place, p) or _is_adjective_of(p, place) for p in places)


def _is_adjective_of(long: str, short: str) -> bool:
    return (
        len(short) > 3
        and long.startswith(short)
        and long[len(short) :] in ("i", "n", "an", "ian", "ese", "is", "ish")
    )


def _by_surname(wanted: _Subject, stream: Sequence[_Token]) -> bool:
    surname = wanted.keys[-1]
    for at, token in enumerate(stream):
        if token.key != surname or not token.capital:
            continue
        before = stream[at - 1] if at and not token.apart else None
        after = stream[at + 1] if at + 1 < len(stream) and not stream[at + 1].apart else None
        if (before is None or _agrees(before, wanted)) and (
            after is None or not _is_part_of_name(after) or after.key in wanted.keys
        ):
            return True
    return False


def _agrees(token: _Token, wanted: _Subject) -> bool:
    """Tell whether the word before a surname leaves it theirs: a title, a given name, an initial."""
    if (
        not _is_part_of_name(token)
        or token.key in _countries()
        or token.possessive
        or token.key in wanted.keys
    ):
        return True
    given = wanted.keys[:-1]
    return any(g[0] == token.key[0] for g in given if len(token.key) == 1 or len(g) == 1)


def _is_part_of_name(token: _Token) -> bool:
    return (
        token.capital
        and not token.title
        and token.key not in words("names", "openers")
        and not times.is_calendar_word(token.text)
    )


# Acronyms.


def _as_acronym(wanted: _Subject, name: str, text: str) -> bool:
    """Find the acronym of a long name in a text."""
    if not wanted.capital or len(_raw(name)) < min(_LETTERS_OF_ACRONYM):
        return False
    acronyms = _acronyms_of(name)
    return any(_letters(t.text) in acronyms for t in _raw(text) if _is_acronym(t.text))


def _acronyms_of(name: str) -> frozenset[str]:
    tokens = [t for t in _raw(name) if t.key not in words("names", "generic")]
    full = "".join(t.text[0] for t in tokens).upper()
    local = "".join(t.text[0] for t in tokens if t.key not in table("names")["demonyms"]).upper()
    joined = "".join(t[0][0] for t in re.finditer(r"[^\W\d_]+", re.sub(r"['’]s\b", "", name))).upper()
    return frozenset(a for a in (full, local, joined) if len(a) in _LETTERS_OF_ACRONYM)


def _spelled_out(name: str, text: str) -> bool:
    """Find the long form of an acronym in a text: capitalised words side by side with its letters."""
    tokens = _raw(name)
    if len(tokens) != 1 or not _is_acronym(tokens[0].text):
        return False
    letters = _letters(tokens[0].text)
    everything = _raw(text)
    size = len(letters)
    return size in _LETTERS_OF_ACRONYM and any(
        "".join(t.text[0] for t in everything[at : at + size]) == letters
        and not any(t.breaks for t in everything[at + 1 : at + size])
        for at in range(len(everything) - size + 1)
        if everything[at].text[0] == letters[0]
    )


def _is_acronym(word: str) -> bool:
    letters = _letters(word)
    return len(letters) > 1 and (word.count(".") > 1 or word.isupper())


def _letters(word: str) -> str:
    return word.replace(".", "").upper()


# Tokens.


def _raw(text: str) -> list[_Token]:
    """Return the words of a text without joiners, possessive endings and prefixed articles."""
    tokens: list[_Token] = []
    end, pending, after_of = 0, False, False
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()]
        end = match.end()
        if gap in ("'", "’") and match[0] in ("s", "S"):
            if tokens:
                tokens[-1] = replace(tokens[-1], possessive=True)
            continue
        key = _key(match[0])
        pending = pending or _breaks(gap, tokens[-1].text if tokens else "")
        if (match[0].lower() in _JOINERS and not match[0].isupper()) or (
            key in words("names", "article_prefixes") and _is_prefix(text, match)
        ):
            after_of = after_of or key in ("of", "for")
            continue
        tokens.append(_Token(key, match[0], pending, key in words("names", "titles"), after_of, "\n" in gap))
        pending = after_of = False
    return tokens


def _breaks(gap: str, before: str) -> bool:
    if gap.startswith(".") and (before.lower() in words("names", "abbreviations") or len(before) == 1):
        gap = gap[1:]
    return bool(re.search(r"[^\s'’‘&‐‑-]|\n\s*\n", gap))


def _is_prefix(text: str, match: re.Match[str]) -> bool:
    """Tell whether "al", "el" … is an article before a name rather than a word."""
    follows = text[match.end() : match.end() + 2]
    return bool(re.match(r"[-‐‑ ’'][^\W\d_]", follows)) and (
        follows[0] != " " or (follows[1].isupper() and match[0].lower() in ("al", "el"))
    )


@cache
def _key(word: str) -> str:
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", word.replace(".", "")) if not unicodedata.combining(c)
    ).casefold()
    spelled: str = table("names")["spelling"].get(plain, plain)
    return spelled


@lru_cache(maxsize=REMEMBERED)
def _stream(text: str) -> tuple[_Token, ...]:
    """Return the words of a text with every alias and adjective of nationality brought to one key."""
    raw = _raw(text)
    tokens: list[_Token] = []
    at = 0
    while at < len(raw):
        size, key = _alias_at(raw, at)
        tokens.append(replace(raw[at], key=key) if size else _plain(raw[at]))
        at += max(size, 1)
    return tuple(tokens)


def _plain(token: _Token) -> _Token:
    country = _country_keys().get(token.key)
    return replace(token, key=country) if country and token.text[0].isupper() else token


def _alias_at(raw: Sequence[_Token], at: int) -> tuple[int, str]:
    best = (0, "")
    for form, key, shouted in _aliases_by_first().get(raw[at].key, ()):
        window = raw[at : at + len(form)]
        if len(form) <= best[0] or tuple(t.key for t in window) != form or any(t.breaks for t in window[1:]):
            continue
        if len(form) > 1 or (window[0].text[0].isupper() and (not shouted or _is_acronym(window[0].text))):
            best = (len(form), key)
    return best


@cache
def _aliases_by_first() -> dict[str, list[tuple[tuple[str, ...], str, bool]]]:
    """Return by first word every alias: its words, its key, and whether it needs capitals to be one."""
    forms: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    for group in table("names")["aliases"]:
        key = "@" + group["names"][0].casefold()
        for name in group["names"]:
            form = tuple(t.key for t in _raw(name))
            forms.setdefault(form[0], []).append(
                (form, key, name.isupper() and form[0] in words("names", "openers"))
            )
    return forms


@cache
def _country_keys() -> dict[str, str]:
    """Return the key of the country for every adjective of nationality and one-word country."""
    keys: dict[str, str] = {}
    for people, country in table("names")["demonyms"].items():
        size, alias = _alias_at(_raw(country.title()), 0)
        key = alias if size else "@" + country
        keys[people] = key
        if " " not in country:
            keys[country] = key
    return keys


@cache
def _countries() -> frozenset[str]:
    return frozenset(_country_keys().values())


def _clash(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and not any(_is_one_of(place, b) for place in a)
