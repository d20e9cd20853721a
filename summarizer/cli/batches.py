"""``summarizer batch``: half the price for who can wait, over a provider's Batch API."""

import asyncio
import shlex
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import typer

from summarizer import __version__, ledger, wiring
from summarizer.cli import exits
from summarizer.cli.messages import named, say, tell_of_intake
from summarizer.cli.tally import Tally, dollars
from summarizer.domain.report import Failure, Outcome
from summarizer.errors import BackendError, SettingsError
from summarizer.intake import read
from summarizer.jobs import collecting, planning, sending
from summarizer.jobs.answers import Answers
from summarizer.jobs.folder import FOLDER, Job, Limits, Order, Part, new_id
from summarizer.jobs.standing import Standing, standing
from summarizer.jobs.work import Work
from summarizer.ledger import Ledger, Outcomes
from summarizer.pipeline import Pipeline
from summarizer.settings import OFFLINE, Settings
from summarizer.text.folding import printable

Repair = Literal["batch", "now", "none"]

_NAMED = 20
"""Articles, or lines, at most that a message names."""
_PATHS = 5
"""Paths at most that a command is told with."""
_AT_ONCE = 8
_KEPT = ("temperature", "max_output_tokens", "section_tokens", "max_characters", "attempts")
"""Settings that requests are made by."""


def submit(paths: list[str], out: Path, given: Mapping[str, Any], limits: Mapping[str, int | None]) -> int:
    """Make batches of articles, or go on where an earlier call left off, and return the exit code.

    Args:
        paths: What to read; may be left out where the folder holds a job.
        out: Folder for the records and the job.
        given: Settings as given, None for those that are not.
        limits: As given, of one file of requests.

    Raises:
        SettingsError: The settings make no sense, or are not those of the job in the folder.
    """
    tell_of_intake()
    given = {name: value for name, value in given.items() if value is not None}
    asked = {name: value for name, value in limits.items() if value is not None}
    if not Job.is_in(out):
        _refuse_new(paths, out)
    return _kept(out, lambda: _submit(paths, out, given, asked))


def status(out: Path, prices: Path | None) -> int:
    """Print how a job stands and return the exit code.

    Raises:
        SettingsError: There is none, or it was submitted elsewhere.
    """
    job = Job.opened(out)
    settings = _settings(job.order, prices)

    async def tell() -> int:
        now = await _standing(job, settings)
        _print(now, job)
        if now.running:
            return exits.WAITING
        return exits.FAILED if now.failures or now.left or now.unsent else 0

    return _kept(out, tell)


def collect(out: Path, repair: Repair, prices: Path | None) -> int:
    """Make records of what batches answered, see to repairs, and return the exit code.

    Raises:
        SettingsError: There is no job, or it was submitted elsewhere or by another version.
    """
    job = Job.opened(out)
    settings = _settings(job.order, prices)
    return _kept(out, lambda: _collect(job.order, out, settings, repair))


def cancel(out: Path) -> int:
    """Cancel what is running and return the exit code.

    Raises:
        SettingsError: There is no job, or it was submitted elsewhere.
    """
    settings = _settings(Job.opened(out).order)

    async def end() -> int:
        job = Job.opened(out)
        provider = wiring.provider(settings)
        try:
            cancelled = await sending.cancel(job, provider)
        finally:
            await provider.aclose()
        say(
            f"{cancelled:,} batches cancelled; what they had answered by then is paid for, and "
            f"`summarizer batch collect {out}` fetches it when they have ended."
        )
        return 0

    with ledger.locked(out):
        return _kept(out, end)


def _kept(out: Path, work: Callable[[], Awaitable[int]]) -> int:
    """Do work that can be gone on with, whatever ends it."""

    async def done() -> int:
        return await work()

    try:
        return asyncio.run(done())
    except KeyboardInterrupt:
        say(f"interrupted; what was done is kept in {out}, and the same command goes on from there.")
        return exits.INTERRUPTED
    except BackendError as error:
        say(error)
        say(f"what was done is kept in {out}; the same command goes on from there.")
        return exits.FAILED


async def _submit(paths: list[str], out: Path, given: Mapping[str, Any], limits: Mapping[str, int]) -> int:
    if Job.is_in(out):
        order = Job.opened(out).order
        settings = _settings(order, base_url=given.get("base_url"))
    else:
        settings = _new_settings(given)
        order = _order(paths, settings, Limits(**limits))
    wiring.provider(settings)  # a missing key is told before anything is read
    with _opened(out, order) as records:
        if is_new := not Job.is_in(out):
            _refuse_new(paths, out)  # again: until now a run may have written there
            job = await _planned(paths, out, settings, order)
        else:
            job = Job.opened(out)
            _refuse_other(job.order, paths, given, limits)
        unread = planning.record_unread(job, records)
        for failure in unread:
            say(f"failed: {failure.error.type}: {failure.error.message}")
        again = 0 if is_new else await _again(job, records, settings)
        provider = wiring.provider(settings)
        await _closing(provider, sending.send(job, provider, _tell_of_sent))
    say(_submitted(job, len(unread), again, out))
    if left := _left(job):
        say(_told_left(left, job))
    return exits.FAILED if unread or left else 0


@contextmanager
def _opened(out: Path, order: Order) -> Iterator[Ledger]:
    """Open the records of a job's folder; nobody else works on either meanwhile."""
    with ledger.opened(out, order.made_by) as records:
        for note in records.opening.notes:
            say(f"{out}: {note}")
        yield records


def _order(paths: Sequence[str], settings: Settings, limits: Limits) -> Order:
    backend = _planning(settings).backend
    return Order(
        id=new_id(),
        version=__version__,
        model=wiring.model_name(settings),
        endpoint=_endpoint(settings),
        prompt=backend.prompt or "",
        identity=dict(backend.identity),
        settings={name: getattr(settings, name) for name in _KEPT},
        limits=limits,
        paths=tuple(paths),
    )


async def _planned(paths: list[str], out: Path, settings: Settings, order: Order) -> Job:
    parts = await planning.draft_requests(
        out / FOLDER, read(paths), _planning(settings), order.limits, settings.section_tokens
    )
    return Job.made(out, order, parts)


def _planning(settings: Settings) -> Pipeline:
    """Build a pipeline that has no answers, and says what it would ask."""
    return wiring.batch_pipeline(settings, wiring.collected(settings, lambda _: None))


async def _again(job: Job, records: Ledger, settings: Settings) -> int:
    answers = Answers(job)
    transport = wiring.collected(settings, answers.line)
    pipeline = wiring.batch_pipeline(settings, transport)
    _refuse_changed(job.order, pipeline)
    return await planning.requests_again(Work(job, records, answers, pipeline), transport)


async def _collect(order: Order, out: Path, settings: Settings, repair: Repair) -> int:
    _refuse_changed(order, _planning(settings))  # before the folder says that it is another job's
    tally = Tally(wiring.price(settings, batch=True))
    with _opened(out, order) as records:
        job = Job.opened(out)
        if _needs_provider(job):
            provider = wiring.provider(settings)
            await _closing(provider, collecting.fetch(job, provider))
        planning.record_unread(job, records)
        answers = Answers(job)
        _tell_of_strange(answers.strange)
        await _worked_through(job, records, answers, settings, repair, tally)
        if any(part.is_unsent and part.kind == "repair" for part in job.parts):
            provider = wiring.provider(settings)
            await _closing(provider, sending.send(job, provider, _tell_of_sent, repairs_alone=True))
    say(f"{tally}, records in {out}{tally.spent}.")
    now = await _standing(job, settings)
    for line in _next(now, job):
        say(line)
    if now.running:
        return exits.WAITING
    return exits.FAILED if now.failures or now.left or now.unsent or now.open else 0


async def _worked_through(
    job: Job, records: Ledger, answers: Answers, settings: Settings, repair: Repair, tally: Tally
) -> None:
    """Make records of the answers, and tell and count them."""
    pipeline = wiring.batch_pipeline(
        settings.model_copy(update={"attempts": 1} if repair == "none" else {}),
        wiring.collected(settings, answers.line),
        live=repair == "now",
        is_underway=answers.is_underway,
    )

    def told(outcome: Outcome) -> None:
        tally.add(outcome)
        if isinstance(outcome, Failure):
            say(f"failed: {outcome.error.type}: {outcome.error.message}")

    try:
        work = Work(job, records, answers, pipeline)
        await collecting.collect(work, told, at_once=_AT_ONCE if repair == "now" else 1)
    finally:
        await pipeline.backend.aclose()


async def _standing(job: Job, settings: Settings) -> Standing:
    records, price = Outcomes(job.out), wiring.price(settings, batch=True)
    if not _needs_provider(job):
        return standing(job, records, {}, price)
    provider = wiring.provider(settings)
    live: dict[int, Any] = await _closing(provider, collecting.look(job, provider))
    return standing(job, records, live, price)


async def _closing(provider: Any, work: Awaitable[Any]) -> Any:
    try:
        return await work
    finally:
        await provider.aclose()


def _needs_provider(job: Job) -> bool:
    return any(part.batch and part.ended is None for part in job.parts)


def _refuse_new(paths: list[str], out: Path) -> None:
    """Refuse a folder that a job cannot be made in."""
    if not paths:
        raise SettingsError(
            "holds no batch job, and no PATH is given to make one of.",
            where=f"--out {out}",
            mend="Name articles: summarizer batch submit PATH… --out DIR",
        )
    names = ("reports.jsonl", "failures.jsonl", "ledger.jsonl")
    held = [name for name in names if (out / name).is_file() and (out / name).stat().st_size]
    if held:
        raise SettingsError(
            f"holds {' and '.join(held)} of an earlier run.",
            where=f"--out {out}",
            mend="Name another folder, or go on there with `summarizer run`.",
        )


def _refuse_other(
    order: Order, paths: list[str], given: Mapping[str, Any], limits: Mapping[str, int]
) -> None:
    """Refuse to go on with a job by other settings, or with other articles, than it was made of."""
    known = {**order.settings, "model": order.model, "paths": list(order.paths), **order.limits.model_dump()}
    wanted = {name: value for name, value in given.items() if name in known} | dict(limits)
    wanted |= {"model": wanted["model"].removeprefix("openai/")} if "model" in wanted else {}
    wanted |= {"paths": paths} if paths else {}
    for name, value in wanted.items():
        if value != known[name]:
            raise SettingsError(
                f"holds a batch job with other {name.replace('_', ' ')}: {known[name]!r}, not {value!r}.",
                where="--out",
                mend="Leave it out to go on with that job, or name another folder.",
            )


def _new_settings(given: Mapping[str, Any]) -> Settings:
    settings = Settings.make(**given)
    if settings.model == OFFLINE:
        raise SettingsError(
            "a batch needs a model at a provider.",
            where="--model offline",
            mend="Name one with --model or $SUMMARIZER_MODEL, or use `summarizer run`.",
        )
    return settings


def _settings(order: Order, prices: Path | None = None, base_url: str | None = None) -> Settings:
    """Return the settings by which a job was made, with the key and URL of today.

    Raises:
        SettingsError: The environment names another endpoint than the job was submitted to.
    """
    # What is asked at once is kept, as by `run`, and not paid for twice.
    settings = Settings.make(
        model=order.model, prices=prices, base_url=base_url, cache=True, **order.settings
    )
    if settings.base_url is None and order.endpoint != _endpoint(settings):
        settings = settings.model_copy(update={"base_url": order.endpoint})
    if _endpoint(settings) != order.endpoint:
        raise SettingsError(
            f"the job was submitted to {order.endpoint}, and here {_endpoint(settings)} is named.",
            mend="Set OPENAI_BASE_URL and OPENAI_API_KEY to those of the job.",
        )
    return settings


def _refuse_changed(order: Order, pipeline: Pipeline) -> None:
    """Refuse answers to a prompt or schema that is no longer ours: a report would name the wrong one."""
    backend = pipeline.backend
    if (backend.prompt, dict(backend.identity)) != (order.prompt, order.identity):
        raise SettingsError(
            f"the job was submitted by version {order.version} with prompt {order.prompt}; this is "
            f"{__version__} with {backend.prompt}, or another schema.",
            mend=f"Collect with the version that submitted: pip install grounded-summarizer=={order.version}",
        )


def _endpoint(settings: Settings) -> str:
    return wiring.collected(settings, lambda _: None).endpoint.rstrip("/")


def _left(job: Job) -> list[str]:
    records = Outcomes(job.out)
    return [entry.id for entry in job.entries() if entry.left and records.of(entry.id, entry.again) is None]


def _tell_of_sent(part: Part) -> None:
    say(f"batch {part.number} ({part.kind}): {part.requests:,} requests, {part.size:,} bytes, {part.batch}")


def _tell_of_strange(lines: Sequence[str]) -> None:
    """Say which lines of the provider's files were passed over: nothing is lost silently."""
    for line in lines[:_NAMED]:
        say(f"passed over: {line}.")
    if len(lines) > _NAMED:
        say(f"passed over: {len(lines) - _NAMED:,} more such lines.")


def _submitted(job: Job, unread: int, again: int, out: Path) -> str:
    live = [part for part in job.parts if part.is_live]
    requests = sum(part.requests for part in live)
    more = f"; {unread:,} failed" if unread else ""
    more += f"; {again:,} articles asked about again" if again else ""
    if not live:
        return f"nothing is under way{more}."
    return (
        f"{requests:,} requests in {len(live):,} batches are under way{more}. `summarizer batch status "
        f"{out}` tells how they stand, `summarizer batch collect {out}` makes records."
    )


def _told_left(left: Sequence[str], job: Job) -> str:
    told = named(list(left), len(left), _NAMED)
    return (
        f"{len(left):,} too long for one request, left without a record: {told}. Their sections build on "
        f"each other, so they are for `{_as_run(job)}`, at any time: it leaves to the batches what is theirs."
    )


def _as_run(job: Job) -> str:
    """Return the command that goes on in the folder at full price."""
    order = job.order
    paths = order.paths if len(order.paths) <= _PATHS and "-" not in order.paths else ("PATH…",)
    options = ["--model", order.model, "--out", str(job.out)]
    if order.endpoint != wiring.OPENAI:
        options += ["--base-url", order.endpoint]
    for name, option in (("temperature", "--temperature"), ("max_characters", "--max-characters")):
        if order.settings[name] != Settings.model_fields[name].default:
            options += [option, f"{order.settings[name]}"]
    return " ".join(["summarizer run", *(p if p == "PATH…" else shlex.quote(p) for p in (*paths, *options))])


def _print(now: Standing, job: Job) -> None:
    """Print how a job stands: its batches, its records, what it took, and what to do."""
    typer.echo(f"{'batch':<6}{'asks for':<10}{'state':<13}{'requests':>9}{'done':>9}{'failed':>8}  id")
    for row in now.rows:
        numbers = f"{row.total:>9,}{row.completed:>9,}{row.failed:>8,}"
        name = row.part.batch or "-"
        typer.echo(f"{row.part.number:<6}{row.part.kind:<10}{row.status:<13}{numbers}  {printable(name)}")
        if row.problem:
            typer.echo(f"      {printable(row.problem)}")
    took, cost = now.spent.tokens, now.spent.cost
    typer.echo(f"records  {now.reports:,} reports, {now.failures:,} failures, of {now.articles:,} articles")
    typer.echo(
        f"tokens   {took.input:,} in ({took.cached_input:,} cached), {took.output:,} out, as far as told"
    )
    typer.echo(f"cost     {'not known' if cost is None else f'{dollars(cost)}, at the price of batches'}")
    for line in _next(now, job):
        typer.echo(f"next     {line}")


def _next(now: Standing, job: Job) -> list[str]:
    """Say what to do, the most urgent first."""
    out = job.out
    again = f"summarizer batch submit --out {out}, or at once and at full price: {_as_run(job)}"
    told = (
        (now.unsent, f"{now.unsent:,} batches are still to be made: summarizer batch submit --out {out}"),
        (now.ready, f"there is something to collect: summarizer batch collect {out}"),
        (now.running, f"{now.running:,} batches are running, for 24 hours at most; look again later."),
        (now.again and not now.running, f"{now.again:,} articles failed; ask again: {again}"),
        (now.left, _told_left(now.left, job)),
    )
    return [line for holds, line in told if holds] or ["nothing; every article has its record."]
