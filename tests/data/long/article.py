"""A news account of 12,000 words about a valley that does not exist: dealt templates, planted claims.

Run as a script it prints the article: ``python tests/data/long/article.py > article.txt``.
"""

import random
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WORDS = 10_900
"""Of the account; the lead and the planted claims are the rest."""
CHAPTERS = 24


def key() -> list[dict[str, Any]]:
    """Return the planted claims: their parts, and the rows that the table must hold."""
    return list(_read("key.toml")["claims"])


def text(seed: int = 7, words: int = WORDS) -> str:
    """Return the article; the same for the same seed."""
    paragraphs = list(_account(random.Random(seed), words))
    total = sum(len(p.split()) for p in paragraphs)
    planted = sorted(((at, said) for claim in key() for at, said in claim["parts"]), reverse=True)
    placed, gone = list(_read("key.toml")["lead"]), 0
    for paragraph in paragraphs:
        while planted and gone >= planted[-1][0] * total:
            placed.append(planted.pop()[1])
        placed.append(paragraph)
        gone += len(paragraph.split())
    placed += [said for _, said in reversed(planted)]
    return "\n\n".join(placed) + "\n"


def _account(deal: random.Random, words: int) -> Iterator[str]:
    lists, deck = _read("templates.toml")["lists"], list[str]()
    names = [f"{first} {last}" for first in lists["first"] for last in lists["last"]]
    deal.shuffle(names)
    for n in range(CHAPTERS):
        place = {name: lists[name][n] for name in ("town", "hamlet", "street")} | {"mayor": names.pop()}
        written = 0
        while written < words / CHAPTERS:
            cast = [
                place | {"person": names.pop(), "other": names.pop()} for _ in range(deal.choice((1, 2, 2)))
            ]
            paragraph = " ".join(_filled(deal, _card(deal, deck), slots) for slots in cast)
            written += len(paragraph.split())
            yield paragraph


def _card(deal: random.Random, deck: list[str]) -> str:
    if not deck:
        deck.extend(_read("templates.toml")["cards"])
        deal.shuffle(deck)
    return deck.pop()


def _filled(deal: random.Random, card: str, fixed: dict[str, str]) -> str:
    lists = _read("templates.toml")["lists"]
    numbers = {"n1": (3, 19), "n2": (20, 95), "n3": (110, 980), "year": (1871, 1998), "age": (61, 88)}

    def put(slot: re.Match[str]) -> str:
        name = str(slot[1])
        if "|" in name:
            return deal.choice(name.split("|"))
        if name in numbers:
            return str(deal.randint(*numbers[name]))
        return fixed.get(name) or str(deal.choice(lists[name]))

    return re.sub(r"\{([^{}]+)\}", put, card)


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text("utf-8"))


if __name__ == "__main__":
    sys.stdout.write(text())
