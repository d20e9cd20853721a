"""``summarizer label`` and ``summarizer eval --check``: labels begun, and labels looked over."""

from collections.abc import Sequence
from pathlib import Path

import typer

from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.domain.article import Article
from summarizer.errors import InputError, InputNotFound, SettingsError
from summarizer.evaluation.agreement import agreement, load_passes
from summarizer.evaluation.corpus import About, Split, about, census, of_split
from summarizer.evaluation.gold import ARTICLE_FILE, GOLD_FILE, Case, find_cases, load_case
from summarizer.evaluation.layout import aligned, number
from summarizer.evaluation.skeleton import skeleton


def begin(article: Path, out: Path, by: str) -> int:
    """Write a case folder for an article, labels without a row in it; return the exit code.

    Raises:
        InputError: The article cannot be read.
        SettingsError: There is such a case already.
    """
    read = Article.from_file(article)
    folder = out / read.id
    if folder.exists():
        raise SettingsError(
            f"There is a case {read.id!r} already.", where=str(folder), mend="Move it, or name another --out."
        )
    folder.mkdir(parents=True)
    (folder / ARTICLE_FILE).write_bytes(read.text.encode())
    (folder / GOLD_FILE).write_text(skeleton(read, by), encoding="utf-8")
    typer.echo(str(folder / GOLD_FILE))
    say(f"fill it in, then: summarizer eval --check {out}")
    return 0


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


def check(folders: Sequence[Path], split: Split | None) -> int:
    """Look every label over, say what is wrong with file and line, and count what there is."""
    sound: list[tuple[Case, About]] = []
    wrong = 0
    for folder in of_split(find_cases(folders), split):
        try:
            case = load_case(folder)
        except InputError as error:
            wrong += 1
            say(error)
        else:
            sound.append((case, about(folder)))
            typer.echo(f"ok  {case.id}: {len(case.gold.claims)} claims, {len(case.gold.conflicts)} conflicts")
    for name, count in census(sound).items():
        typer.echo(f"{count:6} {name}")
    return exits.USAGE if wrong else 0
