"""The draft as it crosses the wire: what a model writes, and what it costs.

Output tokens are the price of a table, so names are short, a source is written once and pointed at by
number, and one position is one short string: ``"2 denies @4,5"`` is source 2 denying in sentences 4 and 5,
``"@3"`` the article's own flat voice in sentence 3. Spelt out as objects the same table takes about a
third more. What few rows have is left to lists of row numbers: key rows, forecasts, opinions. Figures,
times and places are not asked for: they are read from the row's own words.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, StringConstraints

from summarizer.domain.draft import (
    Draft,
    DraftClaim,
    DraftConflict,
    DraftLoaded,
    DraftPosition,
    DraftSentence,
    Pointer,
)
from summarizer.domain.vocabulary import ARTICLE_VOICE, UNNAMED, Stance

_STANCES: Final[Mapping[str, tuple[Stance, bool]]] = {
    "": ("asserts", False),
    "hedged": ("asserts", True),
    "denies": ("denies", False),
    "denies hedged": ("denies", True),
    "unconfirmed": ("does_not_confirm", False),
}
_WORDS: Final[Mapping[tuple[Stance, bool], str]] = {
    **{meaning: words for words, meaning in _STANCES.items()},
    ("does_not_confirm", True): "unconfirmed",
}
POSITION_PATTERN: Final = r"^([0-9]+( hedged| denies( hedged)?| unconfirmed)? )?@[0-9]+(,[0-9]+)*( via .+)?$"
_POSITION: Final = re.compile(
    r"(?:(?P<by>\d+)(?: (?P<stance>[a-z ]+?))? )?@(?P<sentences>[\d,]+)(?: via (?P<via>.+))?", re.DOTALL
)

_TOO_HIGH: Final = 10**9

WirePosition = Annotated[str, StringConstraints(pattern=POSITION_PATTERN)]


class _Wire(BaseModel):
    """Base of all wire values: no unknown fields, and a strict schema without what a model does not need."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the strict schema that goes over the wire."""
        schema = _strict(super().model_json_schema(*args, **kwargs))
        return dict(schema)


class Row(_Wire):
    """A claim: its number, its text, and a string for each position on it."""

    i: int
    t: str
    p: list[WirePosition]


class Cited(_Wire):
    """Words, and the rows they rest on or hold for."""

    t: str
    c: list[int]


class Loaded(_Wire):
    """Loaded wording in sentence ``n``, and a plain alternative."""

    n: int
    words: str
    plain: str


class Reply(_Wire):
    """The whole object asked for at the first attempt."""

    sources: list[str]
    claims: list[Row]
    forecasts: list[int]
    opinions: list[int]
    conflicts: list[Cited]
    loaded: list[Loaded]
    furniture: list[int]
    key: list[int]
    headline: Cited
    summary: list[Cited]


class Part(_Wire):
    """What is asked of one section of a long article: what it adds, positions on earlier rows included."""

    add_sources: list[str]
    claims: list[Row]
    forecasts: list[int]
    opinions: list[int]
    loaded: list[Loaded]
    furniture: list[int]


class Digest(_Wire):
    """What is asked of the whole table of a long article."""

    conflicts: list[Cited]
    key: list[int]
    headline: Cited
    summary: list[Cited]


class Repair(_Wire):
    """What is asked for after findings: only what changes."""

    add_sources: list[str]
    claims: list[Row]
    drop: list[int]
    conflicts: list[Cited]
    key: list[int]
    headline: list[Cited]
    summary: list[Cited]


class Trial(_Wire):
    """What is asked of an endpoint to see whether it keeps to a schema: rows alone."""

    rows: list[Row]


def to_draft(reply: Reply) -> Draft:
    """Translate a model's reply into a draft; pointers are kept as they are, right or wrong."""
    sources = _Sources.of(reply.sources)
    return Draft(
        headline=_sentence(reply.headline),
        summary=tuple(map(_sentence, reply.summary)),
        claims=tuple(
            DraftClaim(
                id=row.i,
                text=row.t,
                kind="forecast"
                if row.i in reply.forecasts
                else "opinion"
                if row.i in reply.opinions
                else "fact",
                key=row.i in reply.key,
                positions=tuple(_position(words, sources) for words in row.p),
            )
            for row in reply.claims
        ),
        conflicts=tuple(_conflicts(reply.conflicts)),
        loaded=tuple(DraftLoaded(sentence=x.n, text=x.words, neutral=x.plain) for x in reply.loaded),
        furniture=tuple(reply.furniture),
    )


def to_fragment(part: Part, sources: Iterable[str]) -> Draft:
    """Translate a section's reply into rows and wording; its source numbers run on from those before."""
    rest: dict[str, Any] = {"conflicts": [], "key": [], "headline": Cited(t="", c=[]), "summary": []}
    shared = {
        name: getattr(part, name) for name in ("claims", "forecasts", "opinions", "loaded", "furniture")
    }
    return to_draft(Reply(sources=[*sources, *part.add_sources], **shared, **rest))


def concluded(draft: Draft, digest: Digest) -> Draft:
    """Return a draft that has rows alone with what was written from them."""
    return draft.model_copy(
        update={
            "headline": _sentence(digest.headline),
            "summary": tuple(map(_sentence, digest.summary)),
            "claims": tuple(c.model_copy(update={"key": c.id in digest.key}) for c in draft.claims),
            "conflicts": tuple(_conflicts(digest.conflicts)),
        }
    )


def from_draft(draft: Draft) -> Reply:
    """Translate a draft back into the reply that it could have come from."""
    sources = _Sources.in_draft(draft)
    claims = draft.claims
    return Reply(
        sources=[" = ".join((name, *aliases)) for name, aliases in sources.known],
        claims=[Row(i=c.id, t=c.text, p=[_words(p, sources) for p in c.positions]) for c in claims],
        forecasts=[c.id for c in claims if c.kind == "forecast"],
        opinions=[c.id for c in claims if c.kind == "opinion"],
        conflicts=[Cited(t=x.why, c=list(x.claims)) for x in draft.conflicts],
        loaded=[Loaded(n=x.sentence, words=x.text, plain=x.neutral) for x in draft.loaded],
        furniture=list(draft.furniture),
        key=[c.id for c in claims if c.key],
        headline=_cited(draft.headline),
        summary=[_cited(sentence) for sentence in draft.summary],
    )


def said(reply: Reply) -> dict[str, str]:
    """Return a reply as the message that held it."""
    return {"role": "assistant", "content": json.dumps(reply.model_dump(), ensure_ascii=False)}


def excerpt(reply: Reply, rows: Collection[int]) -> Reply:
    """Return the reply with these rows alone; sources, conflicts, key, headline and summary stay."""
    return reply.model_copy(
        update={
            "claims": [row for row in reply.claims if row.i in rows],
            "forecasts": [i for i in reply.forecasts if i in rows],
            "opinions": [i for i in reply.opinions if i in rows],
            "loaded": [],
            "furniture": [],
        }
    )


def mend(reply: Reply, repair: Repair) -> Reply:
    """Return the reply with a repair applied and its rows numbered 1, 2, 3 … anew.

    Rows of the same number are replaced, new ones added at the end; lists that the repair leaves empty stay.
    """
    changed = {row.i: row for row in repair.claims}
    kept = [changed.pop(row.i, row) for row in reply.claims if row.i not in repair.drop]
    rows = [*kept, *changed.values()]
    number = {row.i: n for n, row in enumerate(rows, 1)}
    return Reply(
        sources=[*reply.sources, *repair.add_sources],
        claims=[row.model_copy(update={"i": n}) for n, row in enumerate(rows, 1)],
        forecasts=[number[i] for i in reply.forecasts if i in number],
        opinions=[number[i] for i in reply.opinions if i in number],
        conflicts=[x for x in _renumbered(repair.conflicts or reply.conflicts, number) if x.c],
        loaded=reply.loaded,
        furniture=reply.furniture,
        key=[number[i] for i in repair.key or reply.key if i in number],
        headline=_renumbered(repair.headline or [reply.headline], number)[0],
        summary=_renumbered(repair.summary or reply.summary, number),
    )


def _renumbered(listed: Iterable[Cited], number: Mapping[int, int]) -> list[Cited]:
    return [Cited(t=x.t, c=[number[i] for i in x.c if i in number]) for x in listed]


class _Sources(NamedTuple):
    """Names and aliases by number; number 0 is the article's own voice and not listed."""

    known: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, listed: Sequence[str]) -> "_Sources":
        split = [[part.strip() for part in line.split(" = ")] for line in listed]
        return cls(tuple((names[0], tuple(filter(None, names[1:]))) for names in split))

    @classmethod
    def in_draft(cls, draft: Draft) -> "_Sources":
        found = {(p.source, p.aliases): None for c in draft.claims for p in c.positions}
        return cls(tuple(key for key in found if key[0] != ARTICLE_VOICE))

    def numbered(self, number: int) -> tuple[str, tuple[str, ...]]:
        """Return name and aliases; a number that is not listed names itself, so that a check can say so."""
        if number == 0:
            return ARTICLE_VOICE, ()
        if number <= len(self.known):
            return self.known[number - 1]
        return f"source {number}, which is not in the list of sources", ()

    def number(self, source: str, aliases: tuple[str, ...]) -> int:
        return 0 if source == ARTICLE_VOICE else self.known.index((source, aliases)) + 1


def _position(words: str, sources: _Sources) -> DraftPosition:
    match = _POSITION.fullmatch(words)
    if match is None:  # the pattern of WirePosition has refused it already
        raise ValueError(words)
    stance, hedged = _STANCES[match["stance"] or ""]
    source, aliases = sources.numbered(_number(match["by"] or "0"))
    return DraftPosition(
        source=source,
        aliases=aliases,
        via=match["via"],
        stance=stance,
        hedged=hedged or (source == UNNAMED and stance == "asserts"),
        evidence=tuple(Pointer(sentence=_number(n)) for n in match["sentences"].split(",")),
    )


def _number(digits: str) -> int:
    """Read a number; one of thousands of digits, as a weak model writes in a grammar, is only too high."""
    return int(digits) if len(digits) < 10 else _TOO_HIGH


def _words(position: DraftPosition, sources: _Sources) -> str:
    stance = _WORDS[position.stance, position.hedged]
    by = sources.number(position.source, position.aliases)
    where = ",".join(str(pointer.sentence) for pointer in position.evidence) or "0"
    via = f" via {position.via}" if position.via else ""
    if not stance:
        return f"{by} @{where}{via}" if by else f"@{where}{via}"
    return f"{by} {stance} @{where}{via}"


def _sentence(cited: Cited) -> DraftSentence:
    return DraftSentence(text=cited.t, claims=tuple(cited.c))


def _cited(sentence: DraftSentence) -> Cited:
    return Cited(t=sentence.text, c=list(sentence.claims))


def _conflicts(listed: Iterable[Cited]) -> Iterable[DraftConflict]:
    """Give pairs: one row alone conflicts with itself, three rival rows are three pairs."""
    for clash in listed:
        rows = clash.c * 2 if len(clash.c) == 1 else clash.c
        for n, one in enumerate(rows):
            for other in rows[n + 1 :]:
                yield DraftConflict(claims=(one, other), why=clash.t)


def _strict(schema: Any) -> Any:
    """Return a schema in the strict subset: every property required, none unknown, no titles or prose."""
    if isinstance(schema, list):
        return [_strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    slim: dict[str, Any] = {}
    for name, value in schema.items():
        if name in {"properties", "$defs"}:
            slim[name] = {key: _strict(inner) for key, inner in value.items()}
        elif name not in {"title", "description", "default"}:
            slim[name] = _strict(value)
    if "properties" in slim:
        slim["required"] = list(slim["properties"])
        slim["additionalProperties"] = False
    return slim
