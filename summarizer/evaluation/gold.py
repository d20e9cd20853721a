"""Gold labels: what a person found, read from ``gold.yaml`` and checked against ``article.txt``."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from summarizer.domain.article import Article
from summarizer.domain.base import Value
from summarizer.domain.report import Conflict, Figure, When
from summarizer.domain.vocabulary import Kind, Stance, Status, derive_status
from summarizer.errors import InputNotFound, MalformedInput, UndecodableInput
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


def load_case(folder: Path) -> Case:
    """Read one case: its article, and its labels, every one checked.

    Raises:
        InputNotFound: One of the two files is missing.
        UndecodableInput: One of them is not UTF-8.
        MalformedInput: Labels are wrong; the message names the file, and each wrong row with its line.
    """
    return _load(folder / ARTICLE_FILE, folder / GOLD_FILE, folder.resolve().name)


def load_labels(article: Path, labels: Path) -> Case:
    """Read labels that lie elsewhere than their article, such as one annotator's alone; ``<id>.yaml``.

    Raises:
        InputNotFound: One of the two files is missing.
        UndecodableInput: One of them is not UTF-8.
        MalformedInput: Labels are wrong.
    """
    return _load(article, labels, labels.stem)


def _load(article: Path, file: Path, name: str) -> Case:
    raw = _read(article)
    text = _decode(raw, article)
    labels = _parse(file)
    gold = _validate(labels)
    problems = sorted(set(_problems(gold, labels, name, raw, text)))
    if problems:
        raise _malformed(labels.file, problems)
    return Case(Article(text=text, id=gold.id, source=str(article), published=gold.published), gold)


Path_ = tuple[str | int, ...]
"""Where a value stands in a document: keys and indices from its top."""
Problem = tuple[int, str]
"""A line, counted from 1, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class _Labels:
    """A YAML document: its values, and the node tree that knows their lines."""

    file: Path
    data: Any
    root: Any

    def line(self, path: Path_) -> int:
        """Return the line of the value at ``path``, or of the innermost value on the way that is there."""
        node = self.root
        for step in path:
            inner = _child(node, step)
            if inner is None:
                break
            node = inner
        return int(node.start_mark.line) + 1

    def problem(self, path: Path_, message: str) -> Problem:
        """Say what is wrong with the value at ``path``."""
        return self.line(path), f"{self._name(path)}: {message}"

    def _name(self, path: Path_) -> str:
        name = ""
        for depth, step in enumerate(path):
            if isinstance(step, int):
                name += f"[{self._row_id(path[:depth], step)}]"
            else:
                name += f".{step}" if name else step
        return name or "document"

    def _row_id(self, above: Path_, index: int) -> str | int:
        if above != ("claims",):
            return index
        row = self.data["claims"][index]
        return str(row["id"]) if isinstance(row, dict) and "id" in row else index


def _cases_at(path: Path) -> list[Path]:
    if (path / GOLD_FILE).is_file():
        return [path]
    inner = sorted(gold.parent for gold in path.glob(f"*/{GOLD_FILE}"))
    if not inner:
        raise InputNotFound(
            f"No case here: no {GOLD_FILE}, and none in the folders inside.",
            where=str(path),
            mend=f"A case is a folder that holds {ARTICLE_FILE} and {GOLD_FILE}.",
        )
    return inner


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise InputNotFound("No such file.", where=str(file), mend="A case holds both files.") from None


def _decode(raw: bytes, file: Path) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UndecodableInput(f"Not UTF-8 from byte {error.start} on.", where=str(file)) from None


def _parse(file: Path) -> _Labels:
    import yaml

    loader = yaml.SafeLoader(_decode(_read(file), file))
    try:
        root = loader.get_single_node()
        data = loader.construct_document(root) if root is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _malformed(file, [(line, f"not YAML: {error.problem}")]) from None
    finally:
        loader.dispose()
    if not isinstance(data, dict):
        raise _malformed(file, [(1, "the document must be a mapping of fields to values")])
    labels = _Labels(file, data, root)
    repeated = list(_repeated_keys(root))
    if repeated:
        raise _malformed(file, repeated)
    return labels


def _validate(labels: _Labels) -> Gold:
    try:
        return Gold.model_validate(labels.data)
    except ValidationError as error:
        problems = [labels.problem(e["loc"], _plain(e)) for e in error.errors(include_url=False)]
        raise _malformed(labels.file, sorted(problems)) from None


def _plain(error: Any) -> str:
    """Say in plain words what pydantic found."""
    if error["type"] == "extra_forbidden":
        return "unknown field"
    if error["type"] == "missing":
        return "missing"
    return f"{error['msg']}, not {error['input']!r:.60}"


def _problems(gold: Gold, labels: _Labels, name: str, raw: bytes, text: str) -> Iterator[Problem]:
    if gold.id != name:
        yield labels.problem(("id",), f"{gold.id!r} is not the folder's name, {name!r}")
    digest = hashlib.sha256(raw).hexdigest()
    if gold.sha256 != digest:
        yield labels.problem(("sha256",), f"the labels are for another text: {ARTICLE_FILE} has {digest}")
    yield from _row_problems(gold, labels)
    for path, quote in _quotes(gold):
        if locate(quote, text) is None:
            yield labels.problem(path, f"not in the article: {quote!r:.80}")


def _row_problems(gold: Gold, labels: _Labels) -> Iterator[Problem]:
    ids = [claim.id for claim in gold.claims]
    for index, claim in enumerate(gold.claims):
        row: Path_ = ("claims", index)
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


def _quotes(gold: Gold) -> Iterator[tuple[Path_, str]]:
    """Give every string that must be in the article word for word, and where it stands in the labels."""
    for c, claim in enumerate(gold.claims):
        for p, position in enumerate(claim.positions):
            for e, quote in enumerate(position.evidence):
                yield ("claims", c, "positions", p, "evidence", e), quote
    for n, line in enumerate(gold.furniture):
        yield ("furniture", n), line
    for n, loaded in enumerate(gold.loaded):
        yield ("loaded", n, "text"), loaded.text


def _child(node: Any, step: str | int) -> Any | None:
    """Return the node under a key or at an index; None where there is none."""
    if isinstance(step, int):
        inside = node.value if node.id == "sequence" else ()
        return inside[step] if step < len(inside) else None
    pairs = node.value if node.id == "mapping" else ()
    return next((value for key, value in pairs if key.value == step), None)


def _repeated_keys(node: Any) -> Iterator[Problem]:
    """Find fields given twice in one mapping; YAML would keep the last without a word."""
    if node.id == "mapping":
        keys = [key.value for key, _ in node.value]
        for index, (key, value) in enumerate(node.value):
            if key.value in keys[:index]:
                yield key.start_mark.line + 1, f"{key.value}: given twice"
            yield from _repeated_keys(value)
    elif node.id == "sequence":
        for inner in node.value:
            yield from _repeated_keys(inner)


def _malformed(file: Path, problems: Sequence[Problem]) -> MalformedInput:
    lines = [f"line {line}, {message}" for line, message in problems]
    what = lines[0] if len(lines) == 1 else f"{len(lines)} labels are wrong:\n  " + "\n  ".join(lines)
    return MalformedInput(what, where=str(file))
