"""The commands and their options; each does its work in a module of its own, imported when it is called."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="summarizer",
    help="Neutral news summaries and claim tables in which every statement points at exact characters.",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="offline, or a model at an OpenAI-compatible endpoint. Default: $SUMMARIZER_MODEL or offline.",
    ),
]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", help="The endpoint. Default: $OPENAI_BASE_URL, else OpenAI's.")
]
Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH…", help=".txt .md .html .json .jsonl .parquet files, folders, globs, or - for stdin."
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Ask anew; neither use answers kept before nor keep new ones.")
]
Cache = Annotated[
    str | None,
    typer.Option(
        "--cache",
        metavar="PLACE",
        help="Keep answers in this folder, or on a server for many machines: redis://HOST:PORT/0. "
        "Default: $SUMMARIZER_CACHE (for an URL with a password), or a folder of your own.",
    ),
]


class Runner(StrEnum):
    """Who runs the pipelines."""

    here = "here"
    ray = "ray"


Articles = Annotated[
    Path | None,
    typer.Option("--articles", help="Where the texts are that spans.yaml is about; told by their digest."),
]


class Split(StrEnum):
    """A split of labelled cases."""

    dev = "dev"
    test = "test"


def _version(wanted: bool) -> None:
    if wanted:
        from summarizer import __version__

        typer.echo(f"summarizer {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    del version


@app.command()
def run(
    paths: Paths,
    model: Model = None,
    base_url: BaseUrl = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the records; without it a readable report on the terminal."),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="Comma list of jsonl, csv, markdown, terminal.")
    ] = "",
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh/--resume", help="Remove an earlier run's records in --out, or go on with them."
        ),
    ] = False,
    ordered: Annotated[
        bool | None,
        typer.Option(
            "--ordered/--as-finished",
            help="Records in the order of the inputs, or as they are finished. Default: in order on standard "
            "output, as finished in --out.",
            show_default=False,
        ),
    ] = None,
    runner: Annotated[
        Runner, typer.Option(help="Who summarises: this process, or Ray's on this machine or many.")
    ] = Runner.here,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=256,
            help="Processes that share --concurrency and the rates, one a core. Default: 1, with Ray 2.",
        ),
    ] = None,
    json_summary: Annotated[
        Path | None, typer.Option("--json-summary", help="Write all counts of the run here, as JSON.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, max=1024, help="Articles in hand at most.")] = 8,
    requests_per_minute: Annotated[
        float | None, typer.Option(help="Requests a minute at most. Default: what the endpoint takes.")
    ] = None,
    tokens_per_minute: Annotated[
        float | None, typer.Option(help="Tokens a minute at most, in and out. Default: likewise.")
    ] = None,
    temperature: Annotated[float | None, typer.Option(help="Sent to the model only where given.")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds one request may take.")] = None,
    attempts: Annotated[int | None, typer.Option(help="Drafts at most where checks find errors.")] = None,
    max_characters: Annotated[
        int | None, typer.Option(help="Longest article accepted, in characters. Default: 1,000,000.")
    ] = None,
    no_cache: NoCache = False,
    cache: Cache = None,
    max_cost: Annotated[
        float | None, typer.Option(min=0, help="USD this run may spend; it stops before, not after.")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(help="TOML file: per model input, cached_input, output in USD per million.")
    ] = None,
    estimate: Annotated[
        bool,
        typer.Option("--estimate", help="Tell articles, requests, tokens and cost beforehand; send nothing."),
    ] = False,
) -> None:
    """Summarise articles: one report or one failure record for every input."""
    from summarizer.cli.run import Ask, run_articles
    from summarizer.settings import Settings

    settings = Settings.make(
        model=model,
        base_url=base_url,
        temperature=temperature,
        timeout=timeout,
        requests_per_minute=requests_per_minute,
        tokens_per_minute=tokens_per_minute,
        attempts=attempts,
        max_characters=max_characters,
        cache=not no_cache and (cache or True),
        prices=prices,
    )
    if estimate:
        from summarizer.cli.estimate import estimate as estimate_run

        raise typer.Exit(estimate_run(paths, settings, max_cost))
    ask = Ask(
        out=out,
        formats=formats,
        concurrency=concurrency,
        max_cost=max_cost,
        fresh=fresh,
        ordered=ordered,
        workers=workers or (2 if runner is Runner.ray else 1),
        by_ray=runner is Runner.ray,
        summary=json_summary,
    )
    raise typer.Exit(run_articles(paths, settings, ask))


@app.command()
def show(
    reports: Annotated[
        list[str], typer.Argument(metavar="REPORTS…", help="reports.jsonl files, folders of --out, or -.")
    ],
    formats: Annotated[
        str, typer.Option("--format", help="One of terminal, markdown, csv, jsonl.")
    ] = "terminal",
) -> None:
    """Render saved reports again, without a model."""
    from summarizer.cli.show import show_reports

    raise typer.Exit(show_reports(reports, formats))


@app.command()
def prompt(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="One article, or - for standard input.")],
    model: Model = None,
) -> None:
    """Print the exact messages and schema that would be sent, and their estimated tokens; send nothing."""
    from summarizer.cli.prompt import show_prompt
    from summarizer.settings import Settings

    show_prompt(article, Settings.make(model=model))


@app.command()
def schema() -> None:
    """Print the JSON schema of a report."""
    import json

    from summarizer.domain.report import report_schema

    typer.echo(json.dumps(report_schema(), indent=2))


@app.command()
def doctor(model: Model = None, base_url: BaseUrl = None) -> None:
    """Tell whether the endpoint is there, keeps to a schema, and what it reports."""
    from summarizer.cli.doctor import examine
    from summarizer.settings import Settings

    raise typer.Exit(examine(Settings.make(model=model, base_url=base_url)))


@app.command(name="eval")
def evaluate(
    cases: Annotated[
        list[Path],
        typer.Argument(
            metavar="CASES…", help="Folders of <case>/article.txt and gold.yaml, or <case>/spans.yaml."
        ),
    ],
    model: Model = None,
    base_url: BaseUrl = None,
    articles: Articles = None,
    split: Annotated[
        Split | None, typer.Option(help="Only this split, by corpus.toml beside the cases.")
    ] = None,
    reports: Annotated[
        Path | None, typer.Option(help="Score these saved reports instead of running a model.")
    ] = None,
    gate: Annotated[
        Path | None, typer.Option(help="TOML file of floors; below one the exit code is 3.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Compare with this earlier run; a fall beyond chance: exit code 3.")
    ] = None,
    save_baseline: Annotated[
        Path | None, typer.Option(help="Keep this run to compare later ones with.")
    ] = None,
    ratchet: Annotated[
        bool, typer.Option("--ratchet", help="Raise the floors of --gate to what was measured.")
    ] = False,
    margin: Annotated[
        float, typer.Option(help="With --ratchet: stay this much under what was measured.")
    ] = 0.0,
    lower: Annotated[bool, typer.Option("--lower", help="With --ratchet: floors may fall, too.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all scores here.")] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="Write a report as Markdown here, what changed first.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a scorecard here: labels beside reports, row by row.")
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(help="Write JUnit XML here: a test a case and a gate.")
    ] = None,
    misses: Annotated[
        bool, typer.Option("--misses", help="List every row that was missed, and why.")
    ] = False,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Also what the first sentences and LexRank would cover.")
    ] = False,
    sentinels: Annotated[
        bool,
        typer.Option(
            "--sentinels", help="Change each article in six ways and see whether the tables follow."
        ),
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only look the labels over, and count what they hold.")
    ] = False,
    agreement: Annotated[
        Path | None, typer.Option(help="Only tell how far two annotators agree: a folder with A/ and B/.")
    ] = None,
    no_cache: NoCache = False,
) -> None:
    """Score reports against hand-labelled articles."""
    from summarizer.cli import labels
    from summarizer.cli.evals import Ask, score_cases
    from summarizer.settings import Settings

    if check:
        raise typer.Exit(labels.check(cases, split.value if split else None, articles))
    if agreement:
        raise typer.Exit(labels.agree(cases, agreement, split.value if split else None))

    settings = Settings.make(model=model, base_url=base_url, cache=not no_cache)
    ask = Ask(
        split=split.value if split else None,
        articles=articles,
        reports=reports,
        gate=gate,
        baseline=baseline,
        save_baseline=save_baseline,
        json=json_file,
        markdown=markdown,
        junit=junit,
        html=html,
        misses=misses,
        baselines=baselines,
        sentinels=sentinels,
        ratchet=ratchet,
        margin=margin,
        lower=lower,
    )
    raise typer.Exit(score_cases(cases, settings, ask))


@app.command()
def label(
    article: Annotated[
        Path, typer.Argument(metavar="ARTICLE", help="A .txt, .md or .html file; or CASES, see below.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="The folder of cases it goes into. Default: cases; with --spans: spans."),
    ] = None,
    by: Annotated[str, typer.Option(help="Who labels: a letter, not a name.")] = "A",
    spans: Annotated[
        bool,
        typer.Option("--spans", help="Of CASES that are labelled: the labels without a word of the article."),
    ] = False,
    quotes: Annotated[
        bool, typer.Option("--quotes", help="The way back: CASES of spans made whole from --articles.")
    ] = False,
    articles: Articles = None,
) -> None:
    """Begin the labels of an article: a case folder with an empty gold.yaml to fill in."""
    from summarizer.cli import labels

    if spans and quotes:
        raise typer.BadParameter("--spans and --quotes are opposites; give one.")
    if spans:
        raise typer.Exit(labels.publish(article, out or Path("spans")))
    if quotes:
        raise typer.Exit(labels.quote(article, out or Path("cases"), articles))
    raise typer.Exit(labels.begin(article, out or Path("cases"), by))


batch = typer.Typer(
    help="Half the price for who can wait a day: articles as batches of an OpenAI-compatible provider.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.add_typer(batch, name="batch")

JobFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The --out folder of `batch submit`.")]
Prices = Annotated[
    Path | None, typer.Option(help="TOML file: per model input, cached_input, output in USD per million.")
]


class Repairs(StrEnum):
    """What becomes of drafts in which checks find errors."""

    batch = "batch"
    now = "now"
    none = "none"


@batch.command()
def submit(
    out: Annotated[Path, typer.Option("--out", help="Folder for the records and the job's state.")],
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH…]", help="As for `run`; left out, the job in --out goes on."),
    ] = None,
    model: Model = None,
    base_url: BaseUrl = None,
    temperature: Annotated[float | None, typer.Option(help="Sent to the model only where given.")] = None,
    max_characters: Annotated[
        int | None, typer.Option(help="Longest article accepted, in characters. Default: 1,000,000.")
    ] = None,
    max_requests: Annotated[
        int | None, typer.Option(min=1, max=50_000, help="Requests a batch at most. Default: 50,000.")
    ] = None,
    max_bytes: Annotated[
        int | None,
        typer.Option(min=1, max=200_000_000, help="Bytes a batch's file at most. Default: 200,000,000."),
    ] = None,
) -> None:
    """Submit articles as batches; or go on with a job: send what was not sent, and again what failed."""
    from summarizer.cli import batches

    given = {
        "model": model,
        "base_url": base_url,
        "temperature": temperature,
        "max_characters": max_characters,
    }
    limits = {"requests": max_requests, "bytes": max_bytes}
    raise typer.Exit(batches.submit(paths or [], out, given, limits))


@batch.command()
def status(folder: JobFolder, prices: Prices = None) -> None:
    """Tell how the batches stand, what they took so far, and what to do; exit code 4 while one is running."""
    from summarizer.cli import batches

    raise typer.Exit(batches.status(folder, prices))


@batch.command()
def collect(
    folder: JobFolder,
    repair: Annotated[
        Repairs,
        typer.Option(
            help="Drafts in which checks find errors: repaired in another batch, at once at full price, or "
            "kept with their findings."
        ),
    ] = Repairs.batch,
    prices: Prices = None,
) -> None:
    """Make reports of what batches have answered; exit code 4 while some are still running."""
    from summarizer.cli import batches

    raise typer.Exit(batches.collect(folder, repair.value, prices))


@batch.command()
def cancel(folder: JobFolder) -> None:
    """Cancel the batches that are running; what they have answered by then can be collected."""
    from summarizer.cli import batches

    raise typer.Exit(batches.cancel(folder))


kept = typer.Typer(help="The answers of models that are kept.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(kept, name="cache")


@kept.command()
def info(cache: Cache = None) -> None:
    """Tell where answers are kept, how many, and how many bytes they take."""
    from summarizer.cli.cache import show_cache
    from summarizer.settings import Settings

    raise typer.Exit(show_cache(Settings.make(cache=cache)))


@kept.command()
def clear(cache: Cache = None) -> None:
    """Remove all answers that are kept."""
    from summarizer.cli.cache import clear_cache
    from summarizer.settings import Settings

    raise typer.Exit(clear_cache(Settings.make(cache=cache)))
