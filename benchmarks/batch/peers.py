"""What a competent user would write today to summarise many articles: one function a way, each a process.

    python -m benchmarks.batch.peers NAME --in FILE --out FILE --base-url URL [--concurrency N] [--timeout S]

``instructor``   instructor over AsyncOpenAI, a semaphore, a line as each is finished; the library's retries
``openai``       the openai SDK alone: a strict schema and its own parser; the SDK's retries
``thin``         a hand-made aiohttp loop: paced by x-ratelimit headers, a 429 spends no try, cut or garbled
                 answers are asked for again, a short deadline
``bare``         aiohttp without any check or retry: what an answer holds is written as it came
``langextract``  langextract in a pool of threads
``pydantic-ai``  an agent with an output type
``dspy``         a signature, predicted

All write a line of JSON an article, and leave out on a second run what the file already holds. They ask for a
summary and a list of claims: no positions, no evidence, and nothing is checked beyond the schema. Exit code
77: a package is not there.
"""

import argparse
import asyncio
import importlib
import json
import os
import random
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

MISSING = 77
"""Exit code where a package is not installed."""
SYSTEM = """\
You summarise news articles. Give a neutral summary of three to five sentences, and list the claims that the
article makes, each with the source it ascribes it to ("the article" where it speaks for itself). Keep names,
figures and dates as the article gives them, and add nothing that it does not say."""
_TRIES = 5


@dataclass
class Job:
    """What one peer is to do.

    Attributes:
        articles: Objects with ``id`` and ``text``, one by one.
        out: Where lines go.
        base_url: The endpoint.
        concurrency: Requests at once.
        timeout: Seconds one request may take.
    """

    articles: Iterator[dict[str, Any]]
    out: TextIO
    base_url: str
    concurrency: int
    timeout: float

    def write(self, article: dict[str, Any], **said: Any) -> None:
        """Write a line."""
        self.out.write(json.dumps({"id": article["id"], **said}) + "\n")
        self.out.flush()


Ask = Callable[[str], Awaitable[dict[str, Any]]]


def messages(text: str) -> list[Any]:
    """Return what is sent."""
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": f"Article:\n\n{text}"}]


def table() -> type[Any]:
    """Return the schema asked for."""
    from pydantic import create_model

    claim = create_model("Claim", text=(str, ...), source=(str, ...))
    return create_model("Table", summary=(str, ...), claims=(list[claim], ...))


async def _gathered(job: Job, ask: Ask) -> None:
    """Ask for every article, as many at once as allowed, and write what came."""
    semaphore = asyncio.Semaphore(job.concurrency)

    async def one(article: dict[str, Any]) -> None:
        async with semaphore:
            try:
                job.write(article, **await ask(article["text"]))
            except Exception as error:  # noqa: BLE001 - one article's failure is a line of its own
                job.write(article, error=f"{type(error).__name__}: {error}"[:300])

    await asyncio.gather(*[one(article) for article in job.articles])


async def instructor(job: Job) -> None:
    """Ask with instructor, as its documentation does."""
    import instructor
    from openai import AsyncOpenAI

    model = table()
    async with AsyncOpenAI(base_url=job.base_url, api_key="none", timeout=job.timeout) as client:
        asking = instructor.from_openai(client)

        async def ask(text: str) -> dict[str, Any]:
            made = await asking.chat.completions.create(
                model="fake", messages=messages(text), response_model=model, max_retries=2
            )
            return dict(made.model_dump())

        await _gathered(job, ask)


async def openai(job: Job) -> None:
    """Ask with the openai SDK and its parser."""
    from openai import AsyncOpenAI

    model = table()
    async with AsyncOpenAI(base_url=job.base_url, api_key="none", timeout=job.timeout) as client:

        async def ask(text: str) -> dict[str, Any]:
            answer = await client.chat.completions.parse(
                model="fake", messages=messages(text), response_format=model
            )
            parsed = answer.choices[0].message.parsed
            if parsed is None:
                raise ValueError("no answer")
            return dict(parsed.model_dump())

        await _gathered(job, ask)


async def bare(job: Job) -> None:
    """Ask over plain HTTP, once, and take what comes."""
    import aiohttp

    url = f"{job.base_url}/chat/completions"
    limit = aiohttp.ClientTimeout(total=job.timeout)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=limit) as session:

        async def ask(text: str) -> dict[str, Any]:
            async with session.post(url, json={"model": "fake", "messages": messages(text)}) as answer:
                said = await answer.json()
                return {"raw": said["choices"][0]["message"]["content"]}

        await _gathered(job, ask)


class _Pace:
    """Keeps to the rate that the endpoint tells, and pauses for all where it says how long."""

    def __init__(self) -> None:
        self._interval = 0.0
        self._next = 0.0

    async def turn(self) -> None:
        loop = asyncio.get_running_loop()
        while (wait := self._next - loop.time()) > 0:  # noqa: ASYNC110 - it may move on while we sleep
            await asyncio.sleep(wait)
        self._next = max(self._next, loop.time()) + self._interval

    def told(self, headers: Any) -> None:
        if limit := headers.get("x-ratelimit-limit-requests"):
            self._interval = 60 / float(limit)
        told = headers.get("retry-after-ms")
        wait = float(told) / 1000 if told else float(headers.get("retry-after") or 0)
        self._next = max(self._next, asyncio.get_running_loop().time() + wait)


class _Thin:
    """One session of the hand-made loop.

    Args:
        session: Of aiohttp.
        url: Where to post.
    """

    def __init__(self, session: Any, url: str) -> None:
        self._session, self._url, self._pace, self._model = session, url, _Pace(), table()
        schema = {"name": "Table", "schema": self._model.model_json_schema(), "strict": True}
        self._form = {"type": "json_schema", "json_schema": schema}

    async def ask(self, text: str) -> dict[str, Any]:
        """Ask until there is a good answer, or the tries are spent."""
        import aiohttp

        sent = {"model": "fake", "messages": messages(text), "response_format": self._form}
        body, tries, refused = json.dumps(sent).encode(), 0, 0
        while True:
            try:
                if (answer := await self._once(body)) is not None:
                    return answer
                await asyncio.sleep(min(4.0, 0.25 * 2**refused) * random.random())
                refused += 1
            except (aiohttp.ClientError, TimeoutError, ValueError, LookupError):
                tries += 1
                if tries == _TRIES:
                    raise
                await asyncio.sleep(0.1 * 2**tries * random.random())

    async def _once(self, body: bytes) -> dict[str, Any] | None:
        """Return an answer; None where it was refused, which spends no try."""
        await self._pace.turn()
        head = {"content-type": "application/json"}
        async with self._session.post(self._url, data=body, headers=head) as answer:
            self._pace.told(answer.headers)
            if answer.status == 429:
                return None
            answer.raise_for_status()
            choice = json.loads(await answer.read())["choices"][0]
        if choice["finish_reason"] != "stop":
            raise ValueError(choice["finish_reason"])
        return dict(self._model.model_validate_json(choice["message"]["content"]).model_dump())


async def thin(job: Job) -> None:
    """Ask over plain HTTP with what experience teaches: pace, tries for what is broken, a deadline."""
    import aiohttp

    limit = aiohttp.ClientTimeout(total=job.timeout)
    connector = aiohttp.TCPConnector(limit=job.concurrency)
    async with aiohttp.ClientSession(connector=connector, timeout=limit) as session:
        asking = _Thin(session, f"{job.base_url}/chat/completions")

        async def worker() -> None:
            for article in job.articles:
                try:
                    job.write(article, **await asking.ask(article["text"]))
                except Exception as error:  # noqa: BLE001 - one article's failure is a line of its own
                    job.write(article, error=f"{type(error).__name__}: {error}"[:300])

        await asyncio.gather(*[worker() for _ in range(job.concurrency)])


async def langextract(job: Job) -> None:
    """Extract claims with langextract, an article a thread."""
    import langextract as lx
    from langextract.factory import ModelConfig

    shown = "The Kelmar bridge opened on Monday, the mayor said."
    example = lx.data.Extraction(
        "claim", "The Kelmar bridge opened on Monday", attributes={"source": "mayor"}
    )
    config = ModelConfig(
        model_id="gpt-fake",
        provider="OpenAILanguageModel",
        provider_kwargs={"base_url": job.base_url, "api_key": "none"},
    )

    def one(article: dict[str, Any]) -> None:
        try:
            made: Any = lx.extract(
                article["text"],
                prompt_description=SYSTEM,
                examples=[lx.data.ExampleData(shown, [example])],
                config=config,
                max_char_buffer=20_000,
                show_progress=False,
                resolver_params={"suppress_parse_errors": False},
            )
            claims = [{"text": one.extraction_text} for one in made.extractions]
            job.write(article, **({"claims": claims} if claims else {"error": "no claims"}))
        except Exception as error:  # noqa: BLE001 - one article's failure is a line of its own
            job.write(article, error=f"{type(error).__name__}: {error}"[:300])

    with ThreadPoolExecutor(job.concurrency) as pool:
        list(pool.map(one, job.articles))


async def pydantic_ai(job: Job) -> None:
    """Run an agent with an output type."""
    from openai import AsyncOpenAI
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    async with AsyncOpenAI(base_url=job.base_url, api_key="none", timeout=job.timeout) as client:
        model = OpenAIChatModel("fake", provider=OpenAIProvider(openai_client=client))
        agent: Any = Agent(model, output_type=table(), system_prompt=SYSTEM, retries=2)

        async def ask(text: str) -> dict[str, Any]:
            return dict((await agent.run(f"Article:\n\n{text}")).output.model_dump())

        await _gathered(job, ask)


async def dspy(job: Job) -> None:
    """Predict a signature."""
    import dspy

    lm = dspy.LM(
        "openai/fake",
        api_base=job.base_url,
        api_key="none",
        cache=False,
        timeout=job.timeout,
        max_tokens=4000,
    )
    dspy.configure(lm=lm)
    signature = dspy.Signature("article: str -> summary: str, claims: list[dict[str, str]]", SYSTEM)
    predict = dspy.Predict(signature)

    async def ask(text: str) -> dict[str, Any]:
        made = await predict.acall(article=text)
        return {"summary": made.summary, "claims": made.claims}

    await _gathered(job, ask)


PEERS: dict[str, tuple[Callable[[Job], Awaitable[None]], tuple[str, ...]]] = {
    "instructor": (instructor, ("instructor", "openai")),
    "openai": (openai, ("openai",)),
    "thin": (thin, ("aiohttp", "pydantic")),
    "bare": (bare, ("aiohttp",)),
    "langextract": (langextract, ("langextract", "openai")),
    "pydantic-ai": (pydantic_ai, ("pydantic_ai", "openai")),
    "dspy": (dspy, ("dspy",)),
}
"""By name: what to run, and the packages that it needs."""


def _left(path: Path, done: set[str]) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            if article["id"] not in done:
                yield article


def _done(path: Path) -> set[str]:
    """Return the ids that an output holds an answer for."""
    if not path.exists():
        return set()
    done = set()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:  # the line that a killed run was writing
                continue
            if "error" not in record:
                done.add(record["id"])
    return done


def main() -> None:
    """Run one peer."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("name", choices=PEERS)
    options.add_argument("--in", dest="path", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--base-url", required=True)
    options.add_argument("--concurrency", type=int, default=64)
    options.add_argument("--timeout", type=float, default=60.0)
    given = options.parse_args()
    run, needed = PEERS[given.name]
    os.environ.setdefault("DSPY_CACHEDIR", str(given.out.parent / "dspy"))
    for package in needed:
        try:
            importlib.import_module(package)
        except ImportError as error:
            print(
                f"{given.name}: skipped, {error}; pip install -r benchmarks/batch/requirements.txt",
                file=sys.stderr,
            )
            sys.exit(MISSING)
    done = _done(given.out)
    with given.out.open("a", encoding="utf-8") as out:
        job = Job(_left(given.path, done), out, given.base_url, given.concurrency, given.timeout)
        asyncio.run(run(job))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
