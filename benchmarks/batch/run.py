"""Ours and peers over many articles, whole processes against a fresh endpoint each; prints a table.

    python -m benchmarks.batch.run SCENARIO [--articles N] [--peers ours,instructor,…] [--rounds R]

Scenarios: slots, slow, zero, chaos, ratelimit, overload, contentfaults, kill, kills, memory; what each is for
stands in benchmarks/README.md.

Wall seconds and CPU seconds are of the whole child, start included, from the system's own accounting. Slot
utilisation and wall against an ideal are taken between the first request and the last answer, by the
endpoint's clock. Where there are rounds, everybody runs once in each, in turn, and medians are shown.
"""

import argparse
import heapq
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path
from threading import Timer
from typing import Any

from benchmarks.batch import articles
from benchmarks.batch.endpoint import Profile, key_of, serving, stats
from benchmarks.batch.peers import MISSING

ROOT = Path(__file__).parents[2]

# What is added to `summarizer run`. An option that this version does not know is left out, and said so.
OURS: list[str] = []
"""For every run."""
WORKERS: list[str] = ["--workers=2"]
"""For `ours+workers`, which is left out where the option is not known."""
RATE: list[str] = ["--requests-per-minute={rate:g}"]
"""Where the limit is known; `ours` runs without, `ours+rate` with it."""
TIMEOUT: list[str] = ["--timeout={timeout:g}"]
AGAIN: list[list[str]] = [["--resume"], ["--fresh"]]
"""To go on in a folder that holds records: the first that is known."""

_LATENCY = 0.5
_SLOTS = 64
_PLAIN = "ours,ours+cache,thin,openai,instructor,bare"
_CHAOS = {
    "error429": 0.05,
    "error500": 0.03,
    "reset": 0.02,
    "truncated": 0.03,
    "garbage": 0.03,
    "hang": 0.01,
}
_CONTENT = {"schema": 0.05, "prose": 0.05, "cut": 0.05, "garbage": 0.05, "truncated": 0.05, "error500": 0.05}


@dataclass(frozen=True)
class Scenario:
    """One thing to measure.

    Attributes:
        profile: The endpoint.
        articles: How many, unless asked otherwise.
        concurrency: Requests wanted at once.
        timeout: Seconds one request may take, for everybody.
        peers: Who runs, unless asked otherwise.
        rounds: How often, unless asked otherwise.
        play: How; None for one run to the end.
    """

    profile: Profile
    articles: int = 1000
    concurrency: int = _SLOTS
    timeout: float = 60.0
    peers: str = _PLAIN
    rounds: int = 1
    play: "Callable[[Setting, str, int], Run] | None" = None


@dataclass(frozen=True)
class Setting:
    """A scenario with its articles on disk.

    Attributes:
        scenario: What is measured.
        source: The articles.
        firsts: First line of each article, by id.
        folder: For outputs.
        peer_python: For peers that the project itself does not need.
        kills: How many kills.
        seed: Of kills.
        patience: Seconds that one process may take; then it is killed, and the table says so.
    """

    scenario: Scenario
    source: Path
    firsts: Mapping[str, str]
    folder: Path
    peer_python: str
    kills: int = 3
    seed: int = 0
    patience: float = 300.0


@dataclass
class Run:
    """What came of one runner in one round.

    Attributes:
        name: The runner.
        asked: Articles.
        done: With a right answer.
        lost: Without an answer.
        wrong: With the answer to another article, or no whole answer taken for one.
        twice: Answered more than once.
        wall: Seconds, start included.
        cpu: Seconds.
        peak: Resident MB.
        seen: The endpoint's counts.
        more: Further columns.
    """

    name: str
    asked: int = 0
    done: int = 0
    lost: int = 0
    wrong: int = 0
    twice: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    seen: dict[str, Any] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)


class Skipped(Exception):
    """A peer cannot run here; says why."""


class Child:
    """A runner's process; CPU and memory from the system when it ends.

    Args:
        command: What to run.
        environment: Its environment.
        log: Where its output goes.
        patience: Seconds that it may take; then it is killed.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], log: Path, patience: float
    ) -> None:
        self.patience = patience
        self.started = time.monotonic()
        with log.open("a") as stream:
            self._process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL
            )
        self.wall = self.cpu = self.peak = 0.0
        self.code: int | None = None

    def ended(self, *, wait: bool = False) -> bool:
        """Tell whether it has ended, and read what it took; waiting has a limit, and then it is killed."""
        if self.code is None:
            limit = Timer(self.patience, self._process.kill)
            if wait:
                limit.start()
            pid, status, used = os.wait4(self._process.pid, 0 if wait else os.WNOHANG)
            limit.cancel()
            if pid:
                self.code = self._process.returncode = os.waitstatus_to_exitcode(status)
                self.wall = time.monotonic() - self.started
                self.cpu = used.ru_utime + used.ru_stime
                self.peak = used.ru_maxrss / 1024
        return self.code is not None

    def kill(self) -> None:
        """End it at once, as a crash does."""
        if not self.ended():
            self._process.kill()
            self.ended(wait=True)


class Runner:
    """One way to do the articles: its command line and its output.

    Args:
        name: ``ours``, with any of ``+cache``, ``+rate`` and ``+workers``, or a peer's name; what follows a
            dot only tells one folder from another.
        setting: The scenario.
        number: Of the round.
    """

    def __init__(self, name: str, setting: Setting, number: int = 0) -> None:
        self.name, _, _ = name.partition(".")
        self._setting, self.ours = setting, self.name.partition("+")[0] == "ours"
        self.folder = setting.folder / f"{name}-{number}"
        self.folder.mkdir(parents=True)

    def start(self, base_url: str, source: Path | None = None, *, again: bool = False) -> Child:
        """Start a process; ``again`` where the folder holds an earlier run's records."""
        source = source or self._setting.source
        command = self._ours(base_url, source, again=again) if self.ours else self._peer(base_url, source)
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "OPENAI_API_KEY": "none",
            "SUMMARIZER_CACHE": str(self.folder / "cache"),
            "XDG_CACHE_HOME": str(self.folder / "xdg"),
        }
        return Child(command, environment, self.folder / "log", self._setting.patience)

    def answers(self) -> Iterator[tuple[str, str]]:
        """Yield (article's id, text of the first claim, empty where there is none) for all answers."""
        path = self.folder / ("out/reports.jsonl" if self.ours else "out.jsonl")
        if not path.exists():
            return
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                try:
                    record = json.loads(line)
                except ValueError:  # the line that a killed run was writing
                    continue
                if self.ours:
                    yield record["article"]["id"], _first_claim(record)
                elif "error" not in record:
                    yield record["id"], _first_claim(record)

    def log(self) -> str:
        """Return the end of what the process said."""
        return (self.folder / "log").read_text(errors="replace")[-600:]

    def _ours(self, base_url: str, source: Path, *, again: bool) -> list[str]:
        scenario, kinds = self._setting.scenario, self.name.split("+")[1:]
        flags = [*OURS, *(flag.format(timeout=scenario.timeout) for flag in TIMEOUT)]
        if "workers" in kinds:
            if not all(map(_known, WORKERS)):
                raise Skipped(f"{self.name}: skipped")
            flags += WORKERS
        if "rate" in kinds:
            if not all(map(_known, RATE)):
                raise Skipped(f"{self.name}: skipped")
            flags += [flag.format(rate=scenario.profile.requests_per_minute) for flag in RATE]
        if "cache" not in kinds:
            flags.append("--no-cache")
        if again:
            flags += next((some for some in AGAIN if all(map(_known, some))), [])
        return [
            *(sys.executable, "-m", "summarizer", "run", str(source), "--model", "openai/fake"),
            *("--base-url", base_url, "--out", str(self.folder / "out")),
            *("--concurrency", str(scenario.concurrency)),
            *filter(_known, flags),
        ]

    def _peer(self, base_url: str, source: Path) -> list[str]:
        scenario = self._setting.scenario
        own = self.name in {"instructor", "openai", "thin", "bare"}
        return [
            *(sys.executable if own else self._setting.peer_python, "-m", "benchmarks.batch.peers"),
            *(self.name, "--in", str(source), "--out", str(self.folder / "out.jsonl")),
            *("--base-url", base_url, "--concurrency", str(scenario.concurrency)),
            *("--timeout", str(scenario.timeout)),
        ]


def plain(setting: Setting, name: str, number: int = 0) -> Run:
    """Run to the end once."""
    runner = Runner(name, setting, number)
    with serving(setting.scenario.profile) as base_url:
        child = runner.start(base_url)
        child.ended(wait=True)
        return _told(runner, setting, [child], stats(base_url))


def zero(setting: Setting, name: str, number: int) -> Run:
    """Run over ten articles and over all: what one more article costs, start-up aside."""
    few = _first(setting, 10)
    with serving(setting.scenario.profile) as base_url:
        small = Runner(f"{name}.few", setting, number).start(base_url, few)
        small.ended(wait=True)
    run = plain(setting, name, number)
    run.more["ms CPU/article"] = f"{1000 * (run.cpu - small.cpu) / max(1, run.asked - 10):.2f}"
    run.more["start CPU s"] = f"{small.cpu:.2f}"
    return run


def kill(setting: Setting, name: str, number: int) -> Run:
    """Kill at half, run again."""
    return _killed(setting, name, number, [len(setting.firsts) // 2])


def kills(setting: Setting, name: str, number: int) -> Run:
    """Kill at random points, each time after some more requests, and go on each time."""
    draw = random.Random(f"{setting.seed} {number}")
    return _killed(setting, name, number, sorted(draw.sample(range(1, len(setting.firsts)), setting.kills)))


def _killed(setting: Setting, name: str, number: int, points: Sequence[int]) -> Run:
    """Kill where the endpoint has begun so many articles; a runner that forgets never gets to a later one."""
    runner = Runner(name, setting, number)
    children: list[Child] = []
    with serving(setting.scenario.profile) as base_url:
        killed, inside = 0, 0
        for point in points:
            child = runner.start(base_url, again=bool(children))
            children.append(child)
            while not child.ended() and stats(base_url, articles=False)["begun"] < point:
                time.sleep(0.02)
            child.kill()
            killed += child.code == -9
        for _ in range(50):  # the endpoint sees the broken connections
            time.sleep(0.02)
            if stats(base_url, articles=False)["in_flight"] == 0:
                break
        inside = stats(base_url, articles=False)["kinds"].get("abandoned", 0)
        children.append(runner.start(base_url, again=True))
        children[-1].ended(wait=True)
        run = _told(runner, setting, children, stats(base_url))
    paid = [counts[1] for counts in run.seen["articles"].values()]
    run.more |= {
        "kills": str(killed),
        "in flight at kills": str(inside),
        "paid again": str(sum(paid) - len(paid)),
        "paid an article": f"{sum(paid) / max(1, run.asked):.3f}",
        "twice": str(run.twice),
    }
    return run


def memory(setting: Setting, name: str, number: int) -> Run:
    """Run over 1,000 articles, over all, and over all and one more into the finished output."""
    few, more = _first(setting, 1000), setting.folder / "more.jsonl"
    one = json.dumps(articles.article(len(setting.firsts), setting.seed))
    more.write_text(f"{setting.source.read_text(encoding='utf-8')}{one}\n", encoding="utf-8")
    with serving(setting.scenario.profile) as base_url:
        small = Runner(f"{name}.few", setting, number).start(base_url, few)
        small.ended(wait=True)
    runner = Runner(name, setting, number)
    with serving(setting.scenario.profile) as base_url:
        child = runner.start(base_url)
        child.ended(wait=True)
        run = _told(runner, setting, [child], stats(base_url))
    # At the same address: answers of another endpoint are other answers.
    with serving(setting.scenario.profile, port=int(base_url.split(":")[2].partition("/")[0])) as base_url:
        last = runner.start(base_url, more, again=True)
        last.ended(wait=True)
        seen = stats(base_url)
    first = seen["first"] - last.started if seen["first"] else 0.0
    run.more |= {
        "peak MB at 1,000": f"{small.peak:.0f}",
        "peak MB at all": f"{child.peak:.0f}",
        "again: s to first request": f"{first:.2f}",
        "again: requests": str(seen["requests"]),
        "again: CPU s": f"{last.cpu:.1f}",
        "again: MB": f"{last.peak:.0f}",
    }
    return run


def _first_claim(record: Mapping[str, Any]) -> str:
    try:
        said = json.loads(record["raw"]) if "raw" in record else record
        return str(said["claims"][0]["text"])
    except (ValueError, LookupError, TypeError):
        return ""


def _first(setting: Setting, count: int) -> Path:
    """Write the first articles to a file of their own."""
    path = setting.folder / f"first-{count}.jsonl"
    with setting.source.open(encoding="utf-8") as lines:
        path.write_text("".join(islice(lines, count)), encoding="utf-8")
    return path


SCENARIOS: dict[str, Scenario] = {
    "slots": Scenario(Profile(latency=_LATENCY, slots=_SLOTS)),
    "slow": Scenario(Profile(latency=_LATENCY, slots=_SLOTS, slow_every=10, slow_factor=20)),
    "zero": Scenario(Profile(), articles=500, rounds=3, play=zero),
    "chaos": Scenario(Profile(latency=_LATENCY, faults=_CHAOS), timeout=10),
    "ratelimit": Scenario(
        Profile(latency=_LATENCY, requests_per_minute=1200, burst=3, retry_after="none"),
        peers="ours,ours+rate,thin,openai,instructor",
    ),
    "overload": Scenario(
        Profile(latency=_LATENCY, slots=16, overload="refuse"),
        articles=400,
        peers="ours,thin,openai,instructor",
    ),
    "contentfaults": Scenario(Profile(latency=_LATENCY, faults=_CONTENT)),
    "kill": Scenario(
        Profile(latency=_LATENCY, slots=_SLOTS), play=kill, peers="ours,ours+cache,thin,instructor"
    ),
    "kills": Scenario(
        Profile(latency=0.2, slots=32), concurrency=32, play=kills, peers="ours,ours+cache,thin"
    ),
    "memory": Scenario(Profile(), articles=5000, play=memory, peers="ours,ours+cache,thin,instructor"),
}


def ideal(setting: Setting) -> float:
    """Return the seconds that the articles take by list scheduling: the next one to the slot that is free."""
    profile, scenario = setting.scenario.profile, setting.scenario
    slots = min(profile.slots or scenario.concurrency, scenario.concurrency)
    free = [0.0] * slots
    for first in setting.firsts.values():
        at = heapq.heappop(free)
        heapq.heappush(free, at + profile.latency_of(key_of(first)))
    return max(free)


def least(setting: Setting) -> int:
    """Return how many requests all articles take where each is asked until its first good answer."""
    profile = setting.scenario.profile
    count = 0
    for first in setting.firsts.values():
        key, number = key_of(first), 0
        while profile.fault_of(key, number):
            number += 1
        count += number + 1
    return count


def _told(runner: Runner, setting: Setting, children: Sequence[Child], seen: dict[str, Any]) -> Run:
    if any(child.code == MISSING for child in children):
        raise Skipped(runner.log().strip())
    run = Run(runner.name, asked=len(setting.firsts), seen=seen)
    run.wall = sum(child.wall for child in children)
    run.cpu = sum(child.cpu for child in children)
    run.peak = max(child.peak for child in children)
    came = Counter[str]()
    for article, answer in runner.answers():
        right = setting.firsts.get(article) == answer
        run.wrong += not right
        came[article] += right
    run.done = sum(1 for count in came.values() if count)
    run.twice = sum(1 for count in came.values() if count > 1)
    run.lost = run.asked - len(came)
    if children[-1].code == -9:
        run.more["stopped"] = f"{children[-1].wall:.0f}"
    elif children[-1].code not in {0, 1}:
        print(f"{runner.name}: exit code {children[-1].code}: {runner.log()}", file=sys.stderr)
    return run


def row(run: Run, setting: Setting) -> dict[str, str]:
    """Return a run's columns."""
    seen, profile = run.seen, setting.scenario.profile
    window = (seen["answered"] - seen["first"]) or 1e-9
    refused = {int(second): count for second, count in seen["refused_in"].items()}
    columns = {
        "runner": run.name,
        "asked": str(run.asked),
        "done": str(run.done),
        "lost": str(run.lost),
        "wrong": str(run.wrong),
        "wall s": f"{run.wall:.1f}",
        "art/s": f"{run.done / run.wall:.1f}",
        "CPU s": f"{run.cpu:.2f}",
        "art/CPU s": f"{run.done / run.cpu:.0f}",
        "MB": f"{run.peak:.0f}",
        "requests": str(seen["requests"]),
        "over": f"{seen['requests'] - least(setting):+d}",
    }
    if refused:
        columns["429"] = str(sum(refused.values()))
        columns["429 after 10 s"] = str(sum(n for second, n in refused.items() if second >= 10))
    if profile.slots and profile.latency:
        columns["slots used"] = f"{seen['busy'] / (profile.slots * window):.1%}"
    if profile.slow_every:
        columns["to ideal"] = f"{window / ideal(setting):.2f}"
    if profile.requests_per_minute:
        rate = profile.requests_per_minute / 60
        columns["of the rate"] = f"{(seen['paid'] - profile.burst * rate) / window / rate:.0%}"
    return columns | run.more


def beside(rows: Sequence[dict[str, str]], name: str, column: str) -> Sequence[dict[str, str]]:
    """Return rows with one column, a percentage, also as a share of what the named runner has there."""
    whole = next(
        (float(each[column].rstrip("%")) for each in rows if each["runner"] == name and column in each), 0.0
    )
    if not whole:
        return rows
    return [each | {f"to {name}": f"{float(each[column].rstrip('%')) / whole:.2f}"} for each in rows]


def median(runs: Sequence[Run]) -> Run:
    """Return the run in the middle by wall seconds, with the middle CPU seconds and memory."""
    middle = sorted(runs, key=lambda run: run.wall)[len(runs) // 2]
    return replace(
        middle,
        cpu=statistics.median(run.cpu for run in runs),
        peak=statistics.median(run.peak for run in runs),
        done=min(run.done for run in runs),
        wrong=max(run.wrong for run in runs),
        more={name: _middle([run.more[name] for run in runs]) for name in middle.more},
    )


def _middle(shown: Sequence[str]) -> str:
    return sorted(shown, key=float)[len(shown) // 2]


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows as a Markdown table."""
    names = list(dict.fromkeys(name for each in rows for name in each))
    lines = [names, ["--:" if name != "runner" else "---" for name in names]]
    lines += [[each.get(name, "") for name in names] for each in rows]
    wide = [max(len(line[at]) for line in lines) for at in range(len(names))]
    return "\n".join(
        "| " + " | ".join(f"{cell:>{wide[at]}}" for at, cell in enumerate(line)) + " |" for line in lines
    )


@cache
def _help() -> str:
    command = [sys.executable, "-m", "summarizer", "run", "--help"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


@cache
def _known(flag: str) -> bool:
    name = flag.partition("=")[0]
    known = name in _help()
    if not known:
        print(f"this version has no {name}: run without it", file=sys.stderr)
    return known


@contextmanager
def setting_of(scenario: Scenario, given: argparse.Namespace) -> Iterator[Setting]:
    """Write the articles and give the setting; all is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="batch-") as name:
        folder = Path(name)
        source = folder / "articles.jsonl"
        firsts = {}
        with source.open("w", encoding="utf-8") as stream:
            for one in articles.articles(given.articles or scenario.articles, given.seed):
                stream.write(json.dumps(one) + "\n")
                firsts[one["id"]] = one["text"].split("\n", 1)[0]
        yield Setting(
            scenario, source, firsts, folder, given.peer_python, given.kills, given.seed, given.patience
        )


def main() -> None:
    """Run a scenario and print its table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("scenario", choices=SCENARIOS)
    options.add_argument("--articles", type=int)
    options.add_argument(
        "--peers", help="comma list; ours, with any of +cache +rate +workers, or a name of peers.py"
    )
    options.add_argument("--rounds", type=int)
    options.add_argument("--kills", type=int, default=3, help="of scenario kills")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument(
        "--peer-python", default=sys.executable, help="for langextract, pydantic-ai, dspy: a venv's python"
    )
    options.add_argument(
        "--patience", type=float, default=300.0, help="seconds that one process may take, then it is killed"
    )
    given = options.parse_args()
    scenario = SCENARIOS[given.scenario]
    names = (given.peers or scenario.peers).split(",")
    with setting_of(scenario, given) as setting:
        runs: dict[str, list[Run]] = {}
        for number in range(given.rounds or scenario.rounds):
            for name in names:
                try:
                    run = (scenario.play or plain)(setting, name, number)
                except Skipped as why:
                    print(why, file=sys.stderr)
                    continue
                runs.setdefault(name, []).append(run)
        print(f"{given.scenario}: {len(setting.firsts):,} articles, {scenario.concurrency} wanted at once")
        rows = [row(median(some), setting) for some in runs.values()]
        print(table(beside(rows, "bare", "slots used") if "bare" in runs else rows))


if __name__ == "__main__":
    main()
