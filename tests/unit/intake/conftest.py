"""Fixtures: a folder to write inputs into, and the reading of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.domain.article import Article
from summarizer.intake import Unread, read

Write = Callable[[str, str | bytes], Path]
Outcomes = Callable[..., dict[str, Article | str]]


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(name="write")
def _write(folder: Path) -> Write:
    """Write a file below the folder: ``write("a/x.txt", "text or bytes")``."""

    def write(name: str, content: str | bytes) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Path(name)

    return write


@pytest.fixture(name="outcomes")
def _outcomes(folder: Path) -> Outcomes:
    """Read paths: a mapping of id to the article, or to ``ErrorType message`` of what was none."""
    del folder

    def outcomes(*paths: str, limit: int = 1_000_000) -> dict[str, Article | str]:
        return {one.id: _told(one) for one in read(paths, limit=limit)}

    return outcomes


def _told(one: Article | Unread) -> Article | str:
    return f"{type(one.error).__name__} {one.error}" if isinstance(one, Unread) else one
