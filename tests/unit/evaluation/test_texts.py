"""Texts are found by their digest, whatever holds them."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from summarizer.errors import InputNotFound
from summarizer.evaluation.texts import find_texts
from tests.spanned import TEXT

DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.mark.parametrize(
    "name", ["lantern.txt", "deep/er/000_08f3.txt", "no-ending", "some.bin", ".hidden.md"]
)
def test_a_text_is_found_under_any_name(tmp_path: Path, name: str) -> None:
    """What a file is called, and how deep it lies, does not matter."""
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(TEXT.encode())
    (tmp_path / "another.txt").write_text("Another text altogether.", encoding="utf-8")
    found = find_texts(tmp_path, [DIGEST])
    assert list(found.articles) == [DIGEST]
    assert found.articles[DIGEST].text == TEXT
    assert find_texts(file, [DIGEST]).articles.keys() == {DIGEST}


def test_a_record_holds_a_text_and_its_day(tmp_path: Path) -> None:
    """The text of a JSON line is found, and its day of publication comes with it."""
    lines = [{"text": "Another text."}, {"id": "x", "text": TEXT, "published": "2024-05-04"}]
    (tmp_path / "all.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    article = find_texts(tmp_path, [DIGEST]).articles[DIGEST]
    assert (article.text, article.published) == (TEXT, date(2024, 5, 4))


def test_other_line_ends_are_another_text(tmp_path: Path) -> None:
    """Nothing is normalised, because spans would be off; what could not be read is told."""
    (tmp_path / "lantern.txt").write_bytes(TEXT.replace("\r\n", "\n").encode())
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    found = find_texts(tmp_path, [DIGEST])
    assert not found.articles
    assert len(found.unread) == 1
    assert "broken.json" in found.unread[0]


def test_no_such_folder_is_an_error(tmp_path: Path) -> None:
    """A folder that is not there is said, not taken for an empty one."""
    with pytest.raises(InputNotFound, match="--articles"):
        find_texts(tmp_path / "nowhere", [DIGEST])
