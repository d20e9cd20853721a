"""``summarizer label`` and ``summarizer eval --check``: labels begun, published, looked over."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.cli.texts import LookedUp, look_up
from summarizer.domain.article import Article
from summarizer.errors import InputError, InputNotFound, SettingsError
from summarizer.evaluation.agreement import agreement, load_passes
from summarizer.evaluation.corpus import About, Split, about, census, of_split
from summarizer.evaluation.document import malformed
from summarizer.evaluation.gold import (
    ARTICLE_FILE,
    GOLD_FILE,
    Case,
    find_cases,
    is_spanned,
    load_case,
    load_spans,
)
from summarizer.evaluation.layout import aligned, number
from summarizer.evaluation.publishing import copied, gold_yaml, spans_yaml
from summarizer.evaluation.skeleton import skeleton
from summarizer.evaluation.spanned import SPANS_FILE


def begin(article: Path, out: Path, by: str) -> int:
    """Write a case folder for an article, labels without a row in it; return the exit code.

    Raises:
        InputError: The article cannot be read.
        SettingsError: There is such a case already.
    """
    read = Article.from_file(article)
    (folder,) = _new([Path(read.id)], out).values()
    _write(folder, {ARTICLE_FILE: read.text, GOLD_FILE: skeleton(read, by)})
    say(f"fill it in, then: summarizer eval --check {out}")
    return 0


def publish(case: Path, out: Path) -> int:
    """Write the labels of a case, or of a folder of cases, without a word of their articles.

    Nothing is written where anything is wrong: half a publication is easily taken for a whole one.

    Raises:
        InputNotFound: There is no case.
        SettingsError: There is such a case already.
    """
    made: dict[Path, str] = {}
    wrong = 0
    for labels, folder in _new(find_cases([_folder(case)]), out).items():
        try:
            made[folder] = spans_yaml(labels)
        except InputError as error:
            wrong += 1
            say(error)
    if wrong:
        say("nothing was written.")
        return exits.USAGE
    for folder, spans in made.items():
        _write(folder, {SPANS_FILE: spans})
    say(f"look them over: summarizer eval --check {out} --articles DIR")
    return 0


def quote(case: Path, out: Path, articles: Path | None) -> int:
    """Write a case, or a folder of cases, whole again: from spans and their texts, article and quotations.

    Raises:
        InputError: Labels cannot be read or do not fit their text, or no text is there.
        SettingsError: There is such a case already.
    """
    found = look_up(find_cases([_folder(case)]), articles)
    cases = {new: load_case(old, found.articles) for old, new in _new(found.present, out).items()}
    for folder, whole in cases.items():
        _write(folder, {ARTICLE_FILE: whole.article.text, GOLD_FILE: gold_yaml(whole)})
    return exits.FAILED if found.absent else 0


def agree(folders: Sequence[Path], passes: Path, split: Split | None) -> int:
    """Print how far two annotators agree, field by field, on the cases that both labelled.

    Raises:
        InputError: Labels cannot be read, or nobody labelled the same case.
    """
    both = load_passes(passes, of_split(find_cases(folders), split))
    if not both:
        raise InputNotFound("No case that A and B both labelled.", where=str(passes))
    rows = [
        (a.field, number(a.share), f"{a.of:g}", "" if a.kappa is None else number(a.kappa))
        for a in agreement(both)
    ]
    typer.echo(aligned(("field", "agreement", "of", "kappa"), rows, f"Two annotators on {len(both)} cases"))
    return 0


def check(folders: Sequence[Path], split: Split | None, articles: Path | None) -> int:
    """Look every label over, say what is wrong with file and line, and count what there is."""
    found = look_up(of_split(find_cases(folders), split), articles, needed=False)
    sound: list[tuple[Case, About]] = []
    wrong = 0
    for folder in found.folders:
        try:
            said = _look_over(folder, found, sound)
        except InputError as error:
            wrong += 1
            say(error)
        else:
            typer.echo(f"ok  {said}")
    for name, count in census(sound).items():
        typer.echo(f"{count:6} {name}")
    if wrong:
        return exits.USAGE
    return exits.FAILED if found.absent and articles else 0


def _look_over(folder: Path, found: LookedUp, sound: list[tuple[Case, About]]) -> str:
    """Check one case and say what it holds; a case that has its text is counted with the others."""
    if folder in found.absent:
        gold = load_spans(folder)
        note = "; without their text, where spans lie was not looked at"
    else:
        case = load_case(folder, found.articles)
        gold, note = case.gold, ""
        if is_spanned(folder) and (wrong := copied(folder / SPANS_FILE, case.article.text)):
            raise malformed(folder / SPANS_FILE, wrong)
        sound.append((case, about(folder)))
    return f"{gold.id}: {len(gold.claims)} claims, {len(gold.conflicts)} conflicts{note}"


def _folder(case: Path) -> Path:
    """Return the folder of a case, which may also be named by its labels."""
    return case.parent if case.name in {GOLD_FILE, SPANS_FILE} else case


def _new(folders: Sequence[Path], out: Path) -> dict[Path, Path]:
    """Return where each case is to be written.

    Raises:
        SettingsError: There is such a case already.
    """
    new = {folder: out / folder.resolve().name for folder in folders}
    for folder in new.values():
        if folder.exists():
            raise SettingsError(
                f"There is a case {folder.name!r} already.",
                where=str(folder),
                mend="Move it, or name another --out.",
            )
    return new


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files of a new case, its labels last, and say where these are."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    typer.echo(str(folder / list(files)[-1]))
