"""The claim table of a long article as it grows: each section's rows joined to those of the sections before.

A section's reply may put positions on a row so far by giving its number and its text. A number alone is
not believed: where the text is another, positions would land on the wrong row, so it is a row of its own.
Rows are one where a model says so or where their words are the same in the same order, and never else: other
figures or another negation are another row.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from summarizer.backends.openai.wire import Part, to_fragment
from summarizer.domain.draft import Draft, DraftClaim, DraftLoaded, DraftPosition, DraftSentence
from summarizer.text.sameness import is_copy, wording


class Source(NamedTuple):
    """A source and the other names that the article gives it."""

    name: str
    aliases: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The source as a reply lists it."""
        return " = ".join((self.name, *self.aliases))


@dataclass(frozen=True, slots=True)
class Table:
    """What was read so far; rows are numbered from 1."""

    sources: tuple[Source, ...] = ()
    claims: tuple[DraftClaim, ...] = ()
    loaded: tuple[DraftLoaded, ...] = ()
    furniture: tuple[int, ...] = ()

    def joined(self, part: Part) -> "Table":
        """Return the table with what a section adds: no row lost, none twice."""
        fragment = to_fragment(part, (source.line for source in self.sources))
        sources, names = _with_sources(self.sources, map(_source, part.add_sources))
        return replace(
            self,
            sources=sources,
            claims=_with_rows(self.claims, (_renamed(claim, names) for claim in fragment.claims)),
            loaded=tuple(dict.fromkeys((*self.loaded, *fragment.loaded))),
            furniture=tuple(dict.fromkeys((*self.furniture, *fragment.furniture))),
        )

    def draft(self) -> Draft:
        """Return the rows as a draft without headline and summary; a source has all its names everywhere."""
        aliases = {source.name: source.aliases for source in self.sources}
        claims = (_changed(c, lambda p: {"aliases": aliases.get(p.source, ())}) for c in self.claims)
        return Draft(
            headline=DraftSentence(text=""),
            claims=tuple(claims),
            loaded=self.loaded,
            furniture=self.furniture,
        )


def _source(line: str) -> Source:
    name, *aliases = (part.strip() for part in line.split(" = "))
    return _with_names(Source(name), filter(None, aliases))


def _with_sources(
    known: Iterable[Source], added: Iterable[Source]
) -> tuple[tuple[Source, ...], Mapping[str, str]]:
    """Return all sources, and the name so far of each that was listed again."""
    sources, names = list(known), dict[str, str]()
    for source in added:
        at = _listed_at(sources, source.name)
        if at is None:
            sources.append(source)
        else:
            names[source.name] = sources[at].name
            sources[at] = _with_names(sources[at], (source.name, *source.aliases))
    return tuple(sources), names


def _listed_at(sources: list[Source], name: str) -> int | None:
    """Return where a source is listed by its name, or by a name that no other source has."""
    called = name.casefold()
    mains = [n for n, source in enumerate(sources) if source.name.casefold() == called]
    others = [n for n, source in enumerate(sources) if called in map(str.casefold, source.aliases)]
    found = mains or others
    return found[0] if len(found) == 1 else None


def _with_names(source: Source, names: Iterable[str]) -> Source:
    new = dict.fromkeys((*source.aliases, *names))
    return source._replace(aliases=tuple(name for name in new if name != source.name))


def _changed(claim: DraftClaim, change: Callable[[DraftPosition], Mapping[str, object]]) -> DraftClaim:
    positions = tuple(p.model_copy(update=change(p)) for p in claim.positions)
    return claim.model_copy(update={"positions": positions})


def _with_rows(listed: tuple[DraftClaim, ...], added: Iterable[DraftClaim]) -> tuple[DraftClaim, ...]:
    rows = {claim.id: claim for claim in listed}
    numbers = {wording(claim.text): claim.id for claim in reversed(listed)}
    for claim in added:
        words = wording(claim.text)
        number = (words and numbers.get(words)) or _named(claim, listed) or len(rows) + 1
        numbers.setdefault(words, number)
        rows[number] = _with_positions(rows.get(number), claim, number)
    return tuple(rows.values())


def _named(claim: DraftClaim, listed: tuple[DraftClaim, ...]) -> int | None:
    """Return the number of the row so far that a section's row names, where its text says the same."""
    if 1 <= claim.id <= len(listed) and is_copy(claim.text, listed[claim.id - 1].text):
        return claim.id
    return None


def _with_positions(row: DraftClaim | None, claim: DraftClaim, number: int) -> DraftClaim:
    if row is None:
        return claim.model_copy(update={"id": number})
    positions = dict.fromkeys((*row.positions, *claim.positions))
    return row.model_copy(update={"positions": tuple(positions)})


def _renamed(claim: DraftClaim, names: Mapping[str, str]) -> DraftClaim:
    return _changed(claim, lambda p: {"source": names.get(p.source, p.source), "aliases": ()})
