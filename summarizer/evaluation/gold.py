"""Gold labels: what a person found, read from ``gold.yaml`` and checked against ``article.txt``.

A case whose article may not lie beside its labels has ``spans.yaml`` instead; see :mod:`.spanned`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from summarizer.domain.article import Article
from summarizer.domain.base import Value
from summarizer.domain.report import Conflict, Figure, When
from summarizer.domain.vocabulary import Kind, Stance, Status, derive_status
from summarizer.errors import InputError, InputNotFound
from summarizer.evaluation.document import (
    Document,
    Problem,
    Way,
    decode,
    malformed,
    read_bytes,
    read_document,
)
from summarizer.evaluation.spanned import SPANS_FILE, with_words
from summarizer.evaluation.spans import locate

ARTICLE_FILE = "article.txt"
GOLD_FILE = "gold.yaml"


class Labelled(Value):
    """Who labelled (a letter, never a name) and how often the labels were gone over."""

    by: str
    passes: int = Field(ge=1)


class GoldPosition(Value):
    """Who stands where on a claim; ``evidence`` is verbatim, one continuous run each."""

    source: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    via: str | None = None
    stance: Stance
    hedged: bool
    evidence: tuple[str, ...] = Field(min_length=1)


class GoldClaim(Value):
    """One proposition and everybody's position on it; its status is derived, never labelled."""

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    kind: Kind
    key: bool
    positions: tuple[GoldPosition, ...] = Field(min_length=1)
    figures: tuple[Figure, ...] = ()
    when: When | None = None
    where: str | None = None

    @property
    def status(self) -> Status:
        """disputed, denied, unconfirmed, attributed or stated."""
        return derive_status(self.positions)


class GoldLoaded(Value):
    """Wording in the article's own voice that takes a side, verbatim, and a plain alternative."""

    text: str = Field(min_length=1)
    neutral: str


class Gold(Value):
    """All labels of one article.

    Attributes:
        id: The name of the case's folder.
        sha256: Digest of the article's bytes; the labels are void for any other text.
        furniture: Whole lines that are not the article, verbatim.
        never: What a summary must not state in its own voice.
    """

    id: str
    sha256: str
    published: date | None
    labelled: Labelled
    furniture: tuple[str, ...] = ()
    claims: tuple[GoldClaim, ...]
    conflicts: tuple[Conflict, ...] = ()
    loaded: tuple[GoldLoaded, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """An article and what a person found in it."""

    article: Article
    gold: Gold

    @property
    def id(self) -> str:
        """The name of the case's folder."""
        return self.gold.id


def find_cases(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the case folders among ``paths``: each path is a case itself or holds cases, in order of name.

    Raises:
        InputNotFound: A path is no case and holds none.
    """
    return tuple(folder for path in paths for folder in _cases_at(path))


def load_case(folder: Path, texts: Mapping[str, Article] | None = None) -> Case:
    """Read one case: its article, and its labels, every one checked.

    Args:
        folder: Holds ``article.txt`` and ``gold.yaml``, or ``spans.yaml`` alone.
        texts: By digest the articles that do not lie beside their labels; see :func:`.texts.find_texts`.

    Raises:
        InputNotFound: One of the two files is missing, or the text that spans belong to.
        UndecodableInput: One of them is not UTF-8.
        MalformedInput: Labels are wrong; the message names the file, and each wrong row with its line.
    """
    if is_spanned(folder):
        return _spanned(folder, texts or {})
    return _load(folder / ARTICLE_FILE, folder / GOLD_FILE, folder.resolve().name)


def load_labels(article: Path, labels: Path) -> Case:
    """Read labels that lie elsewhere than their article, such as one annotator's alone; ``<id>.yaml``.

    Raises:
        InputNotFound: One of the two files is missing.
        UndecodableInput: One of them is not UTF-8.
        MalformedInput: Labels are wrong.
    """
    return _load(article, labels, labels.stem)


def is_spanned(folder: Path) -> bool:
    """Tell whether a case has its labels as spans; ``gold.yaml`` wins where both are there."""
    return (folder / SPANS_FILE).is_file() and not (folder / GOLD_FILE).is_file()


def needed_text(folder: Path) -> str | None:
    """Return the digest of the text that a case's labels need from elsewhere.

    None where the article lies beside them, or where they cannot be read: reading them says why.
    """
    try:
        digest = read_document(folder / SPANS_FILE).data.get("sha256") if is_spanned(folder) else None
    except InputError:
        return None
    return digest if isinstance(digest, str) else None


def load_spans(folder: Path) -> Gold:
    """Read labels without their text and check what can be: fields, rows, spans; quotations are an ellipsis.

    Raises:
        UndecodableInput: They are not UTF-8.
        MalformedInput: They are wrong.
    """
    return _gold_of_spans(read_document(folder / SPANS_FILE), folder.resolve().name)


def _load(article: Path, file: Path, name: str) -> Case:
    raw = read_bytes(article)
    text = decode(raw, article)
    labels = read_document(file)
    gold = _validate(labels, labels.data)
    problems = [*_problems(gold, labels, name), *_text_problems(gold, labels, raw, text)]
    _refuse(labels, problems)
    return Case(Article(text=text, id=gold.id, source=str(article), published=gold.published), gold)


def _spanned(folder: Path, texts: Mapping[str, Article]) -> Case:
    labels = read_document(folder / SPANS_FILE)
    digest = _gold_of_spans(labels, folder.resolve().name).sha256
    if digest not in texts:
        raise InputNotFound(
            f"These labels have their text elsewhere, and it is not here: sha256 {digest}.",
            where=str(labels.file),
            mend="Give the folder that holds it: --articles DIR.",
        )
    found = texts[digest]
    data, wrong = with_words(labels.data, found.text)
    _refuse(labels, [labels.problem(*each) for each in wrong])
    gold = _validate(labels, data)
    gold = gold.model_copy(update={"published": gold.published or found.published})
    return Case(Article(text=found.text, id=gold.id, source=found.source, published=gold.published), gold)


def _gold_of_spans(labels: Document, name: str) -> Gold:
    data, wrong = with_words(labels.data, None)
    gold = _validate(labels, data, [labels.problem(*each) for each in wrong])
    problems = list(_problems(gold, labels, name))
    if not re.fullmatch("[0-9a-f]{64}", gold.sha256):
        problems.append(labels.problem(("sha256",), "needs the 64 hex digits of the text's SHA-256"))
    _refuse(labels, problems)
    return gold


def _cases_at(path: Path) -> list[Path]:
    if any((path / name).is_file() for name in _LABELS):
        return [path]
    inner = sorted({file.parent for name in _LABELS for file in path.glob(f"*/{name}")})
    if not inner:
        raise InputNotFound(
            f"No case here: no {GOLD_FILE}, and none in the folders inside.",
            where=str(path),
            mend=f"A case is a folder that holds {ARTICLE_FILE} and {GOLD_FILE}, or {SPANS_FILE}.",
        )
    return inner


_LABELS = (GOLD_FILE, SPANS_FILE)


def _refuse(labels: Document, problems: Iterable[Problem]) -> None:
    """Raise what is wrong, in order of lines."""
    if wrong := sorted(set(problems)):
        raise malformed(labels.file, wrong)


def _validate(labels: Document, data: dict[str, Any], wrong: Iterable[Problem] = ()) -> Gold:
    """Return labels as values.

    Raises:
        MalformedInput: They are of another shape, or something is ``wrong`` already.
    """
    try:
        gold = Gold.model_validate(data)
    except ValidationError as error:
        problems = [labels.problem(e["loc"], _plain(e)) for e in error.errors(include_url=False)]
        raise malformed(labels.file, sorted({*problems, *wrong})) from None
    _refuse(labels, wrong)
    return gold


def _plain(error: Any) -> str:
    """Say in plain words what pydantic found."""
    if error["type"] == "extra_forbidden":
        return "unknown field"
    if error["type"] == "missing":
        return "missing"
    return f"{error['msg']}, not {error['input']!r:.60}"


def _problems(gold: Gold, labels: Document, name: str) -> Iterator[Problem]:
    """Find what can be told without the text."""
    if gold.id != name:
        yield labels.problem(("id",), f"{gold.id!r} is not the folder's name, {name!r}")
    yield from _row_problems(gold, labels)


def _text_problems(gold: Gold, labels: Document, raw: bytes, text: str) -> Iterator[Problem]:
    digest = hashlib.sha256(raw).hexdigest()
    if gold.sha256 != digest:
        yield labels.problem(("sha256",), f"the labels are for another text: {ARTICLE_FILE} has {digest}")
    for way, quote in _quotes(gold):
        if locate(quote, text) is None:
            yield labels.problem(way, f"not in the article: {quote!r:.80}")


def _row_problems(gold: Gold, labels: Document) -> Iterator[Problem]:
    ids = [claim.id for claim in gold.claims]
    for index, claim in enumerate(gold.claims):
        row: Way = ("claims", index)
        if claim.id in ids[:index]:
            yield labels.problem((*row, "id"), f"the id {claim.id!r} is used twice")
        for number, figure in enumerate(claim.figures):
            if not _ordered(figure.low, figure.high):
                yield labels.problem((*row, "figures", number), "needs low, high or both, low not above high")
        if claim.when and claim.when.start and claim.when.end and claim.when.start > claim.when.end:
            yield labels.problem((*row, "when"), "starts after it ends")
    for index, conflict in enumerate(gold.conflicts):
        for unknown in sorted(set(conflict.claims) - set(ids)):
            yield labels.problem(("conflicts", index), f"there is no claim {unknown!r}")


def _ordered(low: float | None, high: float | None) -> bool:
    if low is None or high is None:
        return low is not high
    return low <= high


def _quotes(gold: Gold) -> Iterator[tuple[Way, str]]:
    """Give every string that must be in the article word for word, and where it stands in the labels."""
    for c, claim in enumerate(gold.claims):
        for p, position in enumerate(claim.positions):
            for e, quote in enumerate(position.evidence):
                yield ("claims", c, "positions", p, "evidence", e), quote
    for n, line in enumerate(gold.furniture):
        yield ("furniture", n), line
    for n, loaded in enumerate(gold.loaded):
        yield ("loaded", n, "text"), loaded.text
