"""Texts that do not lie beside their labels: looked for, and what is missing said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.cli.messages import say
from summarizer.domain.article import Article
from summarizer.errors import InputNotFound
from summarizer.evaluation.gold import needed_text
from summarizer.evaluation.texts import Texts, find_texts


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Case folders, and the texts that do not lie in them.

    Attributes:
        articles: By digest the texts that were found.
        absent: The folders whose text was not.
    """

    folders: tuple[Path, ...]
    articles: Mapping[str, Article]
    absent: frozenset[Path]

    @property
    def present(self) -> tuple[Path, ...]:
        """The folders whose text is there."""
        return tuple(folder for folder in self.folders if folder not in self.absent)


def look_up(folders: Sequence[Path], articles: Path | None, *, needed: bool = True) -> LookedUp:
    """Find the texts that cases do not hold themselves; say which are missing and what to do.

    Args:
        folders: Case folders.
        articles: Where the texts are looked for.
        needed: There is nothing to be done where no case has its text.

    Raises:
        InputNotFound: There is no such place, or no text at all and one is needed.
    """
    wanted = {folder: digest for folder in folders if (digest := needed_text(folder))}
    texts = find_texts(articles, wanted.values()) if articles and wanted else Texts()
    absent = {folder: digest for folder, digest in wanted.items() if digest not in texts.articles}
    if absent:
        _say_absent(absent, articles, texts.unread)
    if absent and needed and len(absent) == len(folders):
        raise InputNotFound("The text of no case is here.", mend=_MEND)
    return LookedUp(tuple(folders), texts.articles, frozenset(absent))


_MEND = "Give the folder that holds the texts: --articles DIR."


def _say_absent(absent: Mapping[Path, str], articles: Path | None, unread: Sequence[str]) -> None:
    for folder, digest in absent.items():
        where = f"is not in {articles}" if articles else "does not lie beside them"
        say(f"{folder}: labels are spans, and their text {where}: sha256 {digest}")
    if not articles:
        say(f"missing: {len(absent)}. {_MEND}")
        return
    say(
        f"missing: {len(absent)}. Put each text there under any name, or as the text of a JSON record; "
        "with other spaces or line ends it is another text."
    )
    if unread:
        say(f"not read there: {len(unread)}; the first: {unread[0]}")
