"""Recorded exchanges: how they are replayed with no network, and how they are made.

    OPENAI_BASE_URL=… python -m tests.cassettes NAME…

records the articles of those names anew, hostile ones as ``injections/NAME``, or ``injections`` for all;

    python -m tests.cassettes --replay FILE

writes the reports of all recorded cases of evals/cases, with no network; see cassettes/README.md.
"""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import vcr

from summarizer import Article, Report, Summarizer, prompts
from summarizer.errors import EndpointUnreachable
from summarizer.evaluation.gold import load_case
from tests.injections import cases
from tests.staleness import PROMPT, StaleCassetteError, told

ROOT = Path(__file__).parents[1]
CASSETTES = ROOT / "cassettes"
RECORDED_AT = "http://127.0.0.1:8129/v1"
KEPT_HEADERS = {"content-type"}


def texts() -> dict[str, Path]:
    """Return the articles that have a cassette: the samples, cases of the corpus, and hostile articles."""
    found = {path.stem: path for path in (ROOT / "samples").glob("*.txt")}
    found |= {path.parent.name: path for path in (ROOT / "evals/cases").glob("*/article.txt")}
    return found | {f"injections/{name}": case.path for name, case in cases().items()}


def article(name: str) -> Article:
    """Return the article of a name; of a case, with its day of publication."""
    path = texts()[name]
    if path.parent.parent.name == "cases":
        return load_case(path.parent).article.model_copy(update={"source": None})
    return Article(text=path.read_bytes().decode(), id=name)


def digest(request: Any) -> str:
    """Digest what was asked; comparing digests keeps replay fast."""
    return hashlib.sha256(json.dumps(json.loads(request.body), sort_keys=True).encode()).hexdigest()


def same_question(one: Any, other: Any) -> None:
    """Match requests by their bodies."""
    assert digest(one) == digest(other), "the request is not the recorded one: record again"


def slim(response: dict[str, Any]) -> dict[str, Any]:
    """Keep of an answer what a replay needs: no cookies, dates or server names."""
    response["headers"] = {n: v for n, v in response["headers"].items() if n.lower() in KEPT_HEADERS}
    return response


def recorder(name: str, mode: str, folder: Path, asked: list[Any]) -> Any:
    """Open a cassette; in mode ``none`` it only replays. The last of ``asked`` is what was last sent."""

    def bare(request: Any) -> Any:
        """Drop every request header: the key is one of them."""
        request.headers = {} if mode == "none" else {PROMPT: prompts.identity()}
        asked.append(request)
        return request

    tape = vcr.VCR(
        cassette_library_dir=str(folder),
        record_mode=mode,
        match_on=["method", "path", "question"],
        before_record_request=bare,
        before_record_response=slim,
        decode_compressed_response=True,
    )
    tape.register_matcher("question", same_question)
    return tape.use_cassette(f"{name}.yaml")


async def replay(
    name: str,
    *,
    added: str = "",
    mode: str = "none",
    endpoint: str = RECORDED_AT,
    folder: Path = CASSETTES,
) -> tuple[Report, Any]:
    """Make the report of one article (with ``added`` behind it) from its cassette.

    Raises:
        StaleCassetteError: Something is asked that was not recorded; says what changed and what to do.
    """
    given = article(name)
    asked_about = Article(text=given.text + added, id=name, published=given.published)
    summarizer = Summarizer(model="desk-reader", base_url=endpoint, api_key="none", transport_attempts=1)
    asked: list[Any] = []
    with recorder(name, mode, folder, asked) as tape:
        try:
            return await summarizer.asummarize(asked_about), tape
        except EndpointUnreachable as error:
            if mode != "none":
                raise
            body, played = json.loads(asked[-1].body), tape.play_count
            why = told(name, folder / f"{name}.yaml", played, body, RECORDED_AT)
            raise StaleCassetteError(why) from error
        finally:
            await summarizer.aclose()


def named(names: Iterable[str]) -> Iterator[str]:
    """Yield names of articles; a folder's name stands for all articles below it."""
    for name in names:
        yield from [known for known in texts() if known.startswith(f"{name}/")] or [name]


def replayed(file: Path) -> None:
    """Write the reports of all recorded cases, a line each."""
    names = sorted(c.stem for c in CASSETTES.glob("*.yaml") if (ROOT / "evals/cases" / c.stem).is_dir())
    reports = [asyncio.run(replay(name))[0] for name in names]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(report.to_json() + "\n" for report in reports), encoding="utf-8")


def main() -> None:
    """Record the articles named on the command line, or replay what is recorded."""
    if sys.argv[1:2] == ["--replay"]:
        replayed(Path(sys.argv[2]))
        return
    for name in named(sys.argv[1:]):
        (CASSETTES / f"{name}.yaml").unlink(missing_ok=True)
        report, tape = asyncio.run(replay(name, mode="all", endpoint=os.environ["OPENAI_BASE_URL"]))
        sys.stdout.write(f"{name}: {len(tape)} exchange(s), {len(report.claims)} claims\n")


if __name__ == "__main__":
    main()
