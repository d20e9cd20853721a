"""``summarizer eval`` as CI uses it: a table, files, and an exit code that says whether the floors hold."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.spanned import TEXT, write_labelled

CASES = Path(__file__).parents[1] / "data" / "cases"


def evaluate(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run ``summarizer eval``."""
    return summarizer("eval", *arguments)


def summarizer(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command with a clean environment."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "summarizer", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**kept, "PYTHONIOENCODING": "utf-8"},
        check=False,
        timeout=120,
    )


def gate(tmp_path: Path, floor: float) -> Path:
    """Write a gate with one floor for the offline engine."""
    file = tmp_path / "gate.toml"
    file.write_text(f"[offline]\nspans_exact = 1.0\nkey_coverage = {floor}\n", encoding="utf-8")
    return file


def test_scores_are_printed_and_written(tmp_path: Path) -> None:
    """The table goes to standard output; JSON and Markdown to the files named."""
    done = evaluate(CASES, "--json", tmp_path / "scores.json", "--markdown", tmp_path / "scores.md")
    assert done.returncode == 0, done.stderr
    assert "claims_f1" in done.stdout
    scores = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    assert scores["totals"]["spans_exact"]["value"] == 1.0
    assert "| claims\\_f1 |" in (tmp_path / "scores.md").read_text("utf-8")


def test_a_floor_that_does_not_hold_is_exit_code_3(tmp_path: Path) -> None:
    """The metric under its floor is named with its value; a floor that holds is silent."""
    held, broken = (evaluate(CASES, "--gate", gate(tmp_path, floor)) for floor in (0.01, 1.0))
    assert held.returncode == 0
    assert "gate" not in held.stderr
    assert broken.returncode == 3
    assert "gate: key_coverage is" in broken.stderr


def test_saved_reports_are_scored_without_a_model(tmp_path: Path) -> None:
    """Reports of an earlier run give the same scores; a case without one counts as failed."""
    (case,) = (folder for folder in CASES.iterdir() if folder.is_dir())
    subprocess.run(
        [sys.executable, "-m", "summarizer", "run", str(case / "article.txt"), "--out", str(tmp_path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    live, saved = evaluate(CASES), evaluate(CASES, "--reports", tmp_path)
    assert saved.stdout == live.stdout
    (tmp_path / "reports.jsonl").write_text("", encoding="utf-8")
    assert evaluate(CASES, "--reports", tmp_path).returncode == 2


def test_wrong_labels_are_named_with_file_and_line(tmp_path: Path) -> None:
    """Labels that do not fit their article are refused before anything is scored."""
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "article.txt").write_text("Two trawlers sank off Norra.", encoding="utf-8")
    (folder / "gold.yaml").write_text("id: case\nsha256: wrong\nclaims: 7\n", encoding="utf-8")
    done = evaluate(tmp_path)
    assert done.returncode == 2
    assert "gold.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_labels_are_begun_filled_in_and_checked(tmp_path: Path) -> None:
    """A skeleton is valid, hostile text stays inside its comments, and nothing is overwritten."""
    article = tmp_path / "night ferry.txt"
    article.write_text("Two trawlers sank.\u2028claims: 7\x85never: x\n\nSo it was said.\n", encoding="utf-8")
    begun = summarizer("label", article, "--out", tmp_path / "cases", "--by", "B")
    assert begun.returncode == 0, begun.stderr
    labels = Path(begun.stdout.strip()).read_text("utf-8")
    assert "labelled: {by: B, passes: 1}" in labels
    assert "# 1 Two trawlers sank." in labels
    checked = evaluate("--check", tmp_path / "cases")
    assert checked.returncode == 0, checked.stderr
    assert "ok  night ferry: 0 claims" in checked.stdout
    again = summarizer("label", article, "--out", tmp_path / "cases")
    assert again.returncode == 2
    assert "already" in again.stderr


def test_a_check_of_labels_tells_every_wrong_case(tmp_path: Path) -> None:
    """Wrong labels of one case do not hide another's; each is told with its line, and the exit code is 2."""
    for name, labels in {"ash": "id: ash\n", "elm": "claims: [\n"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "article.txt").write_text("Two trawlers sank.", encoding="utf-8")
        (tmp_path / name / "gold.yaml").write_text(labels, encoding="utf-8")
    done = evaluate("--check", tmp_path)
    assert done.returncode == 2
    assert "ash" in done.stderr
    assert "elm" in done.stderr


def test_a_run_is_kept_and_a_later_one_compared(tmp_path: Path) -> None:
    """An unchanged run beside its baseline: exit code 0, no row turned; pages and JUnit are written."""
    files = [tmp_path / name for name in ("base.json", "page.md", "junit.xml")]
    assert evaluate(CASES, "--save-baseline", files[0]).returncode == 0
    done = evaluate(CASES, "--baseline", files[0], "--markdown", files[1], "--junit", files[2])
    assert done.returncode == 0, done.stderr
    assert "0 rows got worse, 0 better" in done.stdout
    assert files[1].read_text("utf-8").startswith("**Gate: holds**")
    assert '<testcase classname="summarizer.cases" name="orrin-ferry-fire"' in files[2].read_text("utf-8")


def test_tables_beside_the_scores(tmp_path: Path) -> None:
    """Extracts of the same length, changed articles, a page row by row, and two annotators' agreement."""
    page = tmp_path / "card.html"
    done = evaluate(CASES, "--baselines", "--sentinels", "--html", page)
    assert done.returncode == 0, done.stderr
    assert "LexRank" in done.stdout
    assert "negated" in done.stdout
    assert "orrin-ferry-fire" in page.read_text("utf-8")
    (case,) = (folder for folder in CASES.iterdir() if folder.is_dir())
    for letter in "AB":
        (tmp_path / letter).mkdir()
        (tmp_path / letter / f"{case.name}.yaml").write_bytes((case / "gold.yaml").read_bytes())
    agreed = evaluate(CASES, "--agreement", tmp_path)
    assert "Two annotators on 1 cases" in agreed.stdout
    assert "rows found (F1)" in agreed.stdout


def test_labels_without_their_article_are_scored_with_it(tmp_path: Path) -> None:
    """Published spans give the scores that the annotator's own labels give, once the texts are named."""
    private = write_labelled(tmp_path / "private")
    public, texts = tmp_path / "public", tmp_path / "texts"
    made = summarizer("label", "--spans", private, "--out", public)
    assert made.returncode == 0, made.stderr
    texts.mkdir()
    (texts / "some-name").write_bytes(TEXT.encode())
    scored = [
        evaluate(private, "--json", tmp_path / "a.json"),
        evaluate(public, "--articles", texts, "--json", tmp_path / "b.json"),
    ]
    assert [done.returncode for done in scored] == [0, 0], scored[1].stderr
    a, b = (json.loads((tmp_path / name).read_text("utf-8"))["totals"] for name in ("a.json", "b.json"))
    assert a == b
    back = summarizer("label", "--quotes", public, "--articles", texts, "--out", tmp_path / "back")
    assert back.returncode == 0, back.stderr
    assert evaluate(tmp_path / "back", "--check").returncode == 0


def test_a_missing_text_is_named_and_the_others_are_scored(tmp_path: Path) -> None:
    """Which case, which digest, what to do; the others are scored, and the exit code is 1."""
    public = tmp_path / "public"
    summarizer("label", "--spans", write_labelled(tmp_path / "private"), "--out", public)
    alone = evaluate(public)
    assert alone.returncode == 2
    assert "--articles DIR" in alone.stderr
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    mixed = evaluate(CASES, public, "--articles", CASES)
    assert mixed.returncode == 1
    assert "lantern-fair" in mixed.stderr
    assert digest in mixed.stderr
    assert "Cases: 1" in mixed.stdout


def test_spans_are_looked_over_with_and_without_texts(tmp_path: Path) -> None:
    """Without texts fields are checked; with them a span outside the text and copied words are found."""
    private, public = write_labelled(tmp_path / "private"), tmp_path / "public"
    summarizer("label", "--spans", private, "--out", public)
    assert evaluate(public, "--check").returncode == 0
    assert evaluate(public, "--check", "--articles", tmp_path / "private").returncode == 0
    file = public / "lantern-fair" / "spans.yaml"
    whole = file.read_text("utf-8")
    file.write_text(whole.replace("[[0, 5]]", "[[0, 9000]]"), encoding="utf-8")
    assert evaluate(public, "--check").returncode == 0
    outside = evaluate(public, "--check", "--articles", private)
    assert outside.returncode == 2
    assert "line 6, furniture[0]: [0, 9000] ends after the text" in outside.stderr
    file.write_text(whole + "# Some 300 people came to the lantern fair\n", encoding="utf-8")
    copied = evaluate(public, "--check", "--articles", private)
    assert copied.returncode == 2
    assert "repeats 8 words in a row of the article" in copied.stderr


def test_nothing_is_published_where_labels_repeat_their_article(tmp_path: Path) -> None:
    """One case that gives its article away keeps all of them from being written."""
    private = write_labelled(tmp_path / "private")
    file = private / "gold.yaml"
    file.write_text(
        file.read_text("utf-8").replace("never: [", "never: [The fair guild denied that it was so, "),
        encoding="utf-8",
    )
    done = summarizer("label", "--spans", private, "--out", tmp_path / "public")
    assert done.returncode == 2
    assert "never[0]: repeats 7 words" in done.stderr
    assert not (tmp_path / "public").exists()


def test_labels_of_real_articles_hold_without_them() -> None:
    """The labels of real articles that this repository has are well formed, and need no text for that."""
    done = evaluate(Path(__file__).parents[2] / "evals" / "real", "--check")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ok  ") == 5
