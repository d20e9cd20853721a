"""Synthetic articles: seeded, fictional, as JSON Lines of any count.

    python -m benchmarks.batch.articles COUNT --out FILE [--seed 0] [--words 150-400] [--attributed 0.2]

The first line of each is one sentence that holds a file number which no other article of the seed has, so
that an answer to one article given for another is seen. Lines are written as they are made: a million
articles take no more memory than one.
"""

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

_PLACES = ("Varnholt", "Ostrey", "Kelmar", "Bruneck Quay", "Sollen", "Tarvik", "Meresund", "Aldmoor")
_BODIES = ("harbour office", "water board", "city council", "rail company", "port school", "county court")
_THINGS = ("warehouse", "footbridge", "pumping station", "ferry pier", "tram depot", "grain store")
_STREETS = ("Canal Street", "Mill Lane", "Station Road", "Old Dyke Road", "Linden Square")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_NAMES = ("Ilse Brandvik", "Tomas Orlei", "Marit Solheen", "Anton Verrick", "Lena Durova", "Pieter Haal")

_FLAT = (
    "The {thing} on {street} has stood empty since {year}.",
    "Workers closed {street} to traffic for {n} hours on {day}.",
    "The {body} owns {n} buildings in {place}.",
    "Repairs to the {thing} took {n} weeks and cost {m} crowns.",
    "A crane lifted the roof of the {thing} onto a barge on {day}.",
    "About {n} people live within sight of the {thing}.",
    "The road between {place} and {other} runs past the {thing}.",
    "Heavy rain fell on {place} for {n} days in {year}.",
    "The {body} moved its staff from {street} to {place} in {year}.",
    "Divers found {n} metres of old cable beside the {thing}.",
    "The {thing} was built in {year} of brick from {other}.",
    "Buses from {other} stop at {street} every {n} minutes.",
    "A new fence of {n} metres stands around the {thing}.",
    "The first ferry of the day left {place} {n} minutes late on {day}.",
)
_ATTRIBUTED = (
    "{name}, who runs the {body}, said the {thing} needs {n} new windows.",
    "The {body} said the work on {street} costs {m} crowns.",
    "{name} said {n} families have asked for a new road to {other}.",
)


def articles(
    count: int, seed: int = 0, words: tuple[int, int] = (150, 400), attributed: float = 0.2
) -> Iterator[dict[str, str]]:
    """Yield ``count`` articles as objects with ``id``, ``published`` and ``text``.

    Args:
        count: How many.
        seed: The same seed gives the same articles.
        words: Fewest and most words of one.
        attributed: Share of sentences that somebody else says.
    """
    for number in range(count):
        yield article(number, seed, words, attributed)


def article(
    number: int, seed: int = 0, words: tuple[int, int] = (150, 400), attributed: float = 0.2
) -> dict[str, str]:
    """Return the article of that number."""
    draw = random.Random(f"{seed} {number}")
    mark = hashlib.blake2b(f"{seed} {number}".encode(), digest_size=4).hexdigest()
    place, other = draw.sample(_PLACES, 2)
    body = draw.choice(_BODIES)
    first = f"The {body} of {place} opened file {mark} on a {draw.choice(_THINGS)} on {draw.choice(_DAYS)}."
    lines, wanted = [first], draw.randint(*words)
    have = len(first.split())
    while have < wanted:
        kept = []
        for _ in range(draw.randint(2, 4)):
            pattern = draw.choice(_ATTRIBUTED if draw.random() < attributed else _FLAT)
            kept.append(
                pattern.format(
                    place=place,
                    other=other,
                    body=body,
                    thing=draw.choice(_THINGS),
                    street=draw.choice(_STREETS),
                    day=draw.choice(_DAYS),
                    name=draw.choice(_NAMES),
                    year=draw.randint(1950, 2019),
                    n=draw.randint(3, 90),
                    m=draw.randint(2, 900) * 1000,
                )
            )
        paragraph = " ".join(kept)
        lines.append(paragraph)
        have += len(paragraph.split())
    return {"id": f"a{seed}-{number:07d}", "published": "2024-03-05", "text": "\n\n".join(lines) + "\n"}


def write(
    stream: TextIO,
    count: int,
    seed: int = 0,
    words: tuple[int, int] = (150, 400),
    attributed: float = 0.2,
) -> None:
    """Write articles as JSON Lines."""
    stream.writelines(json.dumps(one) + "\n" for one in articles(count, seed, words, attributed))


def main() -> None:
    """Write what the command line asks for."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("count", type=int)
    options.add_argument("--out", type=Path, help="default: standard output")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--words", default="150-400", help="fewest-most")
    options.add_argument("--attributed", type=float, default=0.2)
    given = options.parse_args()
    fewest, _, most = given.words.partition("-")
    words = (int(fewest), int(most or fewest))
    if given.out is None:
        write(sys.stdout, given.count, given.seed, words, given.attributed)
        return
    with given.out.open("w", encoding="utf-8") as stream:
        write(stream, given.count, given.seed, words, given.attributed)


if __name__ == "__main__":
    main()
