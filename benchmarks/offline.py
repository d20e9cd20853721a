"""Text to report with the offline engine, beside sumy's LexRank summary alone on the same texts.

    python benchmarks/offline.py PATH… [--rounds N]

Prints the median milliseconds an article takes in each, and their ratio, measured in turn in one process.
sumy gets our sentences, since its own splitter needs a download; it makes a summary of five sentences and
nothing else.
"""

import argparse
import asyncio
import re
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from summarizer import Article
from summarizer.backends.offline import OfflineBackend
from summarizer.intake import read
from summarizer.pipeline import Pipeline
from summarizer.text.sentences import split


class OurSentences:
    """A tokenizer for sumy that needs no download."""

    def to_sentences(self, text: str) -> tuple[str, ...]:
        """Return the sentences that are not furniture."""
        sentences = split(text)
        return tuple(sentences.quote(s) for s in sentences.body)

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """Return the words."""
        return tuple(re.findall(r"\w+", sentence))


def lexrank(article: Article) -> Any:
    """Summarise with sumy's LexRank."""
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer

    parser = PlaintextParser.from_string(article.text, OurSentences())
    return LexRankSummarizer()(parser.document, 5)


def milliseconds(work: Callable[[], object]) -> float:
    """Time one call."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def forget() -> None:
    """Empty what earlier rounds left in memory, so that each article is read for the first time."""
    for module in [m for name, m in sys.modules.items() if name.startswith("summarizer.text")]:
        for value in vars(module).values():
            if hasattr(value, "cache_parameters") and value.cache_parameters()["maxsize"]:
                value.cache_clear()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("paths", nargs="+")
    options.add_argument("--rounds", type=int, default=15)
    given = options.parse_args()
    articles = [one for one in read(given.paths) if isinstance(one, Article)]
    pipeline = Pipeline(OfflineBackend(), attempts=1)

    def report(article: Article) -> object:
        return asyncio.run(pipeline.summarize(article))

    for article in articles:  # read data files and warm caches
        report(article)
        lexrank(article)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(given.rounds):
        forget()
        ours.append(statistics.fmean(milliseconds(lambda a=a: report(a)) for a in articles))
        theirs.append(statistics.fmean(milliseconds(lambda a=a: lexrank(a)) for a in articles))
    mine, peer = statistics.median(ours), statistics.median(theirs)
    print(
        f"{len(articles)} articles, {sum(a.characters for a in articles):,} characters, {given.rounds} rounds"
    )
    print(f"text to report, offline engine   {mine:8.2f} ms an article ({min(ours):.2f} to {max(ours):.2f})")
    print(
        f"LexRank summary alone, sumy      {peer:8.2f} ms an article ({min(theirs):.2f} to {max(theirs):.2f})"
    )
    print(f"ratio                            {mine / peer:8.2f}")


if __name__ == "__main__":
    main()
