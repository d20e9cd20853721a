"""What a folder of cases holds: its splits, its genres, and how many rows of each kind.

Beside the cases ``corpus.toml`` may say what the labels do not, a table a case::

    [harbour-blast]
    split = "test"             # dev where not given: rules and prompts may be steered on it
    domain = "disasters"
    genre = "live page"
    injection = true           # its text tries to give orders to software
    pair = "harbour-blast-2"   # another outlet on the same event
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from summarizer.domain.base import Value
from summarizer.domain.vocabulary import ARTICLE_VOICE
from summarizer.errors import MalformedInput
from summarizer.evaluation.comparison import compare
from summarizer.evaluation.gold import Case
from summarizer.evaluation.gold_report import gold_report
from summarizer.evaluation.metrics.positions import place

Split = Literal["dev", "test"]
CORPUS_FILE = "corpus.toml"


class About(Value):
    """What is known of a case beside its labels."""

    split: Split = "dev"
    domain: str = ""
    genre: str = ""
    injection: bool = False
    pair: str | None = None


def about(folder: Path) -> About:
    """Return what ``corpus.toml`` beside a case folder says of it.

    Raises:
        MalformedInput: The file makes no sense, or names a case that is not there.
    """
    return _listed(folder.resolve().parent).get(folder.resolve().name, About())


def of_split(folders: Sequence[Path], split: Split | None) -> tuple[Path, ...]:
    """Return the case folders that belong to a split; all of them where None is given.

    Raises:
        MalformedInput: A file of splits makes no sense, or names a case that is not there.
    """
    return tuple(f for f in folders if split is None or about(f).split == split)


def census(cases: Iterable[tuple[Case, About]]) -> Counter[str]:
    """Count what cases hold: rows, positions of each kind, figures, conflicts, subjects."""
    counted: Counter[str] = Counter()
    domains, genres = set[str](), set[str]()
    for case, known in cases:
        counted.update(_counts(case))
        counted["injections"] += known.injection
        counted["in pairs"] += known.pair is not None
        domains.add(known.domain)
        genres.add(known.genre)
    return counted + Counter({"domains": len(domains - {""}), "genres": len(genres - {""})})


def _counts(case: Case) -> Iterator[str]:
    yield "articles"
    yield from ["with furniture"] if case.gold.furniture else []
    for claim in case.gold.claims:
        yield "claims"
        yield from ["key claims"] if claim.key else []
        yield from ["disputed claims"] if claim.status == "disputed" else []
        yield from ["figures"] * len(claim.figures)
        for position in claim.positions:
            yield "positions"
            yield from ["hedged positions"] if position.hedged else []
            yield from _STANCES.get(position.stance, [])
    yield from ["conflicts"] * len(case.gold.conflicts)
    yield from ["sources outside the sentence"] * _outside(case)


_STANCES = {"denies": ["denying positions"], "does_not_confirm": ["not confirming positions"]}


def _outside(case: Case) -> int:
    """Count the positions whose named source stands in another sentence than their evidence."""
    laid = compare(case, gold_report(case))
    named = (p for c in laid.gold.claims for p in c.positions if p.source != ARTICLE_VOICE)
    return sum(place(laid, position) == "outside" for position in named)


def _listed(folder: Path) -> dict[str, About]:
    file = folder / CORPUS_FILE
    try:
        known = TypeAdapter(dict[str, About]).validate_python(tomllib.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MalformedInput(f"Not TOML: {error}.", where=str(file)) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(map(str, first["loc"]))
        raise MalformedInput(f"Wrong at {path}: {first['msg']}.", where=str(file)) from None
    absent = sorted(name for name in known if not (folder / name).is_dir())
    if absent:
        raise MalformedInput(f"No such case here: {', '.join(absent)}.", where=str(file))
    return known
