"""Labels are read as written, and wrong ones are refused with file, row and line."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from summarizer.errors import InputNotFound, MalformedInput, UndecodableInput
from summarizer.evaluation.gold import Case, find_cases, load_case
from summarizer.evaluation.gold_report import gold_report


def test_a_case_is_read_whole(case: Case, folder: Path) -> None:
    """Every row is there, the text is the file's, and the day of publication reaches the article."""
    assert [c.id for c in case.gold.claims] == [f"c{n}" for n in range(1, 15)]
    assert case.article.text.encode() == (folder / "article.txt").read_bytes()
    assert case.article.published == date(2024, 3, 6)
    assert case.article.id == case.id == "orrin-ferry-fire"


def test_status_is_derived_from_the_labels(case: Case) -> None:
    """The labels hold no status; it follows from the positions."""
    statuses = {c.id: c.status for c in case.gold.claims}
    assert statuses["c2"] == statuses["c8"] == "disputed"
    assert statuses["c4"] == statuses["c7"] == "unconfirmed"
    assert (statuses["c1"], statuses["c10"]) == ("attributed", "stated")


def test_evidence_becomes_the_articles_own_characters(case: Case) -> None:
    """A quote labelled with curly marks and without the line wrap becomes an exact span of the article."""
    report = gold_report(case)
    quotes = [e.quote for c in report.claims for p in c.positions for e in p.evidence]
    assert '"We warned Tolland about the wiring twice," said Mara Quill' in quotes
    assert any("\n" in quote for quote in quotes)
    assert all(
        case.article.text[e.start : e.end] == e.quote
        for c in report.claims
        for p in c.positions
        for e in p.evidence
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sha256: ", "sha256: 0", "sha256: the labels are for another text"),
        ("id: orrin-ferry-fire", "id: orrin", "id: 'orrin' is not the folder's name, 'orrin-ferry-fire'"),
        ("stance: denies", "stance: refuses", "claims[c2].positions[1].stance: Input should be 'asserts'"),
        ("kind: forecast", "kind: guess", "claims[c9].kind: Input should be 'fact'"),
        ("denied that it had", "denied it had", "claims[c2].positions[1].evidence[0]: not in the article"),
        ('"Leave a Reply"', '"Leave a Comment"', "furniture[2]: not in the article: 'Leave a Comment'"),
        ('{text: "butchers', '{text: "slayers', "loaded[0].text: not in the article: 'slayers of owners'"),
        ("    where: engine room", "    place: engine room", "claims[c2].place: unknown field"),
        ("    kind: forecast\n", "", "claims[c9].kind: missing"),
        ("id: c6", "id: c5", "claims[c5].id: the id 'c5' is used twice"),
        ("claims: [c5, c6]", "claims: [c5, c99]", "conflicts[0]: there is no claim 'c99'"),
        ("claims: [c5, c6]", "claims: [c5]", "conflicts[0].claims[1]: missing"),
        ("low: 61, high: 61", "low: 62, high: 61", "claims[c5].figures[0]: needs low, high or both"),
        ("low: 61, high: 61", "low: null, high: null", "claims[c5].figures[0]: needs low, high or both"),
        ("start: 2024-03-05", "start: 2024-03-09", "claims[c1].when: starts after it ends"),
        ("    where: engine room", "    where: quay\n    where: engine room", "where: given twice"),
    ],
)
def test_a_wrong_label_is_named_with_row_and_line(
    folder: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    """Each kind of wrong label is refused with the file, the row and the line where it stands."""
    labels = (folder / "gold.yaml").read_text()
    copy = write_case(folder, tmp_path, labels.replace(old, new, 1))
    with pytest.raises(MalformedInput) as caught:
        load_case(copy)
    assert message in str(caught.value)
    assert str(copy / "gold.yaml") in str(caught.value)
    line = labels[: labels.index(old)].count("\n") + 1
    assert any(f"line {n}, " in str(caught.value) for n in range(line - 3, line + 3))


def test_the_line_is_the_exact_one(folder: Path, tmp_path: Path) -> None:
    """The line given is the one a text editor shows for the wrong value."""
    labels = (folder / "gold.yaml").read_text().replace("A port log lists", "The port log lists")
    copy = write_case(folder, tmp_path, labels)
    number = next(n for n, line in enumerate(labels.splitlines(), 1) if "The port log lists" in line)
    with pytest.raises(MalformedInput, match=rf"line {number}, claims\[c6\]"):
        load_case(copy)


def test_all_wrong_labels_are_told_at_once(folder: Path, tmp_path: Path) -> None:
    """A labeller sees every wrong row, not the first alone."""
    labels = (folder / "gold.yaml").read_text()
    copy = write_case(
        folder, tmp_path, labels.replace('reopened at noon."]', 'reopened."]').replace("lists 58", "has 58")
    )
    with pytest.raises(MalformedInput, match="2 labels are wrong") as caught:
        load_case(copy)
    assert "claims[c6]" in str(caught.value)
    assert "claims[c10]" in str(caught.value)


@pytest.mark.parametrize(
    "labels", ["", "- a list", "id: [", "just words", "published: 2024-13-45", "id: \x07"]
)
def test_what_is_no_mapping_is_refused(folder: Path, tmp_path: Path, labels: str) -> None:
    """A file that is empty, no YAML, no mapping or has a day no calendar has is malformed, with a line."""
    with pytest.raises(MalformedInput, match="line 1"):
        load_case(write_case(folder, tmp_path, labels))


def test_line_ends_are_part_of_the_text(folder: Path, tmp_path: Path) -> None:
    """Nothing is normalised: with other line ends an article is another text, and its labels are void."""
    copy = write_case(folder, tmp_path, (folder / "gold.yaml").read_text())
    raw = (folder / "article.txt").read_bytes().replace(b"\n", b"\r\n")
    (copy / "article.txt").write_bytes(raw)
    with pytest.raises(MalformedInput, match=hashlib.sha256(raw).hexdigest()):
        load_case(copy)


def test_a_missing_or_undecodable_file_is_named(folder: Path, tmp_path: Path) -> None:
    """A case without its article, or with one that is no UTF-8, says which file it is."""
    copy = write_case(folder, tmp_path, (folder / "gold.yaml").read_text())
    (copy / "article.txt").write_bytes(b"caf\xe9")
    with pytest.raises(UndecodableInput, match=r"article\.txt"):
        load_case(copy)
    (copy / "article.txt").unlink()
    with pytest.raises(InputNotFound, match=r"article\.txt"):
        load_case(copy)


def test_cases_are_found_one_floor_down(folder: Path, tmp_path: Path) -> None:
    """A folder of cases stands for its cases; a folder that holds none is an error, not an empty run."""
    assert find_cases([folder]) == find_cases([folder.parent]) == (folder,)
    with pytest.raises(InputNotFound, match="No case here"):
        find_cases([tmp_path])


def write_case(folder: Path, target: Path, labels: str) -> Path:
    """Copy the case with other labels."""
    copy = target / folder.name
    copy.mkdir()
    (copy / "article.txt").write_bytes((folder / "article.txt").read_bytes())
    (copy / "gold.yaml").write_text(labels)
    return copy
