"""Tokens and money as a user meets them: in records, in messages, before a run and as its limit."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer import Summarizer
from summarizer.prompts import example

TEXT, REPLY = example()
PRICES = "[scripted]\ninput = 100\ncached_input = 10\noutput = 1000\n"
ONE = 0.292
"""USD for an answer of 2,000 tokens in, 1,200 of them cached, and 200 out."""


def run(endpoint: Any, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``summarizer run`` against the endpoint with a clean environment."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("OPENAI_", "SUMMARIZER_"))}
    ours = {"OPENAI_BASE_URL": endpoint.base_url, "SUMMARIZER_MODEL": "scripted", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "summarizer", "run", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=kept | ours | environment,
        check=False,
        timeout=120,
    )


@pytest.fixture
def good(says: Callable[..., Any]) -> dict[str, Any]:
    """A good answer whose input was cached in part."""
    answer: dict[str, Any] = says(json.dumps(REPLY))
    answer["body"]["usage"] = {
        "prompt_tokens": 2000,
        "prompt_tokens_details": {"cached_tokens": 1200},
        "completion_tokens": 200,
        "total_tokens": 2200,
    }
    return answer


@pytest.fixture
def bad(says: Callable[..., Any]) -> Any:
    """An answer that is no table: 100 tokens in, 10 out."""
    return says("no table")


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    """A table with the scripted model's prices."""
    path = tmp_path / "prices.toml"
    path.write_text(PRICES, encoding="utf-8")
    return path


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder with six articles."""
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(6):
        (folder / f"a{n}.txt").write_text(f"{TEXT}\n\nLamp {n} was lit.", encoding="utf-8")
    return folder


def reports(out: Path) -> list[dict[str, Any]]:
    """Read the reports of a folder."""
    return [json.loads(line) for line in (out / "reports.jsonl").read_text("utf-8").splitlines()]


def test_records_and_the_closing_line_tell_tokens_and_cost(
    endpoint: Any, good: Any, prices: Path, inputs: Path, tmp_path: Path
) -> None:
    """Each report has its cost by the user's prices; the last line has the sum."""
    endpoint.play(good)
    done = run(endpoint, inputs, "--prices", prices, "--out", tmp_path / "out")
    assert done.returncode == 0
    assert [r["trace"]["cost_usd"] for r in reports(tmp_path / "out")] == [ONE] * 6
    assert reports(tmp_path / "out")[0]["trace"]["tokens"] == {
        "input": 2000,
        "cached_input": 1200,
        "output": 200,
    }
    last = done.stderr.splitlines()[-1]
    assert "6 done, 0 failed" in last
    assert "12,000 tokens in (7,200 cached), 1,200 out, 1.75 USD" in last


def test_answers_that_were_no_draft_are_paid_for(
    endpoint: Any, good: Any, bad: Any, prices: Path, inputs: Path
) -> None:
    """A re-asked answer is in its report's cost, and a failure's answers are in the sum."""
    endpoint.play(bad, good, bad, bad)
    out = inputs.parent / "out"
    done = run(
        endpoint, inputs / "a0.txt", inputs / "a1.txt", "--concurrency", 1, "--prices", prices,
        "--out", out,
    )  # fmt: skip
    assert done.returncode == 1
    (report,) = reports(out)
    assert report["trace"]["tokens"] == {"input": 2100, "cached_input": 1200, "output": 210}
    assert report["trace"]["cost_usd"] == pytest.approx(ONE + 0.02)
    failed = json.loads((out / "failures.jsonl").read_text("utf-8"))
    assert failed["error"]["tokens"] == {"input": 200, "cached_input": 0, "output": 20}
    assert "2,300 tokens in (1,200 cached), 230 out, 0.3520 USD" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_stops_before_its_limit_and_goes_on_later(
    endpoint: Any, good: Any, prices: Path, inputs: Path, tmp_path: Path, *, workers: int
) -> None:
    """What is left is named and has no record; the same again pays for the rest alone."""
    endpoint.play(good)
    arguments = [inputs, "--prices", prices, "--max-cost", 3.5 * ONE, "--out", tmp_path / "out"]
    arguments += ["--workers", workers]
    done = run(endpoint, *arguments, SUMMARIZER_PRICES="unused.toml")
    assert done.returncode == 1
    made = reports(tmp_path / "out")
    spent = sum(report["trace"]["cost_usd"] for report in made)
    left = [f"a{n}" for n in range(len(made), 6)]
    assert 0 < len(made) == len(endpoint.requests) < 6
    assert spent <= 3.5 * ONE
    assert (tmp_path / "out/failures.jsonl").read_text("utf-8") == ""
    said = done.stderr.splitlines()[-2]
    assert f"{len(left)} left, without a record: {', '.join(left)}." in said
    assert f"{len(made)} done, 0 failed" in done.stderr.splitlines()[-1]

    again = run(endpoint, *arguments)
    assert again.returncode == 0
    assert sorted(report["article"]["id"] for report in reports(tmp_path / "out")) == [
        f"a{n}" for n in range(6)
    ]
    assert f"{len(made)} found done" in again.stderr.splitlines()[-1]
    assert len(endpoint.requests) == 6


def test_a_limit_without_a_price_is_wrong_usage(
    endpoint: Any, good: Any, inputs: Path, tmp_path: Path
) -> None:
    """A limit that cannot be kept ends the run before anything is sent or written, and says what to do."""
    endpoint.play(good)
    done = run(endpoint, inputs, "--max-cost", "0.5", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert endpoint.requests == []
    assert not (tmp_path / "out").exists()
    (said,) = done.stderr.splitlines()
    assert "--max-cost 0.5: no price is known for model 'scripted'" in said
    # What it shows may be copied as it is.
    (tmp_path / "prices.toml").write_text(said.partition("--prices FILE: ")[2], encoding="utf-8")
    mended = run(endpoint, inputs / "a0.txt", "--max-cost", "0.5", "--prices", tmp_path / "prices.toml")
    assert mended.returncode == 0, mended.stderr
    assert len(endpoint.requests) == 1


def test_a_limit_without_a_model_needs_no_price(endpoint: Any, inputs: Path) -> None:
    """Rules cost nothing, whatever the limit."""
    assert run(endpoint, inputs, "--model", "offline", "--max-cost", "0").returncode == 0


def test_without_a_limit_an_unknown_price_is_no_warning(endpoint: Any, good: Any, inputs: Path) -> None:
    """Nobody who did not ask about money is told about it, but for the closing line."""
    endpoint.play(good)
    done = run(endpoint, inputs / "a0.txt", "--format", "jsonl")
    assert done.stderr.splitlines() == [
        "summarizer: 1 done, 0 failed; 2,000 tokens in (1,200 cached), 200 out, cost not known."
    ]


def test_an_estimate_tells_what_a_run_would_take_and_sends_nothing(
    endpoint: Any, prices: Path, inputs: Path, tmp_path: Path
) -> None:
    """Articles, tokens and cost stand on standard output; no request, no record, no key."""
    (tmp_path / "in/b.txt").write_bytes(b"\x00\x01\x02\x00")
    done = run(
        endpoint, inputs, "--estimate", "--prices", prices, "--max-cost", "0.6", "--out", tmp_path / "out"
    )
    assert done.returncode == 1
    assert "cannot be read: " in done.stderr
    shown = dict(line.split(maxsplit=1) for line in done.stdout.splitlines()[:6])
    assert (shown["articles"], shown["requests"]) == ("6", "6")
    counts = [int(shown[name].split()[0].replace(",", "")) for name in ("input", "output")]
    assert min(counts) > 100
    cost = (counts[0] * 100 + counts[1] * 1000) / 1e6
    assert float(shown["cost"].split()[0]) == pytest.approx(cost, rel=1e-2)
    assert int(shown["within"].split()[0]) == int(0.6 / (cost / 6))
    assert endpoint.requests == []
    assert not (tmp_path / "out").exists()


def test_an_estimate_needs_no_key_and_says_what_it_does_not_know(endpoint: Any, inputs: Path) -> None:
    """Neither key nor price is needed to count tokens; rules alone take none."""
    alone = run(endpoint, inputs, "--estimate", OPENAI_BASE_URL="", SUMMARIZER_MODEL="no-such-model")
    assert alone.returncode == 0
    assert "cost       not known" in alone.stdout
    offline = run(endpoint, inputs, "--estimate", "--model", "offline")
    assert "input      0 tokens" in offline.stdout
    assert "cost       0.0000 USD" in offline.stdout
    known = run(endpoint, inputs, "--estimate", OPENAI_BASE_URL="", SUMMARIZER_MODEL="gpt-4o-mini")
    assert "not known" not in known.stdout
    assert endpoint.requests == []


def test_reports_made_from_python_have_their_cost(
    endpoint: Any, good: Any, prices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prices are a setting like any other: an argument, or a variable of the environment."""
    endpoint.play(good)
    with Summarizer("scripted", base_url=endpoint.base_url, prices=prices) as summarizer:
        assert summarizer.summarize(TEXT).trace.cost_usd == pytest.approx(ONE)
    monkeypatch.setenv("SUMMARIZER_PRICES", str(prices))
    with Summarizer("scripted", base_url=endpoint.base_url) as summarizer:
        assert summarizer.summarize(TEXT).trace.cost_usd == pytest.approx(ONE)


def test_a_cached_report_says_what_its_answer_cost(
    endpoint: Any, good: Any, prices: Path, tmp_path: Path
) -> None:
    """The same bytes as at first, and ``cached`` says that nothing was paid this time."""
    endpoint.play(good)
    given: dict[str, Any] = {"base_url": endpoint.base_url, "prices": prices, "cache": tmp_path / "kept"}
    with Summarizer("scripted", **given) as summarizer:
        traces = [summarizer.summarize(TEXT).trace for _ in range(2)]
    assert [trace.cached for trace in traces] == [False, True]
    assert [trace.cost_usd for trace in traces] == pytest.approx([ONE, ONE])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--max-cost", "-1"], "--max-cost"),
        (["--prices", "none.toml"], "none.toml"),
        (["--estimate", "--prices", "none.toml"], "none.toml"),
    ],
)
def test_prices_and_limits_that_make_no_sense_are_exit_code_2(
    endpoint: Any, inputs: Path, arguments: list[str], said: str
) -> None:
    """Wrong usage is told before anything is sent."""
    done = run(endpoint, inputs, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert endpoint.requests == []


def test_the_closing_line_counts_what_was_paid_this_time(endpoint: Any, good: Any, inputs: Path) -> None:
    """A second run over the same articles, all from the cache, says no tokens and no cost."""
    endpoint.play(good)
    first, second = (run(endpoint, inputs) for _ in range(2))
    assert "0.0000 USD" not in first.stderr
    assert "0 tokens in" in second.stderr
