"""Labels without their article: spans for quotations and back, and no words of the article on the way."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.article import Article
from summarizer.errors import InputNotFound, MalformedInput, SettingsError
from summarizer.evaluation.gold import Case, find_cases, load_case, load_spans, needed_text
from summarizer.evaluation.gold_report import gold_report
from summarizer.evaluation.publishing import copied, gold_yaml, spans_yaml
from summarizer.evaluation.spanned import with_spans, with_words
from summarizer.evaluation.spans import locate
from tests.spanned import TEXT, write_labelled

DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()
TEXTS = {DIGEST: Article(text=TEXT, id="any", source="any.txt")}


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A case of our own as its annotator has it."""
    return write_labelled(tmp_path / "private")


@pytest.fixture
def published(labelled: Path, tmp_path: Path) -> Path:
    """The same labels without their article."""
    return write(tmp_path / "public", spans_yaml(labelled))


def test_labels_go_to_spans_and_back(labelled: Path, published: Path, tmp_path: Path) -> None:
    """Spans and text give the very report that the quotations gave, and spans made of that are the same."""
    first, second = load_case(labelled), load_case(published, TEXTS)
    assert gold_report(second).claims == gold_report(first).claims
    assert gold_report(second).loaded == gold_report(first).loaded
    assert gold_report(second).furniture == gold_report(first).furniture
    assert without_quotations(second) == without_quotations(first)
    back = write(tmp_path / "back", gold_yaml(second), "gold.yaml")
    (back / "article.txt").write_bytes(second.article.text.encode())
    assert load_case(back).gold == second.gold
    assert spans_yaml(back) == (published / "spans.yaml").read_text("utf-8")


@given(st.text('ab. \n\r“"…\u0301\xad\u200b😀', min_size=1, max_size=40), st.data())
def test_any_quotation_survives_the_round_trip(text: str, data: st.DataObject) -> None:
    """In any text, a quotation's span gives words with that span again; only a cut word is refused."""
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    if locate(quote, text) is None:
        return
    spans = with_spans({"loaded": [{"text": quote}]}, text)
    words, wrong = with_words(spans, text)
    if wrong:
        assert "inside a word" in wrong[0][1]
    else:
        assert with_spans(words, text) == spans


def test_spans_count_characters_of_the_text_as_decoded(published: Path) -> None:
    """Line ends and characters beyond the basic plane count one each; a time lies inside its own evidence."""
    labels = yaml.safe_load((published / "spans.yaml").read_text("utf-8"))
    start, end = labels["claims"][0]["positions"][0]["evidence"][0]
    assert TEXT[start:end].startswith("Some 300 people")
    assert TEXT[start:end].endswith("said\r\nmayor")
    times = [row["when"]["text"] for row in labels["claims"] if "when" in row]
    assert [time if isinstance(time, str) else TEXT[slice(*time)] for time in times] == [
        "on Friday",
        "on Friday",
        "this year",
    ]
    assert times[0] != times[1]


def test_what_is_published_quotes_nothing(published: Path) -> None:
    """No quotation and no comment of the labels goes with them."""
    written = (published / "spans.yaml").read_text("utf-8")
    assert not copied(published / "spans.yaml", TEXT)
    assert "people came" not in written
    assert "shameless" not in written
    assert "Share" not in written


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "text: No earlier fair was larger.",
            "text: The Fair Guild denied that it was larger.",
            r"claims\[c2\]\.text: repeats 7 words",
        ),
        (
            "never: [The fair",
            "never: [The fair guild denied that it was it, The fair",
            r"never\[0\]: repeats 7",
        ),
        (
            "aliases: [mayor Ilse Korrin]",
            "aliases: [came to the lantern fair, on Friday]",
            r"aliases\[0\]: repeats 7 words",
        ),
        ("shameless guild, neutral", "hameless guild, neutral", r"loaded\[0\]\.text: .*inside a word"),
    ],
)
def test_what_would_give_the_article_away_is_refused(
    labelled: Path, old: str, new: str, message: str
) -> None:
    """Seven words in a row of the article are refused wherever they stand, with their line in gold.yaml."""
    labels = (labelled / "gold.yaml").read_text("utf-8")
    assert old in labels
    line = labels[: labels.index(old)].count("\n") + 1
    (labelled / "gold.yaml").write_text(labels.replace(old, new), encoding="utf-8", newline="")
    with pytest.raises(MalformedInput, match=f"line {line}, .*{message}"):
        spans_yaml(labelled)


def test_comments_are_looked_over_too(published: Path) -> None:
    """A comment that quotes the article is found with its line, however it is typeset."""
    file = published / "spans.yaml"
    file.write_text(
        file.read_text("utf-8") + "# people came to the Lantern fair\n#   on friday", encoding="utf-8"
    )
    last = file.read_text("utf-8").count("\n")
    ((line, why),) = copied(file, TEXT)
    assert line == last
    assert "repeats 8 words" in why


def test_spans_are_not_published_again(published: Path) -> None:
    """Labels that are spans already are said to be."""
    with pytest.raises(SettingsError, match="spans already"):
        spans_yaml(published)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("furniture: [[0, 5]]", "furniture: [[1, 5]]", "inside a word or with white space"),
        ("furniture: [[0, 5]]", "furniture: [[0, 6]]", "inside a word or with white space"),
        ("furniture: [[0, 5]]", "furniture: [[0, 9999]]", f"has {len(TEXT)} characters"),
        ("furniture: [[0, 5]]", "furniture: [[5, 0]]", r"\[5, 0\] is no span"),
        ("furniture: [[0, 5]]", "furniture: [[-5, 5]]", "is no span"),
        ("furniture: [[0, 5]]", "furniture: [[0, 5, 7]]", "two whole numbers"),
        ("furniture: [[0, 5]]", "furniture: [Share]", r"two whole numbers, not 'Share'"),
        ("stance: denies", "stance: refuses", r"claims\[c2\]\.positions\[1\]\.stance: Input should be"),
        ("id: c3", "id: c2", "used twice"),
        ("claims: [c2, c2]", "claims: [c2, c9]", "there is no claim 'c9'"),
        (f"sha256: {DIGEST}", "sha256: unknown", "64 hex digits"),
        ("id: lantern-fair", "id: lantern", "not the folder's name"),
    ],
)
def test_wrong_spans_are_named_with_their_line(published: Path, old: str, new: str, message: str) -> None:
    """Each kind of wrong label is refused with the line a text editor shows."""
    labels = (published / "spans.yaml").read_text("utf-8")
    assert old in labels
    line = labels[: labels.index(old)].count("\n") + 1
    (published / "spans.yaml").write_text(labels.replace(old, new), encoding="utf-8")
    with pytest.raises(MalformedInput, match=f"line {line}, .*{message}"):
        load_case(published, TEXTS)


def test_a_span_is_the_first_place_of_its_words(published: Path) -> None:
    """A span of words that stand earlier, too, is refused: a quotation of them would mean that place."""
    labels = yaml.safe_load((published / "spans.yaml").read_text("utf-8"))
    first, last = TEXT.index("on Friday"), TEXT.rindex("on Friday")
    labels["claims"][0]["positions"][0]["evidence"] = [[last, last + 9]]
    (published / "spans.yaml").write_text(yaml.safe_dump(labels), encoding="utf-8")
    with pytest.raises(
        MalformedInput, match=rf"evidence\[0\]: .*the first place of these words, \[{first}, "
    ):
        load_case(published, TEXTS)


def test_labels_alone_are_read_and_checked_without_their_text(published: Path) -> None:
    """Fields and rows can be read without the text; a case cannot, and says which text it needs."""
    assert [c.id for c in load_spans(published).claims] == ["c1", "c2", "c3", "c4"]
    assert needed_text(published) == DIGEST
    with pytest.raises(InputNotFound, match=f"{DIGEST}.*--articles DIR"):
        load_case(published)


def test_a_case_with_both_forms_is_read_from_its_quotations(labelled: Path, published: Path) -> None:
    """Where gold.yaml lies beside spans.yaml it wins, so that no text is looked for elsewhere."""
    (labelled / "spans.yaml").write_bytes((published / "spans.yaml").read_bytes())
    assert find_cases([labelled.parent]) == (labelled,)
    assert needed_text(labelled) is None
    assert load_case(labelled).article.source == str(labelled / "article.txt")


def test_the_day_of_publication_may_come_with_the_text(published: Path) -> None:
    """Where the labels know no day, the article's own is taken."""
    file = published / "spans.yaml"
    file.write_text(file.read_text("utf-8").replace("2024-05-04", "null"), encoding="utf-8")
    dated = TEXTS[DIGEST].model_copy(update={"published": date(2024, 5, 5)})
    assert load_case(published, TEXTS).article.published is None
    assert load_case(published, {DIGEST: dated}).article.published == date(2024, 5, 5)


def without_quotations(case: Case) -> object:
    """Give what labels say in words of their own."""
    gold = case.gold.model_dump(exclude={"furniture", "loaded"})
    for claim in gold["claims"]:
        for position in claim["positions"]:
            del position["evidence"]
    return gold


def write(place: Path, labels: str, name: str = "spans.yaml") -> Path:
    """Write labels into a case folder."""
    folder = place / "lantern-fair"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(labels.encode())
    return folder
