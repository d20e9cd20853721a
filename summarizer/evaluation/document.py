"""A YAML document and the lines its values stand on: what is wrong is named where a labeller looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.errors import InputNotFound, MalformedInput, UndecodableInput

Way = tuple[str | int, ...]
"""Where a value stands in a document: keys and indices from its top."""
Problem = tuple[int, str]
"""A line, counted from 1, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Document:
    """A mapping read from YAML: its values, and the node tree that knows their lines."""

    file: Path
    data: dict[str, Any]
    root: Any

    def line(self, way: Way) -> int:
        """Return the line of the value at ``way``, or of the innermost value on the way that is there."""
        node = self.root
        for step in way:
            inner = _child(node, step)
            if inner is None:
                break
            node = inner
        return int(node.start_mark.line) + 1

    def problem(self, way: Way, message: str) -> Problem:
        """Say what is wrong with the value at ``way``."""
        return self.line(way), f"{self._name(way)}: {message}"

    def _name(self, way: Way) -> str:
        name = ""
        for depth, step in enumerate(way):
            if isinstance(step, int):
                name += f"[{self._row_id(way[:depth], step)}]"
            else:
                name += f".{step}" if name else step
        return name or "document"

    def _row_id(self, above: Way, index: int) -> str | int:
        if above != ("claims",):
            return index
        row = self.data["claims"][index]
        return str(row["id"]) if isinstance(row, dict) and "id" in row else index


def read_document(file: Path) -> Document:
    """Read a YAML file whose top is a mapping.

    Raises:
        InputNotFound: There is no such file.
        UndecodableInput: It is not UTF-8.
        MalformedInput: It is no YAML, no mapping, or gives a field twice; the message has the line.
    """
    root, data = _loaded(decode(read_bytes(file), file), file)
    if not isinstance(data, dict):
        raise malformed(file, [(1, "the document must be a mapping of fields to values")])
    repeated = list(_repeated_keys(root))
    if repeated:
        raise malformed(file, repeated)
    return Document(file, data, root)


def read_bytes(file: Path) -> bytes:
    """Return what a file of a case holds.

    Raises:
        InputNotFound: There is no such file.
    """
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise InputNotFound("No such file.", where=str(file), mend="A case holds both files.") from None


def decode(raw: bytes, file: Path) -> str:
    """Return bytes as text, nothing normalised.

    Raises:
        UndecodableInput: They are not UTF-8.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UndecodableInput(f"Not UTF-8 from byte {error.start} on.", where=str(file)) from None


def malformed(file: Path, problems: Sequence[Problem]) -> MalformedInput:
    """Return the error that tells all problems of a file, each with its line."""
    lines = [f"line {line}, {message}" for line, message in problems]
    what = lines[0] if len(lines) == 1 else f"{len(lines)} labels are wrong:\n  " + "\n  ".join(lines)
    return MalformedInput(what, where=str(file))


def _loaded(text: str, file: Path) -> tuple[Any, Any]:
    """Return a document's nodes and its values."""
    import yaml

    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        return root, None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise malformed(file, [(line, f"not YAML: {error.problem}")]) from None
    except (yaml.YAMLError, ValueError) as error:  # a character that YAML refuses; a day no calendar has
        raise malformed(file, [(1, f"not YAML: {' '.join(str(error).split())}")]) from None


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
